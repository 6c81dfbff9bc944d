"""Lines: between equal voltages pandapower's lines, between unequal ones the transformers that they stand for.

An exchanged line is a pi circuit in ohms and siemens between two buses, whose nominal voltages may differ: IEEE and
PSS/E cases write a transformer of nominal ratio that way. Its admittances at both ends then are what turns the ohmic
circuit into an ideal ratio, y1 = y (v2/v1 - 1) and y2 = y (v1/v2 - 1) for a series admittance y.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pandapower.create import (
    create_lines_from_parameters,
    create_switches,
    create_transformers_from_parameters,
)

from tools.grid.importing.admittances import add_admittances
from tools.grid.importing.exchange.places import Places, complexes, connected, names, numbers
from tools.grid.importing.exchange.ratings import Ratings, least
from tools.grid.ratings import NO_RATING_MVA

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

_SAME_LEVEL_KV = 1e-6
_UNEVEN_MVA = 1e-6  # charging that differs less between the ends is even
_RATIO_ERROR = 1e-3  # of the admittance that tells an ideal ratio


def add_lines(net: pandapowerNet, rows: pd.DataFrame, places: Places, ratings: Ratings) -> Iterator[str]:
    """Add lines, and say what became of those that are none."""
    if not len(rows):
        return
    start, end = places.buses(rows, "1"), places.buses(rows, "2")
    coupling = complexes(rows, "r", "x") == 0
    uneven = np.abs(places.vn_kv[start] - places.vn_kv[end]) > _SAME_LEVEL_KV
    plain = ~coupling & ~uneven
    if coupling.any():
        closed = connected(rows, "1") & connected(rows, "2")
        create_switches(net, start[coupling], end[coupling], "b", closed=closed[coupling], name=names(rows[coupling]))
        yield f"{int(coupling.sum())} lines without impedance became switches between their buses."
    if plain.any():
        yield from _plain(net, rows[plain], (start[plain], end[plain]), places, ratings)
    if (ratio := uneven & ~coupling).any():
        yield from _ratios(net, rows[ratio], (start[ratio], end[ratio]), places, ratings)


def _plain(
    net: pandapowerNet,
    rows: pd.DataFrame,
    ends: tuple[NDArray[np.int64], NDArray[np.int64]],
    places: Places,
    ratings: Ratings,
) -> Iterator[str]:
    vn_kv = places.vn_kv[ends[0]]
    charging, conductance = _sum(rows, "b"), _sum(rows, "g")
    mva = least(ratings.mva(rows, vn_kv, 0), ratings.mva(rows, vn_kv, 1))
    indices = create_lines_from_parameters(
        net,
        *ends,
        length_km=1.0,
        r_ohm_per_km=numbers(rows, "r"),
        x_ohm_per_km=numbers(rows, "x"),
        c_nf_per_km=charging / (2 * np.pi * net.f_hz) * 1e9,
        g_us_per_km=conductance * 1e6,
        max_i_ka=mva / (np.sqrt(3) * vn_kv),
        max_loading_percent=100.0,
        name=names(rows),
        in_service=connected(rows, "1") | connected(rows, "2"),
    )
    open_ends(net, rows, "l", indices, ends)
    uneven = (complexes(rows, "g1", "b1") - complexes(rows, "g2", "b2")) / 2
    count = _charge(net, rows, ends, (uneven * vn_kv**2, -uneven * vn_kv**2))
    yield "The exchanged model has no line lengths: every line counts as one kilometre."
    if count:
        yield f"{count} lines have unequal admittances at their ends; the difference became shunts at their buses."
    if unrated := int(np.isnan(mva).sum()):
        yield f"{unrated} lines have no permanent limit."


def _ratios(
    net: pandapowerNet,
    rows: pd.DataFrame,
    ends: tuple[NDArray[np.int64], NDArray[np.int64]],
    places: Places,
    ratings: Ratings,
) -> Iterator[str]:
    kv = np.stack([places.vn_kv[end] for end in ends])
    series = 1 / complexes(rows, "r", "x")
    across = series * kv[0] * kv[1]  # MVA at nominal voltage
    shunt = [(series + complexes(rows, f"g{side}", f"b{side}")) * kv[side - 1] ** 2 for side in (1, 2)]
    shunts = np.stack([admittance - across for admittance in shunt])
    evened = _evened(rows, series, kv)
    shunts[:, evened] = 0.0
    mva = least(ratings.mva(rows, kv[0], 0), ratings.mva(rows, kv[1], 1))
    sn_mva = np.where(np.isnan(mva), NO_RATING_MVA, mva)
    z_percent = sn_mva / across * 100
    high = (kv[1] > kv[0]).astype(int)
    each = np.arange(len(rows))
    hv, lv = np.stack(ends)[high, each], np.stack(ends)[1 - high, each]
    indices = create_transformers_from_parameters(
        net,
        hv,
        lv,
        sn_mva,
        vn_hv_kv=kv[high, each],
        vn_lv_kv=kv[1 - high, each],
        vkr_percent=z_percent.real,
        vk_percent=np.where(z_percent.imag < 0, -1.0, 1.0) * np.abs(z_percent),
        pfe_kw=0.0,
        i0_percent=0.0,
        max_loading_percent=100.0,
        name=names(rows),
        in_service=connected(rows, "1") | connected(rows, "2"),
    )
    open_ends(net, rows, "t", indices, ends)
    count = _charge(net, rows, ends, (shunts[0], shunts[1]))
    listed = ", ".join(f"trafo:{index}" for index in indices[:20]) + (", ..." if len(indices) > 20 else "")  # noqa: PLR2004
    yield f"{len(rows)} lines between unequal nominal voltages became transformers of nominal ratio ({listed})."
    if evened.any():
        yield f"Of these, {int(evened.sum())} had the admittances of their ratio evened out over both ends; restored."
    if count:
        yield f"{count} of these have admittances beside their ratio, which became shunts at their buses."


def _evened(rows: pd.DataFrame, series: NDArray[np.complex128], kv: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the admittances at the ends are equal, and their sum is exactly that of an ideal ratio.

    CGMES has one admittance a line, so that an export halves what belonged to the ends.
    """
    total = _sum(rows, "g") + 1j * _sum(rows, "b")
    of_ratio = series * (kv[1] / kv[0] + kv[0] / kv[1] - 2)
    same = np.isclose(_difference(rows, "b"), 0.0) & np.isclose(_difference(rows, "g"), 0.0)
    told: NDArray[np.bool_] = same & (np.abs(total - of_ratio) <= _RATIO_ERROR * np.abs(of_ratio))
    return told


