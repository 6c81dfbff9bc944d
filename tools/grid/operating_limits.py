"""Limits of buses and branches as arrays, each with where it stands: the grid model first, then the table, then 100 %.

A column value that cannot be meant as a limit counts as missing: not a number, a lowest voltage of 0, a highest voltage
of 2 pu or more (pandapower's old fillers), a loading of 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind
from tools.limits import Bound, Limit, LimitQuantity, LimitTable, OperatingState

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

    from tools.grid.state import State

GRID_MODEL = "grid model"
THERMAL_RATING = "thermal rating"
FULL_LOADING_PERCENT = 100.0
FILLER_MAX_VM_PU = 2.0

# A value beyond its limit by no more than this is rounding of the solution, no violation.
VOLTAGE_TOLERANCE_PU = 1e-6
LOADING_TOLERANCE_PERCENT = 1e-4
POWER_TOLERANCE_MVA = 1e-3

# Where the nominal voltage of a branch is read; the high-voltage side stands for a transformer.
RATED_BRANCHES = {ElementKind.LINE: "from_bus", ElementKind.TRAFO: "hv_bus", ElementKind.TRAFO3W: "hv_bus"}


@dataclass(frozen=True, eq=False)
class LimitArray:
    """One limit for each element of a table, in the table's order.

    Attributes:
        index: pandapower indices.
        value: Limit in the quantity's unit; NaN where there is none.
        basis: ``grid model``, ``thermal rating``, or the clause; empty where there is none.
    """

    index: NDArray[np.int64]
    value: NDArray[np.float64]
    basis: tuple[str, ...]

    def at(self, index: int) -> tuple[float, str] | None:
        """Limit and basis of one element; None without a limit."""
        position = self._places[index]
        value = float(self.value[position])
        return None if np.isnan(value) else (value, self.basis[position])

    @cached_property
    def _places(self) -> dict[int, int]:
        return {index: position for position, index in enumerate(self.index.tolist())}


@dataclass(frozen=True)
class OperatingLimits:
    """Every limit that holds in one operating state."""

    vm_min_pu: LimitArray
    vm_max_pu: LimitArray
    loading_percent: dict[ElementKind, LimitArray]


def operating_state(state: State) -> OperatingState:
    """Which limits hold: those for contingencies while an outage is in force, else the normal ones."""
    return OperatingState.CONTINGENCY if state.outages else OperatingState.NORMAL


def operating_limits(
    net: pandapowerNet, table: LimitTable, state: OperatingState = OperatingState.NORMAL
) -> OperatingLimits:
    """The limits of a net: its own columns, else the table's by nominal voltage, else 100 % of the thermal rating.

    A limit of the grid model holds in every operating state; the table's CONTINGENCY limits hold only where the model
    has none, and where the table has none for CONTINGENCY its NORMAL limit holds.
    """
    vn_kv = net.bus.vn_kv.to_numpy(dtype=float)
    lowest = _column(net.bus, "min_vm_pu")
    highest = _column(net.bus, "max_vm_pu")
    lowest[lowest <= 0] = np.nan
    highest[highest >= FILLER_MAX_VM_PU] = np.nan
    find = _Finder(table, state)
    return OperatingLimits(
        vm_min_pu=find.fill(net.bus, lowest, vn_kv, LimitQuantity.VM_PU, Bound.MIN),
        vm_max_pu=find.fill(net.bus, highest, vn_kv, LimitQuantity.VM_PU, Bound.MAX),
        loading_percent={kind: _loading(net, kind, find) for kind in RATED_BRANCHES},
    )


def _loading(net: pandapowerNet, kind: ElementKind, find: _Finder) -> LimitArray:
    frame = net[kind.value]
    own = _column(frame, "max_loading_percent")
    own[own <= 0] = np.nan
    vn_kv = net.bus.vn_kv.reindex(frame[RATED_BRANCHES[kind]]).to_numpy(dtype=float)
    found = find.fill(frame, own, vn_kv, LimitQuantity.LOADING_PERCENT, Bound.MAX)
    missing = np.isnan(found.value)
    basis = tuple(THERMAL_RATING if gap else text for gap, text in zip(missing, found.basis, strict=True))
    return LimitArray(found.index, np.where(missing, FULL_LOADING_PERCENT, found.value), basis)


def _column(frame: pd.DataFrame, name: str) -> NDArray[np.float64]:
    if name not in frame:
        return np.full(len(frame), np.nan)
    return frame[name].to_numpy(dtype=float, na_value=np.nan, copy=True)


@dataclass(frozen=True)
class _Finder:
    """Looks limits up in the table, with the fallback from CONTINGENCY to NORMAL."""

    table: LimitTable
    state: OperatingState

    def fill(
        self,
        frame: pd.DataFrame,
        own: NDArray[np.float64],
        vn_kv: NDArray[np.float64],
        what: LimitQuantity,
        side: Bound,
    ) -> LimitArray:
        """The model's own values, and the table's where they are missing."""
        missing = np.isnan(own)
        levels = {level: self._find(what, side, level) for level in sorted(set(vn_kv[missing].tolist()))}
        value, basis = own.copy(), [GRID_MODEL] * len(own)
        for position in np.flatnonzero(missing):
            limit = levels.get(float(vn_kv[position]))
            value[position] = np.nan if limit is None else limit.value
            basis[position] = "" if limit is None else str(limit.source)
        return LimitArray(frame.index.to_numpy(dtype=np.int64), value, tuple(basis))

    def _find(self, what: LimitQuantity, side: Bound, vn_kv: float) -> Limit | None:
        found = self.table.find(what, side, self.state, vn_kv)
        return found or self.table.find(what, side, OperatingState.NORMAL, vn_kv)
