"""Tap changers, as far as pandapower's one changer with equal steps can carry them.

The exchanged model gives ratio, angle and impedance for each position. pandapower has rated voltage x (1 + steps x
size) on one side, and an impedance that is constant as the other side sees it. A table of that kind is carried over
exactly, with the side that its steps are equal on; any other is fixed at its present position.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from pypowsybl.network import Network

_EQUAL = 1e-5  # of a step, within which steps count as equal; files carry some six digits


@dataclass(frozen=True)
class Tap:
    """A changer with equal steps.

    Attributes:
        side: 1 or 2, the side whose rated voltage the steps change.
        position: Present position.
        lowest: Lowest position.
        highest: Highest position.
        neutral: Position at which ratio or angle are nearest to nominal.
        step_percent: Of the rated voltage at the neutral position.
        step_degree: Advance of side 2 over side 1 a step, of a phase shifter.
    """

    side: int
    position: int
    lowest: int
    highest: int
    neutral: int
    step_percent: float = 0.0
    step_degree: float = 0.0

    @property
    def factor(self) -> float:
        """Rated voltage of the side at the present position, over that at the neutral one."""
        return 1 + (self.position - self.neutral) * self.step_percent / 100

    @property
    def advance_degree(self) -> float:
        """Advance of side 2 over side 1 by the steps taken."""
        return (self.position - self.neutral) * self.step_degree


class TapChangers:
    """The changers of two-winding transformers, by transformer.

    Attributes:
        fixed: Changers that stay at their present position.
        regulating: Changers that follow a voltage or a flow in the exchanged model, and do not here.
    """

    def __init__(self, network: Network) -> None:
        ratio, phase = network.get_ratio_tap_changers(), network.get_phase_tap_changers()
        steps = network.get_ratio_tap_changer_steps(), network.get_phase_tap_changer_steps()
        own = set(network.get_2_windings_transformers().index)
        self.regulating = int(ratio["regulating"].sum() + phase["regulating"].sum())
        self.fixed = 0
        self._taps: dict[str, Tap] = {}
        for changers, table in zip((ratio, phase), steps, strict=True):
            for key in changers.index:
                # of a transformer with both, the ratio can be moved and the angle stays
                tap = (
                    _equal(changers.loc[key], table.loc[[key]].sort_index())
                    if key in own and key not in self._taps
                    else None
                )
                if tap is not None:
                    self._taps[str(key)] = tap
                elif len(table.loc[[key]]) > 1:
                    self.fixed += 1

    def of(self, key: str) -> Tap | None:
        """The changer of a transformer; None where it has none, or one of unequal steps."""
        return self._taps.get(key)


def _equal(changer: pd.Series[str], steps: pd.DataFrame) -> Tap | None:
    """The changer as equal steps; None when they are not."""
    if len(steps) < 2:  # noqa: PLR2004 - nothing to change
        return None
    rho = steps["rho"].to_numpy(dtype=float)
    alpha = steps["alpha"].to_numpy(dtype=float) if "alpha" in steps else np.zeros(len(steps))
    impedance = 1 + steps["x"].to_numpy(dtype=float) / 100  # at side 2, as a share
    position, lowest = int(str(changer["tap"])), int(str(changer["low_tap"]))
    highest = lowest + len(steps) - 1
    if np.ptp(alpha) > 0:
        neutral, angle = int(np.abs(alpha).argmin()), _step(alpha)
        if angle is None or not _level(rho) or not _level(impedance):
            return None
        return Tap(1, position, lowest, highest, lowest + neutral, step_degree=angle)
    for side, factor, constant in ((1, 1 / rho, impedance), (2, rho, impedance / rho**2)):
        if (size := _step(factor)) is not None and _level(constant):
            neutral = int(np.abs(factor - 1).argmin())
            return Tap(side, position, lowest, highest, lowest + neutral, size / float(factor[neutral]) * 100)
    return None


def _step(values: NDArray[np.float64]) -> float | None:
    """The size of equal steps; None when they are unequal."""
    steps = np.diff(values)
    mean = float(steps.mean())
    return mean if np.abs(steps - mean).max() <= _EQUAL * abs(mean) else None


def _level(values: NDArray[np.float64]) -> bool:
    """Whether all are the same."""
    return bool(np.ptp(values) <= _EQUAL * np.abs(values).max())
