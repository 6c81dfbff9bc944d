"""Arguments and result of ``read_telemetry``."""

from pydantic import AwareDatetime, Field

from tools.amount import Amount
from tools.arguments import Page
from tools.element import ElementRef
from tools.result import Result
from tools.subject import SubjectRef
from tools.vocabulary import ReadingQuality
from tools.window import WindowArguments


class ReadTelemetryArguments(WindowArguments, Page):
    """Which sensors, at which time or over which span; all sensors when neither names nor elements are given."""

    sensors: tuple[str, ...] = Field(default=(), description="Sensors by name")
    elements: tuple[str, ...] = Field(default=(), description="Elements by canonical form, or assets by name")
    quantities: tuple[str, ...] = Field(default=(), description="Only these quantities, such as p or vm")
    at: AwareDatetime | None = Field(default=None, description="Time of the value; the end of the span when absent")
    buckets: int = Field(default=0, ge=0, le=2000, description="Pieces of a history that are wanted of each sensor")


class SensorReading(Result):
    """The word of one sensor at a time, and what it said over the span before."""

    subject: SubjectRef = Field(description="The sensor")
    element: ElementRef | None = None
    asset: SubjectRef | None = None
    quantity: str
    at: AwareDatetime | None = Field(default=None, description="Time of the reading; None when there is none")
    value: Amount | None = Field(default=None, description="None when the sensor gave none")
    quality: ReadingQuality
    age_s: float | None = Field(default=None, ge=0, description="Age at the time asked for")
    stale: bool = Field(description="Older than the sensor's declared bound, or missing")
    readings: int = Field(ge=0, description="Readings in the span")
    lowest: Amount | None = Field(default=None, description="Over the span, without bad readings")
    mean: Amount | None = None
    highest: Amount | None = None
    lowest_at: AwareDatetime | None = None
    highest_at: AwareDatetime | None = None
    usual: Amount | None = Field(default=None, description="Median at this hour of day over the days before")
    above_usual: Amount | None = Field(default=None, description="Value minus usual; temperatures in kelvin")
    usual_days: int = Field(default=0, ge=0, description="Days that the usual rests on; at least 7, else there is none")
    simulated: bool = False


class Conflict(Result):
    """Sensors that measure the same and disagree by more than their noise allows."""

    element: ElementRef | None = None
    quantity: str
    at: AwareDatetime
    sensors: tuple[SubjectRef, ...] = Field(min_length=2)
    lowest: Amount
    highest: Amount
    difference: Amount
    allowed: Amount


class Bucket(Result):
    """One piece of a history; values in the unit of the history."""

    at: AwareDatetime = Field(description="Begin of the piece")
    readings: int = Field(ge=1)
    lowest: Amount
    mean: Amount
    highest: Amount


class History(Result):
    """The readings of one sensor over the span, in pieces of equal length; pieces without a reading are left out."""

    subject: SubjectRef
    element: ElementRef | None = None
    quantity: str
    bucket_s: float = Field(gt=0)
    buckets: tuple[Bucket, ...]


class TelemetryReading(Result):
    """What the sensors say; stale, missing and conflicting readings are named, never averaged away."""

    at: AwareDatetime = Field(description="Time asked for")
    start: AwareDatetime
    end: AwareDatetime
    first: AwareDatetime | None = Field(default=None, description="First reading there is of these sensors")
    last: AwareDatetime | None = Field(default=None, description="Last reading there is of these sensors")
    sensors: int = Field(ge=0, description="Sensors that were asked for")
    rows: tuple[SensorReading, ...]
    omitted: int = Field(default=0, ge=0)
    good: int = Field(ge=0, description="Sensors with a fresh, good value")
    suspect: int = Field(ge=0, description="Sensors with a suspect, bad or substituted value")
    stale_sensors: int = Field(ge=0)
    missing: int = Field(ge=0, description="Sensors without any reading up to the time")
    oldest_age_s: float | None = Field(default=None, ge=0)
    conflicts: tuple[Conflict, ...] = ()
    histories: tuple[History, ...] = ()
    simulated: bool = False
