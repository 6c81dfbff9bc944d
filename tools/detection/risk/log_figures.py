"""Figures of logs over an hour: log-ins, commands, alarms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from tools.context import ToolContext
from tools.errors import ToolError
from tools.security.access import need_log, review_access_events
from tools.security.commands import review_commands
from tools.security.schema.access import ReviewAccessEventsArguments
from tools.security.schema.commands import ReviewCommandsArguments
from tools.telemetry.schema.log import LogKind
from tools.vocabulary import Severity

_RAISED = "raise"


class _Graded(Protocol):
    @property
    def severity(self) -> Severity: ...


def log_figures(ctx: ToolContext, begin: datetime, end: datetime) -> tuple[dict[str, float], tuple[str, ...]]:
    """Figures, and the logs that were not there."""
    found: dict[str, float] = {}
    missing = []
    parts: tuple[Callable[[ToolContext, datetime, datetime], dict[str, float]], ...] = (_accesses, _commands, _alarms)
    for part in parts:
        try:
            found |= part(ctx, begin, end)
        except ToolError as error:
            missing.append(str(error))
    return found, tuple(missing)


def _accesses(ctx: ToolContext, begin: datetime, end: datetime) -> dict[str, float]:
    review = review_access_events(ctx, ReviewAccessEventsArguments(start=begin, end=end, limit=100))
    return {"failed_logins": float(review.failures), "access_warnings": _grave(review.issues)}


def _commands(ctx: ToolContext, begin: datetime, end: datetime) -> dict[str, float]:
    review = review_commands(ctx, ReviewCommandsArguments(start=begin, end=end, limit=100))
    return {"commands": float(review.commands), "command_warnings": _grave(review.issues)}


def _alarms(ctx: ToolContext, begin: datetime, end: datetime) -> dict[str, float]:
    entries = need_log(ctx, LogKind.ALARM).stream(LogKind.ALARM, begin, end)
    return {"alarms": float(sum(entry.count for entry in entries if entry.action == _RAISED))}


def _grave(issues: Sequence[_Graded]) -> float:
    return float(sum(issue.severity is not Severity.INFORMATION for issue in issues))
