"""Advice that was proven in a state that is past says so: of the present state it proves nothing."""

from orchestrator.compose.board import Exhibit, R
from orchestrator.compose.phrases import Piece

_REMARK = " That state is past: in the present one this was not simulated."


def past_state(found: Exhibit[R]) -> Piece:
    """``In the state of 2026-03-10 17:33 UTC: ``, to begin a title with; nothing of the run's own moment."""
    return ["In the state of ", found.ref("basis", "at"), ": "] if _is_past(found) else ""


def past_remark(found: Exhibit[R]) -> Piece:
    """A sentence to follow a verdict; nothing of the run's own moment."""
    return _REMARK if _is_past(found) else ""


def _is_past(found: Exhibit[R]) -> bool:
    basis = getattr(found.result, "basis", None)
    return basis is not None and bool(basis.at < found.evidence.as_of)
