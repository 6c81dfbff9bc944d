"""Outages of units and of groups: few, each with its own changes, solved one by one from the base solution."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementRef
from tools.grid.connectivity import connectivity
from tools.grid.screening.engine import Change
from tools.grid.screening.fallback import outage_state, solve_state
from tools.grid.screening.reduction import measure, no_figures
from tools.grid.screening.study import OutageSet, Solution, Study
from tools.grid.screening.supply_lost import dead_in, supply_lost
from tools.grid.screening.topology import cut_off
from tools.grid.screening.trips import Unit, limits_without, picked_up_mw, units_in_service

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.grid.screening.resident import Resident
    from tools.grid.state import State


@dataclass(frozen=True)
class _Task:
    """One outage on its way: what is out, and who is without supply."""

    outage: OutageSet
    circuits: tuple[int, ...]
    out: tuple[Unit, ...]
    dead: NDArray[np.int64]
    slack_lost: bool


@dataclass(frozen=True)
class _Result:
    solution: Solution | None
    by_pandapower: bool
    dark: bool


class SetStudy:
    """Studies of units and groups in one state."""

    def __init__(self, state: Resident, *, shared: bool) -> None:
        """Prepare.

        Args:
            state: The state before the outages.
            shared: Whether the other units pick up what is lost, and not the slack alone.
        """
        self._state = state
        self._shared = shared

    @cached_property
    def units(self) -> dict[ElementRef, Unit]:
        """The units that can trip."""
        return units_in_service(self._state.solved, self._state.arrays)

    def study(self, outages: Sequence[OutageSet], wanted: NDArray[np.int64]) -> Study:
        """Take out each set of elements.

        Args:
            outages: Elements in service with supply.
            wanted: Circuits whose overload marks an outage as a hit.
        """
        tasks = self._tasks(outages)
        results = [self._solve(task) for task in tasks]
        figures = no_figures(len(tasks))
        for place, (task, result) in enumerate(zip(tasks, results, strict=True)):
            if result.solution is not None:
                part = slice(place, place + 1)
                figures[part] = self._measured(task, result.solution, wanted)
        state = self._state
        dead_load = np.array([state.demand_mw[task.dead].sum() for task in tasks])
        dead_generation = np.array([self._cut_generation_mw(task) for task in tasks])
        tripped = np.array([self._tripped_mw(task) for task in tasks])
        return Study(
            outages=tuple(outages),
            figures=figures,
            lost_load_mw=dead_load,
            lost_generation_mw=dead_generation + tripped,
            dead_buses=np.array([len(task.dead) for task in tasks], dtype=np.int64),
            bridge=(dead_load > 0) | (dead_generation > 0),
            dark=np.array([result.dark for result in results], dtype=bool),
            by_pandapower=sum(result.by_pandapower for result in results),
            not_retried=0,
            solution=lambda place: _found(results[place]),
        )

    def _tasks(self, outages: Sequence[OutageSet]) -> list[_Task]:
        state, arrays = self._state, self._state.arrays
        circuits = [
            tuple(c for ref in outage.refs if (c := arrays.circuits.find(ref.kind.value, ref.index)) is not None)
            for outage in outages
        ]
        cut = cut_off(arrays, [self._rows(one) for one in circuits])
        dead, slack_lost = supply_lost(state.solved, arrays, [outage.refs for outage in outages], cut)
        tasks = []
        for place, outage in enumerate(outages):
            out = tuple(self.units[ref] for ref in outage.refs if ref in self.units)
            lost = place in slack_lost or any(unit.balances for unit in out)
            buses = dead[place]
            if lost and place not in slack_lost:
                buses = dead_in(arrays, outage_state(state.solved.state, *outage.refs))
            tasks.append(_Task(outage, circuits[place], out, buses, lost))
        return tasks

    def _rows(self, circuits: tuple[int, ...]) -> NDArray[np.int64]:
        return np.concatenate([np.empty(0, dtype=np.int64), *(self._state.opened[c] for c in circuits)])

    def _solve(self, task: _Task) -> _Result:
        """By the engine where it can: one piece of grid, its slack in place."""
        state, opened = self._state, self._rows(task.circuits)
        if state.model is None or task.slack_lost or (len(task.dead) and task.out):
            return self._by_pandapower(task, opened)
        if not task.out:
            batch = state.model.solve([opened])
            if batch.converged.all():
                return self._result(task, np.array(batch.voltage[0]), opened)
            if len(task.dead):
                return self._by_pandapower(task, opened)
        [voltage] = state.model.solve_changed([self._change(task, opened)])
        return self._result(task, voltage, opened)

    def _change(self, task: _Task, opened: NDArray[np.int64]) -> Change:
        injection: dict[int, complex] = {}
        base_mva = self._state.arrays.base_mva
        for unit in task.out:
            injection[unit.bus] = injection.get(unit.bus, 0) - unit.power_mva / base_mva
        for ref, more_mw in self._picked_up_mw(task).items():
            bus = self.units[ref].bus
            injection[bus] = injection.get(bus, 0) + more_mw / base_mva
        out = {unit.ref for unit in task.out}
        held = {unit.bus for unit in self.units.values() if unit.holds_voltage and unit.ref not in out}
        released = sorted({unit.bus for unit in task.out if unit.holds_voltage} - held)
        return Change(opened, injection, tuple(released))

    def _picked_up_mw(self, task: _Task) -> dict[ElementRef, float]:
        if not self._shared or not task.out:
            return {}
        dark = set(self._state.arrays.bus_place[task.dead].tolist())
        return picked_up_mw([u for u in self.units.values() if u.bus not in dark], {u.ref for u in task.out})

    def _by_pandapower(self, task: _Task, opened: NDArray[np.int64]) -> _Result:
        after = outage_state(self._state.solved.state, *task.outage.refs)
        if not connectivity(after.net).energised.any():
            return _Result(None, by_pandapower=False, dark=True)
        self._raise_units(after, task)
        voltage = solve_state(self._state.arrays, after, opened)
        result = self._result(task, voltage, opened, after.moved_slack)
        return replace(result, by_pandapower=voltage is not None)

    def _raise_units(self, after: State, task: _Task) -> None:
        for ref, more_mw in self._picked_up_mw(task).items():
            # an external grid takes what is left; a slack unit as well
            if ref.kind.value == "gen" and ref != after.moved_slack:
                net = after.net
                net.gen.loc[ref.index, "p_mw"] += more_mw / float(net.gen.scaling.at[ref.index])

    def _result(
        self,
        task: _Task,
        voltage: NDArray[np.complex128] | None,
        opened: NDArray[np.int64],
        moved_slack: ElementRef | None = None,
    ) -> _Result:
        if voltage is None:
            return _Result(None, by_pandapower=False, dark=False)
        monitor = self._state.monitor
        if task.out:
            dark = self._state.arrays.bus_place[task.dead]
            left = limits_without(monitor.units, self.units, {unit.ref for unit in task.out}, dark)
            monitor = replace(monitor, units=left)
        return _Result(Solution(voltage, opened, monitor, moved_slack), by_pandapower=False, dark=False)

    def _measured(self, task: _Task, solution: Solution, wanted: NDArray[np.int64]) -> NDArray[np.void]:
        own = np.array([task.circuits or (-1,)], dtype=np.int64)
        voltage = solution.voltage[None, :]
        return measure(self._state.arrays, solution.monitor, voltage, [solution.opened], own, wanted)

    def _cut_generation_mw(self, task: _Task) -> float:
        """Set-points on dead buses, and what a slack fed that its own branches leave alone."""
        state = self._state
        cut = float(state.generation_mw[task.dead].sum())
        if task.slack_lost and not any(unit.balances for unit in task.out):
            fed = sum(unit.power_mva.real for unit in self.units.values() if unit.balances)
            cut += max(fed, 0.0)
        dark = set(state.arrays.bus_place[task.dead].tolist())
        counted = sum(u.power_mva.real for u in task.out if u.bus in dark and not u.balances)
        return max(cut - counted, 0.0)

    def _tripped_mw(self, task: _Task) -> float:
        return sum(max(unit.power_mva.real, 0.0) for unit in task.out)


def _found(result: _Result) -> Solution:
    if result.solution is None:
        message = "this outage has no solution"
        raise LookupError(message)
    return result.solution
