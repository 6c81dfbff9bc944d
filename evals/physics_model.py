"""Gold of the model as it is: counts, ways through the graph, and figures of its own tables."""

from __future__ import annotations

import math

import networkx as nx

from evals.case import Expected
from evals.oracle import case_net
from evals.physics_states import Recipe, graph_of
from tools.errors import InvalidArgumentError


def _branch_count(grid: str, expected: Expected) -> float:
    del expected
    return float(len(case_net(grid).line) + len(case_net(grid).trafo))


def _way(grid: str, expected: Expected) -> float:
    """Branches of the shortest way between two buses by impedance, or how many ways share no branch."""
    ends = [int(part) for part in str(expected.given).split()]
    graph = graph_of(case_net(grid))
    if expected.field == "steps_total":
        return float(len(nx.shortest_path(graph, *ends, weight="z_ohm")) - 1)
    return float(nx.edge_connectivity(nx.Graph(graph), *ends))


def _nameplate(grid: str, expected: Expected) -> float:
    """A figure of the model's own table."""
    kind, index = str(expected.element).split(":")
    row = case_net(grid)[kind].loc[int(index)]
    if expected.field in row:
        return float(row[expected.field])
    match kind, expected.field:
        case "line", "rating_ka":
            return float(row.max_i_ka * row.df * row.parallel)
        case "line", "r_ohm" | "x_ohm":
            return float(row[f"{expected.field}_per_km"] * row.length_km / row.parallel)
        case "trafo", "rating_mva":
            return float(row.sn_mva * row.parallel * row.df)
        case "trafo", "rating_ka":
            return float(row.sn_mva * row.parallel * row.df / row.vn_hv_kv / math.sqrt(3.0))
        case "gen", "vm_setpoint_pu":
            return float(row.vm_pu)
    raise InvalidArgumentError(f"the model has no {expected.field} of {expected.element}")


MODEL_RECIPES: dict[str, Recipe] = {
    "branch_count": _branch_count,
    "way": _way,
    "nameplate": _nameplate,
}
