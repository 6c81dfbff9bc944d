"""Two-winding transformers.

The exchanged model: an ideal transformer at side 1 with ratio rho and advance alpha of side 2, then the admittance,
then the series impedance towards side 2, all in ohms and siemens at side 2 (IIDM grid model, two-winding transformer).
pandapower refers the impedance to the low side as the tap has it: the same physics, whichever side is the high one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pandapower.create import create_transformers_from_parameters

from tools.grid.importing.admittances import add_admittances
from tools.grid.importing.exchange.lines import open_ends
from tools.grid.importing.exchange.places import Places, complexes, connected, names, numbers
from tools.grid.importing.exchange.ratings import Ratings, least
from tools.grid.ratings import NO_RATING_MVA

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

    from tools.grid.importing.exchange.taps import Tap, TapChangers

_NONE = 1e-9


def add_transformers(
    net: pandapowerNet, rows: pd.DataFrame, places: Places, ratings: Ratings, changers: TapChangers
) -> Iterator[str]:
    """Add two-winding transformers with their tap changers, and say what was assumed."""
    if not len(rows):
        return
    ends = np.stack([places.buses(rows, side) for side in ("1", "2")])
    taps = [changers.of(str(key)) for key in rows.index]
    rated = np.stack([_side1_kv(rows), numbers(rows, "rated_u2")])
    mva = least(*(ratings.mva(rows, rated[side], side) for side in (0, 1)), numbers(rows, "rated_s"))
    sn_mva = np.where(np.isnan(mva), NO_RATING_MVA, mva)
    z_base = rated[1] ** 2 / sn_mva
    series = complexes(rows, "r_at_current_tap", "x_at_current_tap") / z_base * 100
    shunt_mva = complexes(rows, "g_at_current_tap", "b_at_current_tap") * rated[1] ** 2
    inductive = shunt_mva.imag <= 0
    iron = np.where(inductive, shunt_mva, 0.0)
    neutral = rated / np.array([[_factor(tap, side) for tap in taps] for side in (1, 2)])
    high = (rated[1] > rated[0]).astype(int)
    each = np.arange(len(rows))
    sign = np.where(high == 0, -1.0, 1.0)  # pandapower counts how far the low side lags
    advance = numbers(rows, "alpha") - [0.0 if tap is None else tap.advance_degree for tap in taps]
    indices = create_transformers_from_parameters(
        net,
        ends[high, each],
        ends[1 - high, each],
        sn_mva,
        vn_hv_kv=neutral[high, each],
        vn_lv_kv=neutral[1 - high, each],
        vkr_percent=series.real,
        vk_percent=np.where(series.imag < 0, -1.0, 1.0) * np.abs(series),
        pfe_kw=iron.real * 1e3,
        i0_percent=np.abs(iron) / sn_mva * 100,
        shift_degree=sign * advance,
        max_loading_percent=100.0,
        name=names(rows),
        in_service=connected(rows, "1") | connected(rows, "2"),
        **_tap_columns(taps, high),
    )
    open_ends(net, rows, "t", indices, (ends[0], ends[1]))
    # side 1 has none of the leakage between itself and the magnetising branch: almost none, for it is divided by
    for leakage in ("leakage_resistance_ratio_hv", "leakage_reactance_ratio_hv"):
        net.trafo.loc[indices, leakage] = np.where(high == 0, _NONE, 1 - _NONE)
    if (capacitive := ~inductive).any():
        at_bus = shunt_mva[capacitive] * (places.vn_kv[ends[0]] / rated[0])[capacitive] ** 2
        named = [f"{name}, end 1" for name in names(rows[capacitive])]
        live = (connected(rows, "1") & connected(rows, "2"))[capacitive]
        add_admittances(net, ends[0][capacitive], at_bus, live, named)
        yield f"The capacitive admittance of {int(capacitive.sum())} transformers became shunts at their first ends."
    if unrated := int(np.isnan(mva).sum()):
        yield f"{unrated} transformers have neither a permanent limit nor a rated power."


def _side1_kv(rows: pd.DataFrame) -> NDArray[np.float64]:
    """Rated voltage of side 1 as the present ratio makes it."""
    return numbers(rows, "rated_u2") / numbers(rows, "rho")


def _factor(tap: Tap | None, side: int) -> float:
    return tap.factor if tap is not None and tap.side == side else 1.0


def _tap_columns(taps: list[Tap | None], high: NDArray[np.int64]) -> dict[str, list[object]]:
    """Pandapower's columns; a transformer without a changer has none of them filled."""
    columns: dict[str, list[object]] = {name: [] for name in _COLUMNS}
    for tap, hv in zip(taps, high.tolist(), strict=True):
        for name, value in zip(_COLUMNS, _EMPTY if tap is None else _filled(tap, hv), strict=True):
            columns[name].append(value)
    return columns


_COLUMNS = (
    "tap_side",
    "tap_neutral",
    "tap_min",
    "tap_max",
    "tap_pos",
    "tap_step_percent",
    "tap_step_degree",
    "tap_changer_type",
)
_EMPTY = (None, np.nan, np.nan, np.nan, np.nan, np.nan, np.nan, None)


def _filled(tap: Tap, hv: int) -> tuple[object, ...]:
    side = "hv" if tap.side - 1 == hv else "lv"
    shifter = tap.step_degree != 0
    degree = -tap.step_degree if shifter else np.nan  # pandapower counts the advance of the tapped side, which is 1
    percent = np.nan if shifter else tap.step_percent
    kind = "Ideal" if shifter else "Ratio"
    return side, tap.neutral, tap.lowest, tap.highest, tap.position, percent, degree, kind
