"""``detect_anomalies`` by the sensors' own past: what is found, what it was learnt from, what is left out."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tests.tools.detection.synthetic_day import context, measured, solved_day
from tests.tools.memory_sources import MemoryTelemetry, series
from tools.context import Clock, ToolContext
from tools.detection.anomalies import detect_anomalies
from tools.detection.group_history import model_name
from tools.detection.rows import rows_of
from tools.detection.schema.anomalies import DetectAnomaliesArguments
from tools.detection.schema.statistical import DetectionMethod, EpisodeKind
from tools.detection.streaming.detector import StreamingDetector
from tools.detection.streaming.episodes import EpisodeTracker
from tools.detection.streaming.fitting import fit_model
from tools.detection.streaming.lone_watch import LoneWatch
from tools.detection.streaming.record import to_record
from tools.detection.streaming.smoothing import WEIGHT, settling_rows
from tools.errors import GridUnavailableError
from tools.limits import LimitTable
from tools.telemetry.moments import to_us
from tools.telemetry.schema.sensor import Sensor

BEGIN = datetime(2026, 3, 8, tzinfo=UTC)
DAY = BEGIN + timedelta(days=2)
END = DAY + timedelta(hours=24)
DAY_MINUTES = 1440
COUNT = 3 * DAY_MINUTES
NAMES = ("pump_flow", "pump_pressure", "pump_vibration")
SENSORS = tuple(Sensor(name=name, quantity="flow", period_s=60) for name in NAMES)


class NoGrid:
    def grid(self, at=None):  # noqa: ARG002 - a GridSource
        raise GridUnavailableError("no grid")


class Models:
    def __init__(self, **held):
        self._held = held

    def read(self, name):
        return self._held.get(name)


def plant(seed=0):
    """Three days of minutes; all share a daily course and half of their noise."""
    rng = np.random.default_rng(seed)
    course = np.sin(np.arange(COUNT) * 2 * np.pi / DAY_MINUTES)
    shared = rng.normal(size=COUNT)
    return np.array([100 + 3 * course + np.sqrt(0.5) * (shared + rng.normal(size=COUNT)) for _ in NAMES])


def look(values, *, since=0, models=None, **arguments):
    begin = BEGIN + timedelta(minutes=since)
    telemetry = MemoryTelemetry(
        *(series(sensor, begin, 60, value[since:]) for sensor, value in zip(SENSORS, values, strict=True))
    )
    ctx = ToolContext(
        grids=NoGrid(), limits=LimitTable(limits=()), clock=Clock(END, END), telemetry=telemetry, models=models
    )
    return detect_anomalies(ctx, DetectAnomaliesArguments(start=DAY, end=END, limit=100, **arguments))


def minute(moment):
    return (moment - DAY).total_seconds() / 60


@pytest.mark.parametrize("seed", range(3))
def test_detect_anomalies__a_normal_day_after_normal_days_is_quiet(seed):
    report = look(plant(seed))
    assert sum(item.rows for item in report.statistical) <= 5
    [model] = report.models
    assert (model.trained_from, model.rows, model.sensors, model.stored) == (BEGIN, 2880, 3, False)
    assert model.false_alarm_percent == pytest.approx(0.1)


def test_detect_anomalies__sensors_that_part_are_found_though_each_stays_in_its_range():
    values = plant()
    at = 2 * DAY_MINUTES + 600
    values[0, at : at + 5] += 6
    values[1, at : at + 5] -= 6
    [found] = [item for item in look(values).statistical if item.rows >= 3]
    assert abs(minute(found.start) - 600) <= 1
    assert {share.subject.name for share in found.shares} >= {"pump_flow", "pump_pressure"}
    assert found.score > 0.999


def test_detect_anomalies__a_sensor_that_falls_silent_is_a_dropout():
    values = plant()
    values[2, 2 * DAY_MINUTES + 300 : 2 * DAY_MINUTES + 400] = np.nan
    [found] = [item for item in look(values).statistical if item.kind is EpisodeKind.DROPOUT]
    assert found.subject.name == "pump_vibration"
    assert (minute(found.start), minute(found.end)) == (304, 399)


def test_detect_anomalies__a_shift_far_beyond_the_daily_course_lasts():
    values = plant()
    values[1, 2 * DAY_MINUTES + 1200 :] += 40
    found = max(look(values).statistical, key=lambda item: item.rows)
    assert found.subject.name == "pump_pressure"
    assert found.kind is EpisodeKind.STEP
    assert found.end is None
    assert found.shares[0].departure > 5


@pytest.mark.parametrize(
    ("since", "reason"),
    [
        (2 * DAY_MINUTES, "not enough history"),
        (2 * DAY_MINUTES - 100, "not enough history"),
    ],
)
def test_detect_anomalies__says_when_there_is_no_history(since, reason):
    report = look(plant(), since=since)
    assert (report.statistical, report.models) == ((), ())
    [left_out] = [item for item in report.coverage.left_out if item.what == "sensors by their own past"]
    assert left_out.count == len(NAMES)
    assert left_out.reason.startswith(reason)


@pytest.mark.parametrize("spoilt", [np.nan, 7.0])
def test_detect_anomalies__says_which_history_teaches_nothing(spoilt):
    values = plant()
    values[2, : 2 * DAY_MINUTES] = spoilt
    report = look(values)
    assert report.models[0].sensors == 2
    [left_out] = [item for item in report.coverage.left_out if item.what == "sensors by their own past"]
    assert left_out.count == 1
    values[:, : 2 * DAY_MINUTES] = spoilt
    assert look(values).models == ()


def test_detect_anomalies__uses_a_stored_model_of_the_same_sensors_from_before():
    values = plant()
    held = rows_of(
        {s.name: series(s, BEGIN, 60, v[:DAY_MINUTES]) for s, v in zip(SENSORS, values, strict=True)}, SENSORS, 60
    )
    record = to_record(fit_model(NAMES, held.at_us, held.value))
    stored = Models(**{model_name(NAMES): record.model_dump(mode="json")})
    [used] = look(values, models=stored).models
    assert (used.stored, used.fingerprint, used.rows) == (True, record.fingerprint, DAY_MINUTES)
    later = Models(**{model_name(NAMES): record.model_dump(mode="json") | {"trained_until": END.isoformat()}})
    assert not look(values, models=later).models[0].stored
    older = Models(**{model_name(NAMES): record.model_dump(mode="json") | {"version": 0}})
    assert not look(values, models=older).models[0].stored


def test_detect_anomalies__a_day_without_history_gains_no_statistical_anomaly():
    truth = solved_day()
    assert detect_anomalies(context(truth, measured(truth, 1)), DetectAnomaliesArguments()).statistical == ()


def lone(name="mill_power", period_s=60, **more):
    return Sensor(name=name, quantity="p", period_s=period_s, **more)


def look_at(*held, **arguments):
    ctx = ToolContext(
        grids=NoGrid(), limits=LimitTable(limits=()), clock=Clock(END, END), telemetry=MemoryTelemetry(*held)
    )
    return detect_anomalies(ctx, DetectAnomaliesArguments(start=DAY, end=END, limit=100, **arguments))


def test_detect_anomalies__a_lone_sensor_is_judged_as_the_stream_judges_it():
    values = np.random.default_rng(1000).normal(size=COUNT)
    values[2 * DAY_MINUTES + 600 : 2 * DAY_MINUTES + 720] += 6
    values[2 * DAY_MINUTES + 1000] += 60
    sensor = lone()
    held = series(sensor, BEGIN, 60, values)
    report = look_at(held)
    stream = LoneWatch(sensor.name)
    first = 2 * DAY_MINUTES
    stream.learn(held.at_us[:first], values[:first], 60_000_000)
    one_by_one = [
        episode
        for at, value in zip(held.at_us[first:], values[first:], strict=True)
        for episode in stream.update(int(at), float(value))
    ]
    one_by_one += stream.lasting(int(held.at_us[-1]))
    assert sorted((item.kind, to_us(item.start), item.rows, item.score) for item in report.statistical) == sorted(
        (item.kind, item.from_us, item.rows, item.score) for item in one_by_one
    )
    assert {item.kind for item in report.statistical} >= {EpisodeKind.STEP, EpisodeKind.SPIKE}
    step = next(item for item in report.statistical if item.kind is EpisodeKind.STEP)
    assert abs(minute(step.changed_at) - 600) <= 1
    assert report.models[0].sensors == 1
    assert report.models[0].false_alarm_percent == pytest.approx(0.01)


def test_detect_anomalies__sensors_side_by_side_are_judged_as_the_stream_judges_them():
    values = plant()
    values[1, 2 * DAY_MINUTES + 1200 :] += 40
    report = look(values)
    held = rows_of({s.name: series(s, BEGIN, 60, v) for s, v in zip(SENSORS, values, strict=True)}, SENSORS, 60)
    past = 2 * DAY_MINUTES
    detector = StreamingDetector(fit_model(NAMES, held.at_us[:past], held.value[:past]))
    tracker, told = EpisodeTracker(NAMES), []
    for at in range(past - settling_rows(WEIGHT), COUNT):
        verdict = detector.update(int(held.at_us[at]), held.value[at])
        if at >= past:
            told.append(tracker.update(verdict))
    told.append(tracker.lasting())
    assert [(item.kind, to_us(item.start), item.rows, item.score) for item in report.statistical] == sorted(
        ((one.kind, one.from_us, one.rows, one.score) for one in told if one), key=lambda one: (-one[3], -one[2])
    )


def test_detect_anomalies__a_sensor_without_a_period_is_judged_alone():
    values = np.random.default_rng(1000).normal(size=COUNT)
    values[2 * DAY_MINUTES + 600] += 20
    report = look_at(series(lone(period_s=None), BEGIN, 60, values))
    assert [(item.kind, minute(item.start)) for item in report.statistical] == [(EpisodeKind.SPIKE, 600)]


@pytest.mark.parametrize(("values", "reason"), [(np.full(COUNT, 5.0), "constant"), (np.zeros(0), "not enough history")])
def test_detect_anomalies__says_why_a_lone_sensor_was_not_judged(values, reason):
    report = look_at(series(lone(), BEGIN, 60, values))
    assert report.statistical == ()
    [left_out] = [item for item in report.coverage.left_out if item.what == "sensors by their own past"]
    assert left_out.count == 1
    assert reason in left_out.reason


def test_detect_anomalies__other_methods_say_whether_they_agree():
    values = plant()
    values[0, 2 * DAY_MINUTES + 600 : 2 * DAY_MINUTES + 660] += 40
    found = max(look(values).statistical, key=lambda item: item.rows)
    assert found.detector is DetectionMethod.CONTROL_CHARTS
    assert set(found.consulted) == set(DetectionMethod) - {DetectionMethod.CONTROL_CHARTS}
    # forty standard deviations of the noise; a forest sees no more in it than in the largest value that it learnt
    assert set(found.agreeing) >= set(found.consulted) - {DetectionMethod.ISOLATION_FOREST}


@pytest.mark.parametrize(
    ("detector", "touched"),
    [
        (DetectionMethod.MAHALANOBIS, [0]),
        (DetectionMethod.T2_SPE, [0]),
        (DetectionMethod.LOCAL_OUTLIER_FACTOR, [0]),
        # a forest splits within the range that it saw: what is far out in one sensor alone looks like that range's end
        (DetectionMethod.ISOLATION_FOREST, [0, 1, 2]),
    ],
)
def test_detect_anomalies__another_method_raises_the_episodes_when_asked_to(detector, touched):
    values = plant()
    values[touched, 2 * DAY_MINUTES + 600 : 2 * DAY_MINUTES + 660] += 40
    report = look(values, detector=detector)
    found = max(report.statistical, key=lambda item: item.rows)
    assert found.detector is detector
    assert detector not in found.consulted
    assert found.subject.name in [NAMES[at] for at in touched]
    assert (minute(found.start), minute(found.end)) == (600, 659)
    assert report.models[0].false_alarm_percent == pytest.approx(100 / 721)  # one more than the held-out rows
