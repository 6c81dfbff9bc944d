"""What the tools say of a scenario's time, as flat findings: read from the results, whatever tool they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from pydantic import AwareDatetime, Field, JsonValue

from orchestrator.calls import call_tool
from orchestrator.catalogue import CATALOGUE
from tools.errors import ToolError
from tools.result import Result
from tools.vocabulary import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from orchestrator.catalogue import ToolSpec
    from orchestrator.scenarios.truth import TroubleTruth
    from tools.context import ToolContext

WATCH = (
    "check_data_quality",
    "detect_anomalies",
    "assess_transformer",
    "review_access_events",
    "review_commands",
)
"""Tools that look at every scenario, for what they say without a reason."""
_ROWS = 100
_STEP_MIN = 15
_SENSOR = "sensor:"
SUPPLY_LOST = "supply_lost"


class Found(Result):
    """One finding of one tool."""

    tool: str
    kind: str
    severity: Severity | None = None
    subjects: tuple[str, ...] = Field(description="Subject and element, then what else it names")
    start: AwareDatetime
    end: AwareDatetime | None = None
    not_before: AwareDatetime | None = Field(default=None, description="Earliest begin, where it is not sure")

    @property
    def subject(self) -> str:
        """What it is about."""
        return self.subjects[0] if self.subjects else "grid"


class Look(Result):
    """What one tool found, or why it did not look."""

    tool: str
    findings: tuple[Found, ...] = ()
    not_checked: str | None = None


@dataclass(frozen=True)
class Own:
    """Which sensors are the scenario's own; a store holds those of others beside them.

    Attributes:
        sensors: Their names in the scenario.
        prefix: What stands before them in the context; empty in memory.
    """

    sensors: frozenset[str]
    prefix: str

    @classmethod
    def of(cls, context: ToolContext, sensors: Iterable[str]) -> Own:
        """As the context names them: in the store the grid's name stands in front."""
        prefix = f"{context.loaded_grid().name}/"
        held = context.telemetry.sensors() if context.telemetry is not None else ()
        return cls(frozenset(sensors), prefix if any(one.name.startswith(prefix) for one in held) else "")

    def concerns(self, found: Found) -> bool:
        """Whether a finding is about the scenario: what names sensors names one of its own."""
        named = [text.removeprefix(_SENSOR) for text in found.subjects if text.startswith(_SENSOR)]
        return not named or any(
            name.startswith(self.prefix) and name.removeprefix(self.prefix) in self.sensors for name in named
        )

    def plainly(self, found: Found) -> Found:
        """A finding with the sensors by the scenario's own names."""
        before = f"{_SENSOR}{self.prefix}"
        subjects = (
            f"{_SENSOR}{text.removeprefix(before)}" if text.startswith(before) else text for text in found.subjects
        )
        return found.model_copy(update={"subjects": tuple(subjects)})


def look(
    tool: str,
    context: ToolContext,
    span: tuple[datetime, datetime],
    truth: Sequence[TroubleTruth],
    sensors: Iterable[str],
) -> Look:
    """Ask one tool about the whole time.

    Args:
        tool: Its name; one that is not in the catalogue is not checked.
        context: Sources of the scenario.
        span: First and last moment.
        truth: Only tells at which moments ``detect_outages`` looks: it looks at one, nothing else is taken from it.
        sensors: Names of the scenario's own sensors; what is found of others is none of its findings.
    """
    spec = next((one for one in CATALOGUE if one.name == tool), None)
    if spec is None:
        return Look(tool=tool, not_checked=f"no tool {tool}")
    findings: list[Found] = []
    try:
        for arguments in _arguments(spec, span, truth):
            result = call_tool(spec, context, arguments, evidence_id="", agent="judge").result
            findings += _OWN_WAY.get(tool, partial(_read, tool, above=()))(result)
    except ToolError as error:
        return Look(tool=tool, not_checked=str(error))
    own = Own.of(context, sensors)
    return Look(tool=tool, findings=tuple(dict.fromkeys(own.plainly(one) for one in findings if own.concerns(one))))


