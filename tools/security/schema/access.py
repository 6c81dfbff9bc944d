"""Arguments and result of ``review_access_events``."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.arguments import Page
from tools.result import Result
from tools.subject import SubjectRef
from tools.vocabulary import Confidence, Severity
from tools.window import WindowArguments


class ReviewAccessEventsArguments(WindowArguments, Page):
    """Over which span, and what counts as guessing."""

    window_s: float = Field(default=600.0, gt=0, le=86_400, description="Failures within this time belong together")
    threshold: int = Field(default=5, ge=2, le=1000, description="Failures in the window that count as guessing")


class AccessIssueKind(StrEnum):
    """What is suspicious in an access log."""

    PASSWORD_GUESSING = "password_guessing"  # noqa: S105 - the name of a finding
    SUCCESS_AFTER_GUESSING = "success_after_guessing"
    UNUSUAL_ORIGIN = "unusual_origin"


class AccessIssue(Result):
    """Accesses of one origin that do not look like work."""

    subject: SubjectRef = Field(description="The host or address that it came from, or the account")
    kind: AccessIssueKind
    severity: Severity
    start: AwareDatetime
    end: AwareDatetime
    failures: int = Field(ge=0, description="Failed attempts, folded repeats counted")
    accounts: tuple[SubjectRef, ...] = Field(default=(), max_length=20)
    accounts_omitted: int = Field(default=0, ge=0)
    hosts: tuple[SubjectRef, ...] = Field(default=(), max_length=20, description="Machines that were tried")
    hosts_omitted: int = Field(default=0, ge=0)
    succeeded_at: AwareDatetime | None = Field(default=None, description="First success of the origin afterwards")
    lines: tuple[str, ...] = Field(default=(), max_length=3, description="Log lines, quoted as data")
    confidence: Confidence


class AccessReview(Result):
    """What an access log says of a time."""

    start: AwareDatetime
    end: AwareDatetime
    events: int = Field(ge=0, description="Log lines looked at")
    attempts: int = Field(ge=0, description="Attempts they stand for, folded repeats counted")
    failures: int = Field(ge=0, description="Failed attempts, folded repeats counted")
    successes: int = Field(ge=0)
    unclear: int = Field(ge=0, description="Lines that say neither")
    issues: tuple[AccessIssue, ...]
    omitted: int = Field(default=0, ge=0)
    window_s: float
    threshold: int
    simulated: bool = False
