"""The units of a state as the optimum sees them: injections in pu, generation positive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError
from tools.grid.elements import element_ref

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

REGULATING = (ElementKind.EXT_GRID, ElementKind.GEN)
"""Kinds that hold a voltage; their reactive power is free within its limits."""
CONTROLLABLE = (ElementKind.SGEN, ElementKind.STORAGE, ElementKind.LOAD)
"""Kinds that take part only where the model says so (column ``controllable``) and bounds their active power."""
_DRAWING = (ElementKind.STORAGE, ElementKind.LOAD)
_UNMODELLED = (ElementKind.DCLINE, ElementKind.XWARD)


@dataclass(frozen=True)
class UnitTable:
    """Units in service at buses with supply; one array element each, powers in pu of the system base.

    Attributes:
        refs: The elements.
        bus: Bus of the matrix.
        sign: -1 where the element's own table counts consumption as positive.
        p_min, p_max, q_min, q_max: Limits of the injection; infinite where the model has none.
        p_set, q_set: Injection in the model, or of the state before where that solved.
        vm_set: Voltage set-point; NaN for units that hold none.
        movable: Whether the active power may be dispatched.
        unlimited: Whether a movable unit lacks an active power limit.
    """

    refs: tuple[ElementRef, ...]
    bus: NDArray[np.int64]
    sign: NDArray[np.float64]
    p_min: NDArray[np.float64]
    p_max: NDArray[np.float64]
    q_min: NDArray[np.float64]
    q_max: NDArray[np.float64]
    p_set: NDArray[np.float64]
    q_set: NDArray[np.float64]
    vm_set: NDArray[np.float64]
    movable: NDArray[np.bool_]
    unlimited: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.refs)


def unit_table(net: pandapowerNet, place: dict[int, int], base_mva: float, *, solved: bool) -> UnitTable:
    """The units of a net.

    Args:
        net: Private net; with results of a power flow where ``solved``.
        place: Bus of the matrix for each pandapower bus with supply.
        base_mva: System base.
        solved: Whether the results stand for the state before.

    Raises:
        InvalidArgumentError: for DC lines and extended wards in service, which the problem does not model, and for
            limits that contradict each other.
    """
    for kind in _UNMODELLED:
        if len(net[kind.value]) and net[kind.value].in_service.astype(bool).any():
            raise InvalidArgumentError(
                f"grid: optimize_dispatch does not model elements of the kind {kind}; take them out of service, or "
                "replace them by loads and units"
            )
    rows = [row for kind in (*REGULATING, *CONTROLLABLE) for row in _rows(net, kind, place, solved=solved)]
    refs = tuple(row[0] for row in rows)
    bus, sign = (np.array([row[at] for row in rows]) for at in (1, 2))
    values = np.array([row[3] for row in rows], dtype=float).reshape(-1, 7)
    values[:, :6] /= base_mva
    movable, unlimited = (np.array([row[at] for row in rows], dtype=bool) for at in (4, 5))
    p_min, p_max, q_min, q_max, p_set, q_set, vm_set = values.T
    for low, high, name in ((p_min, p_max, "p_mw"), (q_min, q_max, "q_mvar")):
        if (crossed := np.flatnonzero(low > high)).size:
            raise InvalidArgumentError(f"grid: {refs[crossed[0]]} has min_{name} above max_{name}; correct the model")
    return UnitTable(
        refs,
        bus.astype(np.int64),
        sign.astype(float),
        p_min,
        p_max,
        q_min,
        q_max,
        p_set,
        q_set,
        vm_set,
        movable,
        unlimited,
    )


_Row = tuple[ElementRef, int, float, list[float], bool, bool]


def _rows(net: pandapowerNet, kind: ElementKind, place: dict[int, int], *, solved: bool) -> list[_Row]:
    table = net[kind.value]
    if not len(table):
        return []
    live = table[table.in_service.astype(bool) & table.bus.isin(list(place))]
    if kind in CONTROLLABLE:
        if "controllable" not in live:
            return []
        live = live[live.controllable.astype("boolean").fillna(value=False).to_numpy(dtype=bool)]
    return [row for index in live.index if (row := _row(net, kind, int(index), place, solved=solved)) is not None]


def _row(net: pandapowerNet, kind: ElementKind, index: int, place: dict[int, int], *, solved: bool) -> _Row | None:
    """One unit; None for a controllable element whose active power the model does not bound."""
    unit = net[kind.value].loc[index]
    sign = -1.0 if kind in _DRAWING else 1.0
    p_set, q_set = _set_point(net, kind, index, solved=solved)
    limits = [_value(unit, name) for name in ("min_p_mw", "max_p_mw", "min_q_mvar", "max_q_mvar")]
    bounded = bool(np.isfinite(limits[:2]).all())
    if kind in CONTROLLABLE and not bounded:
        return None
    held = kind is ElementKind.GEN and (not bounded or not _controllable(unit)) and not _balances(net, index)
    if held:
        limits[:2] = [p_set, p_set]
    if kind in CONTROLLABLE and not np.isfinite(limits[2:]).all():
        limits[2:] = [q_set, q_set]
    low_p, high_p, low_q, high_q = (
        fill if np.isnan(limit) else limit for limit, fill in zip(limits, (-np.inf, np.inf) * 2, strict=True)
    )
    if sign < 0:
        low_p, high_p, low_q, high_q = -high_p, -low_p, -high_q, -low_q
    vm_set = float(unit.vm_pu) if kind in REGULATING else np.nan
    values = [low_p, high_p, low_q, high_q, sign * p_set, sign * q_set, vm_set]
    ref = element_ref(net, kind, index)
    return ref, place[int(unit.bus)], sign, values, not held and low_p < high_p, not held and not bounded


def _set_point(net: pandapowerNet, kind: ElementKind, index: int, *, solved: bool) -> tuple[float, float]:
    """Powers in the table's own sign: of the solved state, else of the model (a grid connection then has none)."""
    if solved:
        result = net[f"res_{kind.value}"].loc[index]
        return float(result.p_mw), float(result.q_mvar)
    unit = net[kind.value].loc[index]
    if kind is ElementKind.EXT_GRID:
        return 0.0, 0.0
    scaling = float(unit.scaling) if np.isfinite(unit.scaling) else 1.0
    return float(unit.p_mw) * scaling, float(unit.get("q_mvar", 0.0) or 0.0) * scaling


def _controllable(unit: pd.Series[float]) -> bool:
    """Generators are controllable unless the model says otherwise, as in pandapower."""
    value = unit.get("controllable", True)
    return True if value is None or value != value else bool(value)  # noqa: PLR0124 - not a number is the default


def _balances(net: pandapowerNet, index: int) -> bool:
    return bool(net.gen.at[index, "slack"])


def _value(unit: pd.Series[float], name: str) -> float:
    value = float(unit.get(name, np.nan))
    return value if abs(value) < 1e8 else np.nan  # noqa: PLR2004 - pandapower's filler for no limit is 1e9
