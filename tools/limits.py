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


class QualityQuantity(StrEnum):
    """What standards of power quality limit."""

    VOLTAGE = "voltage"  # in pu of the declared voltage
    FREQUENCY = "frequency"  # in pu of the nominal frequency
    UNBALANCE = "unbalance"  # negative over positive sequence, percent
    THD = "thd"  # total harmonic distortion of the voltage, percent
    HARMONIC = "harmonic"  # one harmonic of the voltage, percent of the fundamental


class QualityLimit(Result):
    """A range in which a share of the means over a time must lie."""

    quantity: QualityQuantity
    order: int | None = Field(default=None, ge=2, le=50, description="Of a harmonic")
    low: float | None = Field(default=None, description="In the quantity's unit, included")
    high: float | None = Field(default=None, description="In the quantity's unit, included")
    share_percent: float = Field(gt=0, le=100, description="Of the means that must lie inside")
    mean_s: float = Field(gt=0, description="Time that each mean is over")
    window_h: float = Field(gt=0, description="Time that the share is counted over")
    vn_from_kv: float = Field(default=0.0, ge=0)
    vn_below_kv: float = Field(default=10_000.0, gt=0)
    source: ClauseRef


class LimitTable(Result):
    """The limits that hold where the grid model itself states none."""

    limits: tuple[Limit, ...]
    quality: tuple[QualityLimit, ...] = ()

    def find(self, quantity: LimitQuantity, bound: Bound, state: OperatingState, vn_kv: float) -> Limit | None:
        """The limit for one quantity, side, state and nominal voltage (kV); None when the table has none."""
        for limit in self.limits:
            if (limit.quantity, limit.bound, limit.state) == (quantity, bound, state) and (
                limit.vn_from_kv <= vn_kv < limit.vn_below_kv
            ):
                return limit
        return None
