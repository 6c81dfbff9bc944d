"""Sentences that once said something untrue or clumsy."""

from datetime import timedelta

import pytest

from agents.question import Resolved
from agents.statement import Draft, Ref, Statement, Text, Token, TokenKind
from orchestrator.compose.answers.records import answer_open_items
from orchestrator.compose.answers.transformers import answer_transformers, transformer_issue
from orchestrator.compose.answers.trust import answer_anomalies, answer_quality, answer_telemetry
from orchestrator.compose.board import Exhibit
from orchestrator.compose.not_checked import list_not_checked
from orchestrator.compose.phrases import again, draft, interval
from orchestrator.compose.shift import shift_sections
from orchestrator.record_schema import RecordExcerpt, RecordKind, RecordRow
from tests.orchestrator.compose.evidence import SIX, T2, board, evidence, hour, pen
from tools.amount import Amount
from tools.assets import issues
from tools.assets.schema.transformer import (
    TransformerAssessment,
    TransformerIssue,
    TransformerIssueKind,
    TransformerState,
)
from tools.coverage import Coverage, LeftOut
from tools.detection.schema.anomalies import AnomalyReport
from tools.detection.schema.quality import DataQuality, QualityIssue, QualityKind, ScaleError, SensorQuality
from tools.detection.schema.statistical import EpisodeKind, SensorShare, StatisticalAnomaly
from tools.subject import SubjectKind, SubjectRef
from tools.telemetry.schema.reading import SensorReading, TelemetryReading
from tools.vocabulary import Confidence, ReadingQuality, Severity


def _said(answer, shown) -> list[str]:
    return [pen(shown)(sentence).text for sentence in answer(shown, Resolved())]


def _reading(difference: float):
    row = SensorReading(
        subject=SubjectRef(kind=SubjectKind.SENSOR, name="OT"), quantity="top_oil_temperature", at=SIX,
        value=Amount(value=30.0 + difference, unit="celsius"), quality=ReadingQuality.GOOD, age_s=0, stale=False,
        readings=1, usual=Amount(value=30.0, unit="celsius"), usual_days=9,
        above_usual=Amount(value=difference, unit="kelvin"),
    )  # fmt: skip
    result = TelemetryReading(
        at=SIX, start=SIX, end=SIX, sensors=1, rows=(row,), good=1, suspect=0, stale_sensors=0, missing=0
    )
    return board(evidence("e1", "read_telemetry", result))


@pytest.mark.parametrize(
    ("difference", "words"),
    [
        (-2.5, "so the value lies below its usual (difference -2.5 K)"),
        (2.5, "so the value lies above its usual (difference 2.5 K)"),
        (0.0, "so the value is its usual (difference 0 K)"),
    ],
)
def test_telemetry__says_on_which_side_of_its_usual_a_value_lies(difference, words):
    assert words in _said(answer_telemetry, _reading(difference))[0]


def _quality(good_percent: float, missing: int):
    result = DataQuality(
        start=SIX, end=hour(24), sensors=299, readings=430_441, good_percent=good_percent, missing_readings=missing,
        suspect_readings=0, bad_readings=0, issues=(), coverage=Coverage(
            checked=299, solved=287, left_out=(LeftOut(what="sensors", count=12, reason="nothing implies them"),)
        ),
    )  # fmt: skip
    return board(evidence("e1", "check_data_quality", result))


@pytest.mark.parametrize(("good", "shown"), [(99.9556, "99.96 %"), (99.9997, "99.9997 %"), (100.0, "100 %")])
def test_quality__a_share_reads_as_the_whole_only_where_nothing_is_missing(good, shown):
    assert f"of those due {shown} good" in _said(answer_quality, _quality(good, 0 if good == 100 else 1))[0]


def test_quality__says_scale_clock_and_score():
    sensor = SubjectRef(kind=SubjectKind.SENSOR, name="gen3.p")
    said = {
        "subject": sensor, "quantity": "p", "severity": Severity.WARNING, "start": SIX, "end": hour(7), "readings": 60,
        "confidence": Confidence.HIGH,
    }  # fmt: skip
    issues = (
        QualityIssue(kind=QualityKind.SCALE, scale=ScaleError.THOUSANDFOLD, cause="wrong unit", **said),
        QualityIssue(kind=QualityKind.CLOCK, late_s=300.0, cause="its clock is late", **said),
    )
    score = SensorQuality(
        subject=sensor, quantity="p", score=0.875, due=1440, missing=180, bad=0, suspect=0, newest=ReadingQuality.GOOD
    )
    result = _quality(100.0, 0).first(DataQuality).result.model_copy(update={"issues": issues, "scores": (score,)})
    _, scale, clock, scores = _said(answer_quality, board(evidence("e1", "check_data_quality", result)))
    assert "wrong unit, scale or sign" in scale
    assert "scale: thousandfold" in scale
    assert "delay 300 s" in clock
    assert scores == "Quality of the sensors in doubt: sensor:gen3.p 0.88 (missing 180 of 1440 due)."


def test_not_checked__names_the_sensors_that_nothing_implies():
    shown = _quality(100.0, 0)
    assert [item.text for item in list_not_checked(shown, pen(shown))] == ["12 sensors: nothing implies them"]


def _open_items(*rows: RecordRow, as_of=None):
    record = RecordExcerpt(kind=RecordKind.OPEN_ITEMS, identifier="latest", grid="demo", as_of=as_of, rows=rows)
    return board(evidence("e1", "read_record", record, kind="open_items"))


