"""AC power flow of every step: lightsim2grid solves the voltages, every flow follows from pandapower's matrices."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING
from warnings import catch_warnings, filterwarnings

import numpy as np
from lightsim2grid.lightsim2grid_cpp import TimeSeriesCPP
from lightsim2grid.network import init_from_pandapower

from tools.element import ElementKind, ElementRef
from tools.grid.elements import element_ref
from tools.grid.screening.arrays import GridArrays, grid_arrays
from tools.grid.screening.monitor import Monitor, monitor
from tools.grid.screening.topology import cut_off
from tools.grid.solve import SolvedState, solved_state
from tools.limits import LimitTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pandapower import pandapowerNet

    from orchestrator.simulation.injections import Injections
    from tools.grid.grid import Grid

TOLERANCE_PU = 1e-9
MAX_ITERATIONS = 20
MODEL_LIMITS = LimitTable(limits=())
"""A simulated grid states every limit itself, so no table is needed."""


@dataclass(frozen=True)
class Topology:
    """A grid with some branches out, ready to be solved step by step.

    Attributes:
        out: Branches out of service, canonical forms.
        solved: The model's own state with these out.
        arrays: Its matrices.
        monitor: Its limits.
    """

    out: tuple[str, ...]
    solved: SolvedState
    arrays: GridArrays
    monitor: Monitor

    @property
    def dead(self) -> NDArray[np.bool_]:
        """Which buses are without supply, in table order."""
        return np.asarray(self.arrays.bus_place < 0)


@dataclass(frozen=True)
class Flows:
    """True values by step (rows) and element in table order (columns).

    Attributes:
        voltage: Complex voltage of each bus, pu; zero without supply.
        line_from, line_to, trafo_hv, trafo_lv: Power into the branch at that end, MVA; zero when it is out.
        gen, ext_grid: Power fed in, MVA.
        shunt_q_mvar: Reactive power drawn.
        trafo_load: Current at the high side of each transformer, of its rated current.
    """

    voltage: NDArray[np.complex128]
    line_from: NDArray[np.complex128]
    line_to: NDArray[np.complex128]
    trafo_hv: NDArray[np.complex128]
    trafo_lv: NDArray[np.complex128]
    gen: NDArray[np.complex128]
    ext_grid: NDArray[np.complex128]
    shunt_q_mvar: NDArray[np.float64]
    trafo_load: NDArray[np.float64]


def topology(grid: Grid, out: tuple[str, ...] = ()) -> Topology:
    """A grid with branches out; what they cut off from every source is without supply."""
    solved = solved_state(grid, out)
    arrays = grid_arrays(solved.net)
    return Topology(out, solved, arrays, monitor(solved, arrays, MODEL_LIMITS))


def meshed_branches(of: Topology) -> list[ElementRef]:
    """Branches whose outage cuts nothing off."""
    circuits = of.arrays.circuits
    cut = cut_off(of.arrays, np.split(circuits.rows, circuits.first[1:]))
    return [
        element_ref(of.solved.net, ElementKind(table), int(index))
        for table, index, buses in zip(circuits.table, circuits.index, cut, strict=True)
        if not len(buses)
    ]


def solve_steps(of: Topology, powers: Injections, steps: NDArray[np.int64]) -> NDArray[np.complex128]:
    """Complex voltages, pu, step by bus; zero at a bus without supply.

    Raises:
        ArithmeticError: when a step does not converge.
    """
    net = _live(of)
    with catch_warnings():  # that the slack is the external grid's is meant
        filterwarnings("ignore", "LightSim has not found any generators tagged", UserWarning)
        filterwarnings(
            "ignore", "There were some Nan in the pp_net.trafo", UserWarning
        )  # no tap changer, taken for no tap
        model = init_from_pandapower(net, pp_orig_file="pandapower_v3")
    series = TimeSeriesCPP(model)
    buses = len(net.bus)
    start = np.ones(len(model.get_bus_vn_kv()), dtype=complex)
    start[:buses] = np.where(of.dead, 1.0, of.arrays.voltage[of.arrays.bus_place])
    # the slack is a unit of its own in the engine, after the others
    fed = powers.gen_p_mw[np.ix_(steps, of.solved.net.gen.index.isin(net.gen.index).nonzero()[0])]
    units = np.column_stack((fed, np.zeros(len(steps))))
    drawn = (np.ascontiguousarray(table[steps]) for table in (powers.load_p_mw, powers.load_q_mvar))
    done = series.compute_Vs(units, np.zeros((len(steps), len(net.sgen))), *drawn, start, MAX_ITERATIONS, TOLERANCE_PU)
    if not done:
        raise ArithmeticError(f"power flow with {', '.join(of.out) or 'nothing'} out: a step does not converge")
    return np.where(of.dead, 0.0, np.array(series.get_voltages()[:, :buses]))


def flows_of(of: Topology, powers: Injections, steps: NDArray[np.int64], voltage: NDArray[np.complex128]) -> Flows:
    """All flows that belong to the voltages of these steps."""
    net, arrays = of.solved.net, of.arrays
    place = arrays.bus_place  # no bus of a simulated grid is fused with another; -1 is one without supply
    solved = np.zeros((len(voltage), len(arrays.voltage)), dtype=complex)
    solved[:, place[~of.dead]] = voltage[:, ~of.dead]
    at_start, at_end = solved[:, arrays.start], solved[:, arrays.end]
    i_start = arrays.yff * at_start + arrays.yft * at_end
    i_end = arrays.ytf * at_start + arrays.ytt * at_end
    into = arrays.base_mva * np.stack((at_start * i_start.conj(), at_end * i_end.conj()))
    lines, trafos = (_by_element(of, into, table) for table in ("line", "trafo"))
    current = np.abs(_by_element(of, np.stack((i_start, i_end)), "trafo")[0])
    fed = np.where(of.dead, 0.0, _injected(arrays, solved, into)[:, place] + drawn_mva(net, powers, steps))
    shunt_bus = _positions(net, net.shunt.bus)
    shunt = np.where(of.dead[shunt_bus], 0.0, arrays.shunt[place[shunt_bus]] * arrays.base_mva)
    return Flows(
        voltage=voltage,
        line_from=lines[0],
        line_to=lines[1],
        trafo_hv=trafos[0],
        trafo_lv=trafos[1],
        gen=fed[:, _positions(net, net.gen.bus)],
        ext_grid=fed[:, _positions(net, net.ext_grid.bus)],
        shunt_q_mvar=-shunt.imag * np.abs(voltage[:, shunt_bus]) ** 2,
        # the windings' nominal voltage is the buses', so the base current is rated current times base over rated power
        trafo_load=current * arrays.base_mva / net.trafo.sn_mva.to_numpy(dtype=float),
    )


def joined(parts: Sequence[tuple[NDArray[np.int64], Flows]]) -> Flows:
    """The flows of the whole time, from those of its pieces."""
    order = np.argsort(np.concatenate([steps for steps, _ in parts]))
    return Flows(
        **{
            name: np.concatenate([getattr(flows, name) for _, flows in parts])[order]
            for name in Flows.__dataclass_fields__
        }
    )


def _injected(
    arrays: GridArrays, voltage: NDArray[np.complex128], into: NDArray[np.complex128]
) -> NDArray[np.complex128]:
    """Power fed into the branches and the shunts at each bus, MVA."""
    size = voltage.shape[1]
    shunts = np.abs(voltage) ** 2 * np.conj(arrays.shunt) * arrays.base_mva
    return np.asarray(shunts + into[0] @ _places(arrays.start, size) + into[1] @ _places(arrays.end, size))


def drawn_mva(net: pandapowerNet, powers: Injections, steps: NDArray[np.int64]) -> NDArray[np.complex128]:
    """Load at each pandapower bus, step by bus in table order."""
    load = (powers.load_p_mw + 1j * powers.load_q_mvar)[steps]
    return np.asarray(load @ _places(_positions(net, net.load.bus), len(net.bus)))


def _places(at: NDArray[np.int64], size: int) -> NDArray[np.float64]:
    """Matrix that adds up columns by their place: 1 where a column belongs."""
    return np.asarray(np.eye(size)[at])


def _by_element(of: Topology, into: NDArray[np.complex128], table: str) -> NDArray[np.complex128]:
    """End, step, element: what flows into the elements of a table; zero for one that is out."""
    circuits = of.arrays.circuits
    found = np.zeros((2, into.shape[1], len(of.solved.net[table])), dtype=complex)
    mine = np.array(circuits.table) == table
    columns = of.solved.net[table].index.get_indexer(circuits.index[mine])
    found[:, :, columns] = into[:, :, circuits.rows[circuits.first[mine]]]
    return found


def _positions(net: pandapowerNet, buses: Sequence[int]) -> NDArray[np.int64]:
    """Where buses stand in the bus table."""
    return np.asarray(net.bus.index.get_indexer(buses), dtype=np.int64)


def _live(of: Topology) -> pandapowerNet:
    """The net without what has no supply: the engine solves one island only."""
    net = of.solved.net
    if not of.dead.any():
        return net
    net = deepcopy(net)
    dead = net.bus.index[of.dead]
    net.bus.loc[dead, "in_service"] = False
    for table, ends in _ENDS.items():
        for end in ends:
            net[table].loc[net[table][end].isin(dead), "in_service"] = False
    net.gen = net.gen[~net.gen.bus.isin(dead)]  # the engine does not converge with units that are there and off
    return net


_ENDS = {
    "line": ("from_bus", "to_bus"),
    "trafo": ("hv_bus", "lv_bus"),
    "load": ("bus",),
    "shunt": ("bus",),
}
