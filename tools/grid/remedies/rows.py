"""Watched limits as rows of a linear programme: the room of each, and what power fed in at every bus takes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.remedies.excess import points_of
from tools.grid.remedies.sensitivities import AcLinear, Gradients
from tools.grid.screening.reduction import POINTS_PER_PU

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.grid.remedies.levers import Lever
    from tools.grid.remedies.point import Point

NO_OUTAGE = -1
"""In place of a circuit: the state itself."""


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

    def feeding(self, mva: NDArray[np.complex128]) -> NDArray[np.float64]:
        """Points that powers fed in at all buses add to each row."""
        own = np.where(self.own >= 0, mva[self.own], 0.0)
        through: NDArray[np.float64] = self.per_mw @ mva.real + self.per_mvar @ mva.imag
        at_own: NDArray[np.float64] = self.own_mw * own.real + self.own_mvar * own.imag
        return through + at_own

    def only(self, row: int, factor: float, room: float) -> Rows:
        """One row in other points, with another room."""
        one = Rows(*(getattr(self, name)[row : row + 1] for name in Rows.__dataclass_fields__))
        scaled = {name: factor * getattr(one, name) for name in ("per_mw", "per_mvar", "own_mw", "own_mvar")}
        return replace(one, room=np.array([room]), **scaled)

    def shifted(self, taken_back: NDArray[np.float64]) -> Rows:
        """The rows after something was taken back that had added so many points."""
        return replace(self, room=self.room + taken_back)


@dataclass(frozen=True)
class Part:
    """Limits of one kind in one state.

    Attributes:
        beyond: Points by which each is exceeded; negative is room.
        of: Gradients in points.
        own, own_points, reactive: Of the limits of units the bus, the points of an MVA, and which power.
    """

    beyond: NDArray[np.float64]
    of: Gradients
    own: NDArray[np.int64] | None = None
    own_points: NDArray[np.float64] | None = None
    reactive: bool = False


@dataclass(frozen=True)
class Watched:
    """The limits of one state that are watched.

    Attributes:
        beyond: Points by which every limit of ``Excess.flat`` is exceeded.
        kinds: The part of each.
        chosen: Places of those that are watched, ascending.
    """

    beyond: NDArray[np.float64]
    kinds: NDArray[np.int64]
    chosen: NDArray[np.int64]

    def of(self, kind: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The watched limits of one part, as places within it, and by how much they are exceeded."""
        mine = self.chosen[self.kinds[self.chosen] == kind]
        return mine - int(np.searchsorted(self.kinds, kind)), self.beyond[mine]


def limit_rows(point: Point, linear: AcLinear, voltage: NDArray[np.complex128], circuit: int, watched: Watched) -> Rows:
    """The rows of the watched limits of one state.

    Args:
        point: The point that the state belongs to.
        linear: The state.
        voltage: Its voltages, pu.
        circuit: What is out in it.
        watched: Which limits.
    """
    monitor, parts = point.monitor, []
    loading, beyond = watched.of(0)
    if len(loading):
        parts.append(Part(beyond, linear.of_currents(monitor.thermal.worst_ends(voltage, loading))))
    for kind, sign in ((1, -POINTS_PER_PU), (2, POINTS_PER_PU)):
        buses, beyond = watched.of(kind)
        if len(buses):
            of = linear.of_magnitudes(monitor.bus_place[buses])
            parts.append(Part(beyond, of.scaled(np.full(len(buses), sign))))
    units, beyond = watched.of(3)
    parts += _of_units(point, linear, beyond, units)
    return rows_of(linear, parts, circuit, point.arrays.base_mva)


def _of_units(
    point: Point, linear: AcLinear, beyond: NDArray[np.float64], watched: NDArray[np.int64]
) -> Iterator[Part]:
    units, base_mva = point.monitor.units, point.arrays.base_mva
    for side, limit in enumerate((units.p_max, units.p_min, units.q_max, units.q_min)):
        here = watched % 4 == side
        if here.any():
            unit, reactive, sign = watched[here] // 4, side > 1, 1.0 if side % 2 == 0 else -1.0
            points = sign * points_of(limit[unit])
            of = linear.of_powers(units.bus[unit], reactive=reactive).scaled(points * base_mva)
            yield Part(beyond[here], of, units.bus[unit], -points, reactive)


def rows_of(linear: AcLinear, parts: Sequence[Part], circuit: int, base_mva: float) -> Rows:
    """The rows of limits of several kinds in one state.

    Args:
        linear: The state.
        parts: Its limits.
        circuit: What is out in it.
        base_mva: One per unit.
    """
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


def joined(parts: Sequence[Rows]) -> Rows:
    """All rows of several states."""
    return Rows(*(np.concatenate([getattr(part, name) for part in parts]) for name in Rows.__dataclass_fields__))
