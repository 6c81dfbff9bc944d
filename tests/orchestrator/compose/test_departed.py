"""Findings of what left its own past or its season: which become findings, when they begin, what they say."""

from datetime import UTC, datetime, timedelta

import pytest

from agents.question import Resolved
from orchestrator.belonging import section_of
from orchestrator.compose.answers.trust import answer_anomalies
from orchestrator.compose.departed import departed
from orchestrator.compose.incident import incident_sections
from orchestrator.record_schema import RecordExcerpt, RecordKind, RecordRow
from tests.orchestrator.compose.evidence import board, evidence, pen
from tools.amount import Amount
from tools.coverage import Coverage
from tools.detection.schema.anomalies import Anomaly, AnomalyKind, AnomalyReport
from tools.detection.schema.baseline import BaselineDeparture, SensorBaseline, UnusualHour
from tools.detection.schema.statistical import DetectionMethod, EpisodeKind, SensorShare, StatisticalAnomaly
from tools.subject import SubjectKind, SubjectRef
from tools.vocabulary import Confidence, Severity

SIX = datetime(2026, 3, 10, 6, tzinfo=UTC)
FLOW = SubjectRef(kind=SubjectKind.SENSOR, name="flow")
LOAD = SubjectRef(kind=SubjectKind.SENSOR, name="load")
OTHERS = tuple(item for item in DetectionMethod if item is not DetectionMethod.CONTROL_CHARTS)


def after(hours):
    return SIX + timedelta(hours=hours)


def episode(confidence=Confidence.HIGH, agreeing=OTHERS[:3], **more):
    share = SensorShare(subject=FLOW, quantity="flow", contribution_percent=100.0, departure=7.5)
    given = {
        "subject": FLOW,
        "kind": EpisodeKind.STEP,
        "start": SIX,
        "end": after(2),
        "rows": 120,
        "score": 0.9999,
        "shares": (share,),
        "method": "charts",
        "detector": DetectionMethod.CONTROL_CHARTS,
        "consulted": OTHERS,
        "agreeing": agreeing,
        "confidence": confidence,
        "changed_at": SIX - timedelta(minutes=4),
    }
    return StatisticalAnomaly(**given | more)


def hour(at, value, expected):
    amounts = {"value": value, "expected": expected, "low": expected - 5, "high": expected + 5}
    return UnusualHour(at=at, **{name: Amount(value=one, unit="mw") for name, one in amounts.items()})


def baseline(confidence=Confidence.MEDIUM, *, departs=True):
    departure = BaselineDeparture(
        start=SIX,
        end=after(3),
        hours=3,
        farthest=hour(after(1), 130.0, 100.0),
        deviation=Amount(value=30.0, unit="mw"),
        score=0.9999,
    )
    return SensorBaseline(
        subject=LOAD,
        quantity="load",
        window_days=60,
        history_days=42,
        trained_from=after(-42 * 24),
        trained_until=SIX,
        history_hours=1000,
        excluded_hours=0,
        judged_hours=24,
        latest=hour(after(17), 101.0, 100.0),
        departures=(departure,) if departs else (),
        confidence=confidence,
        false_alarm_percent=0.1,
        held_out_alarm_percent=0.0,
        method="ridge",
    )


def report(*, anomalies=(), statistical=(), baselines=()):
    found = AnomalyReport(
        start=SIX,
        end=after(24),
        sensors=2,
        readings=2880,
        anomalies=anomalies,
        statistical=statistical,
        baselines=baselines,
        coverage=Coverage(checked=2, solved=0),
    )
    return board(evidence("e1", "detect_anomalies", found))


def findings(**parts):
    shown = report(**parts)
    return list(departed(shown, pen(shown)))


def said(shown, *named):
    return [pen(shown)(sentence).text for sentence in answer_anomalies(shown, Resolved(sensors=named))]


def test_departed__an_episode_begins_when_the_sensor_most_likely_changed():
    [found] = findings(statistical=(episode(),))
    assert (found.kind, found.severity, found.confidence) == ("step", Severity.INFORMATION, Confidence.HIGH)
    assert (found.start, found.end) == (SIX - timedelta(minutes=4), after(2))
    assert found.assets == (FLOW,)
    assert found.title.text == "sensor:flow: step"


