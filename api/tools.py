"""The catalogue over HTTP: list, describe, call."""

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from agents.evidence import Evidence
from api.dependencies import WaitingDep, study
from orchestrator.catalogue import CATALOGUE, find_tool
from orchestrator.home import utc_now
from orchestrator.service.job import ToolJob, study_id
from tools.vocabulary import Effect

router = APIRouter(prefix="/tools", tags=["tools"])


class ToolSummary(BaseModel):
    """One line of the catalogue."""

    name: str
    effect: Effect
    summary: str


class ToolDescription(ToolSummary):
    """A tool with its schemas."""

    version: str
    arguments: dict[str, JsonValue]
    result: dict[str, JsonValue]


class ToolCall(BaseModel):
    """What to call a tool with."""

    model_config = ConfigDict(extra="forbid")

    grid: str = Field(min_length=1, description="Case name or registered grid; files are not opened over HTTP")
    at: AwareDatetime | None = None
    arguments: dict[str, JsonValue] = Field(default_factory=dict)


@router.get("")
def list_tools() -> list[ToolSummary]:
    """All tools; none has an effect on the grid."""
    return [ToolSummary(name=spec.name, effect=spec.effect, summary=spec.summary) for spec in CATALOGUE]


@router.get("/{name}")
def describe_tool(name: str) -> ToolDescription:
    """Schemas of one tool."""
    spec = find_tool(name)
    return ToolDescription(
        name=spec.name,
        effect=spec.effect,
        summary=spec.summary,
        version=spec.version,
        arguments=spec.arguments.model_json_schema(),
        result=spec.result.model_json_schema(mode="serialization"),
    )


@router.post("/{name}")
async def call_tool(name: str, call: ToolCall, waiting: WaitingDep) -> Evidence:
    """Call one tool; the answer is one piece of evidence."""
    job = ToolJob(id=study_id(utc_now()), tool=find_tool(name).name, **call.model_dump())
    return await study(waiting, job, Evidence)
