"""The quasi-steady frequency of an island: droop within unit limits, and what load does with the frequency.

Every governed unit answers with its droop, P = P_ref - df / (f0 * droop) * P_rated, and stops at its limits (ENTSO-E's
parameters of primary control; Kundur, Power System Stability and Control, 1994, section 11.1); load follows
the frequency by its damping. The sum of both has exactly one zero, found to rounding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.errors import InvalidArgumentError
from tools.grid.schema.cascade import FrequencySettings, SheddingStage

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Continental Europe's scheme: begins at 49.0 Hz with at least 5 percent, ends at 48.0 Hz, 45 percent in total,
# at least six stages of at most 10 percent each (Commission Regulation (EU) 2017/2196, annex); of 50 Hz.
_EUROPEAN = ((0.980, 5.0), (0.976, 8.0), (0.972, 8.0), (0.968, 8.0), (0.964, 8.0), (0.960, 8.0))
# 47.5 and 51.5 Hz, beyond which units need not stay connected (Commission Regulation (EU) 2016/631, article 13).
_LOWEST, _HIGHEST = 0.95, 1.03
# A frequency further away than this share of nominal has no meaning in these linear terms: there is no balance.
FARTHEST = 0.2
# What counts as balanced, as a share of the load; and as the same frequency.
SAME_MW, _SAME_HZ = 1e-11, 1e-9
_MOST_ROUNDS = 200


@dataclass(frozen=True)
class Control:
    """What balances the islands of a grid.

    Attributes:
        nominal_hz: Nominal frequency.
        droop: Share of nominal frequency that moves a unit by its rated power.
        damping: Percent of load per percent of frequency.
        stages: Of under-frequency load shedding, falling.
        lowest_hz, highest_hz: Frequencies that units stay connected between.
    """

    nominal_hz: float
    droop: float
    damping: float
    stages: tuple[SheddingStage, ...]
    lowest_hz: float
    highest_hz: float

    def gain_mw_per_hz(self, rated_mw: NDArray[np.float64]) -> NDArray[np.float64]:
        """What each unit gives more for each Hz that is missing."""
        return rated_mw / (self.droop * self.nominal_hz)


def control(settings: FrequencySettings, nominal_hz: float) -> Control:
    """The settings on a grid's nominal frequency.

    Raises:
        InvalidArgumentError: for stages that do not fall, or frequencies that leave the range of these equations.
    """
    stages = settings.stages or tuple(
        SheddingStage(frequency_hz=round(share * nominal_hz, 6), shed_percent=percent) for share, percent in _EUROPEAN
    )
    lowest, highest = settings.lowest_hz or _LOWEST * nominal_hz, settings.highest_hz or _HIGHEST * nominal_hz
    if not (1 - FARTHEST) * nominal_hz < lowest < nominal_hz < highest < (1 + FARTHEST) * nominal_hz:
        raise InvalidArgumentError(
            f"frequency: lowest_hz {lowest:g} and highest_hz {highest:g} must lie on both sides of the nominal "
            f"{nominal_hz:g} Hz, less than {FARTHEST:.0%} away from it"
        )
    levels = [stage.frequency_hz for stage in stages]
    if levels != sorted(set(levels), reverse=True) or not all(lowest <= level < nominal_hz for level in levels):
        raise InvalidArgumentError(
            f"frequency.stages: the frequencies must fall from stage to stage, between {lowest:g} and {nominal_hz:g} Hz"
        )
    return Control(
        nominal_hz=nominal_hz,
        droop=settings.droop_percent / 100.0,
        damping=settings.load_damping_percent,
        stages=stages,
        lowest_hz=lowest,
        highest_hz=highest,
    )


@dataclass(frozen=True)
class Balance:
    """An island's balance.

    Attributes:
        deviation_hz: From nominal frequency.
        p_mw: Output of its units.
        free: Units between their limits, which take what the flow still asks for.
    """

    deviation_hz: float
    p_mw: NDArray[np.float64]
    free: NDArray[np.bool_]


@dataclass(frozen=True)
class Machines:
    """The units of an island, as ``Plant`` has them."""

    p_mw: NDArray[np.float64]
    min_p_mw: NDArray[np.float64]
    max_p_mw: NDArray[np.float64]
    gain_mw_per_hz: NDArray[np.float64]


def balance(machines: Machines, load_mw: float, other_mw: float, by: Control) -> Balance:
    """The frequency at which units give what is asked for.

    Args:
        machines: The units.
        load_mw: Load at nominal frequency.
        other_mw: Losses less static feed-in, which do not follow the frequency.
        by: What balances.

    Returns:
        The balance; where no frequency balances the island, the farthest one on the side of the shortage.
    """
    slope_load = by.damping * load_mw / by.nominal_hz
    farthest = FARTHEST * by.nominal_hz
    close = SAME_MW * max(abs(load_mw), abs(other_mw), 1.0)

    def surplus_mw(deviation: float) -> tuple[float, NDArray[np.bool_]]:
        wanted = machines.p_mw - machines.gain_mw_per_hz * deviation
        given = np.minimum(np.maximum(wanted, machines.min_p_mw), machines.max_p_mw)
        return float(given.sum()) - load_mw - slope_load * deviation - other_mw, given == wanted

    deviation, low, high = 0.0, -farthest, farthest
    for _ in range(_MOST_ROUNDS):
        surplus, inside = surplus_mw(deviation)
        if abs(surplus) <= close:
            break
        low, high = (deviation, high) if surplus > 0 else (low, deviation)
        slope = float(machines.gain_mw_per_hz[inside].sum()) + slope_load
        # nothing gives way here: the answer is at the far end, or behind a limit on the way there
        step = deviation + surplus / slope if slope > 0 else np.copysign(np.inf, surplus)
        following = step if low < step < high else (low + high) / 2
        if high - low < _SAME_HZ:
            break
        deviation = following
    wanted = machines.p_mw - machines.gain_mw_per_hz * deviation
    free = (wanted > machines.min_p_mw) & (wanted < machines.max_p_mw) & (machines.gain_mw_per_hz > 0)
    return Balance(deviation, np.clip(wanted, machines.min_p_mw, machines.max_p_mw), free)
