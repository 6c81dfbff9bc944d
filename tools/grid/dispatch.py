"""The least movement of units, or shedding of load, that relieves a state and its outages: one linear programme.

Every limit that is violated may at worst stay as it is, and every limit that is kept stays kept, as far as linear
equations tell; how much of the violations goes is weighed against what is moved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linprog

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.guards import Guards
    from tools.grid.levers import Lever
    from tools.grid.screening.needs import Need
    from tools.grid.screening.resident import Resident

# Prices of a plan: a MW moved costs 1. A point of a violation that stands now is worth hundreds of MW, one after an
# outage some; a MW of load is shed only where it spares either.
SHED_PRICE = 50.0
POINT_NOW, POINT_AFTER_OUTAGE, SLACK_MW = 300.0, 10.0, 5.0
POINTS_PER_PU = 100.0
# Kept off every limit, in points, because the equations are linear; the wider one where the first plan does harm.
MARGINS_POINTS = (0.5, 3.0)
LEAST_MOVE_MW = 0.05


@dataclass(frozen=True)
class Plan:
    """Moves to be made together, and the share of the weighed violations that they are expected to remove."""

    moves: tuple[tuple[Lever, float], ...]
    share: float


@dataclass(frozen=True)
class _Rows:
    """Linear limits ``effect @ x <= room`` with what exceeding them costs."""

    effect: NDArray[np.float64]
    room: NDArray[np.float64]
    price: NDArray[np.float64]


@dataclass(frozen=True)
class Aims:
    """What a plan is made for.

    Attributes:
        guards: Loadings to relieve or to spare.
        needs: Other needs: voltages of the state.
        with_outages: Whether to relieve the state after outages too, and not only to spare it.
        margin: Points that limits are kept off.
    """

    guards: Guards
    needs: tuple[Need, ...]
    with_outages: bool
    margin: float


def plan_dispatch(state: Resident, levers: Sequence[Lever], aims: Aims) -> Plan | None:
    """The best plan with these levers; None when nothing is worth moving.

    Args:
        state: The state.
        levers: What may be moved.
        aims: What for.
    """
    if not levers:
        return None
    parts = [_of_loadings(levers, aims), *_of_voltages(levers, aims.needs), *_of_slack(state, levers)]
    effect = np.vstack([part.effect for part in parts])
    room, price = np.concatenate([part.room for part in parts]), np.concatenate([part.price for part in parts])
    margin = np.where(room < 0, aims.margin, np.clip(room, 0.0, aims.margin))
    excess = np.where(room < 0, margin - room, 0.0)
    elastic = np.flatnonzero(excess > 0)
    if not len(elastic):
        return None
    give = np.zeros((len(room), len(elastic)))
    give[elastic, np.arange(len(elastic))] = -1.0
    moving = [SHED_PRICE if lever.is_load else 1.0 for lever in levers]
    solution = linprog(
        np.concatenate((moving, price[elastic])),
        A_ub=np.hstack((effect, give)),
        b_ub=room - margin,
        bounds=[*((0.0, lever.most_mw) for lever in levers), *((0.0, most) for most in excess[elastic])],
        method="highs",
    )
    if not solution.success:
        return None
    moves = tuple((lever, float(mw)) for lever, mw in zip(levers, solution.x, strict=False) if mw > LEAST_MOVE_MW)
    weighed = float((price * excess).sum())
    share = 1.0 - float((price[elastic] * solution.x[len(levers) :]).sum()) / weighed
    return Plan(moves, share) if moves else None


def _of_loadings(levers: Sequence[Lever], aims: Aims) -> _Rows:
    guards, buses = aims.guards, [lever.bus for lever in levers]
    sign = np.array([lever.sign for lever in levers])
    mvar = np.array([lever.mvar_per_mw for lever in levers])
    effect = (guards.per_mw[:, buses] + guards.per_mvar[:, buses] * mvar) * sign
    # a price of nearly nothing: what comes for free is taken
    after = POINT_AFTER_OUTAGE if aims.with_outages else 1e-3
    return _Rows(effect, guards.room, np.where(guards.after_outage, after, POINT_NOW))


def _of_voltages(levers: Sequence[Lever], needs: Sequence[Need]) -> list[_Rows]:
    wanted = [need for need in needs if need.is_voltage and not need.opened]
    if not wanted:
        return []
    effect = np.array([[-lever.effect(need) * POINTS_PER_PU for lever in levers] for need in wanted])
    room = np.array([-need.required * POINTS_PER_PU for need in wanted])
    return [_Rows(effect, room, np.full(len(wanted), POINT_NOW))]


def _of_slack(state: Resident, levers: Sequence[Lever]) -> list[_Rows]:
    """What is fed in elsewhere, the slack feeds less."""
    units = state.monitor.units
    at_slack = np.flatnonzero(units.bus == state.arrays.reference[0])
    if not len(at_slack):
        return []
    p_mw = float(units.base[at_slack[0]].real)
    room = np.array([p_mw - float(units.p_min[at_slack[0]]), float(units.p_max[at_slack[0]]) - p_mw])
    signs = np.array([lever.sign for lever in levers])
    bounded = np.isfinite(room)
    effect = np.vstack((signs, -signs))[bounded]
    return [_Rows(effect, room[bounded], np.full(int(bounded.sum()), SLACK_MW))]
