"""Arguments and result of ``check_limits``."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.amount import Amount
from tools.arguments import Page
from tools.coverage import Coverage
from tools.element import ElementRef
from tools.grid.schema.basis import StateBasis
from tools.grid.schema.common import GridArguments, Supply
from tools.grid.schema.span import SpanArguments, SpanCoverage
from tools.result import Result
from tools.vocabulary import Severity


class ViolationKind(StrEnum):
    """Which limit is broken."""

    UNDERVOLTAGE = "undervoltage"
    OVERVOLTAGE = "overvoltage"
    OVERLOAD = "overload"
    ACTIVE_POWER = "active_power"
    REACTIVE_POWER = "reactive_power"


class SecurityState(StrEnum):
    """One word for a checked state; ``not_checked`` is never ``no_violation``."""

    NO_VIOLATION = "no_violation"
    VIOLATION = "violation"
    SUPPLY_LOST = "supply_lost"
    PARTLY_CHECKED = "partly_checked"
    NOT_SOLVED = "not_solved"


class Violation(Result):
    """One broken limit; the fields that do not belong to its kind are absent."""

    element: ElementRef
    case: str
    kind: ViolationKind
    severity: Severity
    vm_pu: float | None = None
    vm_kv: float | None = None
    limit_pu: float | None = None
    loading_percent: float | None = None
    limit_percent: float | None = None
    i_ka: float | None = None
    rating_ka: float | None = None
    p_mw: float | None = None
    limit_p_mw: float | None = None
    q_mvar: float | None = None
    limit_q_mvar: float | None = None
    basis: str = Field(description="'grid model' or the clause that the limit comes from")


class ExceedanceInterval(Result):
    """A time in which an element is beyond one of its limits."""

    element: ElementRef
    case: str
    kind: ViolationKind
    severity: Severity = Field(description="At the worst moment")
    start: AwareDatetime
    end: AwareDatetime | None = Field(description="None while it lasts")
    before: bool = Field(description="Whether it stood already at the begin of the span")
    at: AwareDatetime = Field(description="The worst moment")
    quantity: str = Field(description="loading, vm, p or q")
    value: Amount
    limit: Amount
    basis: str = Field(description="'grid model' or the clause that the limit comes from")
    changed: tuple[ElementRef, ...] = Field(default=(), max_length=20, description="As for an insecure interval")


class CheckLimitsArguments(GridArguments, SpanArguments, Page):
    """Which state or span to check, and how much of the list is wanted."""

    elements: tuple[str, ...] = Field(default=(), description="Only these elements; all when empty")


class LimitCheck(Result):
    """All limits of one state, worst first within each kind, supply before everything."""

    case: str
    status: SecurityState
    reactive_limits_enforced: bool
    supply: Supply
    violations: tuple[Violation, ...] = Field(description="Ranked: undervoltage and overload by depth, then units")
    omitted: int = Field(ge=0, description="Violations beyond this page")
    undervoltages: int = Field(ge=0)
    overvoltages: int = Field(ge=0)
    overloads: int = Field(ge=0)
    unit_violations: int = Field(ge=0)
    buses: Coverage
    branches: Coverage
    units: Coverage
    basis: StateBasis | None = Field(default=None, description="What the state rests on; None for the model as loaded")
    intervals: tuple[ExceedanceInterval, ...] = Field(default=(), description="Of the span, worst first")
    intervals_omitted: int = Field(default=0, ge=0)
    span: SpanCoverage | None = Field(default=None, description="None where no span was asked for")
    span_status: SecurityState | None = Field(default=None, description="Of all states of the span that were looked at")
