"""AC power flow of every minute: lightsim2grid solves the voltages, every flow follows from pandapower's matrices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from warnings import catch_warnings, filterwarnings

import numpy as np
from lightsim2grid.lightsim2grid_cpp import TimeSeriesCPP
from lightsim2grid.network import init_from_pandapower

from orchestrator.demoday.grid import demo_grid
from tools.grid.screening.arrays import GridArrays, grid_arrays
from tools.grid.screening.monitor import Monitor, monitor
from tools.grid.solve import SolvedState, solved_state
from tools.limits import LimitTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from orchestrator.demoday.injections import Injections

TOLERANCE_PU = 1e-9
MAX_ITERATIONS = 20
MODEL_LIMITS = LimitTable(limits=())
"""The demo grid states every limit itself, so no table is needed."""


@dataclass(frozen=True)
class Topology:
    """The demo grid with some branches out, ready to be solved minute by minute.

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


@dataclass(frozen=True)
class Flows:
    """True values by minute (rows) and element in table order (columns).

    Attributes:
        voltage: Complex voltage of each bus, pu.
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


def topology(out: tuple[str, ...] = ()) -> Topology:
    """The demo grid with branches out."""
    solved = solved_state(demo_grid(), out)
    arrays = grid_arrays(solved.net)
    return Topology(out, solved, arrays, monitor(solved, arrays, MODEL_LIMITS))


def solve_minutes(of: Topology, powers: Injections, minutes: NDArray[np.int64]) -> NDArray[np.complex128]:
    """Complex voltages, pu, minute by bus.

    Raises:
        ArithmeticError: when a minute does not converge.
    """
    net = of.solved.net
    with catch_warnings():  # that the slack is the external grid's is meant
        filterwarnings("ignore", "LightSim has not found any generators tagged", UserWarning)
        model = init_from_pandapower(net, pp_orig_file="pandapower_v3")
    series = TimeSeriesCPP(model)
    buses = len(net.bus)
    start = np.ones(len(model.get_bus_vn_kv()), dtype=complex)
    start[:buses] = of.arrays.voltage[of.arrays.bus_place]
    # the slack is a unit of its own in the engine, after the others
    units = np.column_stack((powers.gen_p_mw[minutes], np.zeros(len(minutes))))
    drawn = (np.ascontiguousarray(table[minutes]) for table in (powers.load_p_mw, powers.load_q_mvar))
    done = series.compute_Vs(units, np.zeros((len(minutes), 0)), *drawn, start, MAX_ITERATIONS, TOLERANCE_PU)
    if not done:
        raise ArithmeticError(f"power flow with {', '.join(of.out) or 'nothing'} out: a minute does not converge")
    return np.array(series.get_voltages()[:, :buses])


def flows_of(of: Topology, powers: Injections, minutes: NDArray[np.int64], voltage: NDArray[np.complex128]) -> Flows:
    """All flows that belong to the voltages of these minutes."""
    net, arrays = of.solved.net, of.arrays
    place = arrays.bus_place  # no bus of the demo grid is fused with another or without supply
    solved = voltage[:, np.argsort(place)]
    at_start, at_end = solved[:, arrays.start], solved[:, arrays.end]
    i_start = arrays.yff * at_start + arrays.yft * at_end
    i_end = arrays.ytf * at_start + arrays.ytt * at_end
    into = arrays.base_mva * np.stack((at_start * i_start.conj(), at_end * i_end.conj()))
    lines, trafos = (_by_element(of, into, table) for table in ("line", "trafo"))
    current = np.abs(_by_element(of, np.stack((i_start, i_end)), "trafo")[0])
    fed = _injected(arrays, solved, into)[:, place] + drawn_mva(powers, minutes)
    shunt_bus = net.shunt.bus.to_numpy()
    shunt = arrays.shunt[place[shunt_bus]] * arrays.base_mva
    return Flows(
        voltage=voltage,
        line_from=lines[0],
        line_to=lines[1],
        trafo_hv=trafos[0],
        trafo_lv=trafos[1],
        gen=fed[:, net.gen.bus.to_numpy()],
        ext_grid=fed[:, net.ext_grid.bus.to_numpy()],
        shunt_q_mvar=-shunt.imag * np.abs(voltage[:, shunt_bus]) ** 2,
        # the windings' nominal voltage is the buses', so the base current is rated current times base over rated power
        trafo_load=current * arrays.base_mva / net.trafo.sn_mva.to_numpy(dtype=float),
    )


def joined(parts: Sequence[tuple[NDArray[np.int64], Flows]]) -> Flows:
    """The flows of the whole day, from those of its pieces."""
    order = np.argsort(np.concatenate([minutes for minutes, _ in parts]))
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


def drawn_mva(powers: Injections, minutes: NDArray[np.int64]) -> NDArray[np.complex128]:
    """Load at each pandapower bus, minute by bus."""
    net = demo_grid().net
    load = (powers.load_p_mw + 1j * powers.load_q_mvar)[minutes]
    return np.asarray(load @ _places(net.load.bus.to_numpy(), len(net.bus)))


def _places(at: NDArray[np.int64], size: int) -> NDArray[np.float64]:
    """Matrix that adds up columns by their place: 1 where a column belongs."""
    return np.asarray(np.eye(size)[at])


def _by_element(of: Topology, into: NDArray[np.complex128], table: str) -> NDArray[np.complex128]:
    """End, minute, element: what flows into the elements of a table; zero for one that is out."""
    circuits = of.arrays.circuits
    found = np.zeros((2, into.shape[1], len(of.solved.net[table])), dtype=complex)
    mine = np.array(circuits.table) == table
    found[:, :, circuits.index[mine]] = into[:, :, circuits.rows[circuits.first[mine]]]
    return found
