"""Incidents drawn at random: the kinds in turn, the same for a seed, some that nobody can see."""

import pytest

from orchestrator.scenarios.expectations import DETECTED_BY
from orchestrator.scenarios.incidents import (
    HIDEABLE,
    RANGES,
    TWELVE,
    draw_hidden,
    draw_incident,
    draw_incidents,
    quiet_day,
)
from orchestrator.scenarios.schema.troubles import TroubleKind
from tools.errors import InvalidArgumentError


def test_draw_incidents__takes_the_kinds_in_turn_with_one_trouble_each():
    found = [one.truth for one in draw_incidents(len(TWELVE), seed=3)]
    assert [truth.kind for [truth] in found] == list(TWELVE)


def test_draw_incident__equal_numbers_give_equal_incidents():
    once, again, other = (draw_incident(TroubleKind.STEP, 5, number) for number in (7, 7, 8))
    assert once.truth == again.truth
    assert once.scenario == again.scenario
    assert other.truth != once.truth


def test_draw_incident__sizes_lie_in_the_declared_range_and_include_what_nobody_can_see():
    found = [draw_incident(TroubleKind.STEP, 11, number).truth[0] for number in range(10)]
    low, high = RANGES[TroubleKind.STEP]["size_sigma"]
    assert all(low <= abs(one.magnitude) <= high for one in found)
    assert {one.detectability.detectable for one in found} == {True, False}


def test_quiet_day__has_nothing_to_find():
    assert not quiet_day(1).truth


def test_detected_by__says_for_every_kind_who_finds_it():
    assert set(DETECTED_BY) == set(RANGES) == set(TroubleKind)


def test_draw_incident__refuses_a_negative_seed():
    with pytest.raises(InvalidArgumentError, match="seed = -1"):
        draw_incident(TroubleKind.STEP, -1)


def test_draw_hidden__nobody_measures_or_logs_the_culprit_and_the_flows_tell_all_the_same():
    for day in draw_hidden(len(HIDEABLE), seed=4):
        [truth] = day.truth
        assert truth.detectability.detectable
        assert not truth.culprit_observed
        assert truth.subject not in {str(series.sensor.element) for series in day.series}
        during = [entry for entry in day.logs if truth.start <= entry.at <= truth.end]
        assert truth.subject not in {str(entry.element) for entry in during}
