"""A span of states, and the intervals in which it is insecure."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.amount import Amount
from tools.arguments import Arguments
from tools.element import ElementRef
from tools.result import Result


class SpanArguments(Arguments):
    """A span that ends at ``at``, looked at in steps; without a begin only ``at`` itself is looked at."""

    since: AwareDatetime | None = Field(default=None, description="Begin of a span that ends at ``at``")
    step_min: int = Field(default=15, ge=1, le=240, description="Minutes between the states that are looked at")


class InsecurityKind(StrEnum):
    """What an outage would do."""

    OVERLOAD = "overload"
    UNDERVOLTAGE = "undervoltage"
    OVERVOLTAGE = "overvoltage"
    UNIT_LIMIT = "unit_limit"
    SUPPLY_LOST = "supply_lost"
    NOT_SOLVED = "not_solved"


class SpanCoverage(Result):
    """What of a span was looked at; what begins and ends between two states is not seen."""

    start: AwareDatetime
    end: AwareDatetime
    step_min: int
    states: int = Field(ge=0, description="States that were looked at, refinements included")
    unmeasured: int = Field(ge=0, description="States left out because most sensors had no fresh reading")
    unsolved: int = Field(ge=0, description="States without a solution before any outage")
    not_screened: tuple[ElementRef, ...] = Field(
        default=(),
        max_length=20,
        description="Outages that leave the slack alone: limits after them were checked in the last state only",
    )
    switched: tuple[ElementRef, ...] = Field(
        default=(), max_length=50, description="Elements that went out of service or came back within the span"
    )


class WorstMoment(Result):
    """The quantity that is furthest beyond its limit, and when."""

    element: ElementRef
    case: str
    at: AwareDatetime
    quantity: str = Field(description="loading, vm, p or q")
    value: Amount
    limit: Amount | None = None


class InsecureInterval(Result):
    """A time in which one outage would break a limit that holds before it, or lose avoidable load or generation."""

    element: ElementRef = Field(description="The outage")
    case: str
    kind: InsecurityKind = Field(description="At the worst moment")
    start: AwareDatetime
    end: AwareDatetime | None = Field(description="None while it lasts")
    before: bool = Field(description="Whether it stood already at the begin of the span")
    worst: WorstMoment | None = Field(default=None, description="None where supply is lost or nothing solves")
    unserved_p_mw: float | None = Field(default=None, ge=0, description="Load cut off at the worst moment; avoidable")
    lost_generation_p_mw: float | None = Field(default=None, ge=0, description="As the load; None where none is lost")
    changed: tuple[ElementRef, ...] = Field(
        default=(), max_length=20, description="Out of service at the worst moment, in service in the model"
    )


class InsecureTime(Result):
    """A time in which at least one outage would do harm: the union of the intervals."""

    start: AwareDatetime
    end: AwareDatetime | None = Field(description="None while it lasts")
    outages: int = Field(ge=1, description="Outages that would do harm at some time in it")
