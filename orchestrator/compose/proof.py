"""How far advice is proven, and in which state: one that is past proves nothing of the present one."""

from agents.statement import Draft
from orchestrator.compose.board import Exhibit, R
from orchestrator.compose.phrases import Piece, draft, reasons

_REMARK = " That state is past: in the present one this was not simulated."


def past_state(found: Exhibit[R]) -> Piece:
    """``In the state of 2026-03-10 17:33 UTC: ``, to begin a title with; nothing of the run's own moment."""
    return ["In the state of ", found.ref("basis", "at"), ": "] if _is_past(found) else ""


def verdict_sentence(found: Exhibit[R], count: int, *keys: str | int) -> Draft:
    """The verdict with its reasons, and that its state is past where it is.

    Args:
        found: What was simulated.
        count: How many reasons there are.
        keys: Where the object with ``verdict`` and ``reasons`` stands.
    """
    remark = _REMARK if _is_past(found) else ""
    return draft("Verdict: ", found.ref(*keys, "verdict"), reasons(found, count, *keys), ".", remark)


def _is_past(found: Exhibit[R]) -> bool:
    basis = getattr(found.result, "basis", None)
    return basis is not None and bool(basis.at < found.evidence.as_of)
