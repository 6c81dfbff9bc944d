"""The rows of a screening: voltages and flows of the few outages that are shown, from the solved voltages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.grid.case import outage_label
from tools.grid.schema.common import BranchState, BusState, UnitState
from tools.grid.schema.contingencies import LoadingMargin, OutageRow, VoltageMargin
from tools.grid.screening.arrays import SQRT3
from tools.grid.screening.effects import Shown, effects_of
from tools.grid.screening.fallback import outage_state
from tools.grid.screening.margins import nearest_loading, nearest_voltage, units_beyond
from tools.vocabulary import OutageOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.element import ElementRef
    from tools.grid.schema.outage_effects import OutageEffects
    from tools.grid.screening.resident import Resident
    from tools.grid.screening.screen import Screened
    from tools.grid.screening.study import OutageSet, Solution, Study

_UNITS_SHOWN = 10
_OUTCOMES = (OutageOutcome.SECURE, OutageOutcome.INSECURE, OutageOutcome.ISLANDING, OutageOutcome.DIVERGED)


class RowMaker:
    """Makes the rows of one screened state."""

    def __init__(self, state: Resident, study: Study, scores: NDArray[np.float64]) -> None:
        self._state = state
        self._study = study
        self._scores = scores
        self._outcomes = outcomes(study)
        self._made: dict[int, OutageRow] = {}
        self._solutions: dict[int, Solution] = {}
        self._units: dict[int, list[UnitState]] | None = None

    def row(self, position: int) -> OutageRow:
        """The row of one of the outages; one that is shown in several places is made once."""
        if position not in self._made:
            self._made[position] = self._make(position)
        return self._made[position]

    def effects(self, positions: Sequence[int], most: int) -> OutageEffects:
        """What these outages do to so many branches and buses that they affect most."""
        solved = self._study.figures["solved"]
        shown = [
            Shown(
                case=self._case(position),
                out=self._study.outages[position].refs,
                voltage=self._solution(position).voltage if solved[position] else None,
            )
            for position in positions
        ]
        return effects_of(self._state, shown, most)

    def _make(self, position: int) -> OutageRow:
        study, figures = self._study, self._study.figures[position]
        outage = study.outages[position]
        row = OutageRow(
            element=outage.refs[0],
            elements=outage.refs if len(outage.refs) > 1 else (),
            group=outage.group,
            case=self._case(position),
            outcome=self._outcomes[position],
            bridge=bool(study.bridge[position]),
            unserved_p_mw=float(study.lost_load_mw[position]),
            lost_generation_p_mw=float(study.lost_generation_mw[position]),
            dead_buses=int(study.dead_buses[position]),
            new_overloads=int(figures["new_overloads"]),
            new_voltage_violations=int(figures["new_voltages"]),
            standing_violations=int(figures["standing"]),
            unit_violations=int(figures["new_units"]),
            worst_loading=self.highest_loading(position),
            lowest_voltage=self.bus(position, "lowest_bus"),
            highest_voltage=self.bus(position, "highest_bus"),
            severity_score=float(round(self._scores[position], 9)),
        )
        return row.model_copy(update=self._beside(position, outage)) if figures["solved"] else row

    def _beside(self, position: int, outage: OutageSet) -> dict[str, object]:
        """Margins and units of a solved outage."""
        solution, arrays = self._solution(position), self._state.arrays
        found = (arrays.circuits.find(ref.kind.value, ref.index) for ref in outage.refs)
        own = np.array([circuit for circuit in found if circuit is not None], dtype=np.int64)
        power = solution.monitor.units.power_mva(arrays, solution.voltage[None, :], [solution.opened])[0]
        moved = solution.moved_slack or self._moved_slack(own, outage)
        beyond = units_beyond(solution, self._state.monitor, power)
        at_bus = self._units_by_column()
        over = [unit.element for column in beyond.tolist() for unit in at_bus.get(column, ())]
        return {
            "next_overload": self._next_overload(position, solution, own),
            "next_voltage_limit": self._next_voltage(position, solution),
            "slack": self._slack(position, power, moved),
            "moved_slack": moved,
            "units_beyond": tuple(over[:_UNITS_SHOWN]),
            "units_beyond_omitted": max(len(over) - _UNITS_SHOWN, 0),
        }

    def _next_overload(self, position: int, solution: Solution, own: NDArray[np.int64]) -> LoadingMargin | None:
        near = nearest_loading(solution, own)
        if near is None:
            return None
        ref = self._state.refs[int(self._state.monitor.thermal.circuits[near.place])]
        return LoadingMargin(element=ref, case=self._case(position), loading_margin_percent=near.room)

    def _next_voltage(self, position: int, solution: Solution) -> VoltageMargin | None:
        near = nearest_voltage(solution)
        if near is None:
            return None
        ref = self._state.bus_refs[near.place]
        return VoltageMargin(element=ref, case=self._case(position), voltage_margin_pu=near.room)

    def _moved_slack(self, own: NDArray[np.int64], outage: OutageSet) -> ElementRef | None:
        """Who balances after the outage of circuits that leave the slack alone."""
        if len(own) != 1 or int(own[0]) not in self._state.slack_lost:
            return None
        return outage_state(self._state.solved.state, *outage.refs).moved_slack

    def _slack(self, position: int, power: NDArray[np.complex128], moved: ElementRef | None) -> UnitState | None:
        """What the slack feeds; None where several units share its bus, or it is out itself."""
        out = self._study.outages[position].refs
        for column, units in self._units_by_column().items():
            [unit, *more] = units
            at_slack = unit.element == moved if moved else self._is_reference(column)
            if at_slack and not more and unit.element not in out:
                fed = {"p_mw": float(power[column].real), "q_mvar": float(power[column].imag)}
                return unit.model_copy(update=fed | {"case": self._case(position)})
        return None

    def _is_reference(self, column: int) -> bool:
        return int(self._state.monitor.units.bus[column]) in self._state.arrays.reference.tolist()

    def _units_by_column(self) -> dict[int, list[UnitState]]:
        """Units that hold a voltage, by their column among the watched unit buses."""
        if self._units is None:
            self._units = {}
            state, net = self._state, self._state.solved.net
            place = dict(zip(state.arrays.bus_index.tolist(), state.arrays.bus_place.tolist(), strict=True))
            column = {bus: at for at, bus in enumerate(state.monitor.units.bus.tolist())}
            for unit in state.solved.units:
                kind = unit.element.kind.value
                if kind in {"gen", "ext_grid"}:
                    at = column[place[int(net[kind].at[unit.element.index, "bus"])]]
                    self._units.setdefault(at, []).append(unit)
        return self._units

    def _solution(self, position: int) -> Solution:
        if position not in self._solutions:
            self._solutions[position] = self._study.solution(position)
        return self._solutions[position]

    def bus(self, position: int, which: str) -> BusState | None:
        """The bus with the lowest or the highest voltage after an outage; None when it did not solve."""
        watched = int(self._study.figures[position][which])
        if not self._study.figures[position]["solved"]:
            return None
        arrays, monitor = self._state.arrays, self._state.monitor
        place = int(monitor.bus_place[watched])
        voltage, vn_kv = self._solution(position).voltage[place], float(arrays.vn_kv[place])
        low, high = (band[watched] for band in (monitor.contingency.vm_min_pu, monitor.contingency.vm_max_pu))
        return BusState(
            element=self._state.bus_refs[watched],
            case=self._case(position),
            vm_pu=float(np.abs(voltage)),
            vm_kv=float(np.abs(voltage)) * vn_kv,
            va_degree=float(np.angle(voltage, deg=True)),
            vn_kv=vn_kv,
            limit_min_pu=None if np.isnan(low) else float(low),
            limit_max_pu=None if np.isnan(high) else float(high),
        )

    def highest_loading(self, position: int) -> BranchState | None:
        """The circuit with the highest loading after an outage; None when it did not solve, or none has a rating."""
        circuit = int(self._study.figures[position]["loading_circuit"])
        if circuit < 0:
            return None
        arrays, thermal = self._state.arrays, self._state.monitor.thermal
        voltage = self._solution(position).voltage
        at = np.flatnonzero(arrays.circuits.owner == circuit)
        rows = arrays.circuits.rows[at]
        start, end = voltage[arrays.start[rows]], voltage[arrays.end[rows]]
        into_start = arrays.yff[rows] * start + arrays.yft[rows] * end
        into_end = arrays.ytf[rows] * start + arrays.ytt[rows] * end
        current = np.concatenate(
            (
                np.abs(into_start) * arrays.base_mva / (SQRT3 * arrays.vn_kv[arrays.start[rows]]),
                np.abs(into_end) * arrays.base_mva / (SQRT3 * arrays.vn_kv[arrays.end[rows]]),
            )
        )
        rating = np.concatenate((thermal.start_ka[at], thermal.end_ka[at]))
        worst = int(np.nanargmax(current / rating))
        fed = start * np.conj(into_start) * arrays.base_mva
        loss = (fed + end * np.conj(into_end) * arrays.base_mva).real.sum()
        column = int(np.searchsorted(thermal.circuits, circuit))
        return BranchState(
            element=self._state.refs[circuit],
            case=self._case(position),
            loading_percent=float(self._study.figures[position]["loading_percent"]),
            limit_percent=float(self._state.monitor.contingency.loading_percent[column]),
            i_ka=float(current[worst]),
            rating_ka=float(rating[worst]),
            p_from_mw=float(fed[0].real),
            q_from_mvar=float(fed[0].imag),
            loss_p_mw=float(loss),
        )

    def _case(self, position: int) -> str:
        return outage_label(self._state.solved.case, *self._study.outages[position].refs)


def outcomes(study: Study) -> tuple[OutageOutcome, ...]:
    """What became of the grid after each outage; islanding comes before insecure."""
    solved, islanding = study.figures["solved"], study.dead_buses > 0
    # with no source left there is nothing to solve
    order = (study.dark, ~solved, islanding, violations(study) > 0)
    places = np.select(order, [2, 3, 2, 1], default=0)
    return tuple(map(_OUTCOMES.__getitem__, places.tolist()))


def violations(screened: Screened | Study) -> NDArray[np.int64]:
    """Violated limits after each outage; of units only those that kept their limits before it."""
    figures = screened.figures
    return np.asarray(figures["new_overloads"] + figures["new_voltages"] + figures["standing"] + figures["new_units"])
