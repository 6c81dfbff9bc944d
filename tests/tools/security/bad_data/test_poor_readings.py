"""Readings that say little: a clear result, no crash, and what could not be looked at is told."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from tests.tools.detection.synthetic_day import END, START, context, measured, solved_day
from tools.security.bad_data.assess import assess_bad_data
from tools.security.schema.bad_data import AssessBadDataArguments


def assess(value, known=True, **arguments):
    truth = solved_day()
    return assess_bad_data(context(truth, value, known=known), AssessBadDataArguments(**arguments))


@pytest.mark.parametrize("known", [True, False], ids=["grid", "no grid"])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda value: np.full_like(value, np.nan),
        np.zeros_like,
        lambda value: np.where(np.arange(value.shape[1]) == 700, value, np.nan),
        lambda value: np.where(np.arange(value.shape[1]) < 5, value, np.nan),
        lambda value: np.where(np.random.default_rng(1).random(value.shape) < 0.97, np.nan, value),
    ],
    ids=["none at all", "all zero", "one row", "five rows", "three in a hundred"],
)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_assess__of_poor_readings_accuses_nobody_of_falsifying(spoil, known):
    found = assess(spoil(measured(solved_day(), 1)), known=known)
    assert not [issue for issue in found.issues if issue.kind in {"false_data_injection", "replay"}]
    assert found.not_seen


def test_assess__of_a_time_before_all_readings_finds_nothing():
    found = assess(measured(solved_day(), 1), start=START - timedelta(days=9), end=START - timedelta(days=8))
    assert (found.issues, found.readings) == ((), 0)


def test_assess__pages_are_parts_of_one_ranking():
    truth = solved_day()
    value = measured(truth, 4)
    for name, first in (("line3.p_from", 300), ("load7.p", 600), ("bus15.vm", 900)):
        value[truth.row(name), first : first + 60] += 10 * truth.sensors[truth.row(name)].noise
    whole = assess(value)
    parts = [assess(value, limit=1, offset=place) for place in range(len(whole.issues))]
    assert [part.issues[0].subject for part in parts] == [issue.subject for issue in whole.issues]
    assert {part.omitted for part in parts} == {len(whole.issues) - 1}


def test_assess__a_time_of_two_hours_is_enough():
    truth = solved_day()
    value = measured(truth, 4)
    row = truth.row("line3.p_from")
    value[row, 1400:] += 15 * truth.sensors[row].noise
    found = assess_bad_data(
        replace(context(truth, value)), AssessBadDataArguments(start=END - timedelta(hours=2), end=END)
    )
    assert [issue.subject.name for issue in found.issues] == ["line3.p_from"]
    assert found.issues[0].end is None  # it lasts
