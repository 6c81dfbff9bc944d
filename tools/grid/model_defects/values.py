"""Values without which a power flow has no equation: missing, impossible, or naming a bus that does not exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tools.element import ElementKind
from tools.grid.elements import table

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

# Columns that name the buses of an element.
BUS_COLUMNS: Mapping[ElementKind, tuple[str, ...]] = {
    ElementKind.LINE: ("from_bus", "to_bus"),
    ElementKind.TRAFO: ("hv_bus", "lv_bus"),
    ElementKind.TRAFO3W: ("hv_bus", "mv_bus", "lv_bus"),
    ElementKind.IMPEDANCE: ("from_bus", "to_bus"),
    ElementKind.DCLINE: ("from_bus", "to_bus"),
} | dict.fromkeys(
    (
        ElementKind.SWITCH,
        ElementKind.LOAD,
        ElementKind.GEN,
        ElementKind.SGEN,
        ElementKind.EXT_GRID,
        ElementKind.SHUNT,
        ElementKind.STORAGE,
        ElementKind.WARD,
        ElementKind.XWARD,
        ElementKind.MOTOR,
    ),
    ("bus",),
)
# "positive" must be above zero as well, "any" may be negative: series capacitors and equivalents have negative
# reactances.
_POSITIVE: Mapping[ElementKind, tuple[str, ...]] = {
    ElementKind.BUS: ("vn_kv",),
    ElementKind.LINE: ("length_km", "parallel"),
    ElementKind.TRAFO: ("sn_mva", "vn_hv_kv", "vn_lv_kv", "parallel"),
    ElementKind.TRAFO3W: ("sn_hv_mva", "sn_mv_mva", "sn_lv_mva", "vn_hv_kv", "vn_mv_kv", "vn_lv_kv"),
    ElementKind.GEN: ("vm_pu",),
    ElementKind.EXT_GRID: ("vm_pu",),
}
_ANY: Mapping[ElementKind, tuple[str, ...]] = {
    ElementKind.LINE: ("r_ohm_per_km", "x_ohm_per_km", "c_nf_per_km"),
    ElementKind.TRAFO: ("vk_percent", "vkr_percent", "pfe_kw", "i0_percent", "shift_degree"),
    ElementKind.IMPEDANCE: ("rft_pu", "xft_pu", "sn_mva"),
    ElementKind.LOAD: ("p_mw", "q_mvar", "scaling"),
    ElementKind.SGEN: ("p_mw", "q_mvar", "scaling"),
    ElementKind.GEN: ("p_mw",),
    ElementKind.SHUNT: ("p_mw", "q_mvar"),
}
# Columns that are all zero in a branch without impedance.
_SERIES: Mapping[ElementKind, tuple[str, ...]] = {
    ElementKind.LINE: ("r_ohm_per_km", "x_ohm_per_km"),
    ElementKind.TRAFO: ("vk_percent",),
    ElementKind.IMPEDANCE: ("rft_pu", "xft_pu"),
}


@dataclass(frozen=True)
class WrongValue:
    """A value that cannot be.

    Attributes:
        kind, index: The element.
        columns: Where it stands: several columns that are wrong together.
        value: What stands there.
        right: What would be right.
    """

    kind: ElementKind
    index: int
    columns: tuple[str, ...]
    value: object
    right: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.index} has {' and '.join(self.columns)} = {self.value}, right would be {self.right}"


def numbers(rows: pd.DataFrame, column: str) -> pd.Series[float]:
    """A column as floats; NaN where the column or the value is missing."""
    if column not in rows:
        return pd.Series(np.nan, index=rows.index, dtype=float)
    return pd.to_numeric(rows[column], errors="coerce").astype(float)


def unknown_buses(net: pandapowerNet) -> Iterator[WrongValue]:
    """Elements that name a bus which the model does not have."""
    for kind, columns in BUS_COLUMNS.items():
        rows = table(net, kind)
        for column in columns if len(rows) else ():
            yield from _wrong(kind, rows, (column,), ~rows[column].isin(net.bus.index), "a bus of the model")


def impossible_values(net: pandapowerNet) -> Iterator[WrongValue]:
    """Values that are missing where an equation needs them, or not above zero where they must be."""
    for columns, right in ((_POSITIVE, "a number above zero"), (_ANY, "a number")):
        for kind, names in columns.items():
            rows = table(net, kind)
            for column in names if len(rows) else ():
                values = numbers(rows, column)
                wrong = ~np.isfinite(values) | ((values <= 0) & (columns is _POSITIVE))
                yield from _wrong(kind, rows, (column,), wrong, right)


def no_impedance(net: pandapowerNet) -> Iterator[WrongValue]:
    """Branches whose series impedance is exactly zero: what flows through them has no equation."""
    for kind, columns in _SERIES.items():
        rows = table(net, kind)
        if len(rows):
            zero = np.all([numbers(rows, column) == 0 for column in columns], axis=0)
            yield from _wrong(kind, rows, columns, zero, "its impedance, or a closed switch between its buses")


def _wrong(
    kind: ElementKind,
    rows: pd.DataFrame,
    columns: tuple[str, ...],
    wrong: pd.Series[bool] | NDArray[np.bool_],
    right: str,
) -> Iterator[WrongValue]:
    for index in rows.index[np.asarray(wrong, dtype=bool)]:
        value = rows.at[index, columns[0]] if columns[0] in rows else "missing"
        yield WrongValue(kind, int(index), columns, value, right)
