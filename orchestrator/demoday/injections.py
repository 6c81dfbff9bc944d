"""The demo day's loads by minute, and the schedule of its units."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from orchestrator.demoday.clock import hours_of_day
from orchestrator.demoday.grid import demo_grid
from orchestrator.demoday.profile import CUSTOMERS_PER_MW, MIX, load_curves
from orchestrator.simulation.curves import (
    LOAD_PER_KELVIN,
    Q_FLOOR,
    WANDER,
    WANDER_MIN,
    usual_celsius,
    wander,
)
from orchestrator.simulation.injections import Injections

if TYPE_CHECKING:
    from numpy.random import Generator

    from orchestrator.demoday.profile import Weather


def draw_injections(chance: Generator, weather: Weather) -> Injections:
    """The day without any trouble: loads by their curves, weather and chance, units by the schedule of a usual day.

    The schedule follows the usual load in proportion; the interconnection takes what is left.
    """
    net = demo_grid().net
    hour = hours_of_day()
    curves = load_curves(hour)
    colder = 1 + LOAD_PER_KELVIN * (weather.minute - usual_celsius(hour))
    share = curves * colder[:, None] * (1 + wander(chance, curves.shape, WANDER, WANDER_MIN))
    peak_p, peak_q = net.load.p_mw.to_numpy(dtype=float), net.load.q_mvar.to_numpy(dtype=float)
    usual = curves @ peak_p / peak_p.sum()
    return Injections(
        load_p_mw=share * peak_p,
        load_q_mvar=(Q_FLOOR + (1 - Q_FLOOR) * share) * peak_q,
        gen_p_mw=usual[:, None] * net.gen.p_mw.to_numpy(dtype=float),
    )


def customers_by_load() -> tuple[int, ...]:
    """Customers behind each load, by its peak and its mix."""
    peak = demo_grid().net.load.p_mw.to_numpy(dtype=float)
    per_mw = np.array(MIX) @ np.array(CUSTOMERS_PER_MW)
    return tuple(int(count) for count in np.round(peak * per_mw, -2))
