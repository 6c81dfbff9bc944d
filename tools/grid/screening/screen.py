"""Screening one state: solve the outages in a batch, the rest one by one, and reduce both to figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.screening.fallback import solve_alone
from tools.grid.screening.reduction import measure, no_figures

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.grid.screening.engine import BatchSolution
    from tools.grid.screening.resident import Resident

# Outages left unsolved by the batch that are tried again: by the engine from other starts, and by pandapower where
# buses are cut off. A state in which more of them fail is near its collapse; the rest is reported and not tried.
RETRIES = 256
RETRIES_BY_PANDAPOWER = 8


@dataclass(frozen=True)
class Screened:
    """The outages of one state, solved and measured.

    Attributes:
        asked: Circuits that were taken out, one at a time.
        figures: Figures of each, see ``reduction.FIGURES``.
        lost_load_mw, lost_generation_mw: What each outage cuts off.
        by_pandapower: Outages that pandapower solved.
        not_retried: Outages left unsolved by the batch and not tried again.
    """

    asked: NDArray[np.int64]
    figures: NDArray[np.void]
    lost_load_mw: NDArray[np.float64]
    lost_generation_mw: NDArray[np.float64]
    by_pandapower: int
    not_retried: int
    _batch: BatchSolution | None
    _batch_row: NDArray[np.int64]
    _alone: dict[int, NDArray[np.complex128]]

    def voltage(self, position: int) -> NDArray[np.complex128]:
        """Solved voltages of one of the outages, by bus of the matrix."""
        if position in self._alone:
            return self._alone[position]
        if self._batch is None:
            raise KeyError(position)
        row: NDArray[np.complex128] = self._batch.voltage[self._batch_row[position]]
        return row


def screen(state: Resident, asked: Sequence[int], wanted: Sequence[int] = ()) -> Screened:
    """Take the asked circuits out one at a time.

    Args:
        state: The state before the outages.
        asked: Circuits to take out, each once.
        wanted: Circuits whose overload marks an outage as a hit.
    """
    every = np.array(asked, dtype=np.int64)
    opened = [state.opened[circuit] for circuit in every.tolist()]
    overloading = np.array(wanted, dtype=np.int64)
    figures, row = no_figures(len(every)), np.full(len(every), -1, dtype=np.int64)
    in_batch = [k for k, circuit in enumerate(every.tolist()) if state.model and circuit not in state.slack_lost]
    batch = state.model.solve([opened[k] for k in in_batch]) if state.model and in_batch else None
    if batch is not None:
        places = np.array(in_batch, dtype=np.int64)[batch.outage]
        good = np.flatnonzero(batch.converged)
        row[places[good]] = good
        # without a failed outage the engine's own memory is reduced, uncopied
        voltage = batch.voltage if len(good) == len(batch.voltage) else batch.voltage[good]
        done = places[good]
        figures[done] = measure(
            state.arrays, state.monitor, voltage, [opened[k] for k in done.tolist()], every[done], overloading
        )
    alone, by_pandapower, not_retried = _solve_rest(state, every, row)
    for k, voltage in alone.items():
        figures[k : k + 1] = measure(
            state.arrays, state.monitor, voltage[None, :], [opened[k]], every[k : k + 1], overloading
        )
    lost_load_mw, lost_generation_mw = losses(state, asked)
    return Screened(
        asked=every,
        figures=figures,
        lost_load_mw=lost_load_mw,
        lost_generation_mw=lost_generation_mw,
        by_pandapower=by_pandapower,
        not_retried=not_retried,
        _batch=batch,
        _batch_row=row,
        _alone=alone,
    )


def losses(state: Resident, asked: Sequence[int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Load and generation that each outage cuts off, MW; topology and set-points tell, without a solution."""
    dead = [state.dead[circuit] for circuit in asked]
    load_mw = [state.demand_mw[places].sum() for places in dead]
    generation_mw = [
        state.generation_mw[places].sum() + _slack_output_mw(state, circuit)
        for circuit, places in zip(asked, dead, strict=True)
    ]
    return np.array(load_mw), np.array(generation_mw)


def _solve_rest(
    state: Resident, every: NDArray[np.int64], row: NDArray[np.int64]
) -> tuple[dict[int, NDArray[np.complex128]], int, int]:
    """Solve what the batch left: voltages by place, how many pandapower solved, how many were not tried again."""
    rest = np.flatnonzero(row < 0).tolist()
    # the batch never sees these
    due = [k for k in rest if state.model is None or int(every[k]) in state.slack_lost]
    failed = [k for k in rest if k not in set(due)]
    connected = [k for k in failed if not len(state.dead[int(every[k])])]
    cut = [k for k in failed if k not in set(connected)]
    alone: dict[int, NDArray[np.complex128]] = {}
    for k in sorted(due + cut[:RETRIES_BY_PANDAPOWER]):
        circuit = int(every[k])
        voltage = solve_alone(state.arrays, state.solved.state, state.refs[circuit], state.opened[circuit])
        if voltage is not None:
            alone[k] = voltage
    by_pandapower = len(alone)
    if state.model is not None and connected:
        again = connected[:RETRIES]
        solved = state.model.solve_again([state.opened[int(every[k])] for k in again])
        alone |= {k: voltage for k, voltage in zip(again, solved, strict=True) if voltage is not None}
    return alone, by_pandapower, len(cut[RETRIES_BY_PANDAPOWER:]) + len(connected[RETRIES:])


def _slack_output_mw(state: Resident, circuit: int) -> float:
    """What the slack fed before an outage that leaves it alone; it has no set-point that would count."""
    if circuit not in state.slack_lost:
        return 0.0
    units = state.monitor.units
    slack = np.isin(units.bus, state.arrays.reference)
    return max(float(units.base.real[slack].sum()), 0.0)
