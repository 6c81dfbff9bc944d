"""Arguments and result of ``break_down_losses``."""

from pydantic import Field

from tools.arguments import Page
from tools.coverage import Coverage
from tools.element import ElementKind, ElementRef
from tools.grid.schema.actions import Reference
from tools.grid.schema.basis import StateBasis
from tools.grid.schema.common import GridArguments, Supply
from tools.result import Result


class BreakDownLossesArguments(GridArguments, Page):
    """Of which AC state, and which branches are wanted; the page goes over branches and buses alike."""

    enforce_q_lims: bool = Field(default=False, description="Turn units at a reactive limit into PQ nodes")
    elements: tuple[Reference, ...] = Field(default=(), description="Branches wanted; all when empty")


class BranchLoss(Result):
    """Losses of one branch; parallel systems of a line or transformer together."""

    element: ElementRef
    case: str
    loss_p_mw: float = Field(description="Sum of the active powers into it at all its ends")
    series_loss_p_mw: float | None = Field(
        default=None, description="By current: conductors, windings (load loss); None where the model cannot tell"
    )
    shunt_loss_p_mw: float | None = Field(
        default=None, description="By voltage: iron of transformers (no-load loss), leakage and corona of lines"
    )
    share_percent: float | None = Field(default=None, description="Of the losses of all branches; None without losses")


class KindLoss(Result):
    """Losses of all live branches of one kind."""

    kind: ElementKind
    elements: int = Field(ge=1, description="Live branches of this kind")
    kind_loss_p_mw: float
    kind_series_loss_p_mw: float = Field(description="What the model tells of the part by current")
    kind_shunt_loss_p_mw: float = Field(description="What the model tells of the part by voltage")
    kind_share_percent: float | None = Field(default=None, description="Of the losses of all branches")


class LevelLoss(Result):
    """Losses of the branches of one voltage level, or of those that join two levels."""

    vn_kv: float = Field(gt=0, description="Nominal voltage, the highest of the branch's ends")
    lower_vn_kv: float | None = Field(default=None, gt=0, description="Lowest of the ends; None where all are equal")
    elements: int = Field(ge=1)
    level_loss_p_mw: float
    level_share_percent: float | None = Field(default=None, description="Of the losses of all branches")


class MarginalLoss(Result):
    """What one more MW drawn at a bus would lose on its way; the reactive power drawn there stays as it is."""

    element: ElementRef
    case: str
    marginal_loss_percent: float = Field(
        description="Further losses per MW more drawn, percent; the slack balances, units keep voltage and power. "
        "Negative where drawing more relieves the grid"
    )


class LossBreakdown(Result):
    """Where one solved AC state loses its power; generation = load + shunts + losses + the unattributed rest."""

    case: str
    solver: str
    reactive_limits_enforced: bool
    supply: Supply
    generation_p_mw: float
    load_p_mw: float
    shunts_p_mw: float = Field(description="Drawn by shunt elements; not among the losses of branches")
    loss_p_mw: float = Field(description="Of all branches")
    loss_percent: float | None = Field(default=None, description="Of the generation")
    series_loss_p_mw: float = Field(description="By current, of all branches of which the model tells it")
    shunt_loss_p_mw: float = Field(description="By voltage, of all branches of which the model tells it")
    undivided_loss_p_mw: float = Field(description="Of branches whose model does not tell the two parts apart")
    unattributed_p_mw: float = Field(description="Rest of the balance: switches with an impedance, solver tolerance")
    kinds: tuple[KindLoss, ...] = Field(description="Most losses first")
    levels: tuple[LevelLoss, ...] = Field(description="Most losses first")
    branches: tuple[BranchLoss, ...] = Field(description="Most losses first")
    omitted: int = Field(default=0, ge=0, description="Branches beyond this page")
    dead: tuple[ElementRef, ...] = Field(default=(), description="Asked for, but out of service or without supply")
    marginal_losses: tuple[MarginalLoss, ...] = Field(default=(), description="Buses, the dearest first")
    marginal_omitted: int = Field(default=0, ge=0, description="Buses beyond this page")
    coverage: Coverage
    basis: StateBasis | None = Field(default=None, description="What the state rests on; None for the model as loaded")
