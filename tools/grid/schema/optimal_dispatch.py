"""Arguments and result of ``optimize_dispatch``."""

from enum import StrEnum

from pydantic import Field

from tools.arguments import Page
from tools.coverage import Coverage
from tools.element import ElementRef
from tools.grid.schema.actions import Reference
from tools.grid.schema.basis import StateBasis
from tools.grid.schema.common import GridArguments, Supply
from tools.grid.schema.power_flow import FlowModel
from tools.result import Result


class DispatchObjective(StrEnum):
    """What is made as small as it can be."""

    LEAST_COST = "least_cost"
    LEAST_LOSSES = "least_losses"
    LEAST_REDISPATCH = "least_redispatch"


class BranchLimit(StrEnum):
    """What a thermal rating limits: the current, or the apparent power at both ends (as MATPOWER does)."""

    AS_RATED = "as_rated"
    CURRENT = "current"
    APPARENT_POWER = "apparent_power"


class BindingKind(StrEnum):
    """Which limit holds the optimum back."""

    SECURITY = "security"
    RATING = "rating"
    ANGLE = "angle"
    LOW_VOLTAGE = "low_voltage"
    HIGH_VOLTAGE = "high_voltage"
    RESERVE = "reserve"
    ACTIVE_POWER = "active_power"
    REACTIVE_POWER = "reactive_power"


class OptimizeDispatchArguments(GridArguments, Page):
    """Which state to optimise, for what, and within which limits beside those of the grid model."""

    model: FlowModel = FlowModel.AC
    objective: DispatchObjective = Field(
        default=DispatchObjective.LEAST_COST, description="Least cost needs costs in the grid model"
    )
    branch_limit: BranchLimit = Field(
        default=BranchLimit.AS_RATED, description="As rated: apparent power where the model's ratings came in MVA"
    )
    reserve_mw: float | None = Field(
        default=None, ge=0, description="Headroom that the dispatchable units must keep together, upwards"
    )
    secured_outages: tuple[Reference, ...] = Field(
        default=(), max_length=500, description="Lines and transformers whose outage must overload nothing"
    )
    secure_all_outages: bool = Field(default=False, description="Every line and transformer in service is secured")
    hold_voltages: bool = Field(default=False, description="Units keep their voltage set-points; else these are free")


class UnitDispatch(Result):
    """One unit before and at the optimum; generation positive, loads and storages too."""

    element: ElementRef
    case: str
    before_p_mw: float | None = Field(default=None, description="None where the state before does not solve")
    optimal_p_mw: float
    change_p_mw: float | None = None
    optimal_q_mvar: float | None = Field(default=None, description="None in the DC approximation")
    optimal_vm_pu: float | None = Field(default=None, description="Voltage at its bus; None in the DC approximation")
    min_p_mw: float | None = None
    max_p_mw: float | None = None
    marginal_cost: float | None = Field(
        default=None, description="Cost of the next MW at the optimum; None without a smooth cost, or at a kink"
    )
    dispatchable: bool = Field(description="False: its active power was held")


class BindingLimit(Result):
    """A limit that the optimum touches; the fields that do not belong to its kind are absent."""

    element: ElementRef | None = Field(default=None, description="None for the reserve of the system")
    case: str
    kind: BindingKind
    outage: ElementRef | None = Field(default=None, description="The secured outage after which the limit binds")
    s_mva: float | None = Field(default=None, description="Flow at the end that binds; active power in DC")
    limit_s_mva: float | None = Field(default=None, description="Of a current limit: at nominal voltage")
    vm_pu: float | None = None
    limit_pu: float | None = None
    p_mw: float | None = None
    limit_p_mw: float | None = None
    q_mvar: float | None = None
    limit_q_mvar: float | None = None
    difference_degree: float | None = None
    limit_difference_degree: float | None = None
    shadow_price: float = Field(
        ge=0, description="Objective saved by one unit more of the limit (MW, Mvar, MVA, pu or radian)"
    )


class BusPrice(Result):
    """Locational marginal price: what one MW (Mvar) more of load at a bus adds to the objective."""

    element: ElementRef
    case: str
    price: float = Field(description="For active power, objective per MWh")
    difference_price: float = Field(description="From the reference bus: congestion, and losses in AC")
    reactive_price: float | None = Field(default=None, description="Objective per Mvarh; None in DC")


