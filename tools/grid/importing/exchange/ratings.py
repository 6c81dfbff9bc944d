"""Permanent limits of branches, in MVA."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from pypowsybl.network import Network

_PERMANENT = -1  # acceptable duration, seconds
_SIDES = ("ONE", "TWO", "THREE")
_ABSENT = 1e300  # exchanged files write the largest number of their machine for "no limit"


class Ratings:
    """What each branch may carry for ever, and what was left out."""

    def __init__(self, network: Network) -> None:
        table = network.get_operational_limits().reset_index()
        usable = table["type"].isin(["CURRENT", "APPARENT_POWER"]) & (table["value"] < _ABSENT)
        permanent = table[usable & (table["acceptable_duration"] == _PERMANENT)]
        self._limits: dict[tuple[str, str, str], float] = {}
        for key, side, kind, value in permanent[["element_id", "side", "type", "value"]].itertuples(index=False):
            place = (str(key), "ONE" if side == "NONE" else str(side), str(kind))
            self._limits[place] = min(float(value), self._limits.get(place, np.inf))
        self.left_out = int((table["value"] < _ABSENT).sum()) - len(permanent)

    def mva(self, rows: pd.DataFrame, vn_kv: NDArray[np.float64], side: int) -> NDArray[np.float64]:
        """Rated apparent power at one side (0, 1, 2), NaN where there is none.

        Args:
            rows: Branches by identifier.
            vn_kv: Voltage at which a current limit is read, by row.
            side: Which end.
        """
        found = [self._mva(str(key), _SIDES[side], kv) for key, kv in zip(rows.index, vn_kv.tolist(), strict=True)]
        return np.array(found, dtype=float)

    def _mva(self, key: str, side: str, vn_kv: float) -> float:
        amperes = self._limits.get((key, side, "CURRENT"), np.inf)
        power = self._limits.get((key, side, "APPARENT_POWER"), np.inf)
        least = min(np.sqrt(3) * vn_kv * amperes / 1e3, power)
        return float(least) if np.isfinite(least) else np.nan


def least(*ratings: NDArray[np.float64]) -> NDArray[np.float64]:
    """The smallest of several ratings of the same branches; NaN where none is known."""
    stacked = np.where(np.isnan(ratings), np.inf, ratings).min(axis=0)
    known: NDArray[np.float64] = np.where(np.isfinite(stacked), stacked, np.nan)
    return known
