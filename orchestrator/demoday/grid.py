"""The demo grid: case39 with the set-points, tap ranges, reactor and limits that the shipped case lacks.

What was changed, and why, is in docs/demo-day.md. The model's own values are those of the evening peak.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from pandapower import create_shunt
from pandapower.networks import case39

from tools.element import ElementKind, ElementRef
from tools.grid.elements import element_ref
from tools.grid.grid import Grid
from tools.grid.importing.fingerprint import fingerprint

if TYPE_CHECKING:
    from pandapower import pandapowerNet

NAME = "demo"
NOTES = (
    "This grid and everything measured on it are simulated.",
    "It is case39 with other set-points, tap ranges, one reactor, and limits of its own.",
)

LOAD_SHARE = 0.675
"""Loads of the evening peak, of those of case39: at full load nine outages overload."""
UNIT_SHARE = (0.31, 0.60, 0.74, 0.80, 0.56, 0.54, 0.58, 0.60, 0.68)
"""Output of each unit at the evening peak, of its highest; the interconnection takes the balance."""
UNIT_VM_PU = (1.010, 0.995, 1.000, 1.020, 1.005, 1.005, 0.995, 0.990, 1.010)
SLACK_VM_PU = 1.0
LOWEST_P_SHARE, LOWEST_Q_SHARE, HIGHEST_Q_SHARE = 0.15, -0.30, 0.45
"""Limits of a unit, of its highest active power."""
SLACK_LIMITS = {"min_p_mw": -300.0, "max_p_mw": 1100.0, "min_q_mvar": -300.0, "max_q_mvar": 400.0}
"""The interconnection can replace the largest unit that a single outage cuts off."""

TAP_STEP_PERCENT, TAP_RANGE = 0.625, 16
"""A changer of 32 steps over +-10 %."""
TAP_POSITION = (4, 4, 4, 1, 1, 4, 4, 1, 4, 4, 4)
REACTOR_BUS, REACTOR_MVAR = 25, 150.0
"""Holds the voltage of the long lines round bus 25 down at night."""


@lru_cache(maxsize=1)
def demo_grid() -> Grid:
    """The grid, with its fingerprint; nobody changes its net."""
    net = _named(_limited(_set_points(case39())))
    return Grid(NAME, fingerprint(net), net, NOTES)


def ref(kind: ElementKind, index: int) -> ElementRef:
    """An element of the demo grid with its name."""
    return element_ref(demo_grid().net, kind, index)


def _set_points(net: pandapowerNet) -> pandapowerNet:
    net.load[["p_mw", "q_mvar"]] *= LOAD_SHARE
    net.gen["p_mw"] = net.gen.max_p_mw * np.array(UNIT_SHARE)
    net.gen["vm_pu"] = UNIT_VM_PU
    net.ext_grid["vm_pu"] = SLACK_VM_PU
    net.trafo["tap_step_percent"], net.trafo["tap_step_degree"] = TAP_STEP_PERCENT, 0.0
    net.trafo["tap_pos"] = np.array(TAP_POSITION, dtype=float)
    create_shunt(net, REACTOR_BUS, q_mvar=REACTOR_MVAR, p_mw=0.0)
    return net


def _limited(net: pandapowerNet) -> pandapowerNet:
    net.trafo["tap_min"], net.trafo["tap_max"] = -float(TAP_RANGE), float(TAP_RANGE)
    net.gen["min_p_mw"] = LOWEST_P_SHARE * net.gen.max_p_mw
    net.gen["min_q_mvar"] = LOWEST_Q_SHARE * net.gen.max_p_mw
    net.gen["max_q_mvar"] = HIGHEST_Q_SHARE * net.gen.max_p_mw
    for column, value in SLACK_LIMITS.items():
        net.ext_grid[column] = value
    return net


def _named(net: pandapowerNet) -> pandapowerNet:
    """Names that say the same as the index, or that no index can be mistaken for: node N01 is bus 0."""
    node = {int(index): f"N{int(index) + 1:02d}" for index in net.bus.index}
    net.name = NAME
    net.bus["name"] = [node[index] for index in net.bus.index]
    net.line["name"] = [f"{node[a]}-{node[b]}" for a, b in zip(net.line.from_bus, net.line.to_bus, strict=True)]
    net.trafo["name"] = [f"T{index}" for index in net.trafo.index]
    net.gen["name"] = [f"G{index}" for index in net.gen.index]
    net.load["name"] = [f"D{index}" for index in net.load.index]
    net.ext_grid["name"] = "Interconnection"
    net.shunt["name"] = "Reactor"
    return net
