"""Arguments and result of ``simulate_cascade``."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from tools.arguments import Arguments, Page
from tools.coverage import Coverage
from tools.element import ElementRef
from tools.grid.schema.actions import Reference
from tools.grid.schema.basis import StateBasis
from tools.grid.schema.common import GridArguments
from tools.grid.schema.power_flow import FlowModel
from tools.result import Result


class InverseCurve(StrEnum):
    """Inverse-time characteristics A, B and C of IEC 60255-151."""

    STANDARD = "standard_inverse"
    VERY = "very_inverse"
    EXTREMELY = "extremely_inverse"


class TripMechanism(StrEnum):
    """Why something goes out of service in a cascade."""

    INITIATING = "initiating_outage"
    OVERCURRENT = "overcurrent"
    OUT_OF_STEP = "out_of_step"
    UNDERVOLTAGE = "undervoltage_shedding"
    UNDERFREQUENCY_STAGE = "underfrequency_shedding"
    UNDERFREQUENCY = "underfrequency_collapse"
    OVERFREQUENCY = "overfrequency"
    VOLTAGE_COLLAPSE = "voltage_collapse"
    NO_SOURCE = "no_source"


class CascadeOutcome(StrEnum):
    """How far the outages spread; lost load is told apart from this."""

    CONTAINED = "contained"
    CASCADE = "cascade"
    UNFINISHED = "unfinished"


class SheddingStage(Arguments):
    """One stage of automatic under-frequency load shedding."""

    frequency_hz: float = Field(gt=0, description="The stage acts at or below it")
    shed_percent: float = Field(gt=0, le=100, description="Of the island's load before the outages")


class ProtectionSettings(Arguments):
    """What protects branches and buses; docs/method.md has the sources of the defaults."""

    curve: InverseCurve = InverseCurve.STANDARD
    time_multiplier: float = Field(default=1.0, gt=0, le=10, description="TMS of the inverse-time characteristic")
    pickup_percent: float = Field(default=100.0, gt=0, le=1000, description="Pickup, of the thermal rating")
    spare_single_outages: bool | None = Field(
        default=None,
        description="Raise each pickup so that no single outage of a connected grid trips the branch; if absent, only "
        "where several sets of two or more outages are compared, which presupposes a grid that survives single ones",
    )
    out_of_step_degree: float = Field(default=90.0, gt=0, le=180, description="Angle across a branch that opens it")
    undervoltage_pu: float = Field(default=0.88, ge=0, lt=1, description="Buses below it shed load; AC only")
    undervoltage_delay_s: float = Field(default=5.0, gt=0, le=600)
    undervoltage_shed_percent: float = Field(default=5.0, gt=0, le=100, description="Of the bus's load, each stage")
    undervoltage_stages: int = Field(default=3, ge=0, le=20)


class FrequencySettings(Arguments):
    """What balances an island."""

    droop_percent: float = Field(default=5.0, gt=0, le=50, description="Of every governed unit, on its rated power")
    load_damping_percent: float = Field(default=1.0, ge=0, le=10, description="Change of load per percent of frequency")
    stages: tuple[SheddingStage, ...] = Field(
        default=(), max_length=20, description="Falling; those of the European code, on the nominal frequency, if empty"
    )
    lowest_hz: float | None = Field(default=None, gt=0, description="Units trip below; 95 % of nominal when absent")
    highest_hz: float | None = Field(default=None, gt=0, description="Units trip above; 103 % of nominal when absent")


class SimulateCascadeArguments(GridArguments, Page):
    """The initiating sets, and what protects and balances the grid; ``outages`` are in force beforehand."""

    initiating: tuple[tuple[Reference, ...], ...] = Field(
        default=(), max_length=50_000, description="Sets of lines, transformers and units that go out at once"
    )
    order: Literal[1, 2] | None = Field(default=None, description="All single lines and transformers, or all pairs")
    sample: int | None = Field(default=None, ge=1, description="So many sets of the order, drawn by the run's seed")
    weights: tuple[float, ...] = Field(default=(), description="Likelihood of each initiating set; equal if empty")
    model: FlowModel = Field(default=FlowModel.AC, description="DC for masses of sets: no voltages, no losses")
    protection: ProtectionSettings = ProtectionSettings()
    frequency: FrequencySettings = FrequencySettings()
    horizon_s: float = Field(default=1800.0, gt=0, le=86_400, description="Operators act after it: nothing trips later")
    blackout_percent: float = Field(default=10.0, gt=0, le=100, description="Share of load lost that is a blackout")
    paths: int = Field(default=1, ge=0, le=10, description="How many rows of the page are told step by step")
    limit: int = Field(default=10, ge=1, le=50_000, description="Rows wanted")


class CascadeEvent(Result):
    """One thing that goes out; of an island the bus with the lowest index stands for it."""

    element: ElementRef
    case: str
    mechanism: TripMechanism
    loading_percent: float | None = Field(default=None, ge=0, description="Of the rating, when it trips")
    va_degree: float | None = Field(default=None, ge=0, description="Across the branch")
    vm_pu: float | None = Field(default=None, ge=0)
    frequency_hz: float | None = Field(default=None, ge=0, description="Quasi-steady, before it acts")
    shed_p_mw: float = Field(default=0, ge=0, description="Load that it disconnects, at nominal frequency")
    tripped_generation_p_mw: float = Field(default=0, ge=0, description="Output of the units that it disconnects")


class IslandBalance(Result):
    """One energised island: generation = load + losses."""

    element: ElementRef = Field(description="Its bus with the lowest index")
    case: str
    buses: int = Field(ge=1, description="Buses of the solved matrix; what closed switches join is one")
    generation_p_mw: float
    load_p_mw: float = Field(description="What is drawn at the island's frequency, static feed-in not deducted")
    loss_p_mw: float | None = Field(default=None, description="Shunts included; None in the DC approximation")
    frequency_hz: float = Field(gt=0)


class CascadeStep(Result):
    """One step: what happens at a time, and the balance of the grid after it."""

    step: int = Field(ge=0)
    case: str
    time_s: float = Field(ge=0, description="Since the initiating outages")
    events: tuple[CascadeEvent, ...] = Field(max_length=50)
    events_omitted: int = Field(default=0, ge=0)
    generation_p_mw: float
    load_p_mw: float
    loss_p_mw: float | None = None
    unserved_p_mw: float = Field(ge=0, description="Load disconnected since the beginning")
    islands: tuple[IslandBalance, ...] = Field(max_length=20, description="Energised, the largest first")
    islands_omitted: int = Field(default=0, ge=0)


class CascadeRow(Result):
    """What one initiating set leads to."""

    element: ElementRef = Field(description="The first of the set")
    case: str
    initiating: tuple[ElementRef, ...]
    outcome: CascadeOutcome
    blackout: bool = Field(description="At least blackout_percent of the load is lost")
    unserved_p_mw: float = Field(ge=0, description="Load lost at the end, at nominal frequency")
    unserved_percent: float = Field(ge=0, le=100, description="Of the load before the outages")
    shed_underfrequency_p_mw: float = Field(default=0, ge=0)
    shed_undervoltage_p_mw: float = Field(default=0, ge=0)
    shed_collapse_p_mw: float = Field(default=0, ge=0, description="Voltage collapse: until the power flow solves")
    dark_p_mw: float = Field(default=0, ge=0, description="In islands without a source or that lost it")
    tripped_branches: int = Field(ge=0, description="By protection, beside the initiating ones")
    tripped_generation_p_mw: float = Field(ge=0)
    steps: int = Field(ge=0, description="After the initiating outages")
    duration_s: float = Field(ge=0, description="From the outages to the last event")
    islands: int = Field(ge=0, description="Energised at the end")
    dead_buses: int = Field(ge=0, description="Buses that lost supply")
    worst_loading_percent: float | None = Field(
        default=None, ge=0, description="Highest loading of a branch after the initiating outages, before any trip"
    )
    worst_pickup_percent: float | None = Field(
        default=None, ge=0, description="Highest current of a branch then, of its pickup; above 100 it starts to trip"
    )
    lowest_frequency_hz: float | None = Field(default=None, ge=0, description="Quasi-steady, over all islands")
    voltage_collapses: int = Field(default=0, ge=0, description="Islands whose power flow did not solve as they were")


class CascadePath(Result):
    """One cascade step by step."""

    case: str
    initiating: tuple[ElementRef, ...]
    steps: tuple[CascadeStep, ...] = Field(max_length=100)
    steps_omitted: int = Field(default=0, ge=0)
    dead: tuple[ElementRef, ...] = Field(default=(), max_length=150, description="Buses that lost supply, by index")
    dead_omitted: int = Field(default=0, ge=0)


class RiskPoint(Result):
    """One point of the complementary cumulative distribution of the load lost."""

    lost_p_mw: float = Field(ge=0)
    exceedance_percent: float = Field(ge=0, le=100, description="Share of the sets, by weight, that lose at least this")


class CascadeSimulation(Result):
    """Cascades from many initiating sets, the worst first."""

    case: str
    model: FlowModel
    loading_meaningful: bool = Field(description="False when ratings are placeholders: no branch trips by overcurrent")
    reactive_limits_enforced: bool
    coverage: Coverage
    sets: int = Field(ge=0)
    contained: int = Field(ge=0, description="Sets after which no branch trips")
    cascades: int = Field(ge=0)
    unfinished: int = Field(ge=0)
    blackouts: int = Field(ge=0)
    sets_with_load_lost: int = Field(ge=0)
    load_p_mw: float = Field(ge=0, description="Load before the outages")
    blackout_percent: float = Field(gt=0, le=100)
    horizon_s: float = Field(gt=0)
    mean_unserved_p_mw: float = Field(ge=0, description="Over all sets, by weight")
    single_outages_spared: bool = Field(description="Whether pickups stand above the loadings after single outages")
    raised_pickups: int = Field(ge=0, description="Branches whose pickup stands above pickup_percent")
    stages: tuple[SheddingStage, ...] = Field(description="Of under-frequency load shedding, as used")
    risk: tuple[RiskPoint, ...] = Field(max_length=50, description="By MW lost, rising")
    rows: tuple[CascadeRow, ...] = Field(
        description="By load lost from 1 % of the load on, branches tripped, worst_pickup_percent, smaller loads lost"
    )
    omitted: int = Field(ge=0)
    paths: tuple[CascadePath, ...] = Field(max_length=10)
    solver: str
    basis: StateBasis | None = Field(default=None, description="What the state rests on; None for the model as loaded")
