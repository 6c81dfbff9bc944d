"""Laying a time into a question about the grid: the state of then, or all states of a time."""

from __future__ import annotations

from agents.question import SWEPT, Intent, ReportStatus, Resolved
from agents.statement import Statement, TokenKind
from orchestrator.gate.value import time_text
from orchestrator.observing.asked import Asked
from orchestrator.observing.bounds import out_of_reach
from orchestrator.observing.observable import Observable
from orchestrator.resolve.scope import reason_of
from orchestrator.resolve.understood import Words, describe
from tools.grid.inventory import Inventory

AT_ITS_END = "Values are those at the end of the time asked about; how they went over it is not checked."
_OF_A_STATE = frozenset(
    {Intent.STATE, Intent.RANKING, Intent.TOTALS, Intent.WHAT_IF, Intent.WHY, Intent.DRAW, Intent.DISPATCH}
)


def place(resolved: Resolved, asked: Asked, seen: Observable) -> Resolved:
    """Lay a time into what was understood of the rest of the question.

    Args:
        resolved: The question without its time.
        asked: The time; one that begins after now is refused, one that ends after it ends there.
        seen: What is measured, and when is now.
    """
    if resolved.reason == reason_of("telemetry"):
        return resolved.model_copy(update={"reason": _not_measured(seen)})
    if resolved.status is ReportStatus.REFUSED or not asked.named:
        return resolved
    as_of = seen.as_of
    asked = asked.past(as_of)
    if reason := out_of_reach(asked, as_of, seen.zone):
        return resolved.model_copy(update={"status": ReportStatus.REFUSED, "reason": reason, "intents": ()})
    end = min(asked.end or as_of, as_of)
    placed = resolved.model_copy(
        update={
            "at": min(asked.at or end, as_of),
            "start": asked.start if asked.over else None,
            "end": end if asked.over else None,
        }
    )
    placed = placed.model_copy(update={"understood": _told(placed, asked, seen)})
    return _qualified(placed) if asked.over else placed


def replace_time(last: Resolved, asked: Asked, seen: Observable, inventory: Inventory) -> Resolved:
    """What an earlier turn asked of the grid, at another time.

    Args:
        last: The turn; what it said of its own time is dropped.
        asked: The other time.
        seen: What is measured, and when is now.
        inventory: Of the grid.
    """
    reason = (last.reason or "").replace(AT_ITS_END, "").strip() or None
    status = ReportStatus.QUALIFIED if reason else ReportStatus.ANSWERED
    timeless = last.model_copy(update={"at": None, "start": None, "end": None, "reason": reason, "status": status})
    words = Words()
    words.say("as in the question before, ")
    words.add(describe(timeless, (), inventory))
    return place(timeless.model_copy(update={"understood": words.statement()}), asked, seen)


def _not_measured(seen: Observable) -> str:
    """There is telemetry, and not of what was asked."""
    names = sorted({item.quantity.replace("_", " ") for item in seen.sensors})
    return f"Not checked: no sensor of what was asked about. Quantities that are measured: {', '.join(names)}."


def _told(resolved: Resolved, asked: Asked, seen: Observable) -> Statement:
    words = Words()
    if resolved.understood is not None:
        words.add(resolved.understood)
        words.say(" ")
    words.say("Time: ")
    words.token(f"“{asked.words}”", TokenKind.USER)
    moments = (resolved.start, resolved.end) if asked.over else (resolved.at,)
    for position, moment in enumerate(item for item in moments if item is not None):
        words.say(" to " if position else ", ")
        words.token(time_text(moment, seen.zone), TokenKind.TIME)
    words.say(".")
    return words.statement()


def _qualified(resolved: Resolved) -> Resolved:
    """A span of which only the last state is looked at is answered with that reservation."""
    if SWEPT & set(resolved.intents) or not _OF_A_STATE & set(resolved.intents):
        return resolved
    reason = f"{resolved.reason} {AT_ITS_END}" if resolved.reason else AT_ITS_END
    return resolved.model_copy(update={"status": ReportStatus.QUALIFIED, "reason": reason})
