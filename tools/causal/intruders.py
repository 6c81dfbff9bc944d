"""Who was at work in the logs: machines from which passwords were guessed or commands came that do not belong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.causal.candidate import Candidate
from tools.causal.schema.causes import CauseKind
from tools.security.schema.access import AccessIssueKind
from tools.vocabulary import Confidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.causal.evidence import Evidence
    from tools.security.schema.commands import CommandIssue
    from tools.subject import SubjectRef

_TRIED = frozenset(
    {AccessIssueKind.PASSWORD_GUESSING, AccessIssueKind.PASSWORD_SPRAYING, AccessIssueKind.SUCCESS_AFTER_GUESSING}
)
GUESSED = "its log-ins failed more often than people mistype"
LET_IN = "a log-in of it succeeded after its password was guessed at, so somebody else may hold it"
COMMANDED = "commands came from it that are not the work that is usual here"
UNUSUAL = "its log-ins do not fit the habit"


def intruders(evidence: Evidence) -> list[Candidate]:
    """One candidate a machine (or account, where the log names no machine); of several reasons the gravest is kept."""
    found = [*_guessers(evidence), *_commanders(evidence)]
    found.sort(key=lambda one: (-one.sure, -one.severity.rank, -one.strength))
    kept: dict[str, Candidate] = {}
    for one in found:
        kept.setdefault(str(one.subject), one)
    return list(kept.values())


def _guessers(evidence: Evidence) -> Iterator[Candidate]:
    for issue in evidence.access:
        tried = issue.kind in _TRIED
        yield Candidate(
            kind=CauseKind.INTRUDER,
            start=issue.start,
            end=issue.end,
            strength=float(max(issue.failures, 1)),
            observed=True,
            sure=tried and issue.confidence is not Confidence.LOW,
            certain=True,
            subject=issue.subject,
            severity=issue.severity,
            logged=True,
            note=_note(issue.kind),
        )


def _note(kind: AccessIssueKind) -> str:
    """Why it is a candidate: the account that was let in did not guess, it was guessed at."""
    if kind is AccessIssueKind.SUCCESS_AFTER_GUESSING:
        return LET_IN
    return GUESSED if kind in _TRIED else UNUSUAL


def _commanders(evidence: Evidence) -> Iterator[Candidate]:
    for issue in evidence.commands:
        yield Candidate(
            kind=CauseKind.INTRUDER,
            start=issue.start,
            end=issue.end,
            strength=float(issue.commands),
            observed=True,
            sure=issue.confidence is not Confidence.LOW,
            certain=True,
            subject=_origin(issue),
            severity=issue.severity,
            logged=True,
            note=COMMANDED,
        )


def _origin(issue: CommandIssue) -> SubjectRef:
    """The machine that the commands came from; the account where the log does not name it."""
    return next((command.origin for command in issue.sequence if command.origin is not None), issue.subject)