def _arguments(
    spec: ToolSpec, span: tuple[datetime, datetime], truth: Sequence[TroubleTruth]
) -> Iterator[dict[str, JsonValue]]:
    """The whole time, in the words of a tool's arguments."""
    known, (start, end) = spec.arguments.model_fields, span
    rows: dict[str, JsonValue] = {"limit": _ROWS} if "limit" in known else {}
    if "start" in known:
        yield {**rows, "start": start.isoformat(), "end": end.isoformat()}
    elif "since" in known:
        yield {**rows, "at": end.isoformat(), "since": start.isoformat(), "step_min": _STEP_MIN}
    elif "at" in known:
        moments = {one.start + (one.end - one.start) / 2 for one in truth} | {end}
        for moment in sorted(moments):
            yield {**rows, "at": moment.isoformat()}
    else:
        yield rows


def _read(tool: str, value: JsonValue, above: tuple[str, ...]) -> Iterator[Found]:
    """Every row that has a kind and a begin; where it names nothing, it is about what the row above it names."""
    if isinstance(value, Mapping):
        named = _subjects(value)
        about = tuple(dict.fromkeys((*named, *above)))
        # what keeps an oscillation going is its kind
        kind, start = value.get("kind", value.get("origin")), value.get("start")
        if isinstance(kind, str) and isinstance(start, str):
            end = value.get("end")
            yield Found.model_validate(
                {
                    "tool": tool,
                    "kind": kind,
                    "severity": value.get("severity"),
                    "subjects": about,
                    "start": start,
                    "end": end if isinstance(end, str) else None,
                    "not_before": value.get("not_before"),
                }
            )
            return
        for part in value.values():
            yield from _read(tool, part, about)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _read(tool, part, above)


def _subjects(row: Mapping[str, JsonValue]) -> tuple[str, ...]:
    """Canonical forms of what a row names: its subject and element first."""
    first = [_canonical(row.get(key)) for key in ("subject", "element", "peer")]
    lists = [row.get(key) for key in ("elements", "accounts", "hosts", "sensors")]
    rest = [_canonical(item) for part in lists if isinstance(part, list) for item in part]
    for part in _rows(row.get("participants")):
        rest += [_canonical(part.get(key)) for key in ("subject", "element")]
    return tuple(dict.fromkeys(text for text in (*first, *rest) if text))


def _canonical(value: JsonValue) -> str:
    if not isinstance(value, Mapping) or "kind" not in value:
        return ""
    return f"{value['kind']}:{value['index'] if 'index' in value else value.get('name')}"


def _areas(result: Mapping[str, JsonValue]) -> Iterator[Found]:
    """Areas without supply: about their buses and the elements that are suspected."""
    for area in _rows(result.get("areas")):
        named = [part.get("element") for part in _rows(area.get("suspects"))]
        named += [*_rows(area.get("buses")), *_rows(area.get("border"))]
        yield Found.model_validate(
            {
                "tool": "detect_outages",
                "kind": SUPPLY_LOST,
                "severity": Severity.CRITICAL,
                "subjects": tuple(dict.fromkeys(text for text in map(_canonical, named) if text)),
                "start": area.get("dead_from") or result["at"],
                "end": None,
            }
        )


def _causes(result: Mapping[str, JsonValue]) -> Iterator[Found]:
    """Causes by their verdict: about the culprit, what would decide and what they explain; the alarm is another's."""
    for row in _rows(result.get("causes")):
        checks = [part.get(key) for part in _rows(row.get("inspect")) for key in ("subject", "element")]
        named = [row.get("subject"), row.get("element"), *checks, *_rows(row.get("explains"))]
        yield Found.model_validate(
            {
                "tool": "attribute_root_cause",
                "kind": row.get("verdict"),
                "severity": Severity.INFORMATION,
                "subjects": tuple(dict.fromkeys(text for text in map(_canonical, named) if text)),
                "start": row.get("start"),
                "end": row.get("end"),
            }
        )


_OWN_WAY: dict[str, Callable[[Mapping[str, JsonValue]], Iterator[Found]]] = {
    "detect_outages": _areas,
    "attribute_root_cause": _causes,
}
"""Tools whose rows are not told by kind and begin alone."""


def _rows(value: JsonValue) -> list[dict[str, JsonValue]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def ends(found: Found, last: datetime) -> datetime:
    """When a finding is over; one that lasts is over with the time."""
    return found.end or max(last, found.start + timedelta(seconds=1))
