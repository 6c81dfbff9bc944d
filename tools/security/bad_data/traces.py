"""Whether somebody had a hand in it: what the other security tools found in the logs near a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from tools.errors import SourceMissingError
from tools.security.access import review_access_events
from tools.security.commands import review_commands
from tools.security.protocol.check import check_protocol
from tools.security.schema.access import AccessIssueKind, ReviewAccessEventsArguments
from tools.security.schema.bad_data import LogTrace
from tools.security.schema.commands import CommandIssueKind, ReviewCommandsArguments
from tools.security.schema.protocol import CheckProtocolArguments, ProtocolIssueKind
from tools.vocabulary import Confidence

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from tools.context import ToolContext
    from tools.security.schema.access import AccessIssue

_ROWS = 100
_AFTER = timedelta(minutes=2)
"""Clocks of logs and of telemetry differ by so much: what lies so long after a begin is told as at about that time."""
_INSIDE = frozenset(
    {
        CommandIssueKind.UNUSUAL_SEQUENCE,
        CommandIssueKind.COMMAND_AFTER_GUESSING,
        ProtocolIssueKind.UNKNOWN_WRITE,
        ProtocolIssueKind.WRITE_TO_READ_ONLY,
        ProtocolIssueKind.UNKNOWN_COMMAND,
        ProtocolIssueKind.UNEXPECTED_REPLY,
        ProtocolIssueKind.SEQUENCE_BROKEN,
    }
)
"""Findings that somebody is in, or that messages are not the station's own."""
_OUTSIDE = frozenset({ProtocolIssueKind.SCAN, ProtocolIssueKind.UNKNOWN_STATION, ProtocolIssueKind.UNKNOWN_CONNECTION})
_GUESSING = frozenset({AccessIssueKind.PASSWORD_GUESSING, AccessIssueKind.PASSWORD_SPRAYING})
_UNUSUAL = frozenset({AccessIssueKind.UNUSUAL_NETWORK, AccessIssueKind.UNUSUAL_ORIGIN, AccessIssueKind.UNUSUAL_HOUR})


@dataclass(frozen=True)
class Trace:
    """One finding with the elements that it names; how it lies to a begin is for ``Traces.near`` to say."""

    row: LogTrace
    elements: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Traces:
    """Findings of the logs over a time.

    Attributes:
        found: In order of time.
        seen: Which logs were looked at.
        missing: Why the others were not.
        lead: How long before a begin a finding may lie.
    """

    found: tuple[Trace, ...]
    seen: tuple[str, ...]
    missing: tuple[str, ...]
    lead: timedelta

    def near(self, begin: datetime, elements: Collection[str]) -> list[LogTrace]:
        """Findings shortly before a begin, or at about that time, each told apart.

        Those that name an element come first, then those that somebody was inside, then those before the begin.
        """
        mine = [
            one.row.model_copy(
                update={"names_it": bool(one.elements.intersection(elements)), "before": one.row.start <= begin}
            )
            for one in self.found
            if begin - self.lead <= one.row.start <= begin + _AFTER
        ]
        return sorted(mine, key=lambda row: (not row.names_it, not row.came_in, not row.before, row.start))


def find_traces(ctx: ToolContext, start: datetime, end: datetime, lead: timedelta) -> Traces:
    """Ask the tools for access, command and message logs; a log that is not kept is missing, and nothing else."""
    seen: list[str] = []
    missing: list[str] = []
    found: list[Trace] = []
    since = {"start": start - lead, "end": end, "limit": _ROWS}
    for name, look in _LOOKS.items():
        try:
            found += look(ctx, since)
            seen.append(name)
        except SourceMissingError:
            missing.append(f"no {name}: traces in it are not looked for")
    found.sort(key=lambda one: (one.row.start, one.row.kind))
    return Traces(tuple(found), tuple(seen), tuple(missing), lead)


def _access(ctx: ToolContext, since: Mapping[str, object]) -> Iterator[Trace]:
    for issue in review_access_events(ctx, ReviewAccessEventsArguments.model_validate(since)).issues:
        if issue.kind in _UNUSUAL and issue.confidence is Confidence.LOW:
            continue
        if issue.kind is AccessIssueKind.SUCCESS_AFTER_GUESSING:
            continue  # told by the guessing that it follows, with the machine that guessed
        yield _of_access(issue, issue.kind, issue.start)
        if issue.kind in _GUESSING and issue.succeeded_at is not None:
            yield _of_access(issue, AccessIssueKind.SUCCESS_AFTER_GUESSING, issue.succeeded_at)


def _of_access(issue: AccessIssue, kind: AccessIssueKind, at: datetime) -> Trace:
    """The guessing itself is a trial; the log-in that it led to is another finding, at another time."""
    return Trace(
        LogTrace(
            source="review_access_events",
            kind=kind,
            subject=issue.subject,
            start=at,
            before=False,
            came_in=kind not in _GUESSING,
            names_it=False,
            custody=issue.context.custody,
        )
    )


def _commands(ctx: ToolContext, since: Mapping[str, object]) -> Iterator[Trace]:
    for issue in review_commands(ctx, ReviewCommandsArguments.model_validate(since)).issues:
        if issue.kind in _INSIDE:
            row = LogTrace(
                source="review_commands",
                kind=issue.kind,
                subject=issue.subject,
                start=issue.start,
                before=False,
                came_in=True,
                names_it=False,
                custody=issue.context.custody,
            )
            yield Trace(row, frozenset(map(str, issue.elements)))


def _messages(ctx: ToolContext, since: Mapping[str, object]) -> Iterator[Trace]:
    for issue in check_protocol(ctx, CheckProtocolArguments.model_validate(since)).issues:
        if issue.kind in _INSIDE | _OUTSIDE:
            yield Trace(
                LogTrace(
                    source="check_protocol",
                    kind=issue.kind,
                    subject=issue.subject,
                    start=issue.start,
                    before=False,
                    came_in=issue.kind in _INSIDE,
                    names_it=False,
                    custody=issue.context.custody,
                )
            )


_LOOKS = MappingProxyType({"access log": _access, "command log": _commands, "protocol log": _messages})
