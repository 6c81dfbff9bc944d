"""Which moments count as ordinary."""

from datetime import UTC, datetime

import pytest

from tools.causal.candidate import Candidate
from tools.causal.explained import ROWS, chosen, quiet
from tools.causal.schema.causes import CauseKind

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def candidate(kind: CauseKind, first: int = 0, stop: int | None = None) -> Candidate:
    return Candidate(kind, NOON, None, 9.0, observed=True, sure=True, first=first, stop=stop)


def test_quiet__leaves_room_around_what_was_under_way():
    free = quiet(100, [candidate(CauseKind.FALSE_DATA, 40, 50)], 5)
    assert [int(place) for place in (~free).nonzero()[0]] == [*range(5), *range(35, 55), *range(95, 100)]


@pytest.mark.parametrize("kind", [CauseKind.COOLING_LOST, CauseKind.INTRUDER])
def test_quiet__heat_and_intruders_move_no_flows(kind):
    assert quiet(100, [candidate(kind)], 5)[5:95].all()


def test_quiet__what_lasts_leaves_nothing_after_it():
    free = quiet(100, [candidate(CauseKind.FALSE_DATA, 40)], 5)
    assert free[5:35].all()
    assert not free[35:].any()


def test_chosen__takes_no_more_rows_than_it_may():
    assert len(chosen(quiet(10 * ROWS, [], 5), 1)) <= ROWS
