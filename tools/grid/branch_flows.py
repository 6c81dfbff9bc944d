"""What flows through every live branch of a solved state, as arrays over all kinds of branches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind
from tools.grid.connectivity import Connectivity

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

SQRT3 = float(np.sqrt(3.0))


@dataclass(frozen=True, eq=False)
class BranchFlows:
    """Flows of the branches that are in service and reach a bus with a source; equal lengths, kinds in blocks.

    Attributes:
        key: Table and pandapower index of each branch.
        loading_percent: pandapower's loading, of the thermal rating at the more loaded end; NaN without a rating.
        i_ka: Current at the more loaded end, of branches without a rating at the end with more current.
        rating_ka: Thermal rating at that end, derating and parallel systems included; NaN without one.
        p_from_mw: Into the branch at the from or high-voltage side.
        q_from_mvar: As ``p_from_mw``; NaN in the DC approximation.
        loss_p_mw: Sum of the powers into the branch at all its ends; NaN in the DC approximation.
    """

    key: tuple[tuple[ElementKind, int], ...]
    loading_percent: NDArray[np.float64]
    i_ka: NDArray[np.float64]
    rating_ka: NDArray[np.float64]
    p_from_mw: NDArray[np.float64]
    q_from_mvar: NDArray[np.float64]
    loss_p_mw: NDArray[np.float64]

    def position(self, kind: ElementKind, index: int) -> int | None:
        """Place of a branch in the arrays; None when it is not live."""
        return self._places.get((kind, index))

    @cached_property
    def _places(self) -> dict[tuple[ElementKind, int], int]:
        return {key: position for position, key in enumerate(self.key)}


@dataclass(frozen=True)
class _Sides:
    """How one table names its ends, and how a rating is had from it.

    Attributes:
        terminals: Bus columns, the from or high-voltage side first.
        prefix: Side names in the columns of results, in the same order.
        rating_ka: Rating at each end, branch by end, kA; None for a table without ratings.
    """

    terminals: tuple[str, ...]
    prefix: tuple[str, ...]
    rating_ka: Callable[[pd.DataFrame], NDArray[np.float64]] | None = None


def _line_rating_ka(lines: pd.DataFrame) -> NDArray[np.float64]:
    rating = _numbers(lines, "max_i_ka") * _numbers(lines, "df") * _numbers(lines, "parallel")
    return np.column_stack((rating, rating))


def _trafo_rating_ka(trafos: pd.DataFrame) -> NDArray[np.float64]:
    sn_mva = _numbers(trafos, "sn_mva") * _numbers(trafos, "df") * _numbers(trafos, "parallel")
    return np.column_stack([sn_mva / (SQRT3 * _numbers(trafos, f"vn_{side}_kv")) for side in ("hv", "lv")])


def _trafo3w_rating_ka(trafos: pd.DataFrame) -> NDArray[np.float64]:
    sides = ("hv", "mv", "lv")
    return np.column_stack([_numbers(trafos, f"sn_{s}_mva") / (SQRT3 * _numbers(trafos, f"vn_{s}_kv")) for s in sides])


_TABLES = {
    ElementKind.LINE: _Sides(("from_bus", "to_bus"), ("from", "to"), _line_rating_ka),
    ElementKind.TRAFO: _Sides(("hv_bus", "lv_bus"), ("hv", "lv"), _trafo_rating_ka),
    ElementKind.TRAFO3W: _Sides(("hv_bus", "mv_bus", "lv_bus"), ("hv", "mv", "lv"), _trafo3w_rating_ka),
    ElementKind.IMPEDANCE: _Sides(("from_bus", "to_bus"), ("from", "to")),
    ElementKind.DCLINE: _Sides(("from_bus", "to_bus"), ("from", "to")),
}
BRANCH_KINDS = tuple(_TABLES)


def branch_flows(net: pandapowerNet, topology: Connectivity, *, ac: bool) -> BranchFlows:
    """The flows of a net that holds results.

    Args:
        net: Solved net.
        topology: Its islands.
        ac: Whether the results are of the AC equations; else reactive powers and losses are not known.
    """
    energised = topology.energised_buses()
    blocks = [_block(net, kind, energised, ac=ac) for kind in _TABLES]
    key = tuple((kind, int(index)) for kind, block in zip(_TABLES, blocks, strict=True) for index in block[0])
    _, *values = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
    return BranchFlows(key, *values)


def _block(
    net: pandapowerNet, kind: ElementKind, energised: frozenset[int], *, ac: bool
) -> tuple[NDArray[np.float64], ...]:
    sides = _TABLES[kind]
    table, results = net[kind.value], net[f"res_{kind.value}"]
    if not len(table):
        return tuple(np.empty(0) for _ in range(7))
    live = (table.in_service.astype(bool) & table[list(sides.terminals)].isin(energised).any(axis=1)).to_numpy()
    table, results = table[live], results.loc[table.index[live]]
    current = _currents_ka(net, kind, table, results)
    rating = sides.rating_ka(table) if sides.rating_ka else np.full(current.shape, np.nan)
    worst, loading = _worst_end(current, rating)
    rows = np.arange(len(table))
    return (
        table.index.to_numpy(dtype=float),
        loading,
        current[rows, worst],
        np.where(np.isnan(loading), np.nan, rating[rows, worst]),
        _numbers(results, f"p_{sides.prefix[0]}_mw"),
        _known(_numbers(results, f"q_{sides.prefix[0]}_mvar"), known=ac),
        _known(_numbers(results, "pl_mw"), known=ac),
    )


def _worst_end(
    current: NDArray[np.float64], rating: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The end with the higher loading, or the higher current without ratings; and the loading there, percent."""
    usable: NDArray[np.bool_] = np.isfinite(rating) & (rating > 0)
    rated = usable.all(axis=1)
    share = np.divide(current, rating, out=np.zeros_like(current), where=usable)
    worst = np.where(rated, share.argmax(axis=1), current.argmax(axis=1)).astype(np.int64)
    loading = np.where(rated, share.max(axis=1) * 100.0, np.nan)
    return worst, loading


def _currents_ka(
    net: pandapowerNet, kind: ElementKind, table: pd.DataFrame, results: pd.DataFrame
) -> NDArray[np.float64]:
    """Current at each end, branch by end; an end on a dead bus carries none."""
    sides = _TABLES[kind]
    if kind is not ElementKind.DCLINE:
        return _flow_or_zero([_numbers(results, f"i_{side}_ka") for side in sides.prefix])
    ends = []
    for column, side in zip(sides.terminals, sides.prefix, strict=True):
        v_kv = _numbers(results, f"vm_{side}_pu") * net.bus.vn_kv.reindex(table[column]).to_numpy(dtype=float)
        ends.append(np.hypot(_numbers(results, f"p_{side}_mw"), _numbers(results, f"q_{side}_mvar")) / (SQRT3 * v_kv))
    return _flow_or_zero(ends)


def _flow_or_zero(ends: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    currents: NDArray[np.float64] = np.nan_to_num(np.column_stack(ends))
    return currents


def _numbers(frame: pd.DataFrame, column: str) -> NDArray[np.float64]:
    numbers: NDArray[np.float64] = frame[column].to_numpy(dtype=float)
    return numbers


def _known(values: NDArray[np.float64], *, known: bool) -> NDArray[np.float64]:
    return values if known else np.full(len(values), np.nan)
