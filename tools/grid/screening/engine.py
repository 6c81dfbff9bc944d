"""The batch solve of many outages by lightsim2grid, on the very matrices that pandapower solved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from lightsim2grid.algorithm import AlgorithmType
from lightsim2grid.lightsim2grid_cpp import ContingencyAnalysisCPP, LSGrid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.grid.screening.arrays import GridArrays

# Per unit. lightsim2grid's tolerance is per unit too; 1e-10 is below the round-off of grids with thousands of buses.
TOLERANCE_PU = 1e-8
MAX_ITERATIONS = 20
# Largest voltage difference to pandapower's base solution at which the converted model counts as the same, pu.
SAME_MODEL_PU = 1e-8
# Start of the check that the models agree: every voltage that is not held is lowered to this share.
DISTURBANCE = 0.99
# Reactive limits are not enforced (and checked by us): the engine needs some, far away.
NO_LIMIT_MVAR = 1e7


@dataclass(frozen=True)
class BatchSolution:
    """Voltages of the solved outages, in the engine's own order.

    Attributes:
        voltage: Complex voltage, outage by bus, pu; zero at buses that are cut off. A view into ``owner``.
        outage: Place of each row's outage in the list that was asked for.
        converged: Whether the row solved.
        owner: The engine, whose memory the voltages live in.
    """

    voltage: NDArray[np.complex128]
    outage: NDArray[np.int64]
    converged: NDArray[np.bool_]
    owner: object


@dataclass(frozen=True)
class Change:
    """What one outage changes in the model, units included.

    Attributes:
        opened: Branch rows that open.
        injection: By bus, what is fed in more than before, pu.
        released: Buses whose voltage nobody holds any more.
    """

    opened: NDArray[np.int64]
    injection: dict[int, complex]
    released: tuple[int, ...]


class BatchModel:
    """A state in the engine's memory; never changed once built, so threads may share it.

    Attributes:
        base_error_pu: Largest voltage difference to pandapower's own solution of the state.
    """

    def __init__(self, arrays: GridArrays, *, check: bool = True) -> None:
        """Build the engine's model.

        Args:
            arrays: The solved state.
            check: Whether to solve it anew; without, the state is one that the engine itself has solved.
        """
        self._regulated = np.concatenate((arrays.reference, arrays.regulated))
        self._base_mva = arrays.base_mva
        self._injection = arrays.injection
        self._start, self._flat = arrays.voltage.copy(), _flat_start(arrays)
        plain, shifting = np.flatnonzero(~arrays.phase_shift), np.flatnonzero(arrays.phase_shift)
        self._plain = len(plain)
        # the engine numbers its plain branches first, then those with a complex ratio
        self._number = np.empty(len(arrays.start), dtype=np.int64)
        self._number[np.concatenate((plain, shifting))] = np.arange(len(arrays.start))
        self._grid = _engine_grid(arrays, plain, shifting)
        self.base_error_pu = 0.0
        if not check:
            return
        # from the solution itself the engine would return without one iteration and prove nothing
        disturbed = arrays.voltage * DISTURBANCE
        held = np.concatenate((arrays.reference, arrays.regulated))
        disturbed[held] = arrays.voltage[held]
        solved = self._grid.ac_pf(disturbed, MAX_ITERATIONS, TOLERANCE_PU)
        # an empty array is the engine's way to say that it did not converge
        self.base_error_pu = float(np.abs(solved - self._start).max()) if len(solved) else float("inf")

    @property
    def faithful(self) -> bool:
        """Whether the engine reproduces pandapower's base solution."""
        return self.base_error_pu <= SAME_MODEL_PU

    def solve_base(
        self, injection: NDArray[np.complex128], vm_pu: NDArray[np.float64], held_pu: NDArray[np.float64]
    ) -> NDArray[np.complex128] | None:
        """Solve the state itself with other powers and voltages; None when it does not converge.

        Args:
            injection: Power fed into the branches and shunts at each bus, pu; what the slack feeds is a result.
            vm_pu: Voltages of the state as built.
            held_pu: Voltages to hold instead at regulated buses; NaN keeps that of the state.
        """
        grid = self._grid.copy()
        power_mva = injection * self._base_mva
        for bus, (p_mw, q_mvar) in enumerate(zip(power_mva.real.tolist(), power_mva.imag.tolist(), strict=True)):
            grid.change_p_load(bus, -p_mw)
            grid.change_q_load(bus, -q_mvar)
        start = self._start.copy()
        for unit, bus in enumerate(self._regulated.tolist()):
            target = float(held_pu[bus] if np.isfinite(held_pu[bus]) else vm_pu[bus])
            grid.change_v_gen(unit, target)
            start[bus] *= target / vm_pu[bus]
        for first in (start, self._flat):
            solved = grid.ac_pf(first, MAX_ITERATIONS, TOLERANCE_PU)
            if len(solved):
                return np.array(solved)
        return None

    def solve(self, outages: Sequence[NDArray[np.int64]]) -> BatchSolution:
        """Open the branch rows of each outage, one outage at a time, and solve from the base solution."""
        analysis = ContingencyAnalysisCPP(self._grid)
        analysis.change_algorithm(AlgorithmType.NRSing_KLU)
        analysis.handle_disconnected_grid = True
        analysis.nb_thread = 1
        numbers = [tuple(sorted(self._number[rows].tolist())) for rows in outages]
        place = {key: position for position, key in enumerate(numbers)}
        for key in place:
            analysis.add_nk(list(key))
        analysis.compute(self._start.copy(), MAX_ITERATIONS, TOLERANCE_PU)
        return BatchSolution(
            voltage=analysis.get_voltages(),
            outage=np.array([place[tuple(sorted(key))] for key in analysis.my_defaults()], dtype=np.int64),
            converged=np.array(analysis.converged_mask(), dtype=bool),
            owner=analysis,
        )

    def solve_again(self, outages: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.complex128] | None, ...]:
        """Solve outages that leave the grid connected from other starts; None where none of them leads anywhere.

        The starts are those that pandapower would try: DC angles, and a flat start.
        """
        grid = self._grid.copy()
        found = []
        for rows in outages:
            numbers = self._number[rows].tolist()
            for number in numbers:
                plain = number < self._plain
                grid.deactivate_powerline(number) if plain else grid.deactivate_trafo(number - self._plain)
            found.append(self._from_other_starts(grid))
            for number in numbers:
                plain = number < self._plain
                grid.reactivate_powerline(number) if plain else grid.reactivate_trafo(number - self._plain)
        return tuple(found)

    def solve_changed(self, changes: Sequence[Change]) -> tuple[NDArray[np.complex128] | None, ...]:
        """Solve outages of units, and of branches with them, that leave the grid in one piece; None where it fails.

        Tried from the base solution, then from DC angles and a flat start.
        """
        found: list[NDArray[np.complex128] | None] = []
        for change in changes:
            grid = self._grid.copy()
            for number in self._number[change.opened].tolist():
                plain = number < self._plain
                grid.deactivate_powerline(number) if plain else grid.deactivate_trafo(number - self._plain)
            for bus, more in change.injection.items():
                power = complex(self._injection[bus] + more) * self._base_mva
                grid.change_p_load(bus, -power.real)
                grid.change_q_load(bus, -power.imag)
            for bus in change.released:
                grid.deactivate_gen(int(np.flatnonzero(self._regulated == bus)[0]))
            solved = grid.ac_pf(self._start.copy(), MAX_ITERATIONS, TOLERANCE_PU)
            found.append(np.array(solved) if len(solved) else self._from_other_starts(grid))
        return tuple(found)

    def _from_other_starts(self, grid: LSGrid) -> NDArray[np.complex128] | None:
        linear = grid.dc_pf(self._flat, MAX_ITERATIONS, TOLERANCE_PU)
        for start in (linear, self._flat):
            solved = grid.ac_pf(start, MAX_ITERATIONS, TOLERANCE_PU) if len(start) else start
            if len(solved):
                return np.array(solved)
        return None


