"""What the outages that are shown do to the branches and buses that they affect most."""

from enum import StrEnum

from pydantic import Field

from tools.element import ElementRef
from tools.result import Result


class NoValue(StrEnum):
    """Why an element has no value after an outage; never that it is well."""

    OUT = "out"
    WITHOUT_SUPPLY = "without_supply"
    NOT_SOLVED = "not_solved"


class LoadingAfter(Result):
    """Loading of the branch after one outage."""

    case: str
    loading_percent: float | None = Field(default=None, ge=0, description="None where it has none: see absent")
    limit_percent: float | None = Field(default=None, description="After an outage; None where there is none")
    absent: NoValue | None = None


class VoltageAfter(Result):
    """Voltage of the bus after one outage."""

    case: str
    vm_pu: float | None = Field(default=None, ge=0, description="None where it has none: see absent")
    limit_min_pu: float | None = None
    limit_max_pu: float | None = None
    absent: NoValue | None = None


class BranchEffects(Result):
    """One branch after every outage shown, in the order of the rows."""

    element: ElementRef
    after: tuple[LoadingAfter, ...]


class BusEffects(Result):
    """One bus after every outage shown, in the order of the rows."""

    element: ElementRef
    after: tuple[VoltageAfter, ...]


class OutageEffects(Result):
    """Branches and buses nearest to their limits or furthest beyond them, over all rows that are shown."""

    branches: tuple[BranchEffects, ...] = Field(description="By loading less limit, the highest first")
    branches_omitted: int = Field(ge=0, description="With a rating, and never nearer to their limit in these rows")
    buses: tuple[BusEffects, ...] = Field(description="By voltage beyond its limit or nearest to it")
    buses_omitted: int = Field(ge=0, description="With supply before, and never nearer to their limit in these rows")
