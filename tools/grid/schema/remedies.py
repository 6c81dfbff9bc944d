"""Arguments and result of ``find_remedies``."""

from typing import Literal

from pydantic import Field

from tools.coverage import Coverage
from tools.element import ElementRef
from tools.grid.schema.actions import Action, Reference
from tools.grid.schema.basis import StateBasis
from tools.grid.schema.common import BranchState, GridArguments
from tools.result import Result
from tools.vocabulary import ActionVerdict

ActionType = Literal["switch_branch", "redispatch", "set_tap", "switch_shunt", "transfer_load", "shed_load"]
RemedyMode = Literal["preventive", "corrective"]
RemedyEffort = Literal["quick", "thorough"]


class LoadTie(Result):
    """A feeder tie outside the model, through which load can be moved."""

    element: Reference = Field(description="The load")
    to_bus: Reference
    max_p_mw: float | None = Field(default=None, gt=0, description="Most that the tie takes; all of the load if absent")


class MovePrice(Result):
    """What moving a unit or shedding a load costs."""

    element: Reference
    price: float = Field(ge=0, description="Per MW, in any currency, the same for all elements")


class FindRemediesArguments(GridArguments):
    """The violated or insecure state, and what may be used against it."""

    mode: RemedyMode = Field(
        default="preventive",
        description="preventive: act before any outage, so that none does harm; corrective: act after the outage",
    )
    contingencies: tuple[Reference, ...] = Field(
        default=(), description="Outages to find remedies for; when empty all of lines and transformers"
    )
    allowed: tuple[ActionType, ...] = Field(
        default=("switch_branch", "redispatch", "set_tap", "switch_shunt", "transfer_load", "shed_load"), min_length=1
    )
    barred: tuple[Reference, ...] = Field(
        default=(), description="Elements that may not be touched, beside those under permit or on record as out"
    )
    prices: tuple[MovePrice, ...] = Field(default=(), description="Without them every MW of a unit weighs the same")
    ties: tuple[LoadTie, ...] = Field(default=(), description="Without them no load is transferred")
    emergency_loading_percent: float = Field(
        default=100.0, ge=100, description="Corrective: loading that branches bear until the action is done, of rating"
    )
    time_min: float | None = Field(
        default=None, gt=0, description="Corrective: minutes that the emergency rating allows"
    )
    ramp_percent: float | None = Field(
        default=None, gt=0, description="Corrective: how far units move in a minute, of their maximum; needs time_min"
    )
    effort: RemedyEffort = Field(
        default="thorough",
        description="quick: few sets are simulated, and load is shed only where nothing else is proven; for an answer "
        "that must not wait",
    )
    limit: int = Field(default=5, ge=1, le=20, description="Remedies wanted, for each outage when corrective")


class Remedy(Result):
    """A set of actions to be carried out together, simulated; its case is the state that it is for."""

    rank: int = Field(ge=1)
    case: str
    contingency: ElementRef | None = Field(default=None, description="Corrective: the outage that has happened")
    actions: tuple[Action, ...]
    elements: tuple[ElementRef, ...]
    operations: int = Field(ge=1, description="Actions in the set")
    moved_p_mw: float = Field(ge=0, description="Sum of what units are moved and loads transferred by")
    shed_p_mw: float = Field(ge=0)
    cost: float | None = Field(default=None, description="At the given prices; None without them")
    verdict: ActionVerdict
    reasons: tuple[str, ...] = Field(description="As of simulate_actions, one short phrase each, without numbers")
    violations_before: int = Field(ge=0)
    violations_after: int = Field(ge=0)
    cleared_violations: int = Field(ge=0)
    new_violations: int = Field(ge=0)
    unserved_before_p_mw: float = Field(ge=0)
    unserved_after_p_mw: float = Field(ge=0)
    insecure_before: int | None = Field(default=None, ge=0, description="Outages that violate a limit or do not solve")
    insecure_after: int | None = Field(default=None, ge=0)
    worse_outages: int | None = Field(default=None, ge=0, description="Against doing nothing")
    secure_after: bool | None = None
    highest_loading: BranchState | None = Field(default=None, description="With the actions in force")


class BeyondEmergency(Result):
    """An outage that cannot wait for a corrective action: it needs a preventive one."""

    element: ElementRef
    case: str
    solved: bool
    beyond: int = Field(default=0, ge=0, description="Branches above the emergency loading")
    worst: BranchState | None = None


class RemedySearch(Result):
    """Remedies, best first: proven, least left violated, least shed, cheapest, fewest MW and operations."""

    case: str
    mode: RemedyMode
    violations: int = Field(ge=0, description="Limits violated in the state itself")
    insecure_outages: int = Field(ge=0, description="Asked outages that violate a limit or do not solve")
    remedies: tuple[Remedy, ...]
    tried: tuple[Remedy, ...] = Field(
        default=(), max_length=20, description="The best of what was rejected, for a state or outage where all was"
    )
    omitted: int = Field(ge=0, description="Simulated, not rejected, and not shown")
    verified: int = Field(ge=0, description="Of all that were simulated")
    best_available: int = Field(ge=0)
    rejected: int = Field(ge=0)
    planned: int = Field(ge=0, description="Sets that were planned; not all are simulated")
    beyond_emergency: tuple[BeyondEmergency, ...] = Field(default=(), description="Corrective only")
    unrelieved: tuple[ElementRef, ...] = Field(
        default=(), max_length=100, description="Corrective: outages without a remedy that was not rejected"
    )
    linear_limit_without_shedding: bool | None = Field(
        default=None,
        description="Preventive: True where even the linear programme over units, taps and shunts leaves a limit "
        "exceeded, so that the search expects no remedy without switching or shedding; None where none was solved",
    )
    barred: tuple[str, ...] = Field(default=(), max_length=100, description="Elements left alone")
    barred_omitted: int = Field(default=0, ge=0)
    coverage: Coverage
    basis: StateBasis | None = Field(default=None, description="What the state rests on; None for the model as loaded")
