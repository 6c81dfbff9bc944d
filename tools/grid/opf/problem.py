"""The optimisation problem of a state: the matrices that pandapower solves, and the limits around them, in pu."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from pandapower import LoadflowNotConverged, runpp
from pandapower.pypower.idx_brch import BR_X, SHIFT, TAP
from pandapower.pypower.idx_bus import PD, QD

from tools.errors import NotSolvedError
from tools.grid.branch_bounds import ANGLE_COLUMNS, NO_ANGLE_LIMIT_DEGREE, RATINGS_IN_MVA
from tools.grid.connectivity import Connectivity, connectivity
from tools.grid.operating_limits import OperatingLimits, operating_limits
from tools.grid.opf.costs import Costs, no_costs
from tools.grid.opf.units import CONTROLLABLE, UnitTable, unit_table
from tools.grid.schema.optimal_dispatch import BranchLimit
from tools.grid.screening.arrays import SQRT3, GridArrays, grid_arrays, solved_matrices
from tools.grid.screening.thermal import thermal
from tools.grid.solve import MAX_ITERATIONS, TOLERANCE_MVA
from tools.grid.soundness import require_values
from tools.limits import LimitTable, OperatingState

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

    from tools.grid.state import State

# Where neither the model nor the table of limits bounds a voltage: only what keeps the equations meaningful.
WIDEST_VM_PU = (0.5, 1.5)


@dataclass(frozen=True)
class Cut:
    """A limit on a weighted sum of active flows at the start of branch rows, pu.

    Attributes:
        rows: Branch rows.
        weights: Weight of each.
        most: The sum stays at or below this.
        branch: Position of the circuit that the limit protects.
        outage: Position of the circuit whose outage it protects from.
    """

    rows: tuple[int, ...]
    weights: tuple[float, ...]
    most: float
    branch: int
    outage: int


@dataclass(frozen=True)
class Problem:
    """One state to optimise; buses, units and branch rows are those of the matrices.

    Attributes:
        state: The state; its net holds the power flow before where ``before``.
        before: Whether the state before solves.
        topology: Its islands.
        limits: Limits of the operating state.
        arrays: Matrices.
        series_x, ratio, shift: Reactance, tap ratio and phase shift (rad) of each branch row, for the DC equations.
        demand: Complex load of each bus that no unit of ``units`` carries.
        units: What may be dispatched, or holds a voltage.
        costs: Costs that are made least, where the objective has them.
        target: Injections to stay near (least redispatch); None for other objectives.
        v_min, v_max: Voltage limits by bus.
        held_vm: Voltages that are held; NaN where free.
        reference_angle: Angle of each reference bus, rad.
        start_limit, end_limit: Limit at the ends of each branch row; NaN without one.
        start_limit_after, end_limit_after: The same for the state after an outage.
        apparent: Whether the limits are apparent powers; else currents.
        angle_min, angle_max: Limits of the angle across each branch row, rad; infinite without one.
        reserve: Headroom that the movable units must keep; None without a requirement.
        cuts: Security constraints.
    """

    state: State
    before: bool
    topology: Connectivity
    limits: OperatingLimits
    arrays: GridArrays
    series_x: NDArray[np.float64]
    ratio: NDArray[np.float64]
    shift: NDArray[np.float64]
    demand: NDArray[np.complex128]
    units: UnitTable
    costs: Costs
    target: NDArray[np.float64] | None
    v_min: NDArray[np.float64]
    v_max: NDArray[np.float64]
    held_vm: NDArray[np.float64]
    reference_angle: NDArray[np.float64]
    start_limit: NDArray[np.float64]
    end_limit: NDArray[np.float64]
    start_limit_after: NDArray[np.float64]
    end_limit_after: NDArray[np.float64]
    apparent: bool
    angle_min: NDArray[np.float64]
    angle_max: NDArray[np.float64]
    reserve: float | None = None
    cuts: tuple[Cut, ...] = ()

    @property
    def net(self) -> pandapowerNet:
        """The private net of the state."""
        return self.state.net

    @property
    def size(self) -> int:
        """Number of buses of the matrices."""
        return len(self.arrays.voltage)

    @property
    def reserving(self) -> NDArray[np.bool_]:
        """Units whose headroom counts as reserve: movable and limited above."""
        kept: NDArray[np.bool_] = self.units.movable & np.isfinite(self.units.p_max)
        return kept

    def circuit_of(self, row: int) -> int:
        """Circuit that a branch row belongs to; -1 for impedances and other rows without a rating."""
        circuits = self.arrays.circuits
        found = circuits.owner[circuits.rows == row]
        return int(found[0]) if len(found) else -1


def build_problem(state: State, table: LimitTable, branch_limit: BranchLimit) -> Problem:
    """The problem of a state, with no costs, no reserve and no outages to secure yet.

    The state's private net is solved on the way; the state before need not have a solution.

    Raises:
        NotSolvedError: when no bus has a source, no branch is live, or a value that the equations need is missing or
            cannot be.
        InvalidArgumentError: for what the problem does not model.
    """
    require_values(state)
    net, topology = state.net, connectivity(state.net)
    if not topology.energised.any():
        raise NotSolvedError(f"The state {state.case!r} has no optimum: no bus has a source in service.")
    before = _solve_before(net)
    arrays = _placed(grid_arrays(net), net, topology)
    if not len(arrays.start):
        raise NotSolvedError(f"The state {state.case!r} has no optimum: no branch in service has supply.")
    matrices = solved_matrices(net)
    branch, bus = matrices["branch"].real, matrices["bus"].real
    place = {int(b): int(p) for b, p in zip(arrays.bus_index, arrays.bus_place, strict=True) if p >= 0}
    units = unit_table(net, place, arrays.base_mva, solved=before)
    limits = operating_limits(net, table, OperatingState.CONTINGENCY if state.outages else OperatingState.NORMAL)
    after = operating_limits(net, table, OperatingState.CONTINGENCY)
    v_min, v_max = _voltage_limits(arrays, limits)
    start_limit, end_limit = _branch_limits(net, arrays, limits)
    start_after, end_after = _branch_limits(net, arrays, after)
    angle_min, angle_max = _angle_limits(net, arrays)
    ratio = branch[:, TAP].copy()
    ratio[ratio == 0] = 1.0
    return Problem(
        state=state,
        before=before,
        topology=topology,
        limits=limits,
        arrays=arrays,
        series_x=branch[:, BR_X],
        ratio=ratio,
        shift=np.deg2rad(branch[:, SHIFT]),
        demand=_demand(bus, units, arrays.base_mva),
        units=units,
        costs=no_costs(len(units)),
        target=None,
        v_min=v_min,
        v_max=v_max,
        held_vm=np.full(len(arrays.voltage), np.nan),
        reference_angle=np.angle(arrays.voltage[arrays.reference]),
        start_limit=start_limit,
        end_limit=end_limit,
        start_limit_after=start_after,
        end_limit_after=end_after,
        apparent=_apparent(net, branch_limit),
        angle_min=angle_min,
        angle_max=angle_max,
    )


def hold_voltages(problem: Problem) -> Problem:
    """The problem with every regulated voltage held at its set-point, limits of that bus notwithstanding."""
    held = problem.held_vm.copy()
    for bus, vm_pu in zip(problem.units.bus, problem.units.vm_set, strict=True):
        if np.isfinite(vm_pu):
            held[bus] = vm_pu
    return replace(problem, held_vm=held)


def _solve_before(net: pandapowerNet) -> bool:
    """Solve the state before; its matrices are there whether or not it converges."""
    # a branch without reactance has no DC start
    start = "flat" if (net.line.x_ohm_per_km == 0).any() else "dc"
    try:
        runpp(net, max_iteration=MAX_ITERATIONS, tolerance_mva=TOLERANCE_MVA, init=start, lightsim2grid=False)
    except LoadflowNotConverged:
        return False
    return bool(net.converged)


def _placed(arrays: GridArrays, net: pandapowerNet, topology: Connectivity) -> GridArrays:
    """Places of the buses by topology: without a solution pandapower marks every bus as dead."""
    lookup = np.asarray(net._pd2ppc_lookups["bus"], dtype=np.int64)  # noqa: SLF001 - see above
    place = np.where(topology.energised, lookup[arrays.bus_index], -1)
    return replace(arrays, bus_place=place)


def _demand(bus: NDArray[np.float64], units: UnitTable, base_mva: float) -> NDArray[np.complex128]:
    demand: NDArray[np.complex128] = np.asarray((bus[:, PD] + 1j * bus[:, QD]) / base_mva, dtype=np.complex128)
    for at, ref in enumerate(units.refs):
        if ref.kind in CONTROLLABLE:
            demand[units.bus[at]] += units.p_set[at] + 1j * units.q_set[at]
    return demand


def _voltage_limits(arrays: GridArrays, limits: OperatingLimits) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The tightest limits of the buses that are one bus of the matrix."""
    lowest, highest = (np.full(len(arrays.voltage), bound) for bound in WIDEST_VM_PU)
    live = arrays.bus_place >= 0
    place = arrays.bus_place[live]
    np.fmax.at(lowest, place, limits.vm_min_pu.value[live])
    np.fmin.at(highest, place, limits.vm_max_pu.value[live])
    return lowest, highest


