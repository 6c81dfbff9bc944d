"""Arguments and result of ``check_data_quality``."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.amount import Amount
from tools.arguments import Page
from tools.coverage import Coverage
from tools.element import ElementRef
from tools.result import Result
from tools.subject import SubjectRef
from tools.vocabulary import Confidence, ReadingQuality, Severity
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
    SCALE = "wrong_scale"  # another unit, scale or sign than declared
    CLOCK = "wrong_clock"  # its time stamps are off
    DUPLICATE = "repeated_readings"  # the same reading is sent again and again under new times


class ScaleError(StrEnum):
    """How what a sensor says depends on what it should say."""

    THOUSANDFOLD = "thousandfold"  # kW for MW, V for kV, A for kA
    THOUSANDTH = "thousandth"
    MILLIONFOLD = "millionfold"  # W for MW
    REVERSED = "reversed_sign"
    FAHRENHEIT = "degrees_fahrenheit"
    PERCENT = "hundredfold"  # percent of what is meant in pu
    HUNDREDTH = "hundredth"


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
    scale: ScaleError | None = Field(default=None, description="How what is said depends on what is meant")
    late_s: float | None = Field(default=None, description="Of a wrong clock: above zero when the sensor is late")
    cause: str = Field(description="What would make a sensor say this, in a few words of ours, no digits")
    confidence: Confidence


class SensorQuality(Result):
    """How far the word of one sensor can be trusted over the time."""

    subject: SubjectRef
    element: ElementRef | None = None
    quantity: str
    score: float = Field(ge=0, le=1, description="Mean of the scores of the readings that were due")
    due: int = Field(ge=0, description="Readings due by the sensor's period")
    missing: int = Field(ge=0)
    bad: int = Field(ge=0)
    suspect: int = Field(ge=0)
    newest: ReadingQuality = Field(description="Of the last reading that was due, as judged here")


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
    score: float | None = Field(default=None, ge=0, le=1, description="Mean over the sensors that have readings due")
    doubtful: int = Field(default=0, ge=0, description="Sensors that do not score one")
    scores: tuple[SensorQuality, ...] = Field(default=(), description="Those that do not, the least trusted first")
    scores_omitted: int = Field(default=0, ge=0)
    coverage: Coverage
    simulated: bool = False
