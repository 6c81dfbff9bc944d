"""The whole grid, part by part, with what was assumed on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pandapower.create import create_empty_network

from tools.errors import GridUnavailableError
from tools.grid.importing.exchange.boundary import add_boundary
from tools.grid.importing.exchange.consumption import add_loads, add_shunts
from tools.grid.importing.exchange.direct_current import add_direct_current
from tools.grid.importing.exchange.lines import add_lines
from tools.grid.importing.exchange.places import add_buses
from tools.grid.importing.exchange.ratings import Ratings
from tools.grid.importing.exchange.reference import set_references
from tools.grid.importing.exchange.taps import TapChangers
from tools.grid.importing.exchange.three_windings import add_three_windings
from tools.grid.importing.exchange.transformers import add_transformers
from tools.grid.importing.exchange.units import add_batteries, add_compensators, add_generators

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pandapower import pandapowerNet
    from pypowsybl.network import Network

_F_HZ = 50.0
_SET_POINTS = {"generators": "target_p", "loads": "p0"}


def build_net(network: Network) -> tuple[pandapowerNet, tuple[str, ...]]:
    """Pandapower's network of an exchanged one, and what was converted, left out or assumed, one sentence each.

    Raises:
        GridUnavailableError: when a unit or load has no power, or a part cannot be carried over.
    """
    for table, column in _SET_POINTS.items():
        rows = getattr(network, f"get_{table}")()
        if rows[column].isna().any():
            first = rows.index[rows[column].isna()][0]
            raise GridUnavailableError(f"{first!r} of the {table} has no {column}: the file is incomplete")
    net = create_empty_network(f_hz=_F_HZ, sn_mva=100.0)
    return net, tuple(_add_all(net, network))


def _add_all(net: pandapowerNet, network: Network) -> Iterator[str]:
    places, ratings, changers = add_buses(net, network), Ratings(network), TapChangers(network)
    yield from add_lines(net, network.get_lines(all_attributes=True), places, ratings)
    transformers = network.get_2_windings_transformers(all_attributes=True)
    yield from add_transformers(net, transformers, places, ratings, changers)
    yield from add_three_windings(net, network.get_3_windings_transformers(all_attributes=True), places, ratings)
    yield from add_generators(net, network.get_generators(all_attributes=True), places)
    yield from add_batteries(net, network.get_batteries(all_attributes=True), places)
    yield from add_compensators(net, network.get_static_var_compensators(all_attributes=True), places)
    yield from add_direct_current(net, network, places)
    add_loads(net, network.get_loads(all_attributes=True), places)
    yield from add_shunts(net, network, places)
    yield from add_boundary(net, network, places, ratings)
    yield from set_references(net, network)
    if changers.fixed:
        yield (
            f"{changers.fixed} tap changers of unequal steps or impedance, or beside another one, stand at their "
            "present position."
        )
    if changers.regulating:
        yield f"{changers.regulating} tap changers regulate in the file; here they stand where they are."
    if ratings.left_out:
        yield f"{ratings.left_out} temporary and active-power limits were not taken over."
