"""What is found, missed, raised in vain or not checked is told apart; not checked never passes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from orchestrator.scenarios import findings as looking
from orchestrator.scenarios.findings import Found, Own
from orchestrator.scenarios.held import held_context
from orchestrator.scenarios.judging import CheckState, Verdict, explains, judge
from orchestrator.scenarios.schema.troubles import TroubleKind
from orchestrator.scenarios.truth import Detectability, ObservedBy, SeenBy, TroubleTruth

AT = datetime(2026, 3, 10, 6, tzinfo=UTC)
LAST = AT + timedelta(hours=12)
SHORT = {"period": {"hours": 4}}
TRIP = {"kind": "line_trip", "element": "line:3", "start_min": 60, "duration_min": 30}


def truth(kind, subject, **fields):
    return TroubleTruth(
        label="it",
        kind=kind,
        subject=subject,
        start=AT,
        end=AT + timedelta(hours=1),
        magnitude=1,
        magnitude_unit="",
        cause="",
        culprit=subject,
        culprit_observed=True,
        detectability=Detectability(seen_by=SeenBy.NOTHING, detectable=True),
        **fields,
    )


def found(kind, *subjects, start=AT, hours=1.0):
    return Found(tool="detect_anomalies", kind=kind, subjects=subjects, start=start, end=start + timedelta(hours=hours))


DRIFT = truth(TroubleKind.DRIFT, "sensor:a.p")
OPEN = truth(TroubleKind.LINE_TRIP, "line:3", observed_by=(ObservedBy(sensor="b.p", element="line:4", snr=90),))


@pytest.mark.parametrize(
    ("one", "what", "explained"),
    [
        (DRIFT, found("drifting_sensor", "sensor:a.p"), True),
        (DRIFT, found("drifting_sensor", "sensor:b.p"), False),
        (DRIFT, found("drifting_sensor", "sensor:a.p", start=AT + timedelta(hours=3)), False),
        (DRIFT, found("drifting_sensor", "sensor:a.p", start=AT - timedelta(hours=3)), False),
        (OPEN, found("outage", "sensor:x", "line:3"), True),
        (OPEN, found("level_shift", "sensor:b.p", "line:4"), True),
        (OPEN, found("drifting_sensor", "sensor:b.p", "line:4"), False),  # the sensor is right: the grid moved
    ],
)
def test_explains__by_time_subject_and_whether_the_grid_or_a_sensor_is_at_fault(one, what, explained):
    assert explains(one, what, LAST) is explained


def judged(made, *expected, troubles=(TRIP,), **fields):
    day = made(*troubles, expected=expected, **SHORT, **fields)
    return judge(day, held_context(day))


def test_judge__passes_what_is_found(made):
    judgement = judged(made, {"trouble": "line_trip", "tool": "detect_anomalies", "kind": "outage"})
    assert judgement.verdict is Verdict.PASSED
    [check] = judgement.checks
    assert check.state is CheckState.FOUND
    assert "line:3" in check.finding.subjects


@pytest.mark.parametrize(
    "wrong",
    [
        {"tool": "detect_anomalies", "kind": "outlier"},
        {"tool": "detect_anomalies", "kind": "outage", "subject": "line:4"},
        {"tool": "check_data_quality", "kind": "outage"},
    ],
)
def test_judge__fails_what_is_missed(made, wrong):
    judgement = judged(made, {"trouble": "line_trip", **wrong})
    assert judgement.verdict is Verdict.FAILED
    assert judgement.missed == 1


def test_judge__a_miss_that_the_criteria_allow_does_not_fail(made):
    expected = {"trouble": "line_trip", "tool": "detect_anomalies", "kind": "outlier"}
    judgement = judged(made, expected, criteria={"missed": 1})
    assert judgement.verdict is Verdict.PASSED
    assert judgement.missed == 1


def test_judge__a_tool_that_does_not_exist_is_not_checked_and_never_passed(made, monkeypatch):
    without = tuple(spec for spec in looking.CATALOGUE if spec.name != "detect_anomalies")
    monkeypatch.setattr(looking, "CATALOGUE", without)
    judgement = judged(made, {"trouble": "line_trip", "tool": "detect_anomalies", "kind": "outage"})
    assert judgement.verdict is Verdict.NOT_CHECKED
    assert judgement.checks[0].reason == "no tool detect_anomalies"


def test_judge__a_source_that_is_missing_is_not_checked(made):
    guess = {"kind": "guessing", "start_min": 60}
    expected = {"trouble": "guessing", "tool": "review_access_events", "kind": "password_guessing"}
    judgement = judged(made, expected, troubles=(guess,), logs=False)
    assert judgement.verdict is Verdict.NOT_CHECKED
    assert "access and command logs" in judgement.checks[0].reason


def test_judge__what_no_trouble_explains_is_a_false_alarm(made):
    lie = {"kind": "false_data", "sensor": "line4.p_from", "start_min": 60, "duration_min": 60, "size_sigma": 15}
    day = made(lie, **SHORT)
    assert not judge(day, held_context(day)).false_alarms
    unexplained = replace(day, truth=())  # as if nobody had done anything
    [alarm] = judge(unexplained, held_context(unexplained)).false_alarms
    assert alarm.kind == "false_data"
    assert alarm.subject == "sensor:line4.p_from"


@pytest.mark.parametrize(
    ("prefix", "subjects", "mine"),
    [
        ("", ("sensor:a.p", "line:3"), True),
        ("", ("sensor:boiler", "line:3"), False),
        ("north/", ("sensor:north/a.p",), True),
        ("north/", ("sensor:a.p",), False),  # of no grid, whatever its name
        ("north/", ("sensor:north/boiler",), False),  # read into the same grid, and none of the scenario's
        ("north/", ("sensor:boiler", "sensor:north/a.p"), True),
        ("north/", ("account:op.kay",), True),
    ],
)
def test_own__a_sensor_of_somebody_else_is_no_finding_of_the_scenario(prefix, subjects, mine):
    assert Own(frozenset({"a.p"}), prefix).concerns(found("stuck_sensor", *subjects)) is mine
