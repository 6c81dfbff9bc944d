"""A state with its outages at one point of the search, solved; and how bad it is in points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.errors import NotSolvedError
from tools.grid.remedies.excess import excess_after, excess_now
from tools.grid.remedies.outages import take_out
from tools.grid.screening.moving import Move, move
from tools.grid.screening.resident import resident
from tools.grid.screening.screen import screen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.grid.grid import Grid
    from tools.grid.remedies.levers import Lever
    from tools.grid.schema.actions import Action
    from tools.grid.screening.arrays import GridArrays
    from tools.grid.screening.monitor import Monitor
    from tools.grid.screening.resident import Resident
    from tools.limits import LimitTable


@dataclass(frozen=True)
class Point:
    """One solved point.

    Attributes:
        state: The resident state whose matrices hold here.
        arrays, monitor: The state at this point.
        outages: Voltages after each outage that was solved, by circuit.
        opened: Branch rows that each of them opens.
        depth_now: Points by which limits are exceeded now.
        depth_after: The same after each outage, by circuit.
        unsolved: Circuits whose outage did not solve.
    """

    state: Resident
    arrays: GridArrays
    monitor: Monitor
    outages: dict[int, NDArray[np.complex128]]
    depth_now: float
    depth_after: dict[int, float]
    unsolved: frozenset[int]

    @property
    def depth(self) -> float:
        """All of it: what stands now weighs most, then outages that do not solve."""
        return 30.0 * self.depth_now + sum(self.depth_after.values()) + 1000.0 * len(self.unsolved)

    @property
    def exceeded(self) -> float:
        """Points by which limits are exceeded, now and after outages."""
        return self.depth_now + sum(self.depth_after.values())

    @property
    def clean(self) -> bool:
        """Whether nothing is exceeded and every watched outage solves."""
        return not self.depth_now and not self.unsolved and not any(self.depth_after.values())


@dataclass(frozen=True)
class Base:
    """What the search starts from.

    Attributes:
        watched: Circuits whose outages are watched; None for all.
    """

    grid: Grid
    limits: LimitTable
    outages: tuple[str, ...]
    actions: tuple[Action, ...]
    watched: frozenset[str] | None = None

    def state(self, more: Sequence[Action] = ()) -> Resident:
        """The state, with more actions in force.

        Raises:
            NotSolvedError: when it does not solve.
        """
        return resident(self.grid, self.outages, (*self.actions, *more), self.limits)

    def asked(self, state: Resident) -> list[int]:
        """Circuits to take out."""
        return [k for k, ref in enumerate(state.refs) if self.watched is None or str(ref) in self.watched]


def point_of(base: Base, state: Resident, levers: Sequence[Lever] = (), amounts: Sequence[float] = ()) -> Point | None:
    """A state with levers moved by MW; None when it does not solve.

    Args:
        base: What is watched.
        state: The state, with what moves by steps in force.
        levers: Continuous ones.
        amounts: MW of each.
    """
    asked = base.asked(state)
    moving = [(lever, mw) for lever, mw in zip(levers, amounts, strict=True) if mw > 0]
    if state.model is None:
        return _by_pandapower(base, state, moving)
    moved = move(state, _as_move(state, moving))
    if moved is None:
        return None
    return _point(state, moved.arrays, moved.monitor, asked, take_out(state, moved, asked))


def _by_pandapower(base: Base, state: Resident, moving: Sequence[tuple[Lever, float]]) -> Point | None:
    """Where the engine cannot represent the state: made whole by pandapower."""
    whole = state.solved.state
    before = len(base.actions)
    try:
        made = base.state((*whole.actions[before:], *(lever.moved(mw) for lever, mw in moving)))
    except NotSolvedError:
        return None
    asked = base.asked(made)
    screened = screen(made, asked)
    solved = np.flatnonzero(screened.figures["solved"]).tolist()
    return _point(made, made.arrays, made.monitor, asked, {asked[k]: screened.voltage(k) for k in solved})


def _as_move(state: Resident, moving: Sequence[tuple[Lever, float]]) -> Move:
    size = len(state.arrays.voltage)
    units, others = np.zeros(size, complex), np.zeros(size, complex)
    for lever, mw in moving:
        for bus, per_mw in lever.feeds:
            (units if lever.holds else others)[bus] += per_mw * mw
    return Move(units, others, np.full(size, np.nan))


def _point(
    state: Resident,
    arrays: GridArrays,
    monitor: Monitor,
    asked: Sequence[int],
    voltages: dict[int, NDArray[np.complex128]],
) -> Point:
    order, after = excess_after(state, arrays, monitor, voltages)
    return Point(
        state=state,
        arrays=arrays,
        monitor=monitor,
        outages=voltages,
        depth_now=float(excess_now(arrays, monitor).total[0]),
        depth_after=dict(zip(order, after.total.tolist(), strict=True)),
        unsolved=frozenset(asked) - voltages.keys(),
    )
