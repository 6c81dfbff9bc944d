"""The independent side: feeders solved one by one with plain pandapower, radiality by networkx, no code of ours."""

from copy import deepcopy
from itertools import combinations, pairwise

import networkx as nx
import numpy as np
import pandapower as pp
from pandapower import LoadflowNotConverged, pandapowerNet


def random_feeder(
    seed: int, *, buses: int = 8, ties: int = 3, charging_nf: float = 0.0, units: int = 0
) -> pandapowerNet:
    """A random tree with random ties that are out of service."""
    chance = np.random.default_rng(seed)
    net = pp.create_empty_network()
    for _ in range(buses):
        pp.create_bus(net, vn_kv=20.0, min_vm_pu=0.9, max_vm_pu=1.1)
    pp.create_ext_grid(net, 0, vm_pu=1.02)
    tree = [(int(chance.integers(0, bus)), bus) for bus in range(1, buses)]
    free = [pair for pair in combinations(range(buses), 2) if pair not in tree]
    for number, (a, b) in enumerate([*tree, *(free[at] for at in chance.permutation(len(free))[:ties])]):
        pp.create_line_from_parameters(
            net,
            a,
            b,
            float(chance.uniform(0.5, 6)),
            float(chance.uniform(0.2, 0.7)),
            0.35,
            charging_nf,
            0.3,
            in_service=number < len(tree),
        )
    for bus in range(1, buses):
        pp.create_load(net, bus, p_mw=float(chance.uniform(0.1, 1.2)), q_mvar=float(chance.uniform(0.0, 0.5)))
    for bus in chance.permutation(np.arange(1, buses))[:units].tolist():
        pp.create_sgen(net, bus, p_mw=2.0, q_mvar=0.0)
    return net


def is_radial(net: pandapowerNet) -> bool:
    """Whether the lines in service are a tree over all buses."""
    graph = nx.MultiGraph()
    graph.add_nodes_from(net.bus.index)
    lines = net.line[net.line.in_service]
    graph.add_edges_from(zip(lines.from_bus, lines.to_bus, strict=True))
    return nx.is_tree(graph)


def loss_kw(net: pandapowerNet, opened: tuple[int, ...]) -> float | None:
    """Losses with exactly these lines open; None where it is not radial or does not converge."""
    net.line["in_service"] = ~net.line.index.isin(opened)
    if not is_radial(net):
        return None
    try:
        pp.runpp(net, numba=False, init="flat", tolerance_mva=1e-9)
    except LoadflowNotConverged:
        return None
    return float(net.res_line.pl_mw.sum()) * 1e3


def keeps_limits(net: pandapowerNet) -> bool:
    """Whether the solved net keeps voltages and loadings."""
    vm_pu = net.res_bus.vm_pu
    kept = (vm_pu >= net.bus.min_vm_pu - 1e-6) & (vm_pu <= net.bus.max_vm_pu + 1e-6)
    return bool(kept.all() and (net.res_line.loading_percent.fillna(0) <= 100.0 + 1e-4).all())


def every_configuration(net: pandapowerNet) -> dict[tuple[int, ...], tuple[float, bool, float]]:
    """Losses, kept limits and lowest voltage of every radial configuration that converges."""
    net = deepcopy(net)
    many = len(net.line) - len(net.bus) + 1
    found = {}
    for opened in combinations(net.line.index.tolist(), many):
        loss = loss_kw(net, opened)
        if loss is not None:
            found[opened] = (loss, keeps_limits(net), float(net.res_bus.vm_pu.min()))
    return found


def interrupted_mw(net: pandapowerNet, opened: tuple[int, ...], rates: dict[int, float]) -> float:
    """Load behind each line times its failures, by networkx."""
    graph = nx.Graph()
    for index, line in net.line.iterrows():
        if index not in opened:
            graph.add_edge(line.from_bus, line.to_bus, line=index)
    total = 0.0
    for load in net.load.itertuples():
        way = nx.shortest_path(graph, 0, load.bus)
        total += load.p_mw * sum(rates[graph[a][b]["line"]] for a, b in pairwise(way))
    return total
