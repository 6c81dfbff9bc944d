"""Arguments and result of ``detect_oscillations``."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.amount import Amount
from tools.arguments import Arguments, Page
from tools.coverage import Coverage
from tools.element import ElementRef
from tools.result import Result
from tools.subject import SubjectRef
from tools.vocabulary import Confidence, Severity
from tools.window import WindowArguments


class UnitInertia(Arguments):
    """The inertia constant of one unit, for what the grid model does not say."""

    unit: str = Field(description="Canonical form, such as gen:3")
    h_s: float = Field(gt=0, le=30, description="Inertia constant on the unit's rating, in seconds")
    sn_mva: float | None = Field(default=None, gt=0, description="Rating; that of the grid model when absent")


class DetectOscillationsArguments(WindowArguments, Page):
    """Which sensors over which span (at most a day); all that sample fast enough when none is named."""

    sensors: tuple[str, ...] = Field(default=(), description="Sensors by name")
    elements: tuple[str, ...] = Field(default=(), description="Elements by canonical form, or assets by name")
    quantities: tuple[str, ...] = Field(default=(), description="frequency, va, p, vm, …")
    nominal_hz: float | None = Field(
        default=None, gt=10, le=100, description="When absent: as the readings are, or the model says"
    )
    lost_mw: float | None = Field(
        default=None, description="Generation lost in the largest frequency event; load lost when negative"
    )
    inertia: tuple[UnitInertia, ...] = Field(default=(), description="Of units whose constant the grid model lacks")
    event_hz: float = Field(
        default=0.05, gt=0, le=5, description="Least excursion that is an event; the standard range of SO GL, Annex III"
    )


class FeedState(StrEnum):
    """Whether what a feed says is a measurement of a live grid."""

    LIVE = "live"
    NO_SUPPLY = "no_supply"  # zeros, a floor, noise after a collapse: no frequency, whatever the number
    FROZEN = "frozen"  # repeats itself where a live quantity moves
    EMPTY = "no_readings"


class Feed(Result):
    """How one sensor was sampled, and what can be seen in it."""

    subject: SubjectRef
    element: ElementRef | None = None
    quantity: str
    state: FeedState = Field(description="The worst of the time")
    readings: int = Field(ge=0)
    period_s: float | None = Field(default=None, gt=0, description="Usual time between readings")
    visible_to_hz: float | None = Field(default=None, gt=0, description="Faster modes cannot be seen")
    irregular: bool = Field(default=False, description="Times wander: values were interpolated onto even steps")
    gaps: int = Field(default=0, ge=0, description="Times longer than two and a half periods without a reading")
    repeated: int = Field(default=0, ge=0, description="Readings of a time that was there already; the last one counts")
    dead_readings: int = Field(default=0, ge=0, description="Readings that are no measurement of a live grid")
    dead_from: AwareDatetime | None = None
    dead_to: AwareDatetime | None = Field(default=None, description="None while it lasts")


class FrequencyCourse(Result):
    """How far and how fast the frequency of one sensor went, without its dead readings."""

    subject: SubjectRef
    element: ElementRef | None = None
    lowest_hz: float
    lowest_at: AwareDatetime
    highest_hz: float
    highest_at: AwareDatetime
    mean_hz: float
    steepest_hzps: float | None = Field(default=None, description="Rate of change farthest from zero; None if unsure")
    steepest_at: AwareDatetime | None = None
    steepest_error_hzps: float | None = Field(default=None, ge=0, description="Half width at 95 %")
    rate_window_s: float | None = Field(default=None, gt=0, description="Length of the straight line behind the rate")


class FrequencyEvent(Result):
    """A loss of generation or load as the frequency shows it: the median of all live frequency sensors."""

    start: AwareDatetime
    sensors: int = Field(ge=1)
    before_hz: float = Field(description="Value A: mean from 16 to 2 s before")
    nadir_hz: float = Field(description="Point C: farthest from before; the zenith after a loss of load")
    nadir_at: AwareDatetime
    nadir_s: float = Field(ge=0, description="From the start to the nadir")
    excursion_hz: float = Field(description="Nadir less before")
    rate_hzps: float = Field(description="Rate of change of frequency at the start")
    rate_error_hzps: float = Field(ge=0, description="Half width at 95 %")
    rate_window_s: float = Field(gt=0)
    settled_hz: float | None = Field(default=None, description="Value B: mean from 20 to 52 s after the start")
    settled_s: float | None = Field(default=None, ge=0, description="From then on within a tenth of the excursion")
    severity: Severity


class Origin(StrEnum):
    """What keeps an oscillation going."""

    RINGDOWN = "natural_after_disturbance"
    AMBIENT = "natural_ambient"
    FORCED = "forced"
    UNCLEAR = "unclear"  # goes through a disturbance as it was before, and the time is too short to say more


class Band(StrEnum):
    """What modes of this frequency usually are (Kundur, Power System Stability and Control, 12.8)."""

    COMMON = "common"  # below 0.1 Hz: governors and frequency control
    INTER_AREA = "inter_area"  # 0.1 to 0.8 Hz
    LOCAL = "local"  # 0.8 to 2.5 Hz
    CONTROL = "control_or_other"  # above: controls, converters, shafts


class Participant(Result):
    """One sensor that takes part in a mode."""

    subject: SubjectRef
    element: ElementRef | None = None
    amplitude: Amount = Field(description="Peak, in the sensor's unit")
    share_percent: float = Field(ge=0, le=100, description="Of the largest amplitude")
    phase_degree: float = Field(ge=-180, le=180, description="Against the sensor of largest amplitude")


class OscillationMode(Result):
    """One oscillation; the bounds hold with 95 %."""

    quantity: str
    origin: Origin
    band: Band
    severity: Severity
    confidence: Confidence
    start: AwareDatetime
    end: AwareDatetime
    frequency_hz: float = Field(gt=0)
    frequency_low_hz: float
    frequency_high_hz: float
    damping_percent: float = Field(description="Damping ratio; negative when it grows")
    damping_low_percent: float
    damping_high_percent: float
    resolution_hz: float = Field(gt=0, description="Lines nearer than this are one")
    amplitude: Amount = Field(description="Peak at the sensor where it is largest")
    harmonics: int = Field(default=0, ge=0, description="Multiples of it that are lines too")
    opposed: bool | None = Field(default=None, description="Sensors swing against each other; None with one sensor")
    participants: tuple[Participant, ...] = Field(min_length=1, description="Largest first")
    participants_omitted: int = Field(default=0, ge=0)
    pieces: int = Field(default=1, ge=1, description="Pieces of the time that show it; the figures are of the worst")
    method: str


class InertiaBasis(StrEnum):
    """Where a figure of inertia comes from."""

    GENERATION_MIX = "generation_mix"
    FREQUENCY_EVENT = "frequency_event"


class SystemInertia(Result):
    """Kinetic energy of all rotating machines at nominal frequency."""

    basis: InertiaBasis
    kinetic_energy_mws: float = Field(gt=0)
    low_mws: float | None = Field(default=None, ge=0, description="At 95 %; None when the rate's error reaches zero")
    high_mws: float | None = Field(default=None, gt=0)
    h_s: float | None = Field(default=None, gt=0, description="Kinetic energy over the rating of the units counted")
    rated_mva: float | None = Field(default=None, gt=0)
    units: int = Field(default=0, ge=0, description="Units counted")
    units_unknown: int = Field(default=0, ge=0, description="Units in service whose constant nobody states")


class OscillationReport(Result):
    """What swung in a time, how the frequency went, and what could not be seen."""

    start: AwareDatetime
    end: AwareDatetime
    nominal_hz: float
    sensors: int = Field(ge=0)
    readings: int = Field(ge=0)
    looked_at: int = Field(ge=0, description="Sensors that were looked at")
    passed_over: int = Field(ge=0, description="Sensors beyond what is looked at together")
    live_sensors: int = Field(ge=0, description="Of those looked at, with live readings")
    fast_sensors: int = Field(ge=0, description="Of the live ones, sampled fast enough for electromechanical modes")
    frequency_sensors: int = Field(ge=0, description="Of those looked at, that measure the frequency")
    slow_sensors: int = Field(ge=0, description="Powers of units and loads looked through for swings of minutes")
    slow_to_hz: float | None = Field(description="Faster swings cannot be seen in these; None without any")
    modes: tuple[OscillationMode, ...] = Field(description="Most severe first, then by amplitude within a quantity")
    omitted: int = Field(default=0, ge=0)
    events: tuple[FrequencyEvent, ...] = Field(max_length=20, description="Largest first")
    events_omitted: int = Field(default=0, ge=0)
    courses: tuple[FrequencyCourse, ...] = Field(max_length=20, description="Lowest frequency first")
    courses_omitted: int = Field(default=0, ge=0)
    inertia: tuple[SystemInertia, ...] = ()
    feeds: tuple[Feed, ...] = Field(max_length=100, description="Those with troubles first, then the slowest")
    feeds_omitted: int = Field(default=0, ge=0)
    coverage: Coverage
    simulated: bool = False
