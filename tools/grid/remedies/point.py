"""A state with its outages at one point of the search, solved; and how bad it is in points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.errors import NotSolvedError
from tools.grid.screening.moving import Move, move, take_out_each
from tools.grid.screening.reduction import POINTS_PER_PU
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
        """Circuits to take out, but those that leave the slack alone: the simulation judges these."""
        return [
            circuit
            for circuit, ref in enumerate(state.refs)
            if circuit not in state.slack_lost and (self.watched is None or str(ref) in self.watched)
        ]


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
    out = take_out_each(state, moved, asked, keep_voltages=True)
    voltages = {asked[place]: voltage for place, voltage in out.voltage.items()}
    return _point(state, moved.arrays, moved.monitor, asked, voltages)


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
    order = [circuit for circuit in asked if circuit in voltages]
    now = excess(arrays, monitor, arrays.voltage[None, :], [_NO_ROWS], [()], after_outage=False)
    every: NDArray[np.complex128] = np.array([voltages[circuit] for circuit in order], dtype=complex)
    every = every.reshape(len(order), len(arrays.voltage))
    opened = [state.opened[circuit] for circuit in order]
    after = excess(arrays, monitor, every, opened, [(circuit,) for circuit in order], after_outage=True)
    return Point(
        state=state,
        arrays=arrays,
        monitor=monitor,
        outages=voltages,
        depth_now=float(now.total[0]),
        depth_after=dict(zip(order, after.total.tolist(), strict=True)),
        unsolved=frozenset(asked) - voltages.keys(),
    )


@dataclass(frozen=True)
class Excess:
    """How far each limit is exceeded, in points; negative is room. State by rated circuit, bus and unit bus.

    A limit that does not exist, a bus without supply and the circuit that is out have minus infinity. ``units`` has
    highest P, lowest P, highest Q and lowest Q in its last axis.
    """

    loading: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    units: NDArray[np.float64]

    @property
    def total(self) -> NDArray[np.float64]:
        """Sum of what is exceeded in each state."""
        parts = (self.loading, self.low, self.high, self.units)
        found: NDArray[np.float64] = sum(np.maximum(part, 0.0).sum(axis=(1, *range(2, part.ndim))) for part in parts)
        return found


_NO_ROWS = np.empty(0, dtype=np.int64)
# What the tolerances of the limits come to in points: below it nothing is exceeded.
_ROUNDING_POINTS = 1e-4


def excess(
    arrays: GridArrays,
    monitor: Monitor,
    voltage: NDArray[np.complex128],
    opened: list[NDArray[np.int64]],
    own: Sequence[tuple[int, ...]],
    *,
    after_outage: bool,
) -> Excess:
    """Excess of solved states over the limits of the state itself, or over those after an outage.

    Args:
        arrays: The state before outages.
        monitor: What is watched.
        voltage: State by bus, pu.
        opened: Branch rows open in each state.
        own: Circuits that are out in each state.
        after_outage: Which limits hold.
    """
    band, units = monitor.contingency if after_outage else monitor.normal, monitor.units
    loading = np.full((len(voltage), len(monitor.thermal.circuits)), -np.inf)
    if monitor.loading_meaningful and len(voltage):
        loading = monitor.thermal.loading_percent(voltage) - band.loading_percent
        for place, out in enumerate(own):
            loading[place, np.isin(monitor.thermal.circuits, out)] = -np.inf
    vm_pu = np.abs(voltage)[:, monitor.bus_place]
    dead = vm_pu == 0
    low, high = (band.vm_min_pu - vm_pu) * POINTS_PER_PU, (vm_pu - band.vm_max_pu) * POINTS_PER_PU
    power = units.power_mva(arrays, voltage, opened)
    sides = (
        (power.real, units.p_max, 1.0),
        (power.real, units.p_min, -1.0),
        (power.imag, units.q_max, 1.0),
        (power.imag, units.q_min, -1.0),
    )
    beyond = np.stack([sign * (value - limit) * points_of(limit) for value, limit, sign in sides], axis=2)
    beyond[voltage[:, units.bus] == 0] = -np.inf
    # the active power of a unit is an input but at the reference, where it takes the balance
    beyond[:, ~np.isin(units.bus, arrays.reference), :2] = -np.inf
    low, high = np.where(dead, -np.inf, low), np.where(dead, -np.inf, high)
    return Excess(_cut(loading), _cut(low), _cut(high), _cut(beyond))


def _cut(part: NDArray[np.float64]) -> NDArray[np.float64]:
    cleared = np.nan_to_num(part, nan=-np.inf, neginf=-np.inf, posinf=np.inf)
    return np.where((cleared > 0) & (cleared <= _ROUNDING_POINTS), 0.0, cleared)


def points_of(limit: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points of one MVA beyond a limit of a unit: a point is a percent of the limit."""
    return np.where(np.isfinite(limit), 100.0 / np.maximum(np.abs(limit), 1.0), 0.0)