def open_ends(
    net: pandapowerNet,
    rows: pd.DataFrame,
    kind: str,
    indices: NDArray[np.int64],
    ends: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> None:
    """An open switch at the end of each branch that is connected at its other end only."""
    for side, buses in zip(("1", "2"), ends, strict=True):
        hanging = ~connected(rows, side) & connected(rows, "2" if side == "1" else "1")
        if hanging.any():
            create_switches(net, buses[hanging], indices[hanging], kind, closed=False)


def _charge(
    net: pandapowerNet,
    rows: pd.DataFrame,
    ends: tuple[NDArray[np.int64], NDArray[np.int64]],
    mva: tuple[NDArray[np.complex128], NDArray[np.complex128]],
) -> int:
    """Shunts of so many MVA at nominal voltage at the ends of branches; how many branches needed one."""
    needed = (np.abs(mva[0]) > _UNEVEN_MVA) | (np.abs(mva[1]) > _UNEVEN_MVA)
    if needed.any():
        live = (connected(rows, "1") & connected(rows, "2"))[needed]
        for number, (buses, shunt) in enumerate(zip(ends, mva, strict=True), start=1):
            named = [f"{name}, end {number}" for name in names(rows[needed])]
            add_admittances(net, buses[needed], shunt[needed], live, named)
    return int(needed.sum())


def _sum(rows: pd.DataFrame, quantity: str) -> NDArray[np.float64]:
    return numbers(rows, f"{quantity}1") + numbers(rows, f"{quantity}2")


def _difference(rows: pd.DataFrame, quantity: str) -> NDArray[np.float64]:
    return numbers(rows, f"{quantity}1") - numbers(rows, f"{quantity}2")