def test_departed__what_is_of_low_confidence_is_said_and_no_finding():
    shown = report(statistical=(episode(Confidence.LOW, agreeing=()),))
    assert not list(departed(shown, pen(shown)))
    assert "agree: none" in said(shown)[0]


def test_departed__what_physics_told_is_not_told_twice():
    told = Anomaly(
        subject=FLOW,
        quantity="flow",
        kind=AnomalyKind.LEVEL_SHIFT,
        severity=Severity.WARNING,
        start=after(1),
        end=None,
        readings=60,
        value=Amount(value=9.0, unit="mw"),
        expected=Amount(value=1.0, unit="mw"),
        deviation=Amount(value=8.0, unit="mw"),
        score=9.0,
        method="m",
        cause="c",
        confidence=Confidence.MEDIUM,
    )
    assert not findings(anomalies=(told,), statistical=(episode(),))
    before = told.model_copy(update={"start": after(-3), "end": after(-2)})
    assert len(findings(anomalies=(before,), statistical=(episode(),))) == 1


def test_departed__hours_out_of_season_are_a_finding_of_their_own():
    [found] = findings(baselines=(baseline(),))
    assert (found.kind, found.start, found.end) == ("unusual_pattern", SIX, after(3))
    assert found.statement.text == (
        "sensor:load was not as usual from 2026-03-10 06:00 UTC to 2026-03-10 09:00 UTC: mean 130 MW in the hour from "
        "2026-03-10 07:00 UTC, expected 100 MW, usually 95 MW to 105 MW (30 MW off); learnt from 42 days with readings "
        "of the last 60, without weather."
    )


def test_departed__bounds_that_held_out_hours_often_broke_carry_no_finding():
    assert not findings(baselines=(baseline(Confidence.LOW),))


def test_answer_anomalies__a_sensor_asked_about_by_name_is_held_against_its_usual():
    shown = report(baselines=(baseline(departs=False),))
    assert said(shown, "load") == [
        "Readings that do not fit: none among sensor:load.",
        "sensor:load: mean 101 MW in the hour from 2026-03-10 23:00 UTC, expected 100 MW, usually 95 MW to 105 MW; "
        "learnt from 42 days with readings of the last 60, without weather.",
    ]
    assert said(shown) == ["Readings that do not fit: none among 2880 looked at."]


def test_answer_anomalies__says_who_agrees_and_when_it_began():
    [first] = said(report(statistical=(episode(),)))
    assert first.endswith(
        "; it most likely began at 2026-03-10 05:56 UTC; of isolation forest, local outlier factor, Mahalanobis "
        "distance and T-squared and SPE agree: isolation forest, local outlier factor and Mahalanobis distance."
    )


def test_answer_anomalies__swings_are_handed_on_to_who_measures_them():
    [first] = said(report(statistical=(episode(kind=EpisodeKind.OSCILLATION, changed_at=None),)))
    assert "for its frequency and damping ask for the oscillations of that time" in first


@pytest.mark.parametrize(("sensor", "told"), [(FLOW, True), (LOAD, False)])
def test_incident__tells_how_its_own_sensors_left_their_past(sensor, told):
    row = RecordRow(id="f1", kind="level_shift", title="t", subject=sensor, start=SIX, lasts=False)
    record = RecordExcerpt(kind=RecordKind.INCIDENT, identifier="i1", grid="demo", rows=(row,))
    [anomalies] = report(statistical=(episode(),)).evidence
    shown = board(anomalies, evidence("e2", "read_record", record))
    affected = next(item for item in incident_sections(shown, Resolved(), pen(shown), ()) if item.key == "affected")
    assert any("Against their own past: step" in item.text for item in affected.statements) is told


@pytest.mark.parametrize("kind", EpisodeKind)
def test_section_of__episodes_belong_to_trust_in_telemetry(kind):
    assert section_of(kind) == "cyber"