def _branch_limits(
    net: pandapowerNet, arrays: GridArrays, limits: OperatingLimits
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Rating at nominal voltage times the loading limit, at both ends of each branch row; placeholders are none."""
    rated, circuits = thermal(net, arrays), arrays.circuits
    start, end = np.full(len(arrays.start), np.nan), np.full(len(arrays.start), np.nan)
    share = np.full(len(circuits), np.nan)
    for at, (kind, index) in enumerate(zip(circuits.table, circuits.index.tolist(), strict=True)):
        limit = next((array.at(index) for key, array in limits.loading_percent.items() if key.value == kind), None)
        share[at] = np.nan if limit is None else limit[0] / 100.0
    per_row = share[circuits.owner]
    start[circuits.rows] = per_row * rated.start_ka * SQRT3 * arrays.vn_kv[arrays.start[circuits.rows]]
    end[circuits.rows] = per_row * rated.end_ka * SQRT3 * arrays.vn_kv[arrays.end[circuits.rows]]
    return start / arrays.base_mva, end / arrays.base_mva


def _angle_limits(net: pandapowerNet, arrays: GridArrays) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    low, high = np.full(len(arrays.start), -np.inf), np.full(len(arrays.start), np.inf)
    circuits = arrays.circuits
    for at, (kind, index) in enumerate(zip(circuits.table, circuits.index.tolist(), strict=True)):
        frame = net[kind]
        for values, column in zip((low, high), ANGLE_COLUMNS, strict=True):
            if column in frame and abs(limit := float(frame.at[index, column])) < NO_ANGLE_LIMIT_DEGREE:
                values[circuits.rows[circuits.first[at]]] = np.deg2rad(limit)
    return low, high


def _apparent(net: pandapowerNet, branch_limit: BranchLimit) -> bool:
    if branch_limit is BranchLimit.AS_RATED:
        return bool(net.get(RATINGS_IN_MVA, False))
    return branch_limit is BranchLimit.APPARENT_POWER


def cut_name(problem: Problem, position: int) -> tuple[str, int]:
    """Table and index of a circuit."""
    circuits = problem.arrays.circuits
    return circuits.table[position], int(circuits.index[position])


def bus_refs_by_place(problem: Problem) -> dict[int, list[int]]:
    """Pandapower's bus indices at each bus of the matrix."""
    found: dict[int, list[int]] = {}
    for index, place in zip(problem.arrays.bus_index.tolist(), problem.arrays.bus_place.tolist(), strict=True):
        if place >= 0:
            found.setdefault(place, []).append(index)
    return found