def test_open_items__a_question_is_not_answered_as_if_it_were_a_shift_report():
    said = _said(answer_open_items, _open_items())
    assert said == ["No shift report of this grid is on record, so nothing is carried forward."]
    assert _said(answer_open_items, _open_items(as_of=SIX)) == ["The report of 2026-03-10 06:00 UTC left nothing open."]


def test_open_items__the_first_shift_report_says_that_it_is_the_first():
    shown = _open_items()
    [section] = [item for item in shift_sections(shown, Resolved(), pen(shown), ()) if item.key == "open_items"]
    assert [item.text for item in section.statements] == [
        "This is the first shift report of this grid: nothing is carried forward."
    ]


def _assessment(name: str = "T2", **measured):
    issue = TransformerIssue(
        kind=TransformerIssueKind.OVER_TEMPERATURE, severity=Severity.WARNING, start=SIX, top_oil_celsius=98.2,
        cause="loading heats it", confidence=Confidence.HIGH, **measured,
    )  # fmt: skip
    state = TransformerState(
        element=T2, subject=SubjectRef(kind=SubjectKind.ASSET, name=name), at=hour(1), issues=(issue,)
    )
    result = TransformerAssessment(start=SIX, end=hour(1), transformers=1, rows=(state,))
    return Exhibit(evidence("e1", "assess_transformer", result), result)


def _issue(found) -> str:
    return pen(board(found.evidence))(draft(transformer_issue(found, 0, 0))).text


def test_transformers__without_a_nameplate_nothing_is_expected():
    said = _issue(_assessment())
    assert said.endswith("lasting, top oil 98.2 °C; loading heats it")


def test_transformers__with_a_nameplate_the_difference_is_told():
    said = _issue(_assessment(expected_celsius=80.1, deviation_kelvin=18.1))
    assert "top oil 98.2 °C, expected from load and air 80.1 °C, difference 18.1 K; " in said


def test_transformers__a_begin_that_is_not_sure_is_told_as_a_span():
    said = _issue(_assessment(not_before=SIX - timedelta(hours=2)))
    assert said.endswith(
        "from 2026-03-10 06:00 UTC, lasting, top oil 98.2 °C, begun not before 2026-03-10 04:00 UTC; loading heats it"
    )


@pytest.mark.parametrize(("name", "shown"), [("T2", "trafo:2 (T2): "), ("Nord 2", "trafo:2 (T2) (asset:Nord 2): ")])
def test_transformers__a_second_name_is_told_where_it_is_another(name, shown):
    assert _issue(_assessment(name)).startswith(shown)
    assert _said(answer_transformers, board(_assessment(name).evidence))[0].startswith(shown)


@pytest.mark.parametrize("cause", [issues.COOLING, issues.HOT, issues.IMPOSSIBLE, issues.FROZEN])
def test_causes__begin_as_parts_of_a_sentence(cause):
    assert cause[0].islower()


def test_interval__what_begins_and_ends_in_one_minute_has_one_time():
    row = RecordRow(id="o", title="t", start=SIX, end=SIX.replace(second=40), lasts=False)
    shown = _open_items(row)
    found = next(shown.every(RecordExcerpt))
    assert pen(shown)(draft(interval(found, row, "rows", 0))).text == "at 2026-03-10 06:00 UTC"


def test_again__a_statement_within_another_keeps_its_references():
    shown = _quality(99.5, 3)
    first = Draft(parts=(
        Text(text="missing: "), Ref(evidence="e1", path="/missing_readings"), Text(text=", "),
        Token(kind=TokenKind.IDENTIFIER, text="T2"),
    ))  # fmt: skip
    said = pen(shown)(first)
    within = pen(shown)(draft("Told: ", again(said), "."))
    assert within.text == f"Told: {said.text}."
    assert [within.text[span.start : span.end] for span in within.spans] == ["3"]
    assert [within.text[token.start : token.end] for token in within.tokens] == ["T2"]
    assert again(Statement(text="plain")) == [Text(text="plain")]


def _departed(**parts: float) -> AnomalyReport:
    shares = tuple(
        SensorShare(
            subject=SubjectRef(kind=SubjectKind.SENSOR, name=name),
            element=T2,
            quantity="p",
            contribution_percent=percent,
            departure=7.5,
        )
        for name, percent in parts.items()
    )
    episode = StatisticalAnomaly(
        subject=shares[0].subject,
        kind=EpisodeKind.STEP,
        start=SIX,
        end=hour(2),
        rows=120,
        score=0.9999,
        shares=shares,
        method="charts",
        confidence=Confidence.MEDIUM,
    )
    coverage = Coverage(checked=2, solved=0)
    return AnomalyReport(
        start=SIX, end=hour(24), sensors=2, readings=2880, anomalies=(), statistical=(episode,), coverage=coverage
    )


def test_anomalies__against_their_own_past_name_kind_time_and_parts():
    [said] = _said(answer_anomalies, board(evidence("e1", "detect_anomalies", _departed(flow=60.0, head=30.0))))
    assert said == (
        "Against their own past: step from 2026-03-10 06:00 UTC to 2026-03-10 08:00 UTC, "
        "sensor:flow (trafo:2 (T2)) with 60 % and sensor:head (trafo:2 (T2)) with 30 %."
    )