class PostOutageOverload(Result):
    """A branch beyond its limit after a secured outage, by AC power flow."""

    element: ElementRef
    case: str
    outage: ElementRef
    loading_percent: float = Field(ge=0, description="Of the limit after an outage, in the quantity that is limited")


class DispatchSecurity(Result):
    """What the AC solution of each secured outage says about the optimum."""

    kept: bool | None = Field(description="None: no overload was found, but an outage did not solve")
    constraints: int = Field(ge=0, description="Pairs of outage and branch that the optimum was held to")
    rounds: int = Field(ge=1, description="Solutions until the outages were kept, or no more was won")
    outages_covered: Coverage
    overloads: tuple[PostOutageOverload, ...] = Field(default=(), max_length=20, description="Worst first")
    overloads_omitted: int = Field(default=0, ge=0)
    outages_with_voltage_violations: int = Field(ge=0, description="Voltages after outages are checked, not secured")


class DispatchCheck(Result):
    """The optimum under an independent AC power flow (pandapower) with its set-points."""

    solved: bool
    solver: str = ""
    kept: bool | None = Field(default=None, description="No limit is passed beyond tolerance; None if not solved")
    largest_voltage_excess_pu: float | None = Field(default=None, ge=0)
    largest_loading_excess_percent: float | None = Field(default=None, ge=0, description="Points above the limit")
    largest_unit_excess_p_mw: float | None = Field(default=None, ge=0)
    largest_unit_excess_q_mvar: float | None = Field(default=None, ge=0)
    largest_vm_difference_pu: float | None = Field(default=None, ge=0, description="Optimum against power flow, AC")
    slack_difference_p_mw: float | None = Field(default=None, description="Power flow less optimum")
    loss_p_mw: float | None = None


class OptimalityResiduals(Result):
    """How well the conditions of Karush, Kuhn and Tucker hold, in the solver's per-unit quantities, as maxima."""

    balance_p_mw: float = Field(ge=0, description="Largest mismatch at a bus")
    feasibility_pu: float = Field(ge=0, description="Largest violation of a limit or a balance")
    stationarity: float = Field(ge=0, description="Relative to the largest multiplier")
    complementarity: float = Field(ge=0, description="Relative to the objective")


class OptimalDispatch(Result):
    """The optimum of one state; a state without one raises ``NotSolvedError`` and gives no number."""

    case: str
    model: FlowModel
    objective: DispatchObjective
    converged: bool
    solver: str
    iterations: int = Field(ge=0)
    supply: Supply
    optimal_objective: float = Field(description="In the unit of the objective")
    objective_unit: str = Field(description="'cost of the model per hour', or MW")
    before_objective: float | None = Field(default=None, description="Of the state before; None where it has none")
    saved_objective: float | None = Field(default=None, description="Before less optimal")
    before_violations: int | None = Field(default=None, ge=0, description="Limits broken before; None if not solved")
    branch_limit: BranchLimit
    load_p_mw: float
    optimal_generation_p_mw: float
    optimal_loss_p_mw: float | None = Field(default=None, description="Series and shunt losses; None in DC")
    before_loss_p_mw: float | None = None
    optimal_reserve_p_mw: float = Field(description="Headroom of the dispatchable units with a limit")
    required_reserve_p_mw: float | None = None
    moved_p_mw: float | None = Field(default=None, description="Half of what the units moved, up and down")
    reference_price: float = Field(description="At the reference bus, objective per MWh")
    lowest_price: BusPrice
    highest_price: BusPrice
    congested: bool = Field(description="Whether a limit of a branch, or of a secured outage, binds")
    surplus: float = Field(description="Paid by loads less paid to units, at the prices, objective per hour")
    binding: tuple[BindingLimit, ...] = Field(default=(), description="By kind, then by shadow price; paged")
    binding_omitted: int = Field(default=0, ge=0)
    units: tuple[UnitDispatch, ...] = Field(default=(), description="Most moved first; paged")
    units_omitted: int = Field(default=0, ge=0)
    prices: tuple[BusPrice, ...] = Field(default=(), description="Highest first; paged")
    prices_omitted: int = Field(default=0, ge=0)
    check: DispatchCheck
    residuals: OptimalityResiduals
    security: DispatchSecurity | None = Field(default=None, description="None when no outage was to be secured")
    limits_covered: Coverage = Field(description="Limits that held the optimum; left out: those that are missing")
    basis: StateBasis | None = Field(default=None, description="What the state rests on; None for the model as loaded")
