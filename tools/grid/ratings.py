"""Which branch ratings are real: a placeholder makes every loading that is read against it meaningless.

A rating is a placeholder when it is

* missing: NaN, infinite, zero or negative;
* a fill value, in kA, A, MVA or kVA: nothing but nines, or 9900. Programs that know no rating write 9999 or 99999;
  MATPOWER's older cases write 9900 MVA, pandapower's converter 99999 kA (and 99999 kVA before version 2);
* beyond what is built at its voltage: see ``MAX_LINE_KA`` and ``MAX_BRANCH_MVA``.

Equal ratings on all branches alone are no sign: real distribution grids have one cable type.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tools.element import ElementKind

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

RATED_KINDS = (ElementKind.LINE, ElementKind.TRAFO, ElementKind.TRAFO3W)
"""Branches that pandapower has a rating for; impedances and DC lines have none."""

# The strongest lines in service (1000 to 1200 kV) carry 4 to 8 kA; equivalents of several parallel circuits, as in
# reduced models of a country, reach some 10 kA. Below 60 kV a single circuit stays under 5 kA.
MAX_LINE_KA = {60.0: 10.0, np.inf: 20.0}
# 1200 kV double circuits carry some 8000 MVA, the largest transformer banks 3000 MVA.
MAX_BRANCH_MVA = 9000.0
NO_RATING_MVA = 99_999.0
"""What imports write where a transformer needs a rated power and none is known, as pandapower's converter does."""
_PER_UNIT_KV = 1.0
_FILLS = (999.0, 9900.0, 9999.0, NO_RATING_MVA, 999_999.0, 9_999_999.0)


def branch_ratings_mva(net: pandapowerNet, kind: ElementKind) -> pd.Series[float]:
    """Rated apparent power of the branches of a kind, parallel systems included; NaN where missing.

    For lines at nominal voltage of the from bus; for three-winding transformers of the weakest winding.
    """
    rows: pd.DataFrame = net[kind.value]
    if kind is ElementKind.LINE:
        mva = np.sqrt(3) * rows["max_i_ka"].astype(float) * _line_vn_kv(net) * _column(rows, "df", 1.0)
    elif kind is ElementKind.TRAFO:
        mva = rows["sn_mva"].astype(float) * _column(rows, "df", 1.0)
    else:
        weakest: pd.Series[float] = (
            rows[["sn_hv_mva", "sn_mv_mva", "sn_lv_mva"]].astype(float).min(axis=1, skipna=False)
        )
        return weakest
    rating: pd.Series[float] = mva * _column(rows, "parallel", 1.0)
    return rating


def missing_ratings(net: pandapowerNet) -> frozenset[tuple[ElementKind, int]]:
    """Branches whose rating is absent: NaN, infinite, zero or negative."""
    return frozenset(
        (kind, int(index))
        for kind in RATED_KINDS
        if len(net[kind.value])
        for index, mva in zip(net[kind.value].index, branch_ratings_mva(net, kind), strict=True)
        if not (np.isfinite(mva) and mva > 0)
    )


def placeholder_branches(net: pandapowerNet) -> frozenset[tuple[ElementKind, int]]:
    """Branches, in service or not, whose loading must not be read: see the rule at the top of this file."""
    found = set(missing_ratings(net))
    for kind in RATED_KINDS:
        rows: pd.DataFrame = net[kind.value]
        if len(rows):
            mva = branch_ratings_mva(net, kind).to_numpy(dtype=float)
            bad = (mva > MAX_BRANCH_MVA) | _is_fill(mva) | _nominal_is_placeholder(net, kind)
            found |= {(kind, int(index)) for index in rows.index[bad]}
    return frozenset(found)


def loading_meaningful(net: pandapowerNet) -> bool:
    """Whether at least one rated branch in service has a real rating."""
    placeholders = placeholder_branches(net)
    return any(
        (kind, int(index)) not in placeholders
        for kind in RATED_KINDS
        for index in net[kind.value].index[net[kind.value]["in_service"].astype(bool)]
    )


def _nominal_is_placeholder(net: pandapowerNet, kind: ElementKind) -> NDArray[np.bool_]:
    """The check of the value as it was typed, per system and before derating."""
    rows: pd.DataFrame = net[kind.value]
    if kind is ElementKind.LINE:
        ka = rows["max_i_ka"].to_numpy(dtype=float)
        vn_kv = _line_vn_kv(net).to_numpy()
        most = np.select([vn_kv < edge for edge in MAX_LINE_KA], list(MAX_LINE_KA.values()))
        # per-unit cases write 1 kV for every bus: their ratings in MVA may be real, their currents never are
        too_strong: NDArray[np.bool_] = (ka > most) & (vn_kv != _PER_UNIT_KV)
        return _is_fill(ka) | too_strong
    if kind is ElementKind.TRAFO:
        return _is_fill(rows["sn_mva"].to_numpy(dtype=float))
    columns = [_is_fill(rows[f"sn_{side}_mva"].to_numpy(dtype=float)) for side in ("hv", "mv", "lv")]
    return columns[0] | columns[1] | columns[2]


def _is_fill(values: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Whether a number is one of the fill values, as given or a thousand times smaller."""
    scaled = np.multiply.outer(values, (1.0, 1e3))
    found: NDArray[np.bool_] = np.isclose(scaled[..., None], _FILLS, rtol=1e-9, atol=0.0).any(axis=(1, 2))
    return found


def _line_vn_kv(net: pandapowerNet) -> pd.Series[float]:
    """Nominal voltage of each line's from bus; NaN where the bus is missing."""
    rows: pd.DataFrame = net["line"]
    return rows["from_bus"].map(net["bus"]["vn_kv"]).astype(float)


def _column(rows: pd.DataFrame, name: str, default: float) -> pd.Series[float]:
    """A column that older or hand-made networks may lack or leave empty."""
    if name not in rows:
        return pd.Series(default, index=rows.index)
    return rows[name].astype(float).fillna(default)
