"""Arguments and result of ``plan_restoration``; docs/method.md has the sources of the defaults."""

from enum import StrEnum

from pydantic import Field

from tools.arguments import Arguments, Page
from tools.coverage import Coverage
from tools.element import ElementRef
from tools.grid.schema.actions import Reference
from tools.grid.schema.basis import StateBasis
from tools.grid.schema.common import BusState, GridArguments
from tools.grid.schema.shedding import LoadPriority
from tools.result import Result
from tools.vocabulary import ActionVerdict


class RestorationAction(StrEnum):
    """What one step does."""

    START = "start_source"
    ENERGISE = "energise_branch"
    CRANK = "crank_unit"
    SYNCHRONISE = "synchronise_unit"
    PICK_UP = "pick_up_load"
    JOIN = "synchronise_islands"
    CLOSE = "close_loop"
    SHUNT = "connect_shunt"
    RAISE = "raise_voltage"


class RefusalReason(StrEnum):
    """Why a step is not in the plan, or something stays dark."""

    OVERVOLTAGE = "overvoltage"
    UNDERVOLTAGE = "undervoltage"
    MARGIN = "voltage_kept_for_what_comes_first"
    OVERLOAD = "overload"
    REACTIVE = "reactive_capability"
    CAPACITY = "online_capacity"
    UNIT_LIMIT = "source_beyond_its_limit"
    MINIMUM = "minimum_generation"
    BLOCK = "load_block_too_large"
    ANGLE = "standing_phase_angle"
    VOLTAGE_DIFFERENCE = "voltage_difference"
    TWO_SYSTEMS = "joins_two_live_systems"
    NOT_SOLVED = "not_solved"
    TOO_LATE = "start_window_passed"
    HORIZON = "not_before_the_horizon"
    NO_PATH = "no_path"
    NOT_NAMED = "not_named_as_source"
    RADIAL = "grid_is_run_radially"


class RestorationOutcome(StrEnum):
    """How much load is supplied again at the end of the plan."""

    NOTHING_DARK = "nothing_to_restore"
    RESTORED = "restored"
    PARTLY = "partly_restored"
    NOT_RESTORED = "not_restored"


class SourceKind(StrEnum):
    """Where the first voltage comes from."""

    LIVE_PART = "live_part"
    NEIGHBOUR = "live_neighbour"
    BLACK_START = "black_start_unit"


class BlackStartUnit(Arguments):
    """A unit, or a connection to a live neighbour, that gives voltage without the grid."""

    element: Reference
    start_min: float = Field(default=0.0, ge=0, le=1440, description="Until it gives voltage")


class CrankingNeed(Arguments):
    """What one unit needs to start."""

    element: Reference
    cranking_p_mw: float | None = Field(default=None, ge=0, description="By cranking_percent if absent")
    start_min: float | None = Field(default=None, ge=0, le=1440, description="From cranking to synchronising")
    latest_min: float | None = Field(default=None, ge=0, description="Cranked later, it cannot start in this plan")


class LoadBlock(Arguments):
    """A load that comes back by whole feeders only."""

    element: Reference
    block_p_mw: float = Field(gt=0, description="What one feeder draws")


