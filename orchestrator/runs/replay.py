"""Replaying a run offline: tools and models answer from the record, and the report must come out equal."""

from collections.abc import Sequence
from itertools import islice
from threading import Lock

from pydantic import Field, JsonValue

from agents.evidence import Evidence, FailedCall
from agents.report import Report
from orchestrator.runs.differences import Difference, differences
from orchestrator.runs.journal import Way, reply_of
from orchestrator.runs.record import ModelCall, RunRecord, content_hash
from orchestrator.runs.recorded import Ordinals, OutcomeQueue, recorded_outcomes
from tools.errors import GridCrewError
from tools.result import Result

MAX_DIFFERENCES = 20


class ReplayMissError(GridCrewError):
    """The run asked for something that is not in its record; exit code 4 of the command line."""


class Replay(Result):
    """How the replayed report compares with the stored one; identifiers and times do not count."""

    run: str
    equal: bool
    differences: tuple[Difference, ...] = Field(default=(), max_length=MAX_DIFFERENCES)
    tool_calls: int = Field(ge=0, description="Answered from the record")
    model_calls: int = Field(ge=0, description="Answered from the record")


class ReplayedTools:
    """A ``ToolCaller`` that only knows what is recorded."""

    def __init__(self, record: RunRecord) -> None:
        self._record = record
        self._recorded = OutcomeQueue(record)
        self._lock = Lock()
        self.misses: list[ReplayMissError] = []
        self.answered = 0

    def call(
        self,
        agent: str,
        tool: str,
        arguments: dict[str, JsonValue],
        number: int | None = None,  # noqa: ARG002 - the record has its numbers
    ) -> Evidence | FailedCall:
        """The recorded outcome.

        Raises:
            ReplayMissError: naming the nearest recorded call.
        """
        with self._lock:
            occurrence, outcome = self._recorded.take(agent, tool, arguments)
            if outcome is not None:
                self.answered += 1
                return outcome
            miss = ReplayMissError(
                f"{agent} calls {tool} (equal call {occurrence}), which is not recorded. "
                f"{self._nearest(agent, tool, arguments)}"
            )
            self.misses.append(miss)
        raise miss

    def _nearest(self, agent: str, tool: str, arguments: dict[str, JsonValue]) -> str:
        calls = recorded_outcomes(self._record)
        same_tool = [call for call in calls if call.tool == tool]
        if not same_tool:
            recorded = sorted({call.tool for call in calls if call.agent == agent})
            return f"Recorded for {agent}: {', '.join(recorded) or 'nothing'}."
        closest = min((list(differences(dict(call.arguments), dict(arguments))) for call in same_tool), key=len)
        return f"The nearest recorded call differs in {_told(closest)}." if closest else "It is recorded less often."


class ReplayedModels:
    """A ``ModelCaller`` that only knows what is recorded."""

    def __init__(self, record: RunRecord) -> None:
        self._calls = {(call.agent, call.ordinal): call for call in record.model_calls}
        self._ordinals = Ordinals()
        self.misses: list[ReplayMissError] = []
        self.answered = 0

    def call(self, agent: str, request: dict[str, JsonValue]) -> str:
        """The recorded reply.

        Raises:
            ReplayMissError: naming agent, ordinal, and how the nearest recorded request differs.
            ModelFailedError: when no reply came back at the time.
        """
        ordinal = self._ordinals.next(agent)
        recorded = self._calls.get((agent, ordinal))
        if recorded is None or recorded.content_hash != content_hash(request):
            miss = ReplayMissError(f"Model call {ordinal} of {agent} is not recorded. {_unlike(recorded, request)}")
            self.misses.append(miss)
            raise miss
        self.answered += 1
        return reply_of(recorded)


def replay(record: RunRecord, way: Way) -> Replay:
    """Go the way of a recorded question again, offline, and compare the reports.

    Args:
        record: A run that is done.
        way: The same function that made the report.

    Raises:
        ReplayMissError: when the way asks for something that is not recorded, even if it carries on without.
    """
    if record.report is None:
        raise ReplayMissError(f"Run {record.header.id} is {record.state} and has no report to compare with")
    tools, models = ReplayedTools(record), ReplayedModels(record)
    try:
        report = way(record.header, tools, models)
    except Exception:
        _tell(tools, models)
        raise
    _tell(tools, models)
    found = differences(_comparable(record.report), _comparable(report), root="/report")
    places = tuple(islice(found, MAX_DIFFERENCES))
    return Replay(
        run=record.header.id,
        equal=not places,
        differences=places,
        tool_calls=tools.answered,
        model_calls=models.answered,
    )


def _tell(tools: ReplayedTools, models: ReplayedModels) -> None:
    """Raise the first miss: a crew may swallow or wrap it, and the cause is worth more than its effects."""
    for miss in (*tools.misses, *models.misses):
        raise miss


def _comparable(report: Report) -> JsonValue:
    """A report without what a second going may change: its identifiers, times of making, and acknowledgements."""
    names = {report.id: "<report>", report.run_id: "<run>"}
    plain = report.model_dump(
        mode="json",
        exclude={
            "id": True,
            "run_id": True,
            "created_at": True,
            "acknowledgements": True,
            "evidence": {"__all__": {"elapsed_ms"}},
        },
    )
    return _renamed(plain, names)


def _renamed(value: JsonValue, names: dict[str, str]) -> JsonValue:
    if isinstance(value, dict):
        return {key: _renamed(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    if isinstance(value, str):
        for name, placeholder in names.items():
            value = value.replace(name, placeholder)
    return value


def _unlike(recorded: ModelCall | None, request: dict[str, JsonValue]) -> str:
    if recorded is None:
        return "The record holds fewer calls of this agent."
    return f"The recorded request differs in {_told(list(differences(dict(recorded.request), dict(request))))}."


def _told(found: Sequence[Difference]) -> str:
    told = (f"{item.place} (recorded {item.stored!r:.80}, now {item.found!r:.80})" for item in found[:3])
    more = f" and {len(found) - 3} more places" if len(found) > 3 else ""  # noqa: PLR2004 - as many as told
    return ", ".join(told) + more
