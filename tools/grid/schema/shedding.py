"""Arguments and result of ``plan_load_shedding``."""

from pydantic import Field

from tools.coverage import Coverage
from tools.element import ElementRef
from tools.grid.schema.actions import Reference, ShedLoad
from tools.grid.schema.basis import StateBasis
from tools.grid.schema.common import GridArguments
from tools.grid.schema.limit_check import Violation
from tools.result import Result
from tools.vocabulary import ActionVerdict


class LoadPriority(Result):
    """How long a load is kept."""

    element: Reference
    priority: int = Field(ge=1, le=9, description="1 is shed last, 9 first")


class FeederStep(Result):
    """A load that can be shed by whole feeders only."""

    element: Reference
    step_p_mw: float = Field(gt=0, description="What one feeder takes; the last step is what is left of the load")


class PlanLoadSheddingArguments(GridArguments):
    """The state to restore; after an outage when ``outages`` names it."""

    priorities: tuple[LoadPriority, ...] = Field(
        default=(), description="Other loads have the model's priority column, else 5"
    )
    steps: tuple[FeederStep, ...] = Field(default=(), description="Other loads can be shed by any amount")
    barred: tuple[Reference, ...] = Field(default=(), description="Loads that may not be shed at all")
    secure: bool = Field(default=False, description="Also restore limits after every single outage")


class ShedRow(Result):
    """What one load gives."""

    element: ElementRef
    case: str
    priority: int = Field(ge=1, le=9)
    demand_p_mw: float = Field(ge=0)
    shed_p_mw: float = Field(ge=0)


class PriorityRow(Result):
    """What one class of loads gives."""

    priority: int = Field(ge=1, le=9)
    loads: int = Field(ge=0)
    demand_p_mw: float = Field(ge=0)
    shed_p_mw: float = Field(ge=0)


class LoadSheddingPlan(Result):
    """The least load to shed, checked by an AC power flow of the state with the plan in force."""

    case: str
    needed: bool = Field(description="Whether any limit that counts is violated")
    restored: bool = Field(description="Whether none is with the plan in force, by the AC solution")
    violations_before: int = Field(ge=0)
    violations_after: int = Field(ge=0)
    insecure_before: int | None = Field(default=None, ge=0, description="With secure: outages that violate a limit")
    insecure_after: int | None = Field(default=None, ge=0)
    demand_p_mw: float = Field(ge=0, description="Of all loads that may be shed")
    shed_p_mw: float = Field(ge=0)
    lower_bound_p_mw: float | None = Field(
        default=None,
        ge=0,
        description="Least that the linear programme sheds at the plan's own AC sensitivities, without priorities, "
        "steps and margin; None where it finds nothing that restores all",
    )
    rows: tuple[ShedRow, ...] = Field(description="By priority, the first shed first, then by MW; a hundred at most")
    omitted: int = Field(default=0, ge=0, description="Rows beyond these; the actions are all there")
    by_priority: tuple[PriorityRow, ...] = ()
    actions: tuple[ShedLoad, ...] = ()
    remaining: tuple[Violation, ...] = Field(default=(), max_length=10, description="Of the state with the plan")
    verdict: ActionVerdict | None = Field(default=None, description="Rule 4 of the plan; None where none was made")
    reasons: tuple[str, ...] = ()
    coverage: Coverage
    basis: StateBasis | None = Field(default=None, description="What the state rests on; None for the model as loaded")
