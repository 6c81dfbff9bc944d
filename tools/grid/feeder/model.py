"""From a state of a grid to its feeder: what may be switched, what stays, and why a grid is no feeder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

from tools.coverage import LeftOut
from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError, NotSolvedError
from tools.grid.connectivity import connectivity, slack_buses
from tools.grid.elements import element_ref, resolve_element
from tools.grid.feeder.loops import FixedLoopError, Loops, find_loops
from tools.grid.path_graph import branch_graph
from tools.grid.screening.arrays import GridArrays, grid_arrays
from tools.grid.solve import SolvedState, solve
from tools.grid.soundness import require_values
from tools.grid.state import State, hypothesis_net
from tools.grid.supply import demand_p_mw

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

    from tools.grid.grid import Grid
    from tools.grid.schema.reconfiguration import ReconfigureFeederArguments

ALL_CLOSED = "all ties closed"
_SOURCES = "sources"
_VOLTAGE_DEPENDENT = ("const_z_percent", "const_i_percent", "const_z_p_percent", "const_i_p_percent")
_CONTROLLED = ("tcsc", "svc", "ssc", "vsc")


@dataclass(frozen=True, eq=False)
class Feeder:
    """A radially operated grid with its loops.

    Attributes:
        state: The state as it is, unsolved.
        meshed: The same with every tie closed, solved.
        arrays: Its matrices.
        rows: Row of each line that may be switched, by pandapower index.
        refs: The lines by row.
        closed: Of all rows, whether they are closed now.
        loops: The loops that the switchable lines close.
        left_out: What the search does not touch, and why.
    """

    state: State
    meshed: SolvedState
    arrays: GridArrays
    rows: dict[int, int]
    refs: dict[int, ElementRef]
    closed: NDArray[np.bool_]
    loops: Loops
    left_out: tuple[LeftOut, ...]

    def opened(self, closed: NDArray[np.bool_]) -> tuple[ElementRef, ...]:
        """The lines that are open in a configuration, by index."""
        return tuple(self.refs[row] for _, row in sorted(self.rows.items()) if not closed[row])


def make_feeder(grid: Grid, args: ReconfigureFeederArguments) -> Feeder:
    """The feeder of a hypothesis.

    Raises:
        InvalidArgumentError: when the grid is no feeder, or a named line cannot be switched.
        NotSolvedError: when the state with every tie closed has no solution.
    """
    _refuse_defects(grid.net)
    state = hypothesis_net(grid, args.outages, args.actions)
    require_values(state)
    refuse_meshed(grid)
    lines = _switchable(grid, state, args)
    now = {index: line_closed(state.net, index) for index in lines}
    wanted = _all_closed(state, lines)
    _refuse_dark(wanted)
    meshed = solve(wanted)
    arrays = grid_arrays(meshed.net)
    _refuse_unfit(meshed, arrays)
    rows = {
        index: int(arrays.circuits.rows_of(circuit)[0])
        for index in lines
        if (circuit := arrays.circuits.find("line", index)) is not None
    }
    refs = {row: element_ref(state.net, ElementKind.LINE, index) for index, row in rows.items()}
    closed = np.ones(len(arrays.start), dtype=np.bool_)
    closed[[rows[index] for index in rows if not now[index]]] = False
    return Feeder(
        state=state,
        meshed=meshed,
        arrays=arrays,
        rows=rows,
        refs=refs,
        closed=closed,
        loops=_loops(arrays, closed, rows, refs),
        left_out=_left_out(state, meshed, lines, rows),
    )


def line_closed(net: pandapowerNet, index: int) -> bool:
    """Whether a line is in service and no switch at its ends is open."""
    return bool(net.line.at[index, "in_service"]) and not _open_ends(net, index)


def open_end_buses(net: pandapowerNet, index: int) -> list[int]:
    """Buses at which an open switch cuts a line off."""
    return [int(net.switch.at[switch, "bus"]) for switch in _open_ends(net, index)]


def loops_closed(net: pandapowerNet) -> tuple[int, list[ElementRef]]:
    """Loops of a net as it stands, paths between two sources included; and the branches of one of them."""
    graph = branch_graph(net)
    for bus in slack_buses(net):
        if bus in graph:
            graph.add_edge(_SOURCES, bus, ref=None)
    count = graph.number_of_edges() - graph.number_of_nodes() + nx.number_connected_components(graph)
    if not count:
        return 0, []
    edges = nx.find_cycle(graph)
    found = [graph.edges[edge]["ref"] for edge in edges]
    return count, [ref for ref in dict.fromkeys(found) if ref is not None]


def refuse_meshed(grid: Grid) -> None:
    """A grid that is run with closed loops, or with voltages held inside it, is no feeder.

    Raises:
        InvalidArgumentError: says which loops and which units.
    """
    count, loop = loops_closed(grid.net)
    units = [int(index) for index in grid.net.gen.index[grid.net.gen.in_service & ~grid.net.gen.slack.astype(bool)]]
    if not count and not units:
        return
    why = []
    if count:
        named = ", ".join(str(ref) for ref in loop[:6]) + (", ..." if len(loop) > 6 else "")  # noqa: PLR2004
        why.append(f"it is run with {count} closed loop(s), such as {named}")
    if units:
        named = ", ".join(f"gen:{index}" for index in units[:6]) + (", ..." if len(units) > 6 else "")  # noqa: PLR2004
        why.append(f"units inside it hold its voltage ({named})")
    raise InvalidArgumentError(
        f"grid: {grid.name!r} is no radial feeder: {'; '.join(why)}. Reconfiguration keeps every bus on one path from "
        "a source; opening the loops of a meshed grid would take away its security. "
        "Use a distribution grid that is run radially."
    )


def _switchable(grid: Grid, state: State, args: ReconfigureFeederArguments) -> list[int]:
    """Lines that may be switched, by index; those out by the hypothesis or on record stay out."""
    net = state.net
    out = {ref.index for ref in state.outages if ref.kind is ElementKind.LINE}
    if grid.basis is not None:
        out |= {ref.index for ref in grid.basis.outages if ref.kind is ElementKind.LINE}
    wanted = _named(net, args.switchable, "switchable", out)
    fixed = _named(net, args.fixed, "fixed", set())
    alive = net.bus.in_service.astype(bool)
    ends = net.line[["from_bus", "to_bus"]]
    usable = ends["from_bus"].map(alive) & ends["to_bus"].map(alive)
    found = [int(index) for index in net.line.index[usable] if int(index) not in out | fixed]
    return [index for index in found if not args.switchable or index in wanted]


def _named(net: pandapowerNet, texts: Sequence[str], field: str, out: set[int]) -> set[int]:
    found = {resolve_element(net, text, (ElementKind.LINE,)).index for text in texts}
    if found & out:
        raise InvalidArgumentError(f"{field}: line:{min(found & out)} is out of service in this state")
    return found


def _all_closed(state: State, lines: Sequence[int]) -> State:
    net = hypothesis_net(state.grid, tuple(map(str, state.outages)), state.actions).net
    net.line.loc[list(lines), "in_service"] = True
    at_lines = (net.switch.et == "l") & net.switch.element.isin(list(lines))
    net.switch.loc[at_lines, "closed"] = True
    return replace(state, net=net, case=ALL_CLOSED)


def _refuse_defects(net: pandapowerNet) -> None:
    """What no power flow through the feeder can be solved with, ties included."""
    lines = net.line
    for column in ("from_bus", "to_bus"):
        lost = lines.index[~lines[column].isin(net.bus.index)]
        if len(lost):
            raise InvalidArgumentError(
                f"grid: line:{lost[0]} ends at bus:{lines.at[lost[0], column]}, which does not exist"
            )
    ohm = (lines[["r_ohm_per_km", "x_ohm_per_km"]].astype(float).abs().sum(axis=1, skipna=False)) * lines.length_km
    bad = lines.index[~(ohm > 0)]
    if len(bad):
        raise InvalidArgumentError(
            f"grid: line:{bad[0]} has zero or no impedance in the model, so what flows through it is not determined; "
            "give it a length and an impedance, or model it as a closed switch"
        )


def _refuse_dark(state: State) -> None:
    """Where nothing but the sources can have supply there is no feeder."""
    live = connectivity(state.net).energised_buses()
    if len(live) <= len(slack_buses(state.net)):
        dark = state.net.bus.index[~state.net.bus.index.isin(live)].tolist()
        raise NotSolvedError(
            "Nothing can be reconfigured: every bus but the sources stays without supply, whatever lines are closed; "
            f"unserved: {demand_p_mw(state.net, dark):g} MW."
        )


def _open_ends(net: pandapowerNet, index: int) -> list[int]:
    switches = net.switch
    if not len(switches):
        return []
    found = (switches.et == "l") & (switches.element == index) & ~switches.closed.astype(bool)
    return [int(switch) for switch in switches.index[found]]


def _refuse_unfit(meshed: SolvedState, arrays: GridArrays) -> None:
    net = meshed.net
    if len(arrays.regulated):
        place = int(arrays.regulated[0])
        bus = int(arrays.bus_index[np.flatnonzero(arrays.bus_place == place)[0]])
        raise InvalidArgumentError(
            f"grid: the voltage of bus:{bus} is held inside the feeder, which a radial sweep cannot"
        )
    if any(column in net.load and net.load[column].fillna(0).any() for column in _VOLTAGE_DEPENDENT):
        raise InvalidArgumentError("grid: loads that depend on the voltage are not searched; make them constant power")
    if any(table in net and len(net[table]) for table in _CONTROLLED):
        raise InvalidArgumentError("grid: power-electronic controllers inside the feeder are not searched")


def _loops(arrays: GridArrays, closed: NDArray[np.bool_], rows: dict[int, int], refs: dict[int, ElementRef]) -> Loops:
    """Closed lines come first, so that the loops are those that today's ties close."""
    start, end = arrays.start.tolist(), arrays.end.tolist()
    switchable = sorted(rows.values(), key=lambda row: (not closed[row], row))
    fixed = [(row, start[row], end[row]) for row in range(len(start)) if row not in refs]
    try:
        return find_loops(
            len(arrays.voltage),
            arrays.reference.tolist(),
            fixed,
            {row: (start[row], end[row]) for row in switchable},
        )
    except FixedLoopError as error:
        owner = np.flatnonzero(arrays.circuits.rows == error.row)
        circuit = int(arrays.circuits.owner[owner[0]]) if len(owner) else None
        named = "a branch" if circuit is None else f"{arrays.circuits.table[circuit]}:{arrays.circuits.index[circuit]}"
        raise InvalidArgumentError(
            f"switchable: {named} closes a loop, and none of its branches may be switched; no configuration is radial"
        ) from None


def _left_out(state: State, meshed: SolvedState, lines: Sequence[int], rows: dict[int, int]) -> tuple[LeftOut, ...]:
    net = state.net
    switched = len(net.line) - len(lines)
    couplers = int((net.switch.et == "b").sum())
    unreachable = int((~meshed.topology.energised & net.bus.in_service.to_numpy(dtype=bool)).sum())
    found = (
        ("lines that are not switched", switched, "out of service by outage, fixed, or not among the switchable ones"),
        ("lines without supply", len(lines) - len(rows), "no switching of lines reaches them"),
        ("buses without supply", unreachable, "no switching of lines reaches them"),
        ("transformers", len(net.trafo) + len(net.trafo3w), "they stay as they are; only lines are switched"),
        ("bus-to-bus switches", couplers, "they stay as they are; only lines are switched"),
    )
    return tuple(LeftOut(what=what, count=count, reason=reason) for what, count, reason in found if count)
