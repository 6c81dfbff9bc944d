"""Handing out the recorded calls of a run in the order in which they are asked for again."""

from collections import Counter, defaultdict
from threading import Lock

from pydantic import JsonValue

from agents.evidence import Evidence, FailedCall
from orchestrator.runs.call_key import call_key
from orchestrator.runs.record import RunRecord

Outcome = Evidence | FailedCall


def recorded_outcomes(record: RunRecord) -> tuple[Outcome, ...]:
    """All tool calls of a run, those with a result first."""
    outcomes: list[Outcome] = [*record.evidence]
    outcomes.extend(record.failed)
    return tuple(outcomes)


class OutcomeQueue:
    """The recorded outcomes of tool calls, equal calls one after the other."""

    def __init__(self, record: RunRecord) -> None:
        self._outcomes: defaultdict[str, list[Outcome]] = defaultdict(list)
        self._asked: Counter[str] = Counter()
        for outcome in recorded_outcomes(record):
            self._outcomes[call_key(outcome.agent, outcome.tool, outcome.arguments)].append(outcome)

    def take(self, agent: str, tool: str, arguments: dict[str, JsonValue]) -> tuple[int, Outcome | None]:
        """How many equal calls were asked for before, and this one's outcome if it is recorded."""
        key = call_key(agent, tool, arguments)
        occurrence = self._asked[key]
        self._asked[key] += 1
        outcomes = self._outcomes[key]
        return occurrence, outcomes[occurrence] if occurrence < len(outcomes) else None


class Ordinals:
    """Counts each agent's model calls from 0."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._next: Counter[str] = Counter()

    def next(self, agent: str) -> int:
        """The number of the agent's next call."""
        with self._lock:
            ordinal = self._next[agent]
            self._next[agent] += 1
            return ordinal
