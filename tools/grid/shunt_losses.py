"""The part of each branch's losses that its voltage makes, not its current: iron of transformers, leakage of lines.

It comes from the two-ports that pandapower itself solved (``net._ppc``), so that parallel systems, taps, tables of
impedances, open ends and the stars of three-winding transformers are in it as they are in the losses.

A line is a pi: its conductances sit at its ends. A transformer is a T (pandapower's default): its iron sits at the
point between the windings, and pandapower turned the T into a pi, so the pi is turned back to find that point's
voltage. An impedance that differs by direction is no two-port of this kind and is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from pandapower.pypower.idx_brch import BR_R, BR_R_ASYM, BR_X, BR_X_ASYM, SHIFT, TAP

from tools.element import ElementKind
from tools.grid.screening.arrays import grid_arrays, solved_matrices

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

_TABLES = (ElementKind.LINE, ElementKind.TRAFO, ElementKind.TRAFO3W, ElementKind.IMPEDANCE)
_NONE = 1e-14
"""Admittance in pu below which there is no shunt."""


def shunt_losses(net: pandapowerNet) -> Mapping[tuple[ElementKind, int], float]:
    """Losses by voltage (MW) of each branch in the solved matrix, by table and index.

    Args:
        net: Solved by ``runpp``; only read.
    """
    blocks = net._pd2ppc_lookups["branch"]  # noqa: SLF001 - only here stands which row belongs to which element
    inside = np.asarray(net._ppc["internal"]["branch_is"], dtype=bool)  # noqa: SLF001
    by_row = np.zeros(len(inside))
    by_row[inside] = _by_row(net)
    found: dict[tuple[ElementKind, int], float] = {}
    for kind in _TABLES:
        if kind.value in blocks:
            first, last = blocks[kind.value]
            # a three-winding transformer's rows come as all high, all middle, all low sides
            sums = by_row[first:last].reshape(-1, len(net[kind.value])).sum(axis=0)
            found |= {(kind, int(index)): float(loss) for index, loss in zip(net[kind.value].index, sums, strict=True)}
    return found


def _by_row(net: pandapowerNet) -> NDArray[np.float64]:
    """Losses by voltage of each row of the solved branch matrix, MW."""
    arrays, branch = grid_arrays(net), solved_matrices(net)["branch"]
    ratio = np.where(branch[:, TAP].real == 0, 1.0, branch[:, TAP].real) * np.exp(
        1j * np.deg2rad(branch[:, SHIFT].real)
    )
    series = 1.0 / (branch[:, BR_R].real + 1j * branch[:, BR_X].real)
    at_start, at_end = arrays.yff * np.abs(ratio) ** 2 - series, arrays.ytt - series
    v_start, v_end = arrays.voltage[arrays.start] / ratio, arrays.voltage[arrays.end]
    as_pi = np.abs(v_start) ** 2 * at_start.real + np.abs(v_end) ** 2 * at_end.real
    is_t = _is_transformer(net) & (np.abs(at_start) > _NONE) & (np.abs(at_end) > _NONE)
    with np.errstate(divide="ignore", invalid="ignore"):
        as_t = _at_star_point(series, at_start, at_end, v_start, v_end)
    directed = (np.abs(branch[:, BR_R_ASYM]) + np.abs(branch[:, BR_X_ASYM])) > 0
    losses: NDArray[np.float64] = np.where(directed, np.nan, np.where(is_t, as_t, as_pi)) * arrays.base_mva
    return losses


def _at_star_point(
    series: NDArray[np.complex128],
    at_start: NDArray[np.complex128],
    at_end: NDArray[np.complex128],
    v_start: NDArray[np.complex128],
    v_end: NDArray[np.complex128],
) -> NDArray[np.float64]:
    """Delta to star; what the leg to earth takes up, pu."""
    pairs = series * at_start + series * at_end + at_start * at_end
    to_start, to_end, to_earth = pairs / at_end, pairs / at_start, pairs / series
    v_star = (to_start * v_start + to_end * v_end) / (to_start + to_end + to_earth)
    taken: NDArray[np.float64] = np.abs(v_star) ** 2 * to_earth.real
    return taken


def _is_transformer(net: pandapowerNet) -> NDArray[np.bool_]:
    """Which rows of the solved matrix are transformers in the T model."""
    blocks = net._pd2ppc_lookups["branch"]  # noqa: SLF001
    inside = np.asarray(net._ppc["internal"]["branch_is"], dtype=bool)  # noqa: SLF001
    found = np.zeros(len(inside), dtype=bool)
    if net._options["trafo_model"] == "t":  # noqa: SLF001
        for table in ("trafo", "trafo3w"):
            if table in blocks:
                found[slice(*blocks[table])] = True
    of_matrix: NDArray[np.bool_] = found[inside]
    return of_matrix
