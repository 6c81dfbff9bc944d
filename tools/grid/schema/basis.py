"""What the state of a grid at a time rests on: readings, what stands in for them, and the elements that are out."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.amount import Amount
from tools.element import ElementRef
from tools.result import Result
from tools.subject import SubjectRef


class SubstitutionReason(StrEnum):
    """Why a measured value does not stand as it was read."""

    STALE = "stale"
    BAD = "bad"
    OUT_OF_RANGE = "out_of_range"
    MISSING = "missing"
    CONFLICTING = "conflicting"
    SUSPECT = "suspect"


class StandIn(StrEnum):
    """What stands in for a reading."""

    LAST_GOOD = "last_good_value"
    SCALED_MODEL = "model_value_scaled_to_the_measured_level"
    MODEL = "model_value"
    READING = "the_reading_itself"
    RECORD = "the_later_record"


class SubstitutedValue(Result):
    """One value of the state that is not a fresh, good reading, though it has a sensor."""

    element: ElementRef
    quantity: str
    reason: SubstitutionReason
    used: StandIn
    value: Amount | None = Field(default=None, description="Value used; None where a position was decided")
    sensors: tuple[SubjectRef, ...] = Field(default=(), max_length=10)
    age_s: float | None = Field(default=None, ge=0, description="Age of the value that is used; None for the model's")


class StateBasis(Result):
    """What a state at a time rests on; values without a sensor are the model's, scaled to the measured level."""

    at: AwareDatetime
    model: str = Field(description="Name of the grid model underneath")
    measured: int = Field(ge=0, description="Values of the state that are fresh, good readings")
    substituted: tuple[SubstitutedValue, ...] = Field(default=(), max_length=20)
    substituted_omitted: int = Field(default=0, ge=0)
    missing: int = Field(ge=0, description="Loads and units of which nothing is measured: the model's values")
    oldest_age_s: float | None = Field(default=None, ge=0, description="Of the values taken from readings")
    simulated: bool = Field(default=False, description="Whether any reading or record used was made up")
    outages: tuple[ElementRef, ...] = Field(
        default=(), max_length=50, description="Out of service at the time by log or record, in service in the model"
    )
    outages_omitted: int = Field(default=0, ge=0)
    unknown_elements: int = Field(default=0, ge=0, description="Log entries and records of elements not in the model")
    moved_slack: ElementRef | None = Field(default=None, description="Unit that balances because the slack is out")
