"""Which limits a plan has to relieve or to spare, and what every bus does to each, state by state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.remedies.excess import Excess, excess_after, excess_now, points_of
from tools.grid.remedies.outages import after_outage
from tools.grid.remedies.sensitivities import AcLinear, Gradients
from tools.grid.screening.reduction import POINTS_PER_PU

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.grid.remedies.levers import Lever
    from tools.grid.remedies.point import Point

# Limits with more room than this (points of loading, voltage and unit) are not watched.
NEAR_POINTS = (20.0, 2.5, 25.0)
# After an outage, from the limits with least room on.
MOST_ROWS, MOST_OUTAGES = 900, 80
# Outages that made a plan fail are watched as well, within so many times the room.
MOST_WANTED, WIDER = 20, 3.0
_NO_OUTAGE = -1


@dataclass(frozen=True)
class Rows:
    """Watched limits; the rows of all arrays belong together.

    Attributes:
        room: Points left; negative by how much the limit is exceeded.
        per_mw, per_mvar: Points that one MVA fed in at each bus adds.
        own: Bus of the unit whose power the row limits, -1 for other rows.
        own_mw, own_mvar: Points that an MVA of other feeding at that bus adds besides: the unit feeds so much less.
        outage: Circuit that is out, -1 for the state itself.
    """

    room: NDArray[np.float64]
    per_mw: NDArray[np.float64]
    per_mvar: NDArray[np.float64]
    own: NDArray[np.int64]
    own_mw: NDArray[np.float64]
    own_mvar: NDArray[np.float64]
    outage: NDArray[np.int64]

    def effect(self, levers: Sequence[Lever]) -> NDArray[np.float64]:
        """Points that one MW or step of each lever adds to each row."""
        found = np.zeros((len(self.room), len(levers)))
        for column, lever in enumerate(levers):
            for bus, fed in lever.feeds:
                found[:, column] += self.per_mw[:, bus] * fed.real + self.per_mvar[:, bus] * fed.imag
                if not lever.holds:
                    found[:, column] += (self.own == bus) * (self.own_mw * fed.real + self.own_mvar * fed.imag)
        by_unit: NDArray[np.float64] = found * np.array([lever.unit for lever in levers])
        return by_unit

    def shifted(self, taken_back: NDArray[np.float64]) -> Rows:
        """The rows after something was taken back that had added so many points."""
        return replace(self, room=self.room + taken_back)


@dataclass
class Watch:
    """Makes the rows of points; Jacobians are kept, for they change little along the way."""

    most_outages: int = MOST_OUTAGES
    _linear: dict[tuple[int, int], AcLinear] = field(default_factory=dict)
    _last: tuple[Point, Rows] | None = None
    _wanted: frozenset[int] = frozenset()

    def renew(self, wrong: Point | None = None) -> None:
        """Forget the Jacobians, for the points have moved too far from where they were made.

        Args:
            wrong: A point that turned out bad; the outages that are worst there are watched from now on.
        """
        self._linear.clear()
        self._last = None
        if wrong is not None:
            bad = [circuit for circuit, depth in wrong.depth_after.items() if depth > 0]
            self._wanted = frozenset(sorted(bad, key=lambda circuit: -wrong.depth_after[circuit])[:MOST_WANTED])

    def rows(self, point: Point, *, near: float = 1.0) -> Rows:
        """The rows of a point.

        Args:
            point: Where to look.
            near: Factor on the room within which a limit is watched.
        """
        if self._last is None or self._last[0] is not point:
            self._last = point, self._made(point, near)
        return self._last[1]

    def _made(self, point: Point, near: float) -> Rows:
        now = _state_of(excess_now(point.arrays, point.monitor), 0)
        parts = [self._of_state(point, _NO_OUTAGE, point.arrays.voltage, now, near)]
        order, after = excess_after(point.state, point.arrays, point.monitor, point.outages)
        if order:
            also = {place for place, circuit in enumerate(order) if circuit in self._wanted}
            parts += [
                self._of_state(
                    point,
                    order[place],
                    point.outages[order[place]],
                    _state_of(after, place),
                    near * (WIDER if place in also else 1.0),
                )
                for place in sorted(also.union(_tightest(after, near, self.most_outages)))
            ]
        rows = _joined(parts)
        if len(rows.room) <= MOST_ROWS:
            return rows
        kept = np.sort(np.argsort(rows.room, kind="stable")[:MOST_ROWS])
        return Rows(*(getattr(rows, name)[kept] for name in Rows.__dataclass_fields__))

    def _of_state(
        self, point: Point, circuit: int, voltage: NDArray[np.complex128], beyond: Excess, near: float
    ) -> Rows:
        monitor = point.monitor
        opened = [] if circuit == _NO_OUTAGE else point.state.opened[circuit].tolist()
        key = id(point.state), circuit
        if key not in self._linear:
            self._linear[key] = AcLinear(after_outage(point.state, point.arrays, circuit), voltage, opened)
        linear, found = self._linear[key], []
        columns = np.flatnonzero(beyond.loading > -NEAR_POINTS[0] * near)
        if len(columns):
            found.append(
                _Part(beyond.loading[columns], linear.of_currents(monitor.thermal.worst_ends(voltage, columns)))
            )
        for side, sign in ((beyond.low, -POINTS_PER_PU), (beyond.high, POINTS_PER_PU)):
            watched = np.flatnonzero(side > -NEAR_POINTS[1] * near)
            if len(watched):
                of = linear.of_magnitudes(monitor.bus_place[watched]).scaled(np.full(len(watched), sign))
                found.append(_Part(side[watched], of))
        found += _of_units(point, linear, beyond.units, near)
        return _rows(linear, found, circuit, point.arrays.base_mva)


@dataclass(frozen=True)
class _Part:
    """Watched limits of one kind in one state, in points."""

    beyond: NDArray[np.float64]
    of: Gradients
    own: NDArray[np.int64] | None = None
    own_points: NDArray[np.float64] | None = None
    reactive: bool = False


def _of_units(point: Point, linear: AcLinear, beyond: NDArray[np.float64], near: float) -> Iterator[_Part]:
    units, base_mva = point.monitor.units, point.arrays.base_mva
    for side, limit in enumerate((units.p_max, units.p_min, units.q_max, units.q_min)):
        watched = np.flatnonzero(beyond[:, side] > -NEAR_POINTS[2] * near)
        if len(watched):
            reactive, sign = side > 1, 1.0 if side % 2 == 0 else -1.0
            points = sign * points_of(limit[watched])
            of = linear.of_powers(units.bus[watched], reactive=reactive).scaled(points * base_mva)
            yield _Part(beyond[watched, side], of, units.bus[watched], -points, reactive)


def _rows(linear: AcLinear, parts: Sequence[_Part], circuit: int, base_mva: float) -> Rows:
    count = sum(len(part.beyond) for part in parts)
    own, own_mw, own_mvar = np.full(count, -1, dtype=np.int64), np.zeros(count), np.zeros(count)
    first = 0
    for part in parts:
        here = slice(first, first + len(part.beyond))
        if part.own is not None and part.own_points is not None:
            own[here] = part.own
            (own_mvar if part.reactive else own_mw)[here] = part.own_points
        first = here.stop
    size = linear.size
    by_angle, by_magnitude = (
        np.concatenate([np.empty((0, size)), *(getattr(part.of, name) for part in parts)])
        for name in ("by_angle", "by_magnitude")
    )
    per_p, per_q = linear.gains(Gradients(by_angle, by_magnitude))
    return Rows(
        room=-np.concatenate([np.empty(0), *(part.beyond for part in parts)]),
        per_mw=per_p / base_mva,
        per_mvar=per_q / base_mva,
        own=own,
        own_mw=own_mw,
        own_mvar=own_mvar,
        outage=np.full(count, circuit, dtype=np.int64),
    )


def _joined(parts: Sequence[Rows]) -> Rows:
    return Rows(*(np.concatenate([getattr(part, name) for part in parts]) for name in Rows.__dataclass_fields__))


def _state_of(every: Excess, place: int) -> Excess:
    return Excess(every.loading[place], every.low[place], every.high[place], every.units[place])


def _tightest(after: Excess, near: float, most: int) -> list[int]:
    """Places of the states with least room, each relative to what counts as near."""
    worst = np.stack(
        [
            (part.reshape(len(part), -1).max(axis=1) / within if part[0].size else np.full(len(part), -np.inf))
            for part, within in zip(
                (after.loading, np.maximum(after.low, after.high), after.units), NEAR_POINTS, strict=True
            )
        ]
    ).max(axis=0)
    order = np.argsort(-worst, kind="stable")[:most]
    return sorted(int(place) for place in order if worst[place] > -near)
