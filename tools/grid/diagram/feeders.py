"""What a single-line diagram prints: the rows of the result, found by element and end."""

from dataclasses import dataclass

from tools.grid.schema.common import BranchState, BusState, LoadState, UnitState
from tools.units import SUFFIXES


@dataclass(frozen=True)
class Flow:
    """Active power at one feeder.

    Attributes:
        leaves_bus: Whether power leaves the busbar through the feeder.
        text: Value with unit; empty where the result has no row for this end.
        path: JSON pointer into the drawing's result; empty as ``text``.
    """

    leaves_bus: bool
    text: str = ""
    path: str = ""


@dataclass(frozen=True)
class Shown:
    """A printed voltage."""

    text: str
    path: str
    abnormal: bool


@dataclass(frozen=True)
class FeederValues:
    """The rows that are printed, in the order in which the result lists them."""

    buses: tuple[BusState, ...] = ()
    branches: tuple[BranchState, ...] = ()
    units: tuple[UnitState, ...] = ()
    loads: tuple[LoadState, ...] = ()

    def bus(self, canonical: str) -> Shown | None:
        """The voltage of a busbar."""
        for position, row in enumerate(self.buses):
            if str(row.element) == canonical:
                low = row.limit_min_pu is not None and row.vm_pu < row.limit_min_pu
                high = row.limit_max_pu is not None and row.vm_pu > row.limit_max_pu
                return Shown(shown(row.vm_pu, "pu"), f"/buses/{position}/vm_pu", low or high)
        return None

    def flow(self, canonical: str, side: int) -> Flow | None:
        """The power at a feeder; at the far end of a branch only its direction is known.

        Args:
            canonical: Branch, unit or load.
            side: End of a branch at the busbar, 0 for the first.
        """
        for position, branch in enumerate(self.branches):
            if str(branch.element) == canonical:
                if side:
                    return Flow(leaves_bus=branch.p_from_mw < 0)
                return _flow(branch.p_from_mw, branch.p_from_mw > 0, f"/branches/{position}/p_from_mw")
        for position, unit in enumerate(self.units):
            if str(unit.element) == canonical:
                return _flow(unit.p_mw, unit.p_mw < 0, f"/units/{position}/p_mw")
        for position, load in enumerate(self.loads):
            if str(load.element) == canonical:
                draws = load.p_mw > 0 if load.element.kind != "sgen" else load.p_mw < 0
                return _flow(load.p_mw, draws, f"/loads/{position}/p_mw")
        return None


def _flow(p_mw: float, leaves_bus: bool, path: str) -> Flow:
    return Flow(leaves_bus, shown(p_mw, "mw"), path)


def shown(value: float, unit: str) -> str:
    """A value with its unit's decimals and symbol.

    >>> shown(1.0349, "pu"), shown(111.83, "percent")
    ('1.035 pu', '111.8 %')
    """
    return f"{value:.{SUFFIXES[unit].decimals}f} {SUFFIXES[unit].symbol}"
