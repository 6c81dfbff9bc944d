"""Figures over time: what they draw, which fields their labels are, and that no label lies on another."""

import re
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from orchestrator.compose.board import Exhibit
from orchestrator.compose.charts.alarms import alarm_figure
from orchestrator.compose.charts.chart import HEIGHT, WIDTH, Chart, Point
from orchestrator.compose.charts.load import ahead_figure, load_figure
from orchestrator.compose.charts.temperatures import temperature_figure
from orchestrator.publish.picture import safe_picture
from tests.orchestrator.compose.evidence import SIX, T2, board, evidence, hour, pen
from tools.amount import Amount
from tools.assets.schema.transformer import (
    TransformerAssessment,
    TransformerIssue,
    TransformerIssueKind,
    TransformerState,
)
from tools.detection.schema.alarms import AlarmPiece, AlarmSummary
from tools.element import ElementKind, ElementRef
from tools.facts import lookup
from tools.forecasting.schema.load import ForecastHour, LoadForecast
from tools.subject import SubjectKind, SubjectRef
from tools.telemetry.schema.reading import Bucket, History, TelemetryReading
from tools.vocabulary import Confidence, Severity

MEDIANS = (300.0, 340.0, 320.0)


def _forecast(measured: tuple[float | None, ...], start: float = 0) -> LoadForecast:
    rows = tuple(
        ForecastHour(at=hour(start + place), p10_mw=p50 - 10, p50_mw=p50, p90_mw=p50 + 10, measured_mw=real)
        for place, (p50, real) in enumerate(zip(MEDIANS, measured, strict=True))
    )
    return LoadForecast(
        at=hour(start), horizon_h=3, method="m", history_days=30, uses_temperature=False, rows=rows, peak=rows[1]
    )


def _all(svg: str, css: str) -> list[ET.Element]:
    return [item for item in ET.fromstring(svg).iter() if css in item.get("class", "").split()]  # noqa: S314 - our own


def _labels(svg: str) -> dict[str, str]:
    return {item.get("data-path"): item.text for item in _all(svg, "gcc-value")}


def _alarms(*counts: int) -> Exhibit[AlarmSummary]:
    pieces = tuple(AlarmPiece(at=hour(place), alarms=count) for place, count in enumerate(counts))
    result = AlarmSummary(start=SIX, end=hour(12), alarms=sum(counts), standing=0, rate_10min=0.1, pieces=pieces,
                          sources=())  # fmt: skip
    return Exhibit(evidence("e1", "summarize_alarms", result), result)


def test_load_figure__draws_what_was_measured_over_what_was_expected():
    past = _forecast((305.0, 350.0, 330.0))
    shown = board(evidence("e1", "forecast_load", past), evidence("e2", "forecast_load", _forecast((None,) * 3, 24)))
    [figure] = load_figure(shown, pen(shown))
    assert figure.evidence == ("e1",)
    assert _labels(figure.svg) == {"/rows/1/p50_mw": "forecast 340 MW", "/rows/2/measured_mw": "measured 330 MW"}
    for path, text in _labels(figure.svg).items():
        assert f"{lookup(shown.evidence[0].result, path):g} MW" in text
    assert len(_all(figure.svg, "gcc-band")) == len(_all(figure.svg, "gcc-dashed")) == 1
    [line] = _all(figure.svg, "gcc-line")
    heights = [float(point.split(",")[1]) for point in line.get("points").split()]
    assert heights[1] == min(heights)  # the highest load is drawn highest
    assert "measured" in figure.caption.text


def test_load_figure__without_any_measured_hour_there_is_none():
    shown = board(evidence("e1", "forecast_load", _forecast((None,) * 3)))
    assert load_figure(shown, pen(shown)) == ()


def test_ahead_figure__speaks_of_no_measurement():
    shown = board(evidence("e1", "forecast_load", _forecast((None,) * 3)))
    [figure] = ahead_figure(shown, pen(shown))
    assert "measured" not in figure.svg + figure.caption.text
    assert _all(figure.svg, "gcc-line") == []


def test_figures__write_times_as_the_report_does():
    shown = board(evidence("e1", "forecast_load", _forecast((None,) * 3)))
    [figure] = ahead_figure(shown, pen(shown, "Europe/Berlin"))
    times = [item.text for item in _all(figure.svg, "gcc-time")]
    assert times == ["2026-03-10 07:00 CET (06:00 UTC)", "2026-03-10 09:00 CET (08:00 UTC)"]


