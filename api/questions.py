"""Questions: asked, answered, looked after."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from agents.question import Question
from agents.report import Report
from api.dependencies import HostDep, WaitingDep
from api.running import Standing, WaitOptions, answered, standing, take

router = APIRouter(prefix="/questions", tags=["questions"])


class Asked(BaseModel):
    """A question in plain English."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=4000, pattern=r"\S")
    grid: str | None = Field(
        default=None,
        min_length=1,
        max_length=200,
        description="Shipped case or registered grid; the default when absent",
    )
    at: AwareDatetime | None = Field(default=None, description="Time of the state; now when absent")
    conversation: str | None = Field(
        default=None, min_length=1, max_length=100, description="Follow-ups share its name"
    )
    reasoner: str | None = Field(default=None, description="embedded, ollama:MODEL or openai:MODEL")


@router.post("", responses={202: {"model": Standing, "description": "Not done yet: ask again at `where`"}})
async def ask(
    asked: Asked, wait: Annotated[WaitOptions, Depends()], host: HostDep, waiting: WaitingDep, response: Response
) -> Report | Standing:
    """Ask; the answer is the report, or, when it is not waited for, where to find it."""
    question = Question(
        text=asked.text.strip(),
        grid=asked.grid or host.settings.default_grid,
        at=asked.at,
        conversation=asked.conversation,
    )
    return await answered(host, await take(host, waiting, question, asked.reasoner, wait), response)


@router.get("/{run}")
def show(run: str, host: HostDep) -> Standing:
    """Where the run of a question stands, with its report once it is done."""
    return standing(host, run)
