"""Arguments and result of ``review_access_events``."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.arguments import Page
from tools.result import Result
from tools.security.schema.context import FindingContext
from tools.subject import SubjectRef
from tools.vocabulary import Confidence, Severity
from tools.window import WindowArguments


class ReviewAccessEventsArguments(WindowArguments, Page):
    """Over which span, and what counts as guessing."""

    window_s: float = Field(default=600.0, gt=0, le=86_400, description="Failures within this time belong together")
    threshold: int = Field(default=5, ge=2, le=1000, description="Failures in the window that count as guessing")
    spray_window_s: float = Field(default=3600.0, gt=0, le=86_400, description="Accounts tried within this time")
    spray_accounts: int = Field(default=5, ge=2, le=1000, description="Accounts in that window that count as spraying")


class AccessIssueKind(StrEnum):
    """What is suspicious in an access log."""

    PASSWORD_GUESSING = "password_guessing"  # noqa: S105 - the name of a finding
    PASSWORD_SPRAYING = "password_spraying"  # noqa: S105 - the name of a finding
    SUCCESS_AFTER_GUESSING = "success_after_guessing"
    NEW_ACCOUNT = "new_account"
    UNUSUAL_NETWORK = "unusual_network"
    UNUSUAL_ORIGIN = "unusual_origin"
    UNUSUAL_HOUR = "unusual_hour"


class AccessReason(StrEnum):
    """Why a log-in does not fit the habit."""

    NEW_ACCOUNT = "account never logged in before"
    CREATED = "account was made in this time"
    NEW_NETWORK = "nobody ever came from that network"
    NEW_ORIGIN = "account never came from there before"
    ODD_HOUR = "outside the hours in which it logs in"


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
    reasons: tuple[AccessReason, ...] = Field(default=(), description="Of a log-in that does not fit the habit")
    confidence: Confidence
    context: FindingContext


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
    spray_window_s: float
    spray_accounts: int
    not_seen: tuple[str, ...] = Field(default=(), description="Sources that were not there, and what is unknown so")
    not_compared: str | None = Field(default=None, description="Why there is no habit of log-ins to compare with")
    simulated: bool = False
