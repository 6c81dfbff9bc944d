"""A door to the tools that keeps what comes through it."""

from pydantic import JsonValue

from agents.evidence import Evidence, FailedCall
from orchestrator.compose.board import Board
from orchestrator.runs.journal import ToolCaller


class Collecting:
    """A ``ToolCaller`` that keeps what comes through it, for the report.

    Args:
        door: The caller behind it.
    """

    def __init__(self, door: ToolCaller) -> None:
        self._door = door
        self._outcomes: list[Evidence | FailedCall] = []

    def call(self, agent: str, tool: str, arguments: dict[str, JsonValue]) -> Evidence | FailedCall:
        """Pass the call on and keep its outcome."""
        outcome = self._door.call(agent, tool, arguments)
        self._outcomes.append(outcome)
        return outcome

    @property
    def board(self) -> Board:
        """What has been found so far."""
        evidence = {item.id: item for item in self._outcomes if isinstance(item, Evidence)}
        failed = tuple(item for item in self._outcomes if isinstance(item, FailedCall))
        return Board(tuple(evidence.values()), failed)
