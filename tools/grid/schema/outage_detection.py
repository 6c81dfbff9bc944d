"""Arguments and result of ``detect_outages``."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.arguments import Page
from tools.coverage import Coverage
from tools.element import ElementRef
from tools.result import Result
from tools.subject import SubjectRef
from tools.vocabulary import CauseVerdict


class DetectOutagesArguments(Page):
    """The time at which to look; rows are areas without supply, the largest load first."""

    at: AwareDatetime | None = Field(default=None, description="Time of the state; the run's as_of when absent")


class SupplyState(StrEnum):
    """One word for what was looked at; where of some buses nothing tells, it is never ``all_supplied``."""

    SUPPLY_LOST = "supply_lost"
    ALL_SUPPLIED = "all_supplied"
    PARTLY_CHECKED = "partly_checked"


class DeadEvidence(StrEnum):
    """What tells that buses are without supply."""

    SWITCH_STATE = "switch_state"
    VOLTAGE = "voltage"
    BOTH = "both"


class DisputeReason(StrEnum):
    """How what is told of one bus disagrees."""

    VOLTAGE_WITHOUT_SUPPLY = "voltage_without_supply"
    FLOW_WITHOUT_VOLTAGE = "flow_without_voltage"
    SENSORS_APART = "sensors_apart"


class SuspectedElement(Result):
    """An element whose outage alone explains an area without supply, and contradicts no reading."""

    element: ElementRef
    dead_buses: int = Field(ge=0, description="Buses that its outage leaves without supply")
    untold_buses: int = Field(ge=0, description="Of these, buses that neither reading nor switch state tells of")
    opened_at: AwareDatetime | None = Field(default=None, description="By log or record; None where neither says so")
    on_record: bool = Field(default=False, description="An outage record names it")


class DeadArea(Result):
    """Buses without supply that hang together."""

    buses: tuple[ElementRef, ...] = Field(max_length=100)
    buses_omitted: int = Field(default=0, ge=0)
    dead_buses: int = Field(ge=1)
    possibly_dead_buses: int = Field(default=0, ge=0, description="More buses, dead by some of the suspects only")
    evidence: DeadEvidence
    sensors: tuple[SubjectRef, ...] = Field(default=(), max_length=20, description="That read no voltage")
    sensors_omitted: int = Field(default=0, ge=0)
    alive_until: AwareDatetime | None = Field(default=None, description="Last reading with voltage in the day before")
    dead_from: AwareDatetime | None = Field(default=None, description="First reading without voltage after it")
    load_p_mw: float = Field(ge=0, description="Load of the model at these buses, scaled and in service")
    generation_p_mw: float = Field(ge=0, description="Set-points of the model's units at these buses")
    border: tuple[ElementRef, ...] = Field(
        default=(), max_length=20, description="Branches in service by switch state between the area and live buses"
    )
    border_omitted: int = Field(default=0, ge=0)
    suspects: tuple[SuspectedElement, ...] = Field(default=(), max_length=20, description="Most probable first")
    suspects_omitted: int = Field(default=0, ge=0)
    verdict: CauseVerdict = Field(description="Of the first suspect")


class DisputedBus(Result):
    """A bus of which readings and switch state tell different things; nothing is concluded from it."""

    element: ElementRef
    dispute: DisputeReason
    sensors: tuple[SubjectRef, ...] = Field(max_length=10)
    sensors_omitted: int = Field(default=0, ge=0)


class OutageDetection(Result):
    """Which buses are without supply at a time, and which element is at fault."""

    at: AwareDatetime
    status: SupplyState
    dead_buses: int = Field(ge=0)
    dead_by_switch_state: int = Field(ge=0)
    dead_by_voltage: int = Field(ge=0, description="No voltage is read, though the switch state says supplied")
    load_p_mw: float = Field(ge=0, description="Load of the model at dead buses, scaled and in service")
    generation_p_mw: float = Field(ge=0)
    areas: tuple[DeadArea, ...]
    omitted: int = Field(default=0, ge=0)
    disputed: tuple[DisputedBus, ...] = Field(default=(), max_length=20)
    disputed_omitted: int = Field(default=0, ge=0)
    buses: int = Field(ge=0, description="In service in the model")
    buses_told: int = Field(ge=0, description="By a fresh, good reading of voltage or flow")
    switch_state_known: bool = Field(description="A switching log or outage records exist; else the model's positions")
    coverage: Coverage
    simulated: bool = False
