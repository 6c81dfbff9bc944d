"""The test networks that come with pandapower, by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import pandapower.networks as shipped

if TYPE_CHECKING:
    from pandapower import pandapowerNet

# Beside all that begin with "case"; networks with a random part (Kerber's) are left out: a name must mean one grid.
_OTHERS = (
    "GBnetwork",
    "GBreducednetwork",
    "create_cigre_network_hv",
    "create_cigre_network_lv",
    "create_cigre_network_mv",
    "create_synthetic_voltage_control_lv_network",
    "example_multivoltage",
    "example_simple",
    "iceland",
    "mv_oberrhein",
    "simple_four_bus_system",
    "simple_mv_open_ring_net",
)


@cache
def _makers() -> dict[str, Callable[[], pandapowerNet]]:
    """Functions that make a network without arguments, by name."""
    cases = tuple(name for name in dir(shipped) if name.startswith("case"))
    return {name: maker for name in cases + _OTHERS if inspect.isfunction(maker := getattr(shipped, name))}


def known_cases() -> tuple[str, ...]:
    """Names that ``open_grid`` takes, in the order of the alphabet."""
    return tuple(sorted(_makers(), key=str.casefold))


def find_case(name: str) -> str | None:
    """The case of this name, upper and lower case alike; None when there is none."""
    return {known.casefold(): known for known in _makers()}.get(name.strip().casefold())


def make_case(name: str) -> pandapowerNet:
    """A fresh network of a known case."""
    return _makers()[name]()
