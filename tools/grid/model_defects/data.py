"""Values of a grid model that are missing, contradictory or impossible; no power flow is needed to see them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tools.element import ElementKind
from tools.grid.elements import table, text_of
from tools.grid.model_defects.build import Key
from tools.grid.model_defects.values import impossible_values, numbers, unknown_buses

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

_LIMIT_PAIRS: Mapping[ElementKind, tuple[tuple[str, str], ...]] = {
    ElementKind.BUS: (("min_vm_pu", "max_vm_pu"),),
    ElementKind.GEN: (("min_p_mw", "max_p_mw"), ("min_q_mvar", "max_q_mvar")),
    ElementKind.EXT_GRID: (("min_p_mw", "max_p_mw"), ("min_q_mvar", "max_q_mvar")),
    ElementKind.TRAFO: (("tap_min", "tap_max"),),
}
_RATINGS: Mapping[ElementKind, tuple[str, ...]] = {
    ElementKind.LINE: ("max_i_ka", "df"),
    ElementKind.TRAFO: ("df", "max_loading_percent"),
}
_ZERO_OHM = 1e-6  # below a millionth of an ohm a branch is a conductor without length


def invalid(net: pandapowerNet) -> Iterator[Key]:
    """Elements with a value that cannot be: missing where an equation needs it, negative, or limits that cross."""
    for wrong in (*unknown_buses(net), *impossible_values(net)):
        yield wrong.kind, wrong.index
    for kind, columns in _RATINGS.items():
        rows = table(net, kind)
        for column in columns if len(rows) else ():
            yield from _keys(kind, rows, numbers(rows, column) < 0)
    for kind, pairs in _LIMIT_PAIRS.items():
        rows = table(net, kind)
        for low, high in pairs if len(rows) else ():
            yield from _keys(kind, rows, numbers(rows, low) > numbers(rows, high))


def zero_impedance(net: pandapowerNet) -> Iterator[Key]:
    """Lines, transformers and impedances without impedance."""
    line = net.line
    ohm = np.hypot(numbers(line, "r_ohm_per_km"), numbers(line, "x_ohm_per_km")) * numbers(line, "length_km")
    yield from _keys(ElementKind.LINE, line, ohm < _ZERO_OHM)
    trafo = net.trafo
    trafo_ohm = numbers(trafo, "vk_percent").abs() / 100 * numbers(trafo, "vn_hv_kv") ** 2 / numbers(trafo, "sn_mva")
    yield from _keys(ElementKind.TRAFO, trafo, trafo_ohm < _ZERO_OHM)
    impedance = net.impedance
    yield from _keys(
        ElementKind.IMPEDANCE, impedance, (numbers(impedance, "rft_pu") == 0) & (numbers(impedance, "xft_pu") == 0)
    )


def missing_tap_range(net: pandapowerNet) -> Iterator[Key]:
    """Transformers with a tap changer whose lowest or highest position is not given."""
    trafo = net.trafo
    no_range = numbers(trafo, "tap_min").isna() | numbers(trafo, "tap_max").isna()
    yield from _keys(ElementKind.TRAFO, trafo, has_taps(net) & no_range)


def has_taps(net: pandapowerNet) -> pd.Series[bool]:
    """Which transformers have a tap changer: a step other than zero."""
    steps = [numbers(net.trafo, name).fillna(0.0) for name in ("tap_step_percent", "tap_step_degree")]
    found: pd.Series[bool] = (steps[0] != 0) | (steps[1] != 0)
    return found


def missing_voltage_limit(net: pandapowerNet) -> Iterator[Key]:
    """Buses without a lower or an upper voltage limit of their own."""
    bus = net.bus
    lacks = ~np.isfinite(numbers(bus, "min_vm_pu")) | ~np.isfinite(numbers(bus, "max_vm_pu"))
    yield from _keys(ElementKind.BUS, bus, lacks)


def missing_unit_limit(net: pandapowerNet) -> Iterator[Key]:
    """Units and external grids for which one of the four limits of output is not given."""
    for kind in (ElementKind.GEN, ElementKind.EXT_GRID):
        rows = table(net, kind)
        if len(rows):
            limits = [numbers(rows, name) for pair in _LIMIT_PAIRS[kind] for name in pair]
            yield from _keys(kind, rows, ~np.isfinite(pd.concat(limits, axis=1)).all(axis=1))


def duplicate_names(net: pandapowerNet) -> Iterator[Key]:
    """Elements that share their name with another of the same kind."""
    for kind in ElementKind:
        rows = table(net, kind)
        if "name" in rows:
            names = rows["name"].map(text_of)
            often = Counter(name.casefold() for name in names if name)
            yield from _keys(kind, rows, names.map(lambda name, often=often: often[name.casefold()] > 1))


def _keys(
    kind: ElementKind, rows: pd.DataFrame, wrong: pd.Series[bool] | NDArray[np.bool_] | np.bool_
) -> Iterator[Key]:
    for index in rows.index[np.asarray(wrong, dtype=bool)]:
        yield kind, int(index)
