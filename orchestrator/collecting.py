"""A door to the tools that keeps what comes through it."""

from threading import Lock

from pydantic import JsonValue

from agents.evidence import Evidence, FailedCall
from orchestrator.compose.board import Board
from orchestrator.runs.journal import ToolCaller


class Collecting:
    """A ``ToolCaller`` that keeps what comes through it, for the report; agents that speak may use it side by side.

    Args:
        door: The caller behind it.
    """

    def __init__(self, door: ToolCaller) -> None:
        self._door = door
        self._lock = Lock()
        self._planned: dict[int, Evidence | FailedCall] = {}
        self._added: list[Evidence | FailedCall] = []

    def call(
        self, agent: str, tool: str, arguments: dict[str, JsonValue], number: int | None = None
    ) -> Evidence | FailedCall:
        """Pass the call on and keep its outcome."""
        outcome = self._door.call(agent, tool, arguments, number)
        with self._lock:
            if number is None:
                self._added.append(outcome)
            else:
                self._planned[number] = outcome
        return outcome

    @property
    def board(self) -> Board:
        """What has been found so far: planned calls in the order of the plan, then what was added."""
        with self._lock:
            outcomes = [*(self._planned[number] for number in sorted(self._planned)), *self._added]
        evidence = {item.id: item for item in outcomes if isinstance(item, Evidence)}
        failed = tuple(item for item in outcomes if isinstance(item, FailedCall))
        return Board(tuple(evidence.values()), failed)
