"""The rows of a screening: voltages and flows of the few outages that are shown, from the solved voltages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.grid.case import outage_label
from tools.grid.schema.common import BranchState, BusState
from tools.grid.schema.contingencies import OutageRow
from tools.grid.screening.arrays import SQRT3
from tools.vocabulary import OutageOutcome

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.screening.resident import Resident
    from tools.grid.screening.screen import Screened


class RowMaker:
    """Makes the rows of one screened state."""

    def __init__(self, state: Resident, screened: Screened, scores: NDArray[np.float64]) -> None:
        self._state = state
        self._screened = screened
        self._scores = scores
        self._outcomes = outcomes(state, screened)
        self._made: dict[int, OutageRow] = {}

    def row(self, position: int) -> OutageRow:
        """The row of one of the outages; one that is shown in several places is made once."""
        if position not in self._made:
            self._made[position] = self._make(position)
        return self._made[position]

    def _make(self, position: int) -> OutageRow:
        screened, figures = self._screened, self._screened.figures[position]
        circuit = int(screened.asked[position])
        lost = (float(screened.lost_load_mw[position]), float(screened.lost_generation_mw[position]))
        return OutageRow(
            element=self._state.refs[circuit],
            case=self._case(position),
            outcome=self._outcomes[position],
            bridge=max(lost) > 0,
            unserved_p_mw=lost[0],
            lost_generation_p_mw=lost[1],
            dead_buses=len(self._state.dead[circuit]),
            new_overloads=int(figures["new_overloads"]),
            new_voltage_violations=int(figures["new_voltages"]),
            standing_violations=int(figures["standing"]),
            unit_violations=int(figures["new_units"]),
            worst_loading=self.highest_loading(position),
            lowest_voltage=self.bus(position, "lowest_bus"),
            highest_voltage=self.bus(position, "highest_bus"),
            severity_score=float(round(self._scores[position], 9)),
        )

    def bus(self, position: int, which: str) -> BusState | None:
        """The bus with the lowest or the highest voltage after an outage; None when it did not solve."""
        watched = int(self._screened.figures[position][which])
        if not self._screened.figures[position]["solved"]:
            return None
        arrays, monitor = self._state.arrays, self._state.monitor
        place = int(monitor.bus_place[watched])
        voltage, vn_kv = self._screened.voltage(position)[place], float(arrays.vn_kv[place])
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
        circuit = int(self._screened.figures[position]["loading_circuit"])
        if circuit < 0:
            return None
        arrays, thermal = self._state.arrays, self._state.monitor.thermal
        voltage = self._screened.voltage(position)
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
            loading_percent=float(self._screened.figures[position]["loading_percent"]),
            limit_percent=float(self._state.monitor.contingency.loading_percent[column]),
            i_ka=float(current[worst]),
            rating_ka=float(rating[worst]),
            p_from_mw=float(fed[0].real),
            q_from_mvar=float(fed[0].imag),
            loss_p_mw=float(loss),
        )

    def _case(self, position: int) -> str:
        return outage_label(self._state.solved.case, self._state.refs[int(self._screened.asked[position])])


def outcomes(state: Resident, screened: Screened) -> tuple[OutageOutcome, ...]:
    """What became of the grid after each outage; islanding comes before insecure."""
    violated = violations(screened) > 0
    islanding = [len(state.dead[circuit]) > 0 for circuit in screened.asked.tolist()]
    rows = zip(screened.figures["solved"].tolist(), islanding, violated.tolist(), strict=True)
    return tuple(_outcome(*row) for row in rows)


def violations(screened: Screened) -> NDArray[np.int64]:
    """Violated limits after each outage; of units only those that kept their limits before it."""
    figures = screened.figures
    return np.asarray(figures["new_overloads"] + figures["new_voltages"] + figures["standing"] + figures["new_units"])


def _outcome(solved: bool, islanding: bool, violated: bool) -> OutageOutcome:
    if not solved:
        return OutageOutcome.DIVERGED
    if islanding:
        return OutageOutcome.ISLANDING
    return OutageOutcome.INSECURE if violated else OutageOutcome.SECURE