def test_alarm_figure__has_a_bar_for_each_piece_as_high_as_its_alarms():
    found = _alarms(2, 8, 4)
    [figure] = alarm_figure(found, pen(board(found.evidence)))
    heights = [float(bar.get("height")) for bar in _all(figure.svg, "gcc-bar")]
    assert heights[0] / heights[1] == pytest.approx(2 / 8, rel=0.01)
    assert heights[2] / heights[1] == pytest.approx(4 / 8, rel=0.01)
    assert _labels(figure.svg) == {"/pieces/1/alarms": "most: 8"}


def test_alarm_figure__without_an_alarm_there_is_none():
    found = _alarms()
    assert alarm_figure(found, pen(board(found.evidence))) == ()


def _history(index: int, *celsius: float) -> History:
    def amount(value: float) -> Amount:
        return Amount(value=value, unit="celsius")

    return History(
        subject=SubjectRef(kind=SubjectKind.SENSOR, name=f"T{index}"),
        element=ElementRef(kind=ElementKind.TRAFO, index=index, name=f"T{index}"),
        quantity="top_oil_temperature",
        bucket_s=900,
        buckets=tuple(
            Bucket(at=hour(place), readings=1, lowest=amount(value), mean=amount(value), highest=amount(value))
            for place, value in enumerate(celsius)
        ),
    )


def _temperatures(*issues: TransformerIssue):
    reading = TelemetryReading(
        at=hour(2), start=SIX, end=hour(2), sensors=2, rows=(), good=2, suspect=0, stale_sensors=0, missing=0,
        histories=(_history(1, 30.0, 31.0, 30.5), _history(2, 30.0, 48.2, 41.0)),
    )  # fmt: skip
    asset = SubjectRef(kind=SubjectKind.ASSET, name="T2")
    state = TransformerState(element=T2, subject=asset, at=hour(2), issues=issues)
    assessed = TransformerAssessment(start=SIX, end=hour(2), transformers=1, rows=(state,))
    shown = board(evidence("e1", "read_telemetry", reading), evidence("e2", "assess_transformer", assessed))
    [figure] = temperature_figure(shown, pen(shown))
    return figure


def test_temperature_figure__the_transformer_in_question_stands_out_and_is_named():
    issue = TransformerIssue(kind=TransformerIssueKind.COOLING_LOSS, severity=Severity.WARNING, start=SIX,
                             top_oil_celsius=48.0, cause="c", confidence=Confidence.HIGH)  # fmt: skip
    figure = _temperatures(issue)
    assert len(_all(figure.svg, "gcc-alarm")) == len(_all(figure.svg, "gcc-faint")) == 1
    assert _labels(figure.svg) == {"/histories/1/buckets/1/mean": "48.2 °C, trafo:2 (T2)"}


def test_temperature_figure__without_an_issue_nothing_is_marked_as_alarm():
    figure = _temperatures()
    assert _all(figure.svg, "gcc-alarm") == []
    assert len(_labels(figure.svg)) == 1


def test_temperature_figure__without_a_history_there_is_none():
    shown = board()
    assert temperature_figure(shown, pen(shown)) == ()


def test_chart__labels_of_neighbours_do_not_lie_on_each_other_nor_outside():
    points = [Point(hour(place), 100.0 + place) for place in range(4)]
    chart = Chart("t", points)
    chart.line(points, "gcc-line")
    chart.words("measured as a line", "gcc-key", 2)
    for place, point in enumerate(points[1:3]):
        chart.value(point, f"{point.value} MW", f"/{place}")
    chart.value(points[2], "again", "/again")
    key = [float(item.get("y")) for item in _all(chart.svg(), "gcc-key")]
    lines = sorted(float(item.get("y")) for item in _all(chart.svg(), "gcc-value"))
    assert lines[0] - max(key) >= 11
    assert max(lines) < HEIGHT
    places = [(float(item.get("x")), float(item.get("y"))) for item in _all(chart.svg(), "gcc-value")]
    assert all(abs(y - other) >= 11 or abs(x - there) > 110 for (x, y), (there, other) in pairwise(places))


def test_chart__one_value_at_one_time_can_be_drawn():
    """Neither the span nor the range may divide by zero."""
    chart = Chart("t", [Point(SIX, 5.0)])
    chart.line([Point(SIX, 5.0)], "gcc-line")
    numbers = re.findall(r' (?:x|y|points)="([^"]+)"', safe_picture(chart.svg()))
    assert all(0 <= float(value) <= WIDTH for text in numbers for value in text.split(","))
