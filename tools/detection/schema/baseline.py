"""What a sensor usually shows at an hour, and the hours that left it."""

from pydantic import AwareDatetime, Field

from tools.amount import Amount
from tools.element import ElementRef
from tools.result import Result
from tools.subject import SubjectRef
from tools.vocabulary import Confidence


class UnusualHour(Result):
    """The last judged hour of a sensor, or the farthest of a stretch."""

    at: AwareDatetime = Field(description="Begin of the hour")
    value: Amount = Field(description="Mean of the hour")
    expected: Amount
    low: Amount = Field(description="Lower bound of what all but the stated share of normal hours show")
    high: Amount


class BaselineDeparture(Result):
    """Hours in a row, two or more, that left what is usual."""

    start: AwareDatetime
    end: AwareDatetime | None = Field(default=None, description="End of the last hour; None while it lasts")
    hours: int = Field(ge=2)
    farthest: UnusualHour
    deviation: Amount = Field(description="Of the farthest hour, value less expected")
    score: float = Field(ge=0, le=1, description="One less the share of normal hours that are as far out")


class SensorBaseline(Result):
    """One sensor held against hour, kind of day and weather of the time before."""

    subject: SubjectRef
    element: ElementRef | None = None
    quantity: str
    window_days: int = Field(ge=1, description="Asked for")
    history_days: int = Field(ge=1, description="Of these, days with readings")
    trained_from: AwareDatetime
    trained_until: AwareDatetime
    history_hours: int = Field(ge=1, description="Hours with a mean that it was learnt from")
    excluded_hours: int = Field(ge=0, description="Hours that look like earlier incidents: not learnt from")
    weather: SubjectRef | None = Field(default=None, description="Sensor of the air's temperature; None without one")
    judged_hours: int = Field(ge=0)
    latest: UnusualHour | None = Field(default=None, description="Newest judged hour with a value")
    confidence: Confidence = Field(description="Low when held-out hours were beyond the bounds far oftener than stated")
    departures: tuple[BaselineDeparture, ...] = Field(description="In order of time")
    false_alarm_percent: float = Field(gt=0, le=100, description="Stated: of normal hours")
    held_out_alarm_percent: float = Field(
        ge=0, le=100, description="Of its held-out hours, before the bounds were widened to hold them"
    )
    method: str
