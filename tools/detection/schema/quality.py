"""Arguments and result of ``check_data_quality``."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.amount import Amount
from tools.arguments import Page
from tools.coverage import Coverage
from tools.element import ElementRef
from tools.result import Result
from tools.subject import SubjectRef
from tools.vocabulary import Confidence, Severity
from tools.window import WindowArguments


class CheckDataQualityArguments(WindowArguments, Page):
    """Which sensors over which span; all when none is named."""

    sensors: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()


class QualityKind(StrEnum):
    """What is wrong with a sensor's word."""

    STUCK = "stuck_sensor"  # repeats one value while what it measures moves
    DRIFT = "drifting_sensor"  # leaves what the other measurements imply, slowly
    DROPOUT = "dropping_sensor"  # readings are missing
    OUT_OF_RANGE = "out_of_range"
    CONFLICT = "conflicting_sensors"
    STALE = "stale_sensor"


class QualityIssue(Result):
    """One sensor that cannot be trusted for a time."""

    subject: SubjectRef
    element: ElementRef | None = None
    quantity: str
    kind: QualityKind
    severity: Severity
    start: AwareDatetime
    end: AwareDatetime | None = Field(default=None, description="None while it lasts")
    readings: int = Field(ge=0, description="Readings concerned; missing ones for a dropout")
    value: Amount | None = Field(default=None, description="Worst or repeated value")
    expected: Amount | None = Field(default=None, description="What the other measurements imply at that time")
    deviation: Amount | None = None
    rate_per_h: Amount | None = Field(default=None, description="Of a drift, in the sensor's unit an hour")
    cause: str = Field(description="What would make a sensor say this, in a few words of ours, no digits")
    confidence: Confidence


class DataQuality(Result):
    """How far the readings of a time can be trusted."""

    start: AwareDatetime
    end: AwareDatetime
    sensors: int = Field(ge=0, description="Sensors looked at")
    readings: int = Field(ge=0)
    good_percent: float | None = Field(default=None, ge=0, le=100, description="Of the readings that were due")
    missing_readings: int = Field(ge=0, description="Due by the sensor's period, and not there")
    suspect_readings: int = Field(ge=0)
    bad_readings: int = Field(ge=0)
    issues: tuple[QualityIssue, ...]
    omitted: int = Field(default=0, ge=0)
    coverage: Coverage
    simulated: bool = False
