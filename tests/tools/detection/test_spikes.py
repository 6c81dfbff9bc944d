"""Short excursions among readings whose truth is known."""

import pytest

from tests.tools.detection.test_demand import FIRST, NOISE, day, verdicts_of
from tools.detection.spikes import find_spikes

ROW = 4


@pytest.mark.parametrize(("size", "length"), [(9.0, 1), (7.0, 2), (6.0, 3), (-40.0, 1)])
def test_find_spikes__finds_place_and_size(size, length):
    frame, true = day(1)
    frame.value[ROW, 500 : 500 + length] += size * NOISE
    [(row, found)] = find_spikes(frame, verdicts_of(true, 1), [ROW], 12)
    assert row == ROW
    assert abs(found.first - 500) <= 1
    assert found.stop - found.first <= 3
    assert found.error == pytest.approx(size * NOISE, abs=3 * NOISE)


def test_find_spikes__is_silent_without_any():
    frame, true = day(2)
    verdicts = verdicts_of(true, 2)
    assert not list(find_spikes(frame, verdicts, range(len(true)), 12))


def test_find_spikes__what_truly_happens_is_none():
    """A load that truly jumps for two minutes: the others say so too."""
    frame, true = day(3)
    frame.value[ROW, FIRST : FIRST + 2] += 40 * NOISE
    true[ROW, FIRST : FIRST + 2] += 40 * NOISE
    assert not list(find_spikes(frame, verdicts_of(true, 3), [ROW], 12))


def test_find_spikes__of_many_sensors_are_those_of_each():
    """Readings that lack, and others that imply nothing, stay with their own sensor."""
    frame, true = day(2)
    frame.value[ROW, 500] += 20 * NOISE
    frame.value[ROW + 2, 700:702] -= 15 * NOISE
    frame.value[ROW + 1, 300:420] = float("nan")
    verdicts = verdicts_of(true, 2)
    verdicts.sigma[ROW + 3] = float("inf")
    rows = [row for _ in range(4) for row in range(len(true))]
    found = list(find_spikes(frame, verdicts, rows, 12))
    assert {(row, jump.first) for row, jump in found} == {(ROW, 500), (ROW + 2, 700)}
    assert found == [item for row in rows for item in find_spikes(frame, verdicts, [row], 12)]
