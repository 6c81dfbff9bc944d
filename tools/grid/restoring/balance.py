"""Who feeds one island, and how its units share what it draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.element import ElementRef
    from tools.grid.cascading.flows import Island
    from tools.grid.restoring.status import Status
    from tools.grid.restoring.subject import Subject


@dataclass(frozen=True)
class Team:
    """The sources of one island; arrays are by bus of the matrix, over the whole grid.

    Attributes:
        reference: Who holds the angle.
        anchored: A source without limit, or a live part, takes the rest; else all units share it.
        slack: Buses that take the rest.
        least_mw, planned_mw, most_mw: Sums of the units' least outputs, set-points in the model and most, at each bus.
        least_mvar, most_mvar: Reactive range of the units at each bus.
        vm_pu: Voltage that they hold; NaN where there is none.
        capacity_mw: Of all sources; infinite where one has no limit.
        minimum_mw: Least output of the units that need load to run, sources not counted.
    """

    reference: ElementRef
    anchored: bool
    slack: NDArray[np.int64]
    least_mw: NDArray[np.float64]
    planned_mw: NDArray[np.float64]
    most_mw: NDArray[np.float64]
    least_mvar: NDArray[np.float64]
    most_mvar: NDArray[np.float64]
    vm_pu: NDArray[np.float64]
    capacity_mw: float
    minimum_mw: float

    def base_mw(self, share: float) -> NDArray[np.float64]:
        """Where the range that a share falls into begins, at each bus."""
        return self.planned_mw if share > 1 else self.least_mw

    def room_mw(self, share: float) -> NDArray[np.float64]:
        """How wide that range is."""
        return self.most_mw - self.planned_mw if share > 1 else self.planned_mw - self.least_mw

    def output_mw(self, share: float) -> NDArray[np.float64]:
        """What the units give at each bus."""
        return self.base_mw(share) + (share - 1.0 if share > 1 else share) * self.room_mw(share)

    def share(self, wanted_mw: float) -> float:
        """Where all units stand to give so much together: 0 at least, 1 at their set-points, 2 at most; not below 0."""
        least, planned, most = (float(one.sum()) for one in (self.least_mw, self.planned_mw, self.most_mw))
        if wanted_mw <= planned:
            return max((wanted_mw - least) / (planned - least), 0.0) if planned > least else 1.0
        return 1.0 + (wanted_mw - planned) / (most - planned) if most > planned else 1.0


def team_of(subject: Subject, status: Status, island: Island, start_pu: float) -> Team | None:
    """The sources of an island; None where it has none."""
    live = subject.live
    inside = set(island.buses.tolist())
    units = [at for at in sorted(status.online) if subject.units[at].bus in inside]
    anchors = [(one.ref, one.bus) for one in live.anchors if one.bus in inside]
    unlimited = [at for at in units if subject.units[at].unlimited]
    anchors += [(subject.units[at].ref, subject.units[at].bus) for at in unlimited]
    sources = sorted((at for at in units if at in subject.first), key=lambda at: -subject.units[at].most_mw)
    if not anchors and not sources:
        return None
    size = len(status.lit)
    least, planned, most, low, high = (np.zeros(size) for _ in range(5))
    vm = np.full(size, np.nan)
    for at in units:
        unit = subject.units[at]
        # a neighbour holds its own voltage
        vm[unit.bus] = unit.vm_pu if at in status.raised or unit.unlimited else start_pu
        low[unit.bus] += unit.least_mvar
        high[unit.bus] += unit.most_mvar
        if not unit.unlimited:
            # who starts without the grid runs without load as well
            floor = 0.0 if at in subject.first else unit.least_mw
            least[unit.bus] += floor
            planned[unit.bus] += unit.planned_mw
            most[unit.bus] += unit.most_mw
    lead = anchors[0] if anchors else (subject.units[sources[0]].ref, subject.units[sources[0]].bus)
    if anchors:
        slack = np.array(sorted({bus for _, bus in anchors}), dtype=np.int64)
    else:
        others = [bus for bus in np.flatnonzero(most > least).tolist() if bus != lead[1]]
        slack = np.array([lead[1], *others], dtype=np.int64)
    own = sum(subject.units[at].most_mw for at in units)
    has_live = any(one.bus in inside for one in live.anchors)
    return Team(
        reference=lead[0],
        anchored=bool(anchors),
        slack=slack,
        least_mw=least,
        planned_mw=planned,
        most_mw=most,
        least_mvar=low,
        most_mvar=high,
        vm_pu=vm,
        capacity_mw=own + (live.capacity_mw if has_live else 0.0),
        minimum_mw=float(least.sum()),
    )
