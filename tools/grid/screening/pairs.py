"""Two circuits out at once, for many pairs: solved in batches that are reduced and forgotten one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np

from tools.grid.screening.cuts import Cuts
from tools.grid.screening.fallback import outage_state, solve_state
from tools.grid.screening.reduction import measure, no_figures
from tools.grid.screening.study import OutageSet, Solution, Study
from tools.grid.screening.topology import cut_off
from tools.spreading import HERE, Spreading

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.screening.engine import BatchModel
    from tools.grid.screening.resident import Resident

# Voltages that are in memory at once, of each worker; what is kept of an outage are its figures.
VOLTAGES_IN_MEMORY = 4_000_000
# Pairs whose supply is looked at at once.
CHUNK = 100_000
# Pairs left unsolved by the batches that are tried again: by the engine, and by pandapower where buses are cut off.
RETRIES = 2048
RETRIES_BY_PANDAPOWER = 16
# A sum of MW below this is rounding of running totals.
_NO_MW = 1e-7


@dataclass(frozen=True)
class PairSupply:
    """Who is without supply after each pair, as ``Study`` has it."""

    dead_buses: NDArray[np.int64]
    load_mw: NDArray[np.float64]
    generation_mw: NDArray[np.float64]
    slack_lost: NDArray[np.bool_]


class PairSets(Sequence[OutageSet]):
    """The pairs by name, made when one is looked at."""

    def __init__(self, state: Resident, pairs: NDArray[np.int64]) -> None:
        self._refs, self._pairs = state.refs, pairs

    def __len__(self) -> int:
        return len(self._pairs)

    @overload
    def __getitem__(self, place: int) -> OutageSet: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[OutageSet]: ...
    def __getitem__(self, place: int | slice) -> OutageSet | Sequence[OutageSet]:
        """One pair, or a part of them."""
        if isinstance(place, slice):
            return [self[at] for at in range(*place.indices(len(self)))]
        first, second = self._pairs[place].tolist()
        return OutageSet((self._refs[first], self._refs[second]))


class PairStudy:
    """Pairs of circuits of a state that the engine can represent."""

    def __init__(self, state: Resident, model: BatchModel, spreading: Spreading = HERE) -> None:
        self._state, self._model, self._spreading = state, model, spreading
        self._single = np.array([len(rows) == 1 for rows in state.opened], dtype=bool)
        self._first_row = state.arrays.circuits.rows[state.arrays.circuits.first]
        self._cuts = Cuts(state.arrays)

    def supply(self, pairs: NDArray[np.int64]) -> PairSupply:
        """Buses, load and generation that each pair cuts off, and whether it leaves the slack alone."""
        arrays, state = self._state.arrays, self._state
        watched = arrays.bus_place >= 0
        at_bus = arrays.bus_place[watched]
        used = ((state.demand_mw > 0) | (state.generation_mw > 0)) & ~np.isin(arrays.bus_place, arrays.reference)
        quantities: list[NDArray[np.float64]] = [
            np.ones(len(watched)),
            state.demand_mw,
            state.generation_mw,
            used.astype(float),
        ]
        by_bus = [np.bincount(at_bus, q[watched], len(arrays.voltage)).astype(np.float64) for q in quantities]
        simple = self._single[pairs].all(axis=1)
        totals = np.zeros((len(pairs), len(by_bus)))
        stretches = self._cuts.of(self._first_row[pairs[simple]])
        totals[simple] = np.column_stack([stretches.total(q) for q in by_bus])
        for place in np.flatnonzero(~simple).tolist():
            [buses] = cut_off(arrays, [self._rows(pairs[place])])
            totals[place] = [q[buses].sum() for q in by_bus]
        left = by_bus[3].sum() - totals[:, 3]
        dead = np.rint(totals[:, 0]).astype(np.int64)
        load_mw, generation_mw = (np.where(mw > _NO_MW, mw, 0.0) for mw in (totals[:, 1], totals[:, 2]))
        return PairSupply(dead, load_mw, generation_mw, (dead > 0) & (np.rint(left) < 1))

    def slack_lost(self, pairs: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which pairs leave the slack alone, a part at a time so that memory stays bounded."""
        parts = [self.supply(pairs[first : first + CHUNK]).slack_lost for first in range(0, len(pairs), CHUNK)]
        return np.concatenate([np.empty(0, dtype=bool), *parts])

    def study(self, pairs: NDArray[np.int64], wanted: NDArray[np.int64]) -> Study:
        """Take out both circuits of each pair (pair by two); pairs that leave the slack alone are not for this.

        Args:
            pairs: Places of circuits.
            wanted: Circuits whose overload marks an outage as a hit.
        """
        supply, figures = self.supply(pairs), no_figures(len(pairs))
        step = max(VOLTAGES_IN_MEMORY // len(self._state.arrays.voltage), 1)
        parts = [slice(first, first + step) for first in range(0, len(pairs), step)]
        given = [(self._state, self._model, pairs[part], wanted) for part in parts]
        for part, found in zip(parts, self._spreading.each(measured_pairs, given), strict=True):
            figures[part] = found
        kept, by_pandapower, not_retried = self._solve_rest(pairs, supply, figures)
        for place, voltage in kept.items():
            opened = self._rows(pairs[place])
            part = slice(place, place + 1)
            figures[part] = measure(
                self._state.arrays, self._state.monitor, voltage[None, :], [opened], pairs[part], wanted
            )
        return Study(
            outages=PairSets(self._state, pairs),
            figures=figures,
            lost_load_mw=supply.load_mw,
            lost_generation_mw=supply.generation_mw,
            dead_buses=supply.dead_buses,
            bridge=(supply.load_mw > 0) | (supply.generation_mw > 0),
            dark=np.zeros(len(pairs), dtype=bool),
            by_pandapower=by_pandapower,
            not_retried=not_retried,
            solution=lambda place: self._solution(pairs[place], kept.get(place)),
        )

    def _rows(self, pair: NDArray[np.int64]) -> NDArray[np.int64]:
        return rows_of(self._state, pair)

    def _solve_rest(
        self, pairs: NDArray[np.int64], supply: PairSupply, figures: NDArray[np.void]
    ) -> tuple[dict[int, NDArray[np.complex128]], int, int]:
        """What the batches left, from other starts and by pandapower: as for single outages."""
        failed, whole = ~figures["solved"], supply.dead_buses == 0
        connected, cut = np.flatnonzero(failed & whole).tolist(), np.flatnonzero(failed & ~whole).tolist()
        kept = {}
        for place in cut[:RETRIES_BY_PANDAPOWER]:
            refs = [self._state.refs[circuit] for circuit in pairs[place].tolist()]
            after = outage_state(self._state.solved.state, *refs)
            voltage = solve_state(self._state.arrays, after, self._rows(pairs[place]))
            if voltage is not None:
                kept[place] = voltage
        by_pandapower = len(kept)
        again = self._model.solve_again([self._rows(pairs[place]) for place in connected[:RETRIES]])
        kept |= {place: v for place, v in zip(connected[:RETRIES], again, strict=True) if v is not None}
        return kept, by_pandapower, len(cut[RETRIES_BY_PANDAPOWER:]) + len(connected[RETRIES:])

    def _solution(self, pair: NDArray[np.int64], kept: NDArray[np.complex128] | None) -> Solution:
        opened = self._rows(pair)
        voltage = np.array(self._model.solve([opened]).voltage[0]) if kept is None else kept
        return Solution(voltage, opened, self._state.monitor)


def rows_of(state: Resident, pair: NDArray[np.int64]) -> NDArray[np.int64]:
    """Branch rows that the outage of a pair opens."""
    return np.concatenate([state.opened[circuit] for circuit in pair.tolist()])


def measured_pairs(
    state: Resident, model: BatchModel, pairs: NDArray[np.int64], wanted: NDArray[np.int64]
) -> NDArray[np.void]:
    """Figures of one batch; its voltages are forgotten with it."""
    figures = no_figures(len(pairs))
    opened = [rows_of(state, pair) for pair in pairs]
    batch = model.solve(opened)
    good = np.flatnonzero(batch.converged)
    done = batch.outage[good]
    # without a failed outage the engine's own memory is reduced, uncopied
    voltage = batch.voltage if len(good) == len(batch.voltage) else batch.voltage[good]
    rows = [opened[place] for place in done.tolist()]
    figures[done] = measure(state.arrays, state.monitor, voltage, rows, pairs[done], wanted)
    return figures