class PlanRestorationArguments(GridArguments, Page):
    """What is dark, what gives voltage, and what each step must keep; ``outages`` are faulted and never used."""

    whole_grid: bool = Field(default=False, description="All is dead; else what outages and dead leave without supply")
    dead: tuple[Reference, ...] = Field(default=(), max_length=1000, description="Buses dead beside those")
    black_start: tuple[BlackStartUnit, ...] = Field(
        default=(), max_length=50, description="If empty: the live part, else external grids as live neighbours"
    )
    cranking: tuple[CrankingNeed, ...] = Field(default=(), max_length=500)
    cranking_percent: float = Field(default=10.0, ge=0, le=50, description="Of rated power, of units not named")
    cranking_power_factor: float = Field(default=0.85, gt=0, le=1, description="Of station auxiliaries, lagging")
    start_min: float = Field(default=60.0, ge=0, le=1440, description="From cranking to synchronising, units not named")
    switching_min: float = Field(default=5.0, gt=0, le=120, description="That one step takes")
    horizon_min: float = Field(default=2880.0, gt=0, le=20_160, description="The plan ends then")
    critical: tuple[LoadPriority, ...] = Field(
        default=(), max_length=1000, description="Loads by class, 1 first; others have the model's priority, else 5"
    )
    ties: tuple[Reference, ...] = Field(
        default=(),
        max_length=100,
        description="Normally open lines and transformers that may be closed; else all lines",
    )
    block_percent: float = Field(default=5.0, gt=0, le=100, description="Largest load block, of online capacity")
    block_p_mw: float | None = Field(default=None, gt=0, description="Largest load block besides")
    blocks: tuple[LoadBlock, ...] = Field(default=(), max_length=1000, description="Other loads come by any amount")
    cold_load_factor: float = Field(default=1.0, ge=1, le=5, description="Demand right after pick-up over that before")
    reserve_percent: float = Field(default=10.0, ge=0, lt=100, description="Of online capacity, kept free")
    vm_min_pu: float = Field(default=0.90, gt=0, lt=1, description="During restoration; the live part keeps its own")
    vm_max_pu: float = Field(default=1.10, gt=1, le=1.5, description="As vm_min_pu")
    unit_vm_pu: float = Field(default=1.0, gt=0.8, lt=1.2, description="That restarted units hold at first")
    standing_angle_degree: float = Field(default=20.0, gt=0, le=90, description="Across a breaker that closes a loop")
    voltage_difference_pu: float = Field(default=0.10, gt=0, le=0.5, description="Across a breaker that closes")
    limit: int = Field(default=20, ge=1, le=5000, description="Steps wanted")


class RestorationSource(Result):
    """What gives voltage at the beginning."""

    element: ElementRef
    source: SourceKind
    named: bool = Field(description="In the question; else taken from the model")
    capacity_p_mw: float | None = Field(default=None, ge=0, description="None where the model has no limit")
    start_min: float = Field(ge=0)


class BranchLoading(Result):
    """Loading of one branch, of its thermal rating."""

    element: ElementRef
    case: str
    loading_percent: float = Field(ge=0)
    limit_percent: float = Field(gt=0)


class RestorationStep(Result):
    """One step, solved by AC power flow with the step carried out; the balance is that of its island."""

    step: int = Field(ge=1)
    element: ElementRef
    case: str
    action: RestorationAction
    time_min: float = Field(ge=0, description="Since the beginning, when the step is done")
    island: ElementRef = Field(description="What holds the reference of the island")
    picked_up_p_mw: float | None = Field(default=None, ge=0, description="Load block, at its demand before")
    picked_up_percent: float | None = Field(default=None, ge=0, le=100, description="Of this load, so far")
    cranking_p_mw: float | None = Field(default=None, ge=0, description="Drawn until the unit is synchronised")
    charging_q_mvar: float | None = Field(default=None, description="Of the line, at nominal voltage")
    standing_angle_degree: float | None = Field(default=None, ge=0, description="Across the breaker before it closes")
    voltage_difference_pu: float | None = Field(default=None, ge=0, description="Across the breaker before it closes")
    generation_p_mw: float
    load_p_mw: float = Field(ge=0, description="Restored load and station service")
    loss_p_mw: float = Field(description="Shunts included; of an island with a live part of that part as well")
    online_capacity_p_mw: float | None = Field(default=None, ge=0, description="None where a source has no limit")
    unit_share_percent: float | None = Field(
        default=None,
        ge=0,
        description="Where its restarted units stand: 0 at their least, 100 at their set-points, 200 at their most",
    )
    lowest_voltage: BusState
    highest_voltage: BusState
    highest_loading: BranchLoading | None = Field(default=None, description="None where nothing with a rating is live")
    restored_p_mw: float = Field(ge=0, description="Load restored so far, all islands")
    restored_percent: float = Field(ge=0, le=100, description="Of the load that was dark")
    capacity_p_mw: float | None = Field(default=None, ge=0, description="Online capacity of all islands")
    energised_buses: int = Field(ge=0, description="Of those that were dark")
    islands: int = Field(ge=1, description="With voltage")


