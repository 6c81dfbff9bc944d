"""Limits as a typed table: the type lives here, the values and their clauses in ``knowledge``."""

from enum import StrEnum

from pydantic import Field

from tools.result import Result


class LimitQuantity(StrEnum):
    """What is limited."""

    VM_PU = "vm_pu"
    LOADING_PERCENT = "loading_percent"


class Bound(StrEnum):
    """Side of the limit."""

    MIN = "min"
    MAX = "max"


class OperatingState(StrEnum):
    """State of the system in which a limit applies."""

    NORMAL = "normal"
    CONTINGENCY = "contingency"


class ClauseRef(Result):
    """Where a limit or a statement stands."""

    document: str
    edition: str
    clause: str

    def __str__(self) -> str:
        return f"{self.document} ({self.edition}), {self.clause}"


class Limit(Result):
    """One limit for a band of nominal voltages, lower edge included, upper edge excluded."""

    quantity: LimitQuantity
    bound: Bound
    state: OperatingState
    value: float = Field(description="In the quantity's unit: pu or percent")
    vn_from_kv: float = Field(default=0.0, ge=0)
    vn_below_kv: float = Field(default=10_000.0, gt=0)
    source: ClauseRef


class LimitTable(Result):
    """The limits that hold where the grid model itself states none."""

    limits: tuple[Limit, ...]

    def find(self, quantity: LimitQuantity, bound: Bound, state: OperatingState, vn_kv: float) -> Limit | None:
        """The limit for one quantity, side, state and nominal voltage (kV); None when the table has none."""
        for limit in self.limits:
            if (limit.quantity, limit.bound, limit.state) == (quantity, bound, state) and (
                limit.vn_from_kv <= vn_kv < limit.vn_below_kv
            ):
                return limit
        return None
