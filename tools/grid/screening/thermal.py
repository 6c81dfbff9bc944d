"""Thermal ratings at the ends of the circuits, and loadings from voltages, as pandapower's result tables read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind
from tools.grid.ratings import placeholder_branches
from tools.grid.screening.arrays import SQRT3, Circuits, GridArrays

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandapower import pandapowerNet


@dataclass(frozen=True)
class Thermal:
    """The circuits with a real rating, and what turns voltages into their loadings.

    Attributes:
        circuits: Positions of the rated circuits in ``GridArrays.circuits``; the columns of a loading matrix.
        start_ka, end_ka: Rating at the two ends of each circuit row (all circuits); NaN where that end has none.
    """

    circuits: NDArray[np.int64]
    start_ka: NDArray[np.float64]
    end_ka: NDArray[np.float64]
    _start: NDArray[np.int64]
    _end: NDArray[np.int64]
    _to_percent: tuple[NDArray[np.complex128], ...]
    _first: NDArray[np.int64]

    def loading_percent(self, voltage: NDArray[np.complex128]) -> NDArray[np.float64]:
        """Loading of each rated circuit, the larger of its ends.

        Args:
            voltage: State by bus, pu; zero at buses that are cut off.

        Returns:
            State by rated circuit, percent.
        """
        at_start, at_end = voltage[:, self._start], voltage[:, self._end]
        own_start, far_start, far_end, own_end = self._to_percent
        worst = np.abs(at_start * own_start + at_end * far_start)
        np.maximum(worst, np.abs(at_start * far_end + at_end * own_end), out=worst)
        if len(self._first) == worst.shape[1]:
            return worst
        return np.asarray(np.maximum.reduceat(worst, self._first, axis=1))

    def worst_ends(self, voltage: NDArray[np.complex128], columns: NDArray[np.int64]) -> WorstEnds:
        """What makes the loading of some rated circuits in one state.

        Args:
            voltage: By bus, pu.
            columns: Columns of a loading matrix.
        """
        at_start, at_end = voltage[self._start], voltage[self._end]
        own_start, far_start, far_end, own_end = self._to_percent
        both = np.stack((at_start * own_start + at_end * far_start, at_start * far_end + at_end * own_end))
        last = np.append(self._first[1:], both.shape[1])
        rows, ends = [], []
        for column in columns.tolist():
            part = np.abs(both[:, self._first[column] : last[column]])
            end, place = np.unravel_index(int(part.argmax()), part.shape)
            rows.append(int(self._first[column]) + int(place))
            ends.append(int(end))
        at, far = np.array(rows, dtype=np.int64), np.array(ends, dtype=bool)
        return WorstEnds(
            start=self._start[at],
            end=self._end[at],
            of_start=np.where(far, far_end[at], own_start[at]),
            of_end=np.where(far, own_end[at], far_start[at]),
        )


@dataclass(frozen=True)
class WorstEnds:
    """The more loaded end of each circuit: its loading in percent is ``|of_start V_start + of_end V_end|``."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    of_start: NDArray[np.complex128]
    of_end: NDArray[np.complex128]


def thermal(net: pandapowerNet, arrays: GridArrays) -> Thermal:
    """The ratings of a state's circuits; placeholders count as none."""
    circuits = arrays.circuits
    start_ka, end_ka = _ratings(net, circuits)
    rated_row = np.isfinite(start_ka) | np.isfinite(end_ka)
    rows, owner = circuits.rows[rated_row], circuits.owner[rated_row]
    rated, first = np.unique(owner, return_index=True)
    start, end = arrays.start[rows], arrays.end[rows]
    # percent per pu of current at each end; an end without rating never counts
    per_start = _percent_per_pu(arrays, start, start_ka[rated_row])
    per_end = _percent_per_pu(arrays, end, end_ka[rated_row])
    to_percent = (
        arrays.yff[rows] * per_start,
        arrays.yft[rows] * per_start,
        arrays.ytf[rows] * per_end,
        arrays.ytt[rows] * per_end,
    )
    return Thermal(rated.astype(np.int64), start_ka, end_ka, start, end, to_percent, first.astype(np.int64))


def _percent_per_pu(arrays: GridArrays, bus: NDArray[np.int64], rating_ka: NDArray[np.float64]) -> NDArray[np.float64]:
    base_ka = arrays.base_mva / (SQRT3 * arrays.vn_kv[bus])
    return np.nan_to_num(100.0 * base_ka / rating_ka, nan=0.0)


def _ratings(net: pandapowerNet, circuits: Circuits) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    placeholders = placeholder_branches(net)
    start, end = np.full(len(circuits.rows), np.nan), np.full(len(circuits.rows), np.nan)
    for table, by_index in ((table, _ends_ka(net, table)) for table in sorted(set(circuits.table))):
        for circuit in np.flatnonzero(np.array(circuits.table) == table).tolist():
            index = int(circuits.index[circuit])
            if (ElementKind(table), index) in placeholders:
                continue
            first, ratings = circuits.first[circuit], by_index[index]
            if len(ratings) == 2:  # noqa: PLR2004 - a line or a two-winding transformer
                start[first], end[first] = ratings
            else:  # the high side is the start of its row, the middle and low sides are the ends of theirs
                start[first], end[first + 1], end[first + 2] = ratings
    return start, end


def _ends_ka(net: pandapowerNet, table: str) -> dict[int, tuple[float, ...]]:
    """Rating at each terminal of the elements of a table, by index."""
    frame = net[table]
    factor = np.ones(len(frame))
    for column in ("df", "parallel"):
        if column in frame and table != "trafo3w":
            factor = factor * frame[column].fillna(1.0).to_numpy(dtype=float)
    if table == "line":
        ends = [frame.max_i_ka.to_numpy(dtype=float) * factor] * 2
    elif table == "trafo":
        ends = [frame.sn_mva * factor / (SQRT3 * frame[f"vn_{side}_kv"]) for side in ("hv", "lv")]
    else:
        ends = [frame[f"sn_{side}_mva"] / (SQRT3 * frame[f"vn_{side}_kv"]) for side in ("hv", "mv", "lv")]
    return {int(index): tuple(map(float, row)) for index, row in zip(frame.index, zip(*ends, strict=True), strict=True)}
