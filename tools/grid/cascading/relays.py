"""What protection sees, how far it has run, and what acts next."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.cascading.curves import operate_time_s

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.schema.cascade import ProtectionSettings

# Relays that operate within a breaker's time of each other do not see each other's effect: they trip together.
TOGETHER_S = 0.1
# A branch that stands above its pickup before the outages has carried its load: its protection is set above that.
ABOVE_STANDING, BELOW_STANDING_PU = 1.05, 0.01


@dataclass(frozen=True)
class Settings:
    """Settings of every relay.

    Attributes:
        protection: What was asked for.
        pickup_percent: Of the rating, by rated circuit.
        undervoltage_pu: By bus of the matrix.
        load: Buses with load, which alone have undervoltage shedding.
        voltages: Whether voltages are known.
    """

    protection: ProtectionSettings
    pickup_percent: NDArray[np.float64]
    undervoltage_pu: NDArray[np.float64]
    load: NDArray[np.bool_]
    voltages: bool

    def worst_pickup_percent(self, loading_percent: NDArray[np.float64]) -> float:
        """The highest current of a rated circuit, of its pickup."""
        return float((100.0 * loading_percent / self.pickup_percent).max(initial=0.0))


@dataclass(frozen=True)
class Seen:
    """What relays see: loading by rated circuit (zero when open), angle by branch row, voltage by bus (NaN dark)."""

    loading_percent: NDArray[np.float64]
    across_degree: NDArray[np.float64]
    vm_pu: NDArray[np.float64]


@dataclass(frozen=True)
class Acting:
    """What acts after ``wait_s``: places of rated circuits, branch rows and buses."""

    wait_s: float
    circuits: NDArray[np.int64]
    rows: NDArray[np.int64]
    buses: NDArray[np.int64]


@dataclass
class Relays:
    """The state of the relays: how far each inverse-time element and each undervoltage timer has run.

    With a current that changes, an inverse-time element operates when the integral of dt / t(I) reaches one
    (IEC 60255-151, clause 5); below the pickup it resets without delay.
    """

    settings: Settings
    run: NDArray[np.float64] = field(init=False)
    timer_s: NDArray[np.float64] = field(init=False)
    fired: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self.run = np.zeros(len(self.settings.pickup_percent))
        self.timer_s = np.zeros(len(self.settings.undervoltage_pu))
        self.fired = np.zeros(len(self.settings.undervoltage_pu), dtype=np.int64)

    def next(self, seen: Seen, most_s: float) -> Acting | None:
        """What acts next if nothing else changes, all elements run on to then; None if nothing acts in time."""
        protection = self.settings.protection
        times = operate_time_s(
            seen.loading_percent / self.settings.pickup_percent, protection.curve, protection.time_multiplier
        )
        picked = np.isfinite(times)
        self.run[~picked] = 0.0
        left = np.where(picked, times * (1.0 - self.run), np.inf)
        low = self._low(seen.vm_pu)
        self.timer_s[~low] = 0.0
        left_low = np.where(low, np.maximum(protection.undervoltage_delay_s - self.timer_s, 0.0), np.inf)
        rows = np.flatnonzero(seen.across_degree > protection.out_of_step_degree)
        wait = min(left.min(initial=np.inf), left_low.min(initial=np.inf), 0.0 if len(rows) else np.inf)
        if not wait <= most_s:
            return None
        self.run[picked] += wait / times[picked]
        self.timer_s[low] += wait
        buses = np.flatnonzero(left_low <= wait + TOGETHER_S)
        self.timer_s[buses] = 0.0
        self.fired[buses] += 1
        return Acting(float(wait), np.flatnonzero(left <= wait + TOGETHER_S), rows, buses)

    def _low(self, vm_pu: NDArray[np.float64]) -> NDArray[np.bool_]:
        if not self.settings.voltages:
            return np.zeros(len(vm_pu), dtype=bool)
        settings = self.settings
        open_stages = self.fired < settings.protection.undervoltage_stages
        # NaN compares as False: a dark bus sheds nothing more
        return np.asarray(settings.load & open_stages & (vm_pu < settings.undervoltage_pu))


def pickups(
    protection: ProtectionSettings, standing_percent: NDArray[np.float64], worst_percent: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    """The pickup of each rated circuit, percent of its rating.

    Args:
        protection: What was asked for.
        standing_percent: Loading before the outages.
        worst_percent: Highest loading after any single outage; None where single outages are not to be spared.
    """
    least = standing_percent * ABOVE_STANDING
    chosen = np.where(standing_percent > protection.pickup_percent, least, protection.pickup_percent)
    return chosen if worst_percent is None else np.maximum(chosen, worst_percent * 1.01)
