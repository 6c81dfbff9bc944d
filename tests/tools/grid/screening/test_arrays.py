"""The matrices, the engine's model and the topology, each against pandapower or networkx."""

import networkx as nx
import numpy as np
import pandapower as pp
import pandapower.networks as nw
import pytest
from pandapower.topology import create_nxgraph

from tools.grid.screening.arrays import grid_arrays
from tools.grid.screening.engine import BatchModel
from tools.grid.screening.thermal import thermal
from tools.grid.screening.topology import cut_off

CASES = ("case14", "case30", "case39", "case57", "case118", "case33bw", "case24_ieee_rts")


def solved(name):
    net = getattr(nw, name)()
    pp.runpp(net, tolerance_mva=1e-8, lightsim2grid=False)
    return net


def odd_net():
    """What a plain converter stumbles over: fused buses, an open line end, three windings, a phase shift, gaps."""
    net = pp.create_empty_network()
    buses = [
        pp.create_bus(net, vn_kv, index=index) for vn_kv, index in ((110, 3), (110, 5), (20, 9), (10, 11), (110, 20))
    ]
    high, far, middle, low, other = buses
    pp.create_ext_grid(net, high, vm_pu=1.02, va_degree=12.0)
    pp.create_transformer3w(net, high, middle, low, "63/25/38 MVA 110/20/10 kV")
    pp.create_transformer(net, far, middle, "40 MVA 110/20 kV", parallel=2)
    for a, b in ((high, far), (high, far), (far, other)):
        pp.create_line(net, a, b, 20, "149-AL1/24-ST1A 110.0")
    for bus, p_mw in ((far, 8), (middle, 12), (low, 5), (other, 3)):
        pp.create_load(net, bus, p_mw=p_mw, q_mvar=p_mw / 4)
    pp.create_switch(net, high, 1, et="l", closed=False)
    end = pp.create_bus(net, 110)
    pp.create_switch(net, other, end, et="b", closed=True)
    pp.create_load(net, end, p_mw=2)
    pp.create_shunt(net, other, q_mvar=-4)
    pp.runpp(net, tolerance_mva=1e-8, lightsim2grid=False)
    return net


@pytest.mark.parametrize("name", CASES)
def test_batch_model__reproduces_pandapowers_base_solution(name):
    arrays = grid_arrays(solved(name))
    model = BatchModel(arrays)
    assert 0 < model.base_error_pu <= 1e-8  # zero would mean that nothing was solved


def test_batch_model__odd_elements_are_in_the_matrices():
    arrays = grid_arrays(odd_net())
    assert BatchModel(arrays).faithful
    assert set(arrays.circuits.table) == {"line", "trafo", "trafo3w"}


def held_at_both_ends():
    """Two infeeds and a line: there is nothing to solve, and pandapower keeps no matrices of what it solved."""
    net = pp.create_empty_network()
    ends = [pp.create_bus(net, 110) for _ in range(3)]
    pp.create_line(net, ends[0], ends[2], 20, "149-AL1/24-ST1A 110.0")
    pp.create_line(net, ends[1], ends[2], 20, "149-AL1/24-ST1A 110.0", in_service=False)
    pp.create_ext_grid(net, ends[0], vm_pu=1.01, va_degree=1.0)
    pp.create_ext_grid(net, ends[2], vm_pu=0.99, va_degree=-1.0)
    pp.create_load(net, ends[2], p_mw=5)
    pp.runpp(net, tolerance_mva=1e-8, lightsim2grid=False)
    return net


@pytest.mark.parametrize("make", [lambda: solved("case30"), lambda: solved("case39"), odd_net, held_at_both_ends])
def test_thermal__loadings_of_the_base_are_pandapowers(make):
    net = make()
    arrays = grid_arrays(net)
    rated = thermal(net, arrays)
    loading = rated.loading_percent(arrays.voltage[None, :])[0]
    assert len(rated.circuits)
    for circuit, value in zip(rated.circuits.tolist(), loading, strict=True):
        table, index = arrays.circuits.table[circuit], arrays.circuits.index[circuit]
        assert value == pytest.approx(net[f"res_{table}"].loading_percent.at[index], abs=1e-6)


@pytest.mark.parametrize("make", [*(lambda name=name: solved(name) for name in CASES), odd_net])
def test_cut_off__agrees_with_a_graph_search(make):
    net = make()
    arrays = grid_arrays(net)
    circuits = arrays.circuits
    found = cut_off(arrays, [circuits.rows_of(circuit) for circuit in range(len(circuits))])
    for circuit, buses in enumerate(found):
        table, index = circuits.table[circuit], int(circuits.index[circuit])
        net[table].at[index, "in_service"] = False
        supplied = nx.node_connected_component(create_nxgraph(net), net.ext_grid.bus.iloc[0])
        net[table].at[index, "in_service"] = True
        lost = set(arrays.bus_index[np.isin(arrays.bus_place, buses)].tolist())
        assert lost == set(net.bus.index) - supplied, f"{table}:{index}"
