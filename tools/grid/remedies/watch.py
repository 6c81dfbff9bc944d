"""Which limits a plan has to relieve or to spare, in the state and after which outages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.remedies.collapse import collapse_rows
from tools.grid.remedies.excess import Excess, excess_after, excess_now
from tools.grid.remedies.outages import after_outage
from tools.grid.remedies.rows import NO_OUTAGE, Rows, Watched, joined, limit_rows
from tools.grid.remedies.sensitivities import AcLinear

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.element import ElementRef
    from tools.grid.remedies.point import Point

# Limits with more room than this (points of loading, low and high voltage, and unit) are not watched.
NEAR_POINTS = (20.0, 2.5, 2.5, 25.0)
# After an outage, from the limits with least room on; of one limit after the outages that leave it least, for what
# helps after these helps after the others.
MOST_ROWS, MOST_OUTAGES, PER_LIMIT = 900, 80, 6
# Limits that made plans fail are watched from then on, so many at most.
MOST_WANTED = 600


@dataclass
class Watch:
    """Makes the rows of points; Jacobians are kept, for they change little along the way."""

    most_outages: int = MOST_OUTAGES
    _linear: dict[tuple[int, int], AcLinear] = field(default_factory=dict)
    _last: tuple[Point, Rows] | None = None
    _wanted: dict[int, set[int]] = field(default_factory=dict)
    _refs: tuple[ElementRef, ...] = ()

    def renew(self, wrong: Point | None = None) -> bool:
        """Forget the Jacobians, for the points have moved too far from where they were made.

        Args:
            wrong: A point that turned out bad; the limits that are exceeded there are watched from now on.

        Returns:
            Whether these are limits that were not watched so far.
        """
        self._linear.clear()
        self._last = None
        return wrong is not None and self._want(wrong)

    def _want(self, wrong: Point) -> bool:
        before = sum(map(len, self._wanted.values()))
        circuits, beyond = _states(wrong)
        flat = beyond.flat
        places, limits = np.nonzero((flat > 0) & _tightest(flat, PER_LIMIT))
        for worst in np.argsort(-flat[places, limits], kind="stable")[:MOST_WANTED].tolist():
            self._wanted.setdefault(circuits[places[worst]], set()).add(int(limits[worst]))
        return sum(map(len, self._wanted.values())) > before

    def rows(self, point: Point) -> Rows:
        """The rows of a point."""
        if self._last is None or self._last[0] is not point:
            self._last = point, self._made(point)
        return self._last[1]

    def _made(self, point: Point) -> Rows:
        if point.state.refs != self._refs:
            # with other branches in service the places of limits are others
            self._wanted.clear()
            self._refs = point.state.refs
        circuits, beyond = _states(point)
        flat, kinds = beyond.flat, beyond.kinds
        near = np.array(NEAR_POINTS)[kinds]
        chosen = (flat > -near) & _tightest(flat, PER_LIMIT)
        chosen[0] = flat[0] > -near[0]
        wanted = np.zeros(len(circuits), dtype=bool)
        for place, circuit in enumerate(circuits):
            if also := sorted(self._wanted.get(circuit, ())):
                chosen[place, also] = np.isfinite(flat[place, also])
                wanted[place] = True
        parts = []
        for place in self._places(np.where(chosen, flat / near, -np.inf).max(axis=1), wanted):
            circuit = circuits[place]
            voltage = point.arrays.voltage if circuit == NO_OUTAGE else point.outages[circuit]
            linear = self._linear_of(point, circuit, voltage)
            watched = Watched(flat[place], kinds, np.flatnonzero(chosen[place]))
            parts.append(limit_rows(point, linear, voltage, circuit, watched))
        parts += collapse_rows(point)
        rows = joined(parts)
        if len(rows.room) <= MOST_ROWS:
            return rows
        kept = np.sort(np.argsort(rows.room, kind="stable")[:MOST_ROWS])
        return Rows(*(getattr(rows, name)[kept] for name in Rows.__dataclass_fields__))

    def _places(self, tightness: NDArray[np.float64], wanted: NDArray[np.bool_]) -> list[int]:
        """The state itself, and the outages that leave least room."""
        order = np.lexsort((-tightness, ~wanted))
        outages = [int(place) for place in order if place and np.isfinite(tightness[place])]
        return [0, *sorted(outages[: self.most_outages])]

    def _linear_of(self, point: Point, circuit: int, voltage: NDArray[np.complex128]) -> AcLinear:
        key = id(point.state), circuit
        if key not in self._linear:
            opened = [] if circuit == NO_OUTAGE else point.state.opened[circuit].tolist()
            self._linear[key] = AcLinear(after_outage(point.state, point.arrays, circuit), voltage, opened)
        return self._linear[key]


def _states(point: Point) -> tuple[list[int], Excess]:
    """The state itself and each outage that was solved, and what is exceeded there."""
    order, after = excess_after(point.state, point.arrays, point.monitor, point.outages)
    now = excess_now(point.arrays, point.monitor)
    both = (np.concatenate((getattr(now, name), getattr(after, name))) for name in Excess.__dataclass_fields__)
    return [NO_OUTAGE, *order], Excess(*both)


def _tightest(flat: NDArray[np.float64], most: int) -> NDArray[np.bool_]:
    """Of each limit the states in which it has least room."""
    if len(flat) <= most:
        return np.ones(flat.shape, dtype=bool)
    least: NDArray[np.float64] = np.partition(flat, -most, axis=0)[-most]
    tight: NDArray[np.bool_] = flat >= least
    return tight
