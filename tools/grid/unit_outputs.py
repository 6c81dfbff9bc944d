"""What every live unit of a solved state feeds in, with its limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind, ElementRef
from tools.grid.connectivity import Connectivity
from tools.grid.elements import text_of
from tools.grid.schema.common import UnitState

if TYPE_CHECKING:
    import pandas as pd
    from pandapower import pandapowerNet

UNIT_KINDS = (ElementKind.EXT_GRID, ElementKind.GEN, ElementKind.SGEN, ElementKind.STORAGE)


def unit_outputs(net: pandapowerNet, topology: Connectivity, case: str, *, ac: bool) -> tuple[UnitState, ...]:
    """Rows of the units in service at buses with a source, by kind and index; generation is positive, storage too.

    Args:
        net: Net that holds results.
        topology: Its islands.
        case: Label of the state.
        ac: Whether the results are of the AC equations; else reactive powers are not known.
    """
    energised = topology.energised_buses()
    return tuple(row for kind in UNIT_KINDS for row in _rows(net, kind, energised, case, ac=ac))


def _rows(net: pandapowerNet, kind: ElementKind, energised: frozenset[int], case: str, *, ac: bool) -> list[UnitState]:
    table = net[kind.value]
    if not len(table):
        return []
    table = table[table.in_service.astype(bool) & table.bus.isin(energised)]
    results = net[f"res_{kind.value}"].loc[table.index]
    sign = -1.0 if kind is ElementKind.STORAGE else 1.0  # pandapower counts storage as a load
    limits = _limits(table, mirrored=kind is ElementKind.STORAGE)
    powers = zip(results.p_mw, results.q_mvar, strict=True)
    return [
        UnitState(
            element=ElementRef(kind=kind, index=int(index), name=text_of(name)),
            case=case,
            p_mw=sign * float(p_mw),
            q_mvar=sign * float(q_mvar) if ac else None,
            min_p_mw=limits["min_p_mw"][at],
            max_p_mw=limits["max_p_mw"][at],
            min_q_mvar=limits["min_q_mvar"][at],
            max_q_mvar=limits["max_q_mvar"][at],
        )
        for at, (index, name, (p_mw, q_mvar)) in enumerate(zip(table.index, table["name"], powers, strict=True))
    ]


def _limits(table: pd.DataFrame, *, mirrored: bool) -> dict[str, list[float | None]]:
    """Limits by column, generation positive; infinite and missing ones are None."""
    limits: dict[str, list[float | None]] = {}
    for quantity in ("p_mw", "q_mvar"):
        low, high = _column(table, f"min_{quantity}"), _column(table, f"max_{quantity}")
        if mirrored:
            low, high = [None if v is None else -v for v in high], [None if v is None else -v for v in low]
        limits |= {f"min_{quantity}": low, f"max_{quantity}": high}
    return limits


def _column(table: pd.DataFrame, name: str) -> list[float | None]:
    if name not in table:
        return [None] * len(table)
    values = table[name].to_numpy(dtype=float, na_value=np.nan)
    return [float(value) if np.isfinite(value) else None for value in values]
