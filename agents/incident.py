"""An incident: findings of one time and one neighbourhood; and what people say of it."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from agents.finding import Finding
from tools.element import ElementRef
from tools.result import Result
from tools.subject import SubjectRef
from tools.vocabulary import Severity


class FeedbackVerdict(StrEnum):
    """What a person says that an incident truly was."""

    CONFIRMED = "confirmed"
    FALSE_ALARM = "false_alarm"
    OTHER_CAUSE = "other_cause"  # it was an incident, of another cause than was said


class IncidentFeedback(Result):
    """What a person said of an incident; models are trained anew on it, records of the past stay as they are."""

    incident: str
    grid: str
    verdict: FeedbackVerdict
    by: str = Field(min_length=1, max_length=100)
    at: AwareDatetime
    cause: str = Field(default="", max_length=500, description="The true cause, in the person's words: untrusted text")


class Incident(Result):
    """What belongs together because it happened at the same time in the same place."""

    id: str = Field(description="i-..., equal for the same incident seen by a later report")
    grid: str
    report: str = Field(description="The report that found it first")
    run: str
    title: str = Field(description="Of its gravest finding, as written then")
    severity: Severity
    start: AwareDatetime
    end: AwareDatetime | None = Field(default=None, description="None while it lasts")
    assets: tuple[ElementRef | SubjectRef, ...]
    findings: tuple[Finding, ...] = Field(min_length=1, description="In order of time")
    recorded_at: AwareDatetime
    simulated: bool = False
    feedback: IncidentFeedback | None = Field(
        default=None, description="The newest word of a person on it; kept apart, the record itself never changes"
    )
