"""A sensor that begins to be wrong just when something in the grid begins or ends may have been shaken by it."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from tools.causal.candidate import Candidate
from tools.causal.schema.causes import CauseKind
from tools.causal.weighing import weigh
from tools.element import ElementKind, ElementRef

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
BARE = SimpleNamespace(diagnosis=None)
"""Evidence without readings: nothing gets a causal model."""


def candidate(kind: CauseKind, begin_min: int, end_min: int | None, line: int) -> Candidate:
    start = NOON + timedelta(minutes=begin_min)
    end = None if end_min is None else NOON + timedelta(minutes=end_min)
    element = ElementRef(kind=ElementKind.LINE, index=line)
    return Candidate(kind=kind, start=start, end=end, strength=9.0, observed=True, sure=True, element=element)


@pytest.mark.parametrize(
    ("begin_min", "line", "coincident"),
    [(1, 2, True), (31, 2, True), (15, 2, False), (1, 1, False), (40, 2, False)],
)
def test_weigh__an_event_shakes_sensors_elsewhere_as_it_begins_and_as_it_ends(begin_min, line, coincident):
    event = candidate(CauseKind.BRANCH_OPENED, 0, 30, line=1)
    wrong = candidate(CauseKind.SENSOR_FAULT, begin_min, None, line=line)
    judged, _ = weigh(SimpleNamespace(seed=0), BARE, [event, wrong])
    assert [one.coincident for one in judged] == [False, coincident]
