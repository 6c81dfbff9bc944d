"""The kinds of trouble that a scenario can inject; each magnitude says its unit."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, field_validator

from orchestrator.scenarios.schema.spans import Count, NotNegative, Percent, Positive
from tools.element import parse_canonical
from tools.result import Result

ANY = "any"
"""The seed chooses, among what the kind of trouble can befall."""


class TroubleKind(StrEnum):
    """What goes wrong."""

    DRIFT = "drift"
    STEP = "step"
    OSCILLATION = "oscillation"
    DROPOUT = "dropout"
    SPIKE = "spike"
    STUCK = "stuck"
    COOLING_LOSS = "cooling_loss"
    OVERLOAD = "overload"
    LINE_TRIP = "line_trip"
    BREAKER_FAILURE = "breaker_failure"
    FALSE_DATA = "false_data"
    COORDINATED = "coordinated_false_data"
    REPLAY = "replay"
    GUESSING = "guessing"
    COMMAND_SEQUENCE = "command_sequence"
    PROTOCOL_SCAN = "protocol_scan"


class Trace(StrEnum):
    """What somebody who falsifies readings leaves in the logs shortly before."""

    GUESSING = "guessing"  # passwords tried from the machine that then comes in
    LOGIN = "login"  # an account comes in from a machine that it never used
    COMMAND = "command"  # from there, a command to the element whose reading is falsified


class Trouble(Result):
    """What all troubles say: when, and under which label expectations name them."""

    id: str = Field(default="", pattern=r"^[a-z0-9_-]{0,40}$", description="Label; the kind when absent")
    start_min: NotNegative = Field(description="Minutes after the period's begin")

    @property
    def label(self) -> str:
        """How expectations and truth name it."""
        return self.id or str(getattr(self, "kind", ""))


class Lasting(Trouble):
    """A trouble that lasts a time."""

    duration_min: Positive = Field(description="Minutes; cut off at the period's end")


class AtSensor(Lasting):
    """What befalls the readings of one sensor; the grid is as it was."""

    sensor: str = Field(default=ANY, description="Name, or any")


class Drift(AtSensor):
    """A sensor leaves the truth at a constant rate, until it is put right again."""

    kind: Literal[TroubleKind.DRIFT]
    rate_sigma_per_h: Positive = Field(description="In standard errors of the sensor, either way")


class Step(AtSensor):
    """A sensor shows a constant too much or too little, as after a wrong calibration."""

    kind: Literal[TroubleKind.STEP]
    size_sigma: Positive


class Spike(AtSensor):
    """A few readings in a row are far off."""

    kind: Literal[TroubleKind.SPIKE]
    size_sigma: Positive
    readings: Count = (1, 3)


class Stuck(AtSensor):
    """A sensor repeats one reading."""

    kind: Literal[TroubleKind.STUCK]


class Dropout(AtSensor):
    """Readings are missing."""

    kind: Literal[TroubleKind.DROPOUT]
    missing_percent: Percent = Field(default=(100.0, 100.0), description="Of the readings that were due")


class Falsified(Lasting):
    """Somebody falsifies readings; without a trace the logs know nothing of it, as when the device itself is taken."""

    trace: tuple[Trace, ...] = Field(default=(), description="What is left in the logs before it begins")


class FalseData(AtSensor, Falsified):
    """Somebody adds a constant to a measurement that stays plausible by itself."""

    kind: Literal[TroubleKind.FALSE_DATA]
    size_sigma: Positive


class CoordinatedFalseData(Falsified):
    """Somebody falsifies several readings so that they fit each other.

    With ``reach`` station these are the load of one bus and the flows at its ends of the branches there: they add up,
    and contradict the far ends. With ``reach`` grid every reading is what it would be with another load, and no test
    of residuals can see it (Liu, Ning and Reiter 2011).
    """

    kind: Literal[TroubleKind.COORDINATED]
    element: str = Field(default=ANY, description="The load that is made larger or smaller, or any")
    change_percent: Positive = Field(description="Of the load, either way")
    reach: Literal["station", "grid"] = "station"

    @field_validator("element")
    @classmethod
    def _understood(cls, element: str) -> str:
        if element != ANY and parse_canonical(element) is None:
            raise ValueError(f"element {element!r} is not understood; load:5 or any would be")
        return element


class Replay(AtSensor, Falsified):
    """Somebody plays an earlier time of a sensor once more."""

    kind: Literal[TroubleKind.REPLAY]
    from_earlier_min: Positive = Field(description="How far back the readings are taken from")


class AtElement(Lasting):
    """What befalls a piece of the grid; flows, voltages and temperatures follow by physics."""

    element: str = Field(default=ANY, description="Canonical form such as line:5, or any")

    @field_validator("element")
    @classmethod
    def _understood(cls, element: str) -> str:
        if element not in {ANY, "all"} and parse_canonical(element) is None:
            raise ValueError(f"element {element!r} is not understood; line:5 or any would be")
        return element


class Oscillation(AtElement):
    """A unit (or a load, where it has none) swings: forced when the damping is zero, else dying away."""

    kind: Literal[TroubleKind.OSCILLATION]
    amplitude_percent: Positive = Field(description="Of the unit's power at that time")
    cycle_s: Positive = Field(description="Time of one swing; at least two readings must fall into it")
    damping_percent: NotNegative = Field(default=(0.0, 0.0), description="Damping ratio; zero is a forced oscillation")


class CoolingLoss(AtElement):
    """The fans of a transformer stand still; its oil follows by IEC 60076-7."""

    kind: Literal[TroubleKind.COOLING_LOSS]
    capability_percent: Percent = Field(
        default=(55.0, 65.0), description="Of rated power, that it can carry without fans at the same oil rise"
    )


class Overload(AtElement):
    """One load (or all) draws more than usual."""

    kind: Literal[TroubleKind.OVERLOAD]
    extra_percent: Positive = Field(description="Of the usual load, added")


class LineTrip(AtElement):
    """A line or transformer trips, and is back at the end."""

    kind: Literal[TroubleKind.LINE_TRIP]
    logged: bool = Field(default=True, description="Whether the switching log and the outage records tell of it")


class BreakerFailure(AtElement):
    """A branch has a fault, the breaker at one end stays closed, and backup protection clears the whole bus there."""

    kind: Literal[TroubleKind.BREAKER_FAILURE]
    end: Literal["from", "to"] = Field(default="from", description="Whose breaker fails; from is hv, to is lv")
    logged: bool = Field(default=True, description="Whether the switching log and the outage records tell of it")


class Guessing(Trouble):
    """Somebody tries passwords from one machine."""

    kind: Literal[TroubleKind.GUESSING]
    attempts: Count = (9, 25)
    accounts: Count = (2, 5)
    within_s: Positive = (240.0, 560.0)
    succeeds: bool = False


class CommandSequence(Trouble):
    """Breakers are told to open, one after the other, from a machine that never commands; interlocking refuses."""

    kind: Literal[TroubleKind.COMMAND_SEQUENCE]
    breakers: Count = (3, 6)
    seconds_between: Positive = (8.0, 40.0)


class ProtocolScan(Trouble):
    """A machine asks one station after the other, with message types that nobody uses here."""

    kind: Literal[TroubleKind.PROTOCOL_SCAN]
    stations: Count = (5, 20)
    messages: Count = (20, 80)
    within_s: Positive = (60.0, 600.0)


AnyTrouble = Annotated[
    Drift
    | Step
    | Oscillation
    | Dropout
    | Spike
    | Stuck
    | CoolingLoss
    | Overload
    | LineTrip
    | BreakerFailure
    | FalseData
    | CoordinatedFalseData
    | Replay
    | Guessing
    | CommandSequence
    | ProtocolScan,
    Field(discriminator="kind"),
]
