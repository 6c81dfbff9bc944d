"""Arguments and result of ``assess_power_quality``."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.amount import Amount
from tools.arguments import Page
from tools.coverage import Coverage
from tools.element import ElementRef
from tools.limits import ClauseRef, QualityQuantity
from tools.result import Result
from tools.subject import SubjectRef
from tools.vocabulary import Severity
from tools.window import WindowArguments


class AssessPowerQualityArguments(WindowArguments, Page):
    """Which sensors over which span (at most a year); all that measure power quality when none is named."""

    sensors: tuple[str, ...] = Field(default=(), description="Sensors by name")
    elements: tuple[str, ...] = Field(default=(), description="Elements by canonical form, or assets by name")
    nominal_hz: float | None = Field(
        default=None, gt=10, le=100, description="When absent: as the readings are, or the model says"
    )
    declared_kv: float | None = Field(default=None, gt=0, description="Of voltages whose bus tells none")
    power_factor_min: float | None = Field(
        default=None, gt=0, le=1, description="Of a contract: the library has no limit of the power factor"
    )


class QualityVerdict(StrEnum):
    """How a limit stands; only ``kept`` and ``broken`` are verdicts on the standard's whole time."""

    KEPT = "kept"
    KEPT_SO_FAR = "kept_so_far"  # the time looked at is shorter than the standard's
    BROKEN_SO_FAR = "broken_so_far"  # the share is missed in this time; the standard's time may still bring it back
    BROKEN = "broken"


class QualityAssessment(Result):
    """One limit at one place."""

    subject: SubjectRef = Field(description="The sensor; the first of several phases")
    element: ElementRef | None = None
    quantity: QualityQuantity
    order: int | None = Field(default=None, description="Of a harmonic")
    verdict: QualityVerdict
    severity: Severity
    low: Amount | None = Field(default=None, description="Lower bound of the limit")
    high: Amount | None = Field(default=None, description="Upper bound of the limit")
    share_percent: float = Field(gt=0, le=100, description="Of the means that must lie inside")
    mean_s: float = Field(gt=0)
    window_h: float = Field(gt=0, description="Time that the standard counts over")
    source: ClauseRef
    means: int = Field(ge=1, description="Means that were judged")
    missing: int = Field(ge=0, description="Times without enough readings for a mean")
    flagged: int = Field(ge=0, description="Means left out because a dip, swell or interruption lies in them")
    seen_percent: float = Field(ge=0, le=100, description="Means judged, of those of the standard's whole time")
    inside_percent: float = Field(ge=0, le=100, description="In the worst window of the standard's length")
    outside_s: float = Field(ge=0, description="All means outside, as a time")
    longest_outside_s: float = Field(ge=0, description="Longest time outside without a break")
    longest_outside_at: AwareDatetime | None = None
    lowest: Amount
    lowest_at: AwareDatetime
    highest: Amount
    highest_at: AwareDatetime


class VoltageEventKind(StrEnum):
    """Kinds of voltage events."""

    DIP = "dip"
    SWELL = "swell"
    INTERRUPTION = "interruption"


class VoltageEvent(Result):
    """One dip, swell or interruption; its duration is known to a reading on either side."""

    subject: SubjectRef
    element: ElementRef | None = None
    kind: VoltageEventKind
    start: AwareDatetime
    duration_s: float = Field(ge=0)
    duration_error_s: float = Field(ge=0, description="By how much the true duration may differ: the sampling period")
    residual_pu: float = Field(ge=0, description="Lowest voltage of a dip or interruption, highest of a swell")
    depth_percent: float = Field(ge=0, description="Distance from the declared voltage")
    tolerated: bool | None = Field(
        default=None, description="Within the ITI curve; None when the sampling leaves it open"
    )


class EventCount(Result):
    """Events below or above a voltage, as SARFI counts them (IEEE 1564)."""

    threshold_percent: float
    events: int = Field(ge=0)


class PowerFactorCourse(Result):
    """The power factor at one place."""

    subject: SubjectRef
    element: ElementRef | None = None
    lowest: float = Field(ge=0, le=1)
    lowest_at: AwareDatetime
    mean: float = Field(ge=0, le=1)
    means: int = Field(ge=1, description="Ten-minute means")
    limit: float | None = Field(default=None, description="As the caller stated it")
    below: int | None = Field(default=None, ge=0, description="Means below the limit; None without one")


class PowerQuality(Result):
    """What the quality of supply was, each figure against its limit, and what no sensor tells."""

    start: AwareDatetime
    end: AwareDatetime
    nominal_hz: float
    sensors: int = Field(ge=0)
    readings: int = Field(ge=0)
    assessments: tuple[QualityAssessment, ...] = Field(description="Broken first, then by the share inside")
    omitted: int = Field(default=0, ge=0)
    broken: int = Field(ge=0)
    kept: int = Field(ge=0)
    undecided: int = Field(ge=0, description="Limits whose standard's time is longer than what was looked at")
    events: tuple[VoltageEvent, ...] = Field(max_length=50, description="Deepest first")
    events_omitted: int = Field(default=0, ge=0)
    counts: tuple[EventCount, ...] = Field(default=(), description="Of all events, place by place")
    power_factors: tuple[PowerFactorCourse, ...] = Field(default=(), max_length=20, description="Lowest first")
    coverage: Coverage
    simulated: bool = False
