"""Arguments and result of ``solve_power_flow``."""

from enum import StrEnum

from pydantic import Field

from tools.arguments import Page
from tools.coverage import Coverage
from tools.element import ElementRef
from tools.grid.schema.basis import StateBasis
from tools.grid.schema.common import BranchState, BusState, GridArguments, LoadState, Supply, UnitState
from tools.result import Result


class FlowModel(StrEnum):
    """Full AC equations, or the linear DC approximation (no voltages, no losses, no reactive power)."""

    AC = "ac"
    DC = "dc"


class RankBy(StrEnum):
    """What the ranked rows show."""

    LOADING = "loading"
    LOW_VOLTAGE = "low_voltage"
    HIGH_VOLTAGE = "high_voltage"
    LOSSES = "losses"
    GENERATION = "generation"


class SolvePowerFlowArguments(GridArguments, Page):
    """Which state to solve, and which rows are wanted beside the totals."""

    model: FlowModel = FlowModel.AC
    enforce_q_lims: bool = Field(default=False, description="Turn units at a reactive limit into PQ nodes")
    elements: tuple[str, ...] = Field(default=(), description="Elements whose state is wanted")
    rank_by: RankBy = RankBy.LOADING


class PowerFlow(Result):
    """One solved state; a state that does not solve raises ``NotSolvedError`` and gives no number."""

    case: str
    model: FlowModel
    reactive_limits_enforced: bool
    solver: str = Field(description="Engine and method that solved it")
    iterations: int | None = None
    moved_slack: ElementRef | None = Field(
        default=None, description="Unit made slack because the slack lost its branch"
    )
    supply: Supply
    load_p_mw: float
    load_q_mvar: float | None = Field(default=None, description="None in the DC approximation")
    generation_p_mw: float
    loss_p_mw: float | None = Field(default=None, description="Series and shunt losses of branches; None for DC")
    loss_percent: float | None = Field(default=None, description="Of the generation")
    slack: tuple[UnitState, ...] = Field(description="External grids and slack units")
    lowest_voltage: BusState | None = None
    highest_voltage: BusState | None = None
    highest_loading: BranchState | None = Field(default=None, description="None when no rating is meaningful")
    buses: tuple[BusState, ...] = Field(default=(), description="Asked for, or ranked by voltage")
    branches: tuple[BranchState, ...] = Field(default=(), description="Asked for, or ranked by loading or losses")
    units: tuple[UnitState, ...] = Field(default=(), description="Asked for, or ranked by generation")
    loads: tuple[LoadState, ...] = Field(default=(), description="Asked for: loads, shunts, static generators")
    dead: tuple[ElementRef, ...] = Field(default=(), description="Asked for, but out of service or without supply")
    omitted: int = Field(default=0, ge=0, description="Rows beyond this page")
    branches_covered: Coverage
    basis: StateBasis | None = Field(default=None, description="What the state rests on; None for the model as loaded")
