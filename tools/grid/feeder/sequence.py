"""The order of switchings: a tie is closed first, then the loop that it makes is opened, so that nothing goes dark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

from tools.errors import NotSolvedError
from tools.grid.feeder.model import Feeder, line_closed
from tools.grid.schema.actions import Action, SwitchBranch
from tools.grid.schema.reconfiguration import SwitchingStep
from tools.grid.solve import solved_state
from tools.grid.state import hypothesis_net
from tools.grid.supply import supply_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SOURCES = -1


@dataclass(frozen=True)
class Switching:
    """One switching.

    Attributes:
        row: What is switched.
        closed: Whether it is closed or opened.
        loop: Whether a loop is closed after it.
    """

    row: int
    closed: bool
    loop: bool


def in_order(feeder: Feeder, opened: NDArray[np.int64]) -> tuple[Switching, ...]:
    """The switchings from the present configuration to a radial one.

    Ties that bring supply back come first. Where a closing makes a loop, one of its branches is open in the end (the
    exchange property of spanning trees), and it is opened next. What is left over opens loops that are closed now.
    """
    wanted = np.ones(len(feeder.closed), dtype=np.bool_)
    wanted[opened] = False
    graph = _graph(feeder, feeder.closed)
    closing = [row for row in feeder.refs if wanted[row] and not feeder.closed[row]]
    opening = [row for row in feeder.refs if feeder.closed[row] and not wanted[row]]
    closing.sort(key=lambda row: (not _revives(feeder, graph, row), row))
    done: list[Switching] = []
    while closing:
        # a tie between two dead parts waits until one of them is alive
        row = next((row for row in closing if _revives(feeder, graph, row)), closing[0])
        closing.remove(row)
        loop = _loop(feeder, graph, row)
        graph.add_edge(*_ends(feeder, row), key=row)
        done.append(Switching(row, closed=True, loop=_looped(graph)))
        break_at = next((other for other in opening if other in loop), None)
        if break_at is not None:
            opening.remove(break_at)
            graph.remove_edge(*_ends(feeder, break_at), key=break_at)
            done.append(Switching(break_at, closed=False, loop=_looped(graph)))
    for row in opening:
        graph.remove_edge(*_ends(feeder, row), key=row)
        done.append(Switching(row, closed=False, loop=_looped(graph)))
    return tuple(done)


def actions_after(feeder: Feeder, done: Sequence[Switching]) -> tuple[Action, ...]:
    """The actions of the hypothesis with some switchings carried out on top; what cancels out is left away."""
    touched = {str(feeder.refs[item.row]): item.closed for item in done}
    kept = tuple(action for action in feeder.state.actions if not _switches(action, touched))
    if len(kept) < len(feeder.state.actions):
        net = hypothesis_net(feeder.state.grid, tuple(map(str, feeder.state.outages)), kept).net
        now = {text: line_closed(net, int(text.partition(":")[2])) for text in touched}
    else:
        now = {str(feeder.refs[item.row]): bool(feeder.closed[item.row]) for item in done}
    return (
        *kept,
        *(SwitchBranch(element=text, closed=closed) for text, closed in touched.items() if closed != now[text]),
    )


def steps(feeder: Feeder, order: Sequence[Switching]) -> Iterator[SwitchingStep]:
    """Each switching with the feeder right after it, solved by pandapower."""
    outages = tuple(map(str, feeder.state.outages))
    for number, item in enumerate(order, start=1):
        actions = actions_after(feeder, order[:number])
        step = SwitchingStep(
            element=feeder.refs[item.row],
            case=f"after switching {number}",
            action=SwitchBranch(element=str(feeder.refs[item.row]), closed=item.closed),
            makes_loop=item.loop,
            solved=False,
            dead_buses=0,
            unserved_p_mw=0.0,
        )
        try:
            solved = solved_state(feeder.state.grid, outages, actions)
        except NotSolvedError:
            supply = supply_of(hypothesis_net(feeder.state.grid, outages, actions))
            yield step.model_copy(update={"dead_buses": supply.dead_buses, "unserved_p_mw": supply.unserved_p_mw})
            continue
        supply = supply_of(solved.state, solved.topology)
        vm_pu = solved.net.res_bus.vm_pu.to_numpy(dtype=float)
        found = {
            "solved": True,
            "dead_buses": supply.dead_buses,
            "unserved_p_mw": supply.unserved_p_mw,
            "loss_p_kw": float(np.nansum(solved.flows.loss_p_mw)) * 1e3,
            "min_vm_pu": float(vm_pu[solved.topology.energised].min()),
        }
        yield step.model_copy(update=found)


def _switches(action: Action, touched: dict[str, bool]) -> bool:
    return isinstance(action, SwitchBranch) and action.element in touched


def _graph(feeder: Feeder, closed: NDArray[np.bool_]) -> nx.MultiGraph:
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(len(feeder.arrays.voltage)))
    for bus in feeder.arrays.reference.tolist():
        graph.add_edge(_SOURCES, bus, key=_SOURCES)
    for row in np.flatnonzero(closed).tolist():
        graph.add_edge(*_ends(feeder, row), key=row)
    return graph


def _looped(graph: nx.MultiGraph) -> bool:
    return bool(graph.number_of_edges() > graph.number_of_nodes() - nx.number_connected_components(graph))


def _ends(feeder: Feeder, row: int) -> tuple[int, int]:
    return int(feeder.arrays.start[row]), int(feeder.arrays.end[row])


def _revives(feeder: Feeder, graph: nx.MultiGraph, row: int) -> bool:
    a, b = _ends(feeder, row)
    alive = nx.node_connected_component(graph, _SOURCES)
    return (a in alive) != (b in alive)


def _loop(feeder: Feeder, graph: nx.MultiGraph, row: int) -> set[int]:
    """Rows on the way between the ends of a row that is still open; empty where there is none."""
    a, b = _ends(feeder, row)
    if not nx.has_path(graph, a, b):
        return set()
    way = nx.shortest_path(graph, a, b)
    return {key for start, end in pairwise(way) for key in graph[start][end]}
