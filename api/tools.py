"""The catalogue over HTTP: list, describe, call."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from agents.evidence import Evidence
from orchestrator.catalogue import CATALOGUE, find_tool
from orchestrator.runner import Runner
from orchestrator.single import call_once
from tools.vocabulary import Effect

router = APIRouter(prefix="/tools", tags=["tools"])


def runner_of(request: Request) -> Runner:
    """The application's runner."""
    runner: Runner = request.app.state.runner
    return runner


RunnerDep = Annotated[Runner, Depends(runner_of)]


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
def call_tool(name: str, call: ToolCall, runner: RunnerDep) -> Evidence:
    """Call one tool; the answer is one piece of evidence."""
    at: datetime | None = call.at
    evidence, _ = call_once(runner, find_tool(name), call.arguments, grid=runner.named_grid(call.grid), at=at)
    return evidence
