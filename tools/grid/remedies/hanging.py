"""Load and generation that one outage would cut off though the intact grid would keep it supplied."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.grid.remedies.levers import load_levers, unit_levers
from tools.grid.screening.security import avoidable_losses

if TYPE_CHECKING:
    from tools.grid.remedies.point import Base, Point
    from tools.grid.schema.actions import Action

# More of it than this is no remedy.
MOST_HANGING = 6


def hanging_load(base: Base, point: Point, barred: frozenset[str]) -> tuple[Action, ...]:
    """Sheds the load, and lowers the units, that hang on a single branch without need; empty where nothing does.

    What is shed beforehand no outage can cut off: dear, and by rule 4 secure. Empty as well where there is too much,
    or where some of it may not be touched.
    """
    state, arrays = point.state, point.state.arrays
    asked = base.asked(state)
    avoidable = avoidable_losses(state, asked, base.limits)
    buses = {
        int(arrays.bus_place[place])
        for circuit, more in zip(asked, avoidable, strict=True)
        if more and circuit not in state.slack_lost
        for place in state.dead[circuit]
    }
    levers = [*load_levers(state), *(one for one in unit_levers(state) if one.sign < 0)]
    found = [one for one in levers if one.feeds[0][0] in buses]
    if len(found) > MOST_HANGING or any(one.element in barred for one in found):
        return ()
    return tuple(one.moved(one.most) for one in found)
