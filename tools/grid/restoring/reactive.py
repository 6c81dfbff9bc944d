"""Units at a reactive limit: they give what they can and hold no voltage, until the voltage lets them hold it again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.grid.operating_limits import POWER_TOLERANCE_MVA, VOLTAGE_TOLERANCE_PU

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from tools.grid.restoring.balance import Team


class ReactiveLimits:
    """Which buses of one island stand at a limit while it is being solved.

    The start is the set of the state before: one step moves few units to a limit or off it. At the
    end each unit holds its voltage within its range, or gives its most below that voltage, or its least above it.
    """

    def __init__(self, team: Team, inside: NDArray[np.int64], start: Mapping[int, bool]) -> None:
        self._team = team
        self._held = inside[~np.isnan(team.vm_pu[inside])]
        holds = set(self._held.tolist()) - set(self.unmoved)
        self.at: dict[int, bool] = {bus: most for bus, most in start.items() if bus in holds}
        self._freed: set[int] = set()

    @property
    def unmoved(self) -> tuple[int, ...]:
        """Buses of sources that must hold their voltage: beyond their limit there is no such state."""
        slack: list[int] = self._team.slack.tolist()
        return tuple(slack if self._team.anchored else slack[:1])

    @property
    def buses(self) -> list[int]:
        """Buses at a limit."""
        return list(self.at)

    def given_mvar(self) -> NDArray[np.float64]:
        """What the units at each of them give."""
        team = self._team
        return np.array([team.most_mvar[bus] if most else team.least_mvar[bus] for bus, most in self.at.items()])

    def free(self, vm_pu: NDArray[np.float64]) -> bool:
        """Let units hold their voltage again where the limit moves it the other way; each once, so that it ends.

        Args:
            vm_pu: Voltage of each bus of the grid.
        """
        team = self._team
        back = [
            bus
            for bus, most in self.at.items()
            if bus not in self._freed and (vm_pu[bus] - team.vm_pu[bus]) * (1 if most else -1) > VOLTAGE_TOLERANCE_PU
        ]
        for bus in back:
            del self.at[bus]
        self._freed.update(back)
        return bool(back)

    def beyond(self, given_mvar: NDArray[np.float64]) -> dict[int, bool]:
        """Buses that are beyond their range and not yet at a limit; True above it.

        Args:
            given_mvar: What the units at each bus of the grid give.
        """
        buses: NDArray[np.int64] = self._without(self.at)
        low = given_mvar[buses] < self._team.least_mvar[buses] - POWER_TOLERANCE_MVA
        high = given_mvar[buses] > self._team.most_mvar[buses] + POWER_TOLERANCE_MVA
        return {int(bus): bool(most) for bus, most in zip(buses[low | high], high[low | high], strict=True)}

    def _without(self, some: Iterable[int]) -> NDArray[np.int64]:
        return self._held[~np.isin(self._held, list(some))]
