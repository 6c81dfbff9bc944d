"""Order 2: which pairs are asked for, how each is solved, and what the answer may claim."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np

from tools.coverage import LeftOut
from tools.errors import InvalidArgumentError
from tools.grid.screening.large import MOST_SOLVED_ALL, screen_many
from tools.grid.screening.pairs import PairStudy
from tools.grid.screening.security import Security, gaps_of
from tools.grid.screening.sets import SetStudy
from tools.grid.screening.study import OutageSet, Study, joined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.element import ElementRef
    from tools.grid.schema.contingencies import PairScreening, ScreenContingenciesArguments
    from tools.grid.screening.choice import Choice
    from tools.grid.screening.resident import Resident
    from tools.spreading import Spreading

# Pairs that are solved one by one: with units, or all of a state that pandapower must solve.
MOST_ONE_BY_ONE = 5_000


@dataclass(frozen=True)
class Doubles:
    """The pairs of a screening.

    Attributes:
        circuits: Pair by two: places of circuits.
        sets: Pairs with a unit in them.
    """

    circuits: NDArray[np.int64]
    sets: tuple[OutageSet, ...]


@dataclass(frozen=True)
class Solved:
    """Pairs that were solved, and how they were picked where not all of them were."""

    study: Study
    report: PairScreening | None = None
    left_out: tuple[LeftOut, ...] = ()


def doubles_of(state: Resident, chosen: Choice, others: Choice) -> Doubles:
    """All pairs of what is chosen; of a single element, its pairs with all of the kinds.

    Args:
        state: The state before the outages.
        chosen: What the caller named, or all of the kinds.
        others: All of the kinds.
    """
    circuits, units = chosen.circuits, [outage.refs[0] for outage in chosen.units]
    if len(circuits) + len(units) > 1:
        # millions of pairs fit into an array, not into a list of tuples
        every = np.array(circuits, dtype=np.int64)
        found = np.column_stack([every[side] for side in np.triu_indices(len(every), 1)])
        mixed = [*combinations(units, 2), *product((state.refs[c] for c in circuits), units)]
    else:
        far, far_units = others.circuits, [outage.refs[0] for outage in others.units]
        pairs = [(min(a, b), max(a, b)) for a in circuits for b in far if a != b]
        found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
        near: list[ElementRef] = [*(state.refs[c] for c in circuits), *units]
        mixed = [(ref, other) for ref in near for other in far_units if ref != other]
        mixed += [(ref, state.refs[c]) for ref in units for c in far]
    return Doubles(found, tuple(OutageSet(pair) for pair in mixed))


def study_doubles(
    state: Resident,
    doubles: Doubles,
    wanted: NDArray[np.int64],
    args: ScreenContingenciesArguments,
    spreading: Spreading,
) -> Solved:
    """Pairs by the AC equations: circuits in batches, pairs with units and those that take the slack one by one.

    Beyond ``MOST_SOLVED_ALL`` pairs of circuits only those are solved that may break a limit.

    Raises:
        InvalidArgumentError: for more pairs one by one than can be solved.
    """
    one_by_one = SetStudy(state, shared=args.balance == "units")
    if state.model is None:
        sets = tuple(OutageSet((state.refs[a], state.refs[b])) for a, b in doubles.circuits.tolist())
        _check(len(sets) + len(doubles.sets), f"a state that only pandapower can solve ({state.alone_because})")
        return Solved(one_by_one.study((*sets, *doubles.sets), wanted))
    _check(len(doubles.sets), "pairs with units")
    batch = PairStudy(state, state.model, spreading)
    alone = batch.slack_lost(doubles.circuits)
    sets = tuple(OutageSet((state.refs[a], state.refs[b])) for a, b in doubles.circuits[alone].tolist())
    report: PairScreening | None = None
    left_out: tuple[LeftOut, ...] = ()
    if len(doubles.circuits) > MOST_SOLVED_ALL:
        many = screen_many(state, state.model, doubles.circuits[~alone], wanted, spreading)
        study, report, left_out = many.study, many.report, many.left_out
    else:
        study = batch.study(doubles.circuits[~alone], wanted)
    if sets or doubles.sets:
        study = joined(study, one_by_one.study((*sets, *doubles.sets), wanted))
    return Solved(study, report, left_out)


def _check(pairs: int, what: str) -> None:
    if pairs > MOST_ONE_BY_ONE:
        raise InvalidArgumentError(
            f"order: {pairs} pairs would be solved one by one ({what}), {MOST_ONE_BY_ONE} is the most; "
            "name elements, so that only their pairs are taken"
        )


def claim_of(state: Resident, study: Study, left_out: Sequence[LeftOut]) -> Security:
    """No claim of N-1 security: the single outages were not looked at; a state that breaks a limit itself has none."""
    secure = False if state.monitor.base_violations else None
    gaps = [LeftOut(what="single outages", count=len(state.refs), reason="not asked for: only pairs were taken out")]
    return Security(secure, (), (*gaps, *gaps_of(state, study.not_retried), *left_out))
