"""Arguments and result of ``simulate_actions``."""

from pydantic import Field

from tools.element import ElementRef
from tools.grid.schema.actions import Action
from tools.grid.schema.basis import StateBasis
from tools.grid.schema.common import BranchState, BusState, GridArguments, Supply, UnitState
from tools.grid.schema.limit_check import Violation
from tools.result import Result
from tools.vocabulary import ActionVerdict


class SimulateActionsArguments(GridArguments):
    """The actions to prove, on top of the hypothesis in ``outages`` and ``actions``."""

    proposed: tuple[Action, ...] = Field(min_length=1, description="Carried out together")
    focus: tuple[str, ...] = Field(default=(), description="Elements whose state before and after is wanted")
    with_security: bool = Field(default=True, description="Also screen order-1 outages before and after")


class SecuritySummary(Result):
    """Order-1 security of one state."""

    case: str
    secure: bool | None
    outages: int = Field(ge=0)
    insecure_outages: int = Field(ge=0)
    diverged_outages: int = Field(ge=0)
    islanding_outages: int = Field(ge=0)
    avoidable_losses: int = Field(ge=0, description="Outages that lose more than the intact topology makes unavoidable")
    worse_outages: int = Field(default=0, ge=0, description="Outages that are worse than when nothing is done")
    worse: tuple[ElementRef, ...] = Field(default=(), max_length=10)


class ActionState(Result):
    """The grid before or after the proposed actions."""

    case: str
    solved: bool
    supply: Supply
    loss_p_mw: float | None = None
    slack: tuple[UnitState, ...] = ()
    lowest_voltage: BusState | None = None
    highest_voltage: BusState | None = None
    highest_loading: BranchState | None = None
    violations: tuple[Violation, ...] = Field(default=(), description="Worst first, ten at most")
    violation_count: int = Field(default=0, ge=0)
    buses: tuple[BusState, ...] = Field(default=(), description="Of the focus")
    branches: tuple[BranchState, ...] = ()
    units: tuple[UnitState, ...] = ()


class ActionSimulation(Result):
    """Before, after, N-1 of both, and the verdict of rule 4."""

    proposed: tuple[Action, ...]
    elements: tuple[ElementRef, ...] = Field(description="What the actions touch")
    shed_p_mw: float = Field(default=0, ge=0, description="Load that the actions themselves disconnect")
    before: ActionState
    after: ActionState
    new_violations: tuple[Violation, ...] = Field(default=(), description="After and not before, ten at most")
    new_violation_count: int = Field(default=0, ge=0)
    cleared_violation_count: int = Field(default=0, ge=0)
    security_before: SecuritySummary | None = None
    security_after: SecuritySummary | None = None
    verdict: ActionVerdict
    reasons: tuple[str, ...] = Field(description="What the verdict rests on, one short phrase each, without numbers")
    basis: StateBasis | None = Field(default=None, description="What the state rests on; None for the model as loaded")