def _flat_start(arrays: GridArrays) -> NDArray[np.complex128]:
    """One pu, or what is held, at the angle of the reference."""
    magnitude = np.ones(len(arrays.voltage))
    held = np.concatenate((arrays.reference, arrays.regulated))
    magnitude[held] = np.abs(arrays.voltage[held])
    flat: NDArray[np.complex128] = magnitude * np.exp(1j * np.angle(arrays.voltage[arrays.reference[0]]))
    return flat


def _engine_grid(arrays: GridArrays, plain: NDArray[np.int64], shifting: NDArray[np.int64]) -> LSGrid:
    grid = LSGrid()
    grid.set_sn_mva(arrays.base_mva)
    grid.init_bus(len(arrays.voltage), 1, arrays.vn_kv, len(plain), len(shifting))
    _add_branches(grid, arrays, plain, shifting)
    power_mva = arrays.injection * arrays.base_mva
    buses = np.arange(len(arrays.voltage), dtype=np.int32)
    # whatever a bus takes or feeds in the base solution stays what it is: one load a bus carries it
    grid.init_loads(-power_mva.real, -power_mva.imag, buses)
    regulated = np.concatenate((arrays.reference, arrays.regulated)).astype(np.int32)
    far = np.full(len(regulated), NO_LIMIT_MVAR)
    grid.init_generators(np.zeros(len(regulated)), np.abs(arrays.voltage[regulated]), -far, far, regulated)
    grid.add_gen_slackbus(0, 1.0)
    shunted = np.flatnonzero(arrays.shunt).astype(np.int32)
    shunt_mva = arrays.shunt[shunted] * arrays.base_mva
    grid.init_shunt(shunt_mva.real.copy(), -shunt_mva.imag, shunted)
    grid.set_load_to_subid(buses)
    grid.set_gen_to_subid(regulated)
    grid.set_shunt_to_subid(shunted)
    grid.check_grid()
    return grid


def _add_branches(grid: LSGrid, arrays: GridArrays, plain: NDArray[np.int64], shifting: NDArray[np.int64]) -> None:
    start, end = arrays.start.astype(np.int32), arrays.end.astype(np.int32)
    # with equal transfer admittances a branch is a pi with two shunts of its own, whatever its ratio
    series = -arrays.yft[plain]
    impedance = 1 / series
    grid.init_powerlines_full(
        impedance.real.copy(),
        impedance.imag.copy(),
        arrays.yff[plain] - series,
        arrays.ytt[plain] - series,
        start[plain],
        end[plain],
    )
    # with a phase shift: yff |ratio|^2 = ytt, and the transfer admittances differ by twice the angle
    ratio = np.sqrt(np.abs(arrays.ytt[shifting] / arrays.yff[shifting]))
    angle = np.angle(arrays.yft[shifting] / arrays.ytf[shifting]) / 2
    series = -arrays.ytf[shifting] * ratio * np.exp(1j * angle)
    impedance = 1 / series
    grid.init_trafo(
        impedance.real.copy(),
        impedance.imag.copy(),
        2 * (arrays.ytt[shifting] - series),
        ratio,
        np.rad2deg(angle),
        [True] * len(shifting),
        start[shifting],
        end[shifting],
        True,
    )
    grid.set_line_to_sub1_id(start[plain])
    grid.set_line_to_sub2_id(end[plain])
    grid.set_trafo_to_sub1_id(start[shifting])
    grid.set_trafo_to_sub2_id(end[shifting])
