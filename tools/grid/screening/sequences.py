"""N-1-1: a first outage, the adjustment accepted after it, then each second outage in the state that this makes.

Each adjusted state is solved, screened and reduced to figures before the next one is made; the few sequences that are
shown are made again. What a second outage breaks is new against the adjusted state, and so are its margins.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from tools.coverage import LeftOut
from tools.element import ElementRef
from tools.errors import InvalidArgumentError, NotSolvedError
from tools.grid.elements import resolve_element
from tools.grid.inventory import CIRCUIT_KINDS, UNIT_KINDS
from tools.grid.screening.resident import Resident, make_resident
from tools.grid.screening.rows import RowMaker
from tools.grid.screening.screen import screen
from tools.grid.screening.sets import SetStudy
from tools.grid.screening.study import OutageSet, Solution, Study, joined, study_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.grid.grid import Grid
    from tools.grid.schema.actions import Action
    from tools.grid.schema.common import BranchState, BusState
    from tools.grid.schema.contingencies import OutageRow, ScreenContingenciesArguments
    from tools.grid.screening.choice import Choice
    from tools.limits import LimitTable

# Adjusted states of one screening: each is a power flow of its own.
MOST_FIRST = 500
_STATES_KEPT = 4


@dataclass(frozen=True)
class Sequences:
    """What is wanted.

    Attributes:
        first: First outages.
        second: Second outages; the first itself is passed over.
        adjusted: Actions after a first outage, where there are any.
    """

    first: tuple[ElementRef, ...]
    second: tuple[ElementRef, ...]
    adjusted: dict[ElementRef, tuple[Action, ...]]


def sequences_of(state: Resident, args: ScreenContingenciesArguments, chosen: Choice, others: Choice) -> Sequences:
    """All ordered pairs of what is chosen; a single element goes first, and all of the kinds second.

    Raises:
        InvalidArgumentError: for an adjustment after an outage that is not asked for, and for too many states.
    """
    first = _refs(state, chosen)
    second = first if len(first) > 1 else _refs(state, others)
    if len(first) > MOST_FIRST:
        raise InvalidArgumentError(
            f"sequence: {len(first)} first outages would be adjusted and solved one by one, {MOST_FIRST} is the most; "
            "name elements"
        )
    adjusted: dict[ElementRef, tuple[Action, ...]] = {}
    for adjustment in args.adjustments:
        ref = resolve_element(state.solved.net, adjustment.after, (*CIRCUIT_KINDS, *UNIT_KINDS))
        if ref not in first or ref in adjusted:
            why = "has an adjustment already" if ref in adjusted else "is none of the first outages asked for"
            raise InvalidArgumentError(f"adjustments: {ref} {why}; give one adjustment for each first outage")
        adjusted[ref] = adjustment.actions
    return Sequences(first, second, adjusted)


def _refs(state: Resident, choice: Choice) -> tuple[ElementRef, ...]:
    return (*(state.refs[c] for c in choice.circuits), *(outage.refs[0] for outage in choice.units))


class SequenceStudy:
    """The sequences of one base state."""

    def __init__(
        self, base: Resident, grid: Grid, table: LimitTable, args: ScreenContingenciesArguments, wanted: Sequences
    ) -> None:
        self._base, self._grid, self._table, self._args, self._wanted = base, grid, table, args, wanted
        self._state = lru_cache(maxsize=_STATES_KEPT)(self._make_state)
        self.left_out: list[LeftOut] = []

    def study(self) -> Study:
        """Every sequence.

        Raises:
            InvalidArgumentError: when an adjustment cannot be carried out after its outage.
        """
        outages: list[OutageSet] = []
        parts: list[Study] = []
        unsolved = passed = 0
        for first in self._wanted.first:
            try:
                state = self._make_state(first)
            except NotSolvedError:
                unsolved += len(self._wanted.second) - (first in self._wanted.second)
                continue
            second, skipped = self._second(state, first)
            passed += skipped
            parts.append(self._with_first(state, self._part(state, second)))
            outages += [OutageSet((first, ref)) for ref in second]
        reasons = ("the state after the first outage does not solve", "without supply after the first outage")
        self.left_out = [
            LeftOut(what="sequences", count=count, reason=reason)
            for count, reason in zip((unsolved, passed), reasons, strict=True)
            if count
        ]
        return _put_together(outages, parts)

    def row(self, outage: OutageSet, score: float) -> OutageRow:
        """One sequence as a row, its state made again."""
        maker, study = self._maker(outage, score)
        row, first = maker.row(0), outage.refs[0]
        lost = self._with_first(self._state(first), study)
        update = {
            "element": first,
            "elements": outage.refs,
            "unserved_p_mw": float(lost.lost_load_mw[0]),
            "lost_generation_p_mw": float(lost.lost_generation_mw[0]),
            "dead_buses": int(lost.dead_buses[0]),
            "bridge": bool(lost.bridge[0]),
        }
        return row.model_copy(update=update)

    def bus(self, outage: OutageSet, which: str) -> BusState | None:
        """The bus with the lowest or the highest voltage after a sequence."""
        return self._maker(outage, 0.0)[0].bus(0, which)

    def highest_loading(self, outage: OutageSet) -> BranchState | None:
        """The circuit with the highest loading after a sequence."""
        return self._maker(outage, 0.0)[0].highest_loading(0)

    def _maker(self, outage: OutageSet, score: float) -> tuple[RowMaker, Study]:
        state = self._state(outage.refs[0])
        study = self._part(state, [outage.refs[1]])
        return RowMaker(state, study, np.array([score])), study

    def _make_state(self, first: ElementRef) -> Resident:
        actions = (*self._args.actions, *self._wanted.adjusted.get(first, ()))
        return make_resident(self._grid, (*self._args.outages, str(first)), actions, self._table)

    def _second(self, state: Resident, first: ElementRef) -> tuple[list[ElementRef], int]:
        """Second outages that can still go out, circuits first; and how many cannot."""
        asked = [ref for ref in self._wanted.second if ref != first]
        place = dict(zip(state.arrays.bus_index.tolist(), state.arrays.bus_place.tolist(), strict=True))
        there = []
        for ref in asked:
            if ref.kind in CIRCUIT_KINDS:
                alive = state.arrays.circuits.find(ref.kind.value, ref.index) is not None
            else:
                unit = state.solved.net[ref.kind.value].loc[ref.index]
                alive = bool(unit.in_service) and place[int(unit.bus)] >= 0
            if alive:
                there.append(ref)
        there.sort(key=lambda ref: ref.kind not in CIRCUIT_KINDS)
        return there, len(asked) - len(there)

    def _part(self, state: Resident, second: Sequence[ElementRef]) -> Study:
        found = [state.arrays.circuits.find(ref.kind.value, ref.index) for ref in second if ref.kind in CIRCUIT_KINDS]
        circuits = [circuit for circuit in found if circuit is not None]
        units = [OutageSet((ref,)) for ref in second if ref.kind not in CIRCUIT_KINDS]
        study = study_of(state, screen(state, circuits, self._overloading(state)))
        if units:
            sets = SetStudy(state, shared=self._args.balance == "units")
            study = joined(study, sets.study(units, np.array(self._overloading(state), dtype=np.int64)))
        return study

    def _overloading(self, state: Resident) -> list[int]:
        refs = [resolve_element(state.solved.net, text, CIRCUIT_KINDS) for text in self._args.overloading]
        found = [state.arrays.circuits.find(ref.kind.value, ref.index) for ref in refs]
        return [circuit for circuit in found if circuit is not None]

    def _with_first(self, state: Resident, study: Study) -> Study:
        """What both outages leave without supply; load that the adjustment itself sheds is not counted."""
        base = self._base
        lost = (base.arrays.bus_place >= 0) & (state.arrays.bus_place < 0)
        load_mw, generation_mw = float(base.demand_mw[lost].sum()), float(base.generation_mw[lost].sum())
        return replace(
            study,
            lost_load_mw=study.lost_load_mw + load_mw,
            lost_generation_mw=study.lost_generation_mw + generation_mw,
            dead_buses=study.dead_buses + int(lost.sum()),
            bridge=study.bridge | (load_mw + generation_mw > 0),
        )


def _put_together(outages: Sequence[OutageSet], parts: Sequence[Study]) -> Study:
    def of(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in parts])

    if not parts:
        raise NotSolvedError("sequence: no state after a first outage solves, so no second outage can be looked at")
    return Study(
        outages=tuple(outages),
        figures=of("figures"),
        lost_load_mw=of("lost_load_mw"),
        lost_generation_mw=of("lost_generation_mw"),
        dead_buses=of("dead_buses"),
        bridge=of("bridge"),
        dark=of("dark"),
        by_pandapower=sum(part.by_pandapower for part in parts),
        not_retried=sum(part.not_retried for part in parts),
        solution=_made_again,
    )


def _made_again(_place: int) -> Solution:
    """Rows of sequences come from ``SequenceStudy.row``."""
    message = "a sequence has no solution in the base state"
    raise LookupError(message)


class SequenceRows:
    """Makes the rows of sequences, as ``RowMaker`` does for outages of one state."""

    def __init__(self, sequences: SequenceStudy, study: Study, scores: NDArray[np.float64]) -> None:
        self._sequences, self._study, self._scores = sequences, study, scores

    def row(self, position: int) -> OutageRow:
        """The row of one of the sequences."""
        return self._sequences.row(self._study.outages[position], float(self._scores[position]))

    def bus(self, position: int, which: str) -> BusState | None:
        """The bus with the lowest or the highest voltage; None when the sequence did not solve."""
        return self._sequences.bus(self._study.outages[position], which)

    def highest_loading(self, position: int) -> BranchState | None:
        """The circuit with the highest loading; None when the sequence did not solve, or none has a rating."""
        return self._sequences.highest_loading(self._study.outages[position])

    def effects(self, positions: Sequence[int], most: int) -> None:
        """Nothing: each second outage meets a state of its own."""
        del positions, most
