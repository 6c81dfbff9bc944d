"""Tools of the catalogue as the crew's own: bounded, recorded, and answered in evidence fields."""

from collections.abc import Iterable
from functools import cache

from crewai.tools import BaseTool
from crewai.tools.structured_tool import CrewStructuredTool, format_description_for_llm
from pydantic import BaseModel, JsonValue, PrivateAttr

from agents.evidence import Evidence
from orchestrator.catalogue import ToolSpec, find_tool
from orchestrator.crew.digest import fact_lines
from orchestrator.runs.journal import ToolCaller
from tools.vocabulary import Effect

_ALLOWED = (Effect.READ, Effect.SIMULATE)


class Allowance:
    """How many calls an agent may still add to the plan."""

    def __init__(self, calls: int) -> None:
        self._left = calls

    def take(self) -> bool:
        """Use one call up; False when none is left."""
        self._left -= 1
        return self._left >= 0


@cache
def _described(name: str) -> str:
    """A tool as a prompt shows it; written out once a process, for its schema takes milliseconds."""
    spec = find_tool(name)
    text: str = format_description_for_llm(spec.name, spec.arguments, spec.summary)
    return text


class _Structured(CrewStructuredTool):  # type: ignore[misc]
    """What the crew makes of a catalogue entry."""

    @property
    def formatted_description(self) -> str:
        """Name, argument schema and summary."""
        return _described(self.name)


class CatalogueTool(BaseTool):  # type: ignore[misc]
    """One catalogue entry; the run's grid, clock and limits are bound, the model fills in names and numbers."""

    _spec: ToolSpec = PrivateAttr()
    _agent: str = PrivateAttr()
    _caller: ToolCaller = PrivateAttr()
    _allowance: Allowance = PrivateAttr()

    def __init__(self, spec: ToolSpec, agent: str, caller: ToolCaller, allowance: Allowance) -> None:
        super().__init__(name=spec.name, description=spec.summary, args_schema=spec.arguments)
        self._spec, self._agent, self._caller, self._allowance = spec, agent, caller, allowance

    def to_structured_tool(self) -> CrewStructuredTool:
        """This tool as the crew calls it."""
        made = _Structured(name=self.name, description=self.description, args_schema=self.args_schema, func=self._run)
        made._original_tool = self  # noqa: SLF001 - as CrewAI's own conversion does
        return made

    def _run(self, **arguments: JsonValue) -> str:
        if not self._allowance.take():
            return "No further tool calls are allowed in this run. Give the final answer from the evidence you have."
        plain = {key: _plain(value) for key, value in arguments.items()}
        outcome = self._caller.call(self._agent, self._spec.name, plain)
        if isinstance(outcome, Evidence):
            return fact_lines([outcome])
        return f"{outcome.error}: {outcome.reason}"


def _plain(value: object) -> JsonValue:
    """CrewAI hands validated values over; the recorded call holds JSON."""
    if isinstance(value, BaseModel):
        dumped: JsonValue = value.model_dump(mode="json")
        return dumped
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return str(value)


def tools_for(names: Iterable[str], agent: str, caller: ToolCaller, calls: int) -> list[CatalogueTool]:
    """An agent's tools with one common allowance; nothing that is more than reading or simulating."""
    allowance = Allowance(calls)
    specs = (find_tool(name) for name in names)
    return [CatalogueTool(spec, agent, caller, allowance) for spec in specs if spec.effect in _ALLOWED]