class RefusedStep(Result):
    """A step that was tried and broke a limit; what came of it later is in ``accepted``."""

    element: ElementRef
    case: str = Field(description="Of the state in which it was refused last")
    action: RestorationAction
    reason: RefusalReason
    tries: int = Field(ge=1)
    accepted: bool = Field(description="A later step does it, at least in part")
    at_element: ElementRef | None = Field(default=None, description="Where the limit is broken")
    vm_pu: float | None = Field(default=None, ge=0)
    loading_percent: float | None = Field(default=None, ge=0)
    q_mvar: float | None = Field(default=None, description="Of the source, by the solved flow")
    p_mw: float | None = None
    standing_angle_degree: float | None = Field(default=None, ge=0)


class DarkLoad(Result):
    """A load that the plan leaves without supply, in part or all."""

    element: ElementRef
    priority: int = Field(ge=1, le=9)
    dark_p_mw: float = Field(ge=0)
    reason: RefusalReason


class UnitNotStarted(Result):
    """A unit that the plan leaves off."""

    element: ElementRef
    rated_p_mw: float = Field(ge=0)
    cranking_p_mw: float = Field(ge=0)
    reason: RefusalReason


class OpenBranch(Result):
    """A branch that the plan leaves open, though it was in service."""

    element: ElementRef
    reason: RefusalReason


class RestorationPlan(Result):
    """Steps in order, each solved and within its limits; what stays dark, and why."""

    case: str
    whole_grid: bool
    outcome: RestorationOutcome
    verdict: ActionVerdict | None = Field(default=None, description="None where nothing was dark")
    reasons: tuple[str, ...] = Field(default=(), description="What keeps the plan from being verified, without numbers")
    sources: tuple[RestorationSource, ...]
    moved_slack: ElementRef | None = Field(default=None, description="Balances the live part: its slack is lost")
    dark_buses: int = Field(ge=0, description="At the beginning")
    dark_load_p_mw: float = Field(ge=0, description="At the beginning")
    restored_p_mw: float = Field(ge=0)
    restored_percent: float | None = Field(default=None, ge=0, le=100)
    duration_min: float = Field(ge=0)
    capacity_p_mw: float | None = Field(default=None, ge=0, description="Online at the end; None where unlimited")
    steps_total: int = Field(ge=0)
    steps: tuple[RestorationStep, ...]
    omitted: int = Field(default=0, ge=0, description="Steps before and after those shown")
    branches_energised: int = Field(ge=0)
    units_synchronised: int = Field(ge=0, description="Besides the sources")
    load_blocks: int = Field(ge=0)
    lowest_voltage: BusState | None = Field(default=None, description="Over all steps")
    highest_voltage: BusState | None = Field(default=None, description="Over all steps")
    highest_loading: BranchLoading | None = Field(default=None, description="Over all steps")
    refused: tuple[RefusedStep, ...] = Field(default=(), max_length=50, description="Not done in the end first")
    refused_omitted: int = Field(default=0, ge=0)
    never_accepted: int = Field(default=0, ge=0, description="Refused steps that the plan does not do")
    still_dark_buses: int = Field(ge=0)
    dark: tuple[ElementRef, ...] = Field(default=(), max_length=100, description="Buses, by index")
    dark_omitted: int = Field(default=0, ge=0)
    dark_loads: tuple[DarkLoad, ...] = Field(default=(), max_length=50, description="By class, then MW")
    dark_loads_omitted: int = Field(default=0, ge=0)
    loads_dark: int = Field(default=0, ge=0, description="All of them")
    units_off: tuple[UnitNotStarted, ...] = Field(default=(), max_length=50)
    units_off_omitted: int = Field(default=0, ge=0)
    units_left_off: int = Field(default=0, ge=0, description="All of them")
    open_branches: tuple[OpenBranch, ...] = Field(default=(), max_length=50)
    open_branches_omitted: int = Field(default=0, ge=0)
    vm_min_pu: float = Field(description="Limit that every restored bus kept in every step")
    vm_max_pu: float
    block_percent: float
    reserve_percent: float
    assumed_cranking: int = Field(ge=0, description="Units whose cranking power is a share of rated power")
    assumed_start_times: int = Field(ge=0, description="Units whose start time is the default")
    solver: str
    coverage: Coverage
    basis: StateBasis | None = Field(default=None, description="What the state rests on; None for the model as loaded")
