"""Intervals found by halving, against a truth that is known to the second."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.grid.intervals import find_intervals

START, MINUTE = datetime(2026, 3, 10, tzinfo=UTC), timedelta(minutes=1)
GRID = [START + 15 * MINUTE * k for k in range(17)]


def look_of(truth, unknown=()):
    """What is wrong at a moment: keys whose (first, last) minutes hold it."""

    def look(moments):
        found = {}
        for moment in moments:
            minute = (moment - START) / MINUTE
            hidden = any(first <= minute <= last for first, last in unknown)
            found[moment] = None if hidden else {k: minute for k, (a, b) in truth.items() if a <= minute <= b}
        return found

    return look


@given(first=st.floats(16, 100), length=st.floats(16, 120))
def test_find_intervals__ends_are_right_to_a_minute(first, length):
    [found] = find_intervals(GRID, look_of({"a": (first, first + length)}))
    assert 0 <= (found.start - START) / MINUTE - first <= 1
    assert 0 <= first + length - (found.end - START) / MINUTE <= 1
    assert not found.before


def test_find_intervals__what_stands_at_the_ends_says_so():
    [found] = find_intervals(GRID, look_of({"a": (-5, 500)}))
    assert found.before
    assert (found.start, found.end) == (START, None)


def test_find_intervals__keys_are_apart_and_moments_keep_their_words():
    one, two = find_intervals(GRID, look_of({"a": (20, 70), "b": (50, 99)}))
    assert (one.key, two.key) == ("a", "b")
    assert all(20 <= word <= 70 for _, word in one.words)


def test_find_intervals__unknown_moments_are_passed_over():
    [found] = find_intervals(GRID, look_of({"a": (20, 130)}, unknown=[(55, 95)]))
    assert (found.start, found.end) == (START + 20 * MINUTE, START + 130 * MINUTE)
    assert find_intervals(GRID, look_of({"a": (20, 130)}, unknown=[(0, 999)])) == []


def test_find_intervals__nothing_wrong_is_nothing():
    assert find_intervals(GRID, look_of({})) == []


@pytest.mark.parametrize("moments", [[], [START]])
def test_find_intervals__few_moments(moments):
    assert len(find_intervals(moments, look_of({"a": (0, 9)}))) == len(moments)
