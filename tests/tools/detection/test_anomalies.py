"""``detect_anomalies`` on days whose faults the tests put in themselves."""

from copy import deepcopy
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from tests.tools.detection.faults import biased, drifted, lost, stuck
from tests.tools.detection.synthetic_day import END, START, context, measured, solved_day, switched
from tests.tools.memory_sources import MemoryTelemetry, series
from tools.detection.anomalies import detect_anomalies
from tools.detection.schema.anomalies import AnomalyKind, DetectAnomaliesArguments
from tools.errors import SourceMissingError, UnknownElementError
from tools.vocabulary import Confidence, Severity


def minute(moment: datetime) -> float:
    return (moment - START).total_seconds() / 60


def detect(ctx, **arguments):
    """All but small shifts of a load, which chance makes on one day of ten, and which are for the record."""
    found = detect_anomalies(ctx, DetectAnomaliesArguments(limit=100, **arguments))
    small = AnomalyKind.DEMAND, Severity.INFORMATION
    return found.model_copy(
        update={"anomalies": tuple(item for item in found.anomalies if (item.kind, item.severity) != small)}
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_detect_anomalies__finds_nothing_on_a_day_without_faults(seed):
    truth = solved_day()
    assert detect(context(truth, measured(truth, seed))).anomalies == ()


@pytest.mark.parametrize(
    ("name", "sigmas"),
    [
        ("line3.p_from", 8),
        ("line3.p_to", -8),
        ("line20.q_to", 12),
        ("load7.p", 10),
        ("load12.q", -10),
        ("gen3.p", -8),
        ("gen6.q", 12),
        ("bus15.vm", 8),
        ("bus33.vm", -15),  # a unit's bus: one transformer is all that sees it
        ("trafo5.p_hv", 8),
        ("trafo5.q_lv", -20),
        ("system.load", 15),
    ],
)
def test_detect_anomalies__blames_the_one_sensor_that_is_false(name, sigmas):
    truth = solved_day()
    value = biased(truth, measured(truth, 4), name, slice(500, 650), sigmas)
    [anomaly] = detect(context(truth, value)).anomalies
    assert (anomaly.subject.name, anomaly.kind) == (name, AnomalyKind.FALSE_DATA)
    assert abs(minute(anomaly.start) - 500) <= 3
    assert abs(minute(anomaly.end) - 649) <= 3
    noise = truth.sensors[truth.row(name)].noise
    assert anomaly.deviation.value == pytest.approx(sigmas * noise, abs=2.5 * noise)
    expected = truth.value[truth.row(name), round(minute(anomaly.start)) : round(minute(anomaly.end))]
    assert expected.min() - 3 * noise <= anomaly.expected.value <= expected.max() + 3 * noise
    assert anomaly.severity in {Severity.WARNING, Severity.CRITICAL}


@pytest.mark.parametrize("name", ["load20.p", "gen8.p"])
def test_detect_anomalies__tells_a_load_from_the_unit_at_its_bus_by_their_own_course(name):
    truth = solved_day()  # both are at bus 38 and stand in no other equation, so far as one can tell them apart
    value = biased(truth, measured(truth, 5), name, slice(500, 700), 15)
    [anomaly] = detect(context(truth, value)).anomalies
    assert anomaly.subject.name == name
    assert anomaly.confidence is not Confidence.HIGH


def test_detect_anomalies__reports_two_false_sensors_at_one_bus_each():
    truth = solved_day()
    value = biased(truth, measured(truth, 6), "line3.p_from", slice(500, 650), 12)
    value = biased(truth, value, "line2.p_to", slice(560, 700), 12)
    found = {anomaly.subject.name: anomaly for anomaly in detect(context(truth, value)).anomalies}
    assert set(found) == {"line3.p_from", "line2.p_to"}
    assert abs(minute(found["line2.p_to"].start) - 560) <= 3


def test_detect_anomalies__leaves_wear_to_the_check_of_data_quality():
    truth = solved_day()
    value = drifted(truth, measured(truth, 7), "line3.p_from", slice(300, 600), 30)
    value = stuck(truth, value, "gen3.p", slice(200, 500))
    value = lost(truth, value, "load7.p", slice(700, 900), 0.7)
    assert detect(context(truth, value)).anomalies == ()


def test_detect_anomalies__takes_an_outage_for_an_outage():
    truth = switched(solved_day(), solved_day(without_line=14), slice(900, 1100))
    [anomaly] = detect(context(truth, measured(truth, 8))).anomalies
    assert (anomaly.kind, str(anomaly.element)) == (AnomalyKind.OUTAGE, "line:14")
    assert anomaly.severity is Severity.INFORMATION
    assert (minute(anomaly.start), minute(anomaly.end)) == (900, 1099)


def test_detect_anomalies__finds_false_data_during_an_outage():
    truth = switched(solved_day(), solved_day(without_line=14), slice(900, 1100))
    value = biased(truth, measured(truth, 9), "line12.p_from", slice(950, 1050), 12)
    found = [anomaly for anomaly in detect(context(truth, value)).anomalies if anomaly.kind is AnomalyKind.FALSE_DATA]
    assert [anomaly.subject.name for anomaly in found] == ["line12.p_from"]


def test_detect_anomalies__takes_a_step_of_a_load_for_what_it_is():
    truth = switched(solved_day(), solved_day(seed=1), slice(600, 1440))  # every load and unit at another level at once
    found = detect_anomalies(context(truth, measured(truth, 10)), DetectAnomaliesArguments(limit=100)).anomalies
    assert {anomaly.kind for anomaly in found} == {AnomalyKind.DEMAND}
    change = START + timedelta(minutes=600)
    for anomaly in found:
        assert min(abs(anomaly.start - change), abs((anomaly.end or END) - change)) <= timedelta(minutes=3)


def test_detect_anomalies__tells_a_short_excursion_as_information():
    truth = solved_day()
    value = biased(truth, measured(truth, 11), "line3.p_from", slice(700, 702), 40)
    [anomaly] = detect(context(truth, value)).anomalies
    assert (anomaly.kind, anomaly.severity, anomaly.readings) == (AnomalyKind.OUTLIER, Severity.INFORMATION, 2)


def test_detect_anomalies__doubts_the_model_where_no_sensor_explains_it():
    truth = solved_day()
    net = deepcopy(truth.net)
    net.trafo.loc[9, "tap_pos"] += 2  # the model's tap is not the real one: five percent of voltage
    net.line.loc[3, "c_nf_per_km"] *= 1.5
    report = detect(context(replace(truth, net=net), measured(truth, 12)))
    assert report.anomalies == ()
    doubted = {item.what for item in report.coverage.left_out if "contradict the grid model" in item.reason}
    assert {"vm of branch trafo:9", "q of branch line:3"} <= doubted


def test_detect_anomalies__sees_a_sensor_without_redundancy_leave_its_course():
    truth = solved_day()
    value = biased(truth, measured(truth, 13), "ambient", slice(600, 800), 20)
    [anomaly] = detect(context(truth, value)).anomalies
    assert (anomaly.subject.name, anomaly.kind) == ("ambient", AnomalyKind.LEVEL_SHIFT)
    assert abs(minute(anomaly.start) - 600) <= 3
    assert abs(minute(anomaly.end) - 799) <= 3
    assert anomaly.deviation.unit == "kelvin"
    assert anomaly.deviation.value == pytest.approx(4.0, abs=0.5)


def test_detect_anomalies__compares_the_whole_grid_with_other_days():
    truth = solved_day()
    row = truth.row("system.load")
    rng = np.random.default_rng(14)
    hourly = truth.value[row].reshape(24, 60).mean(axis=1)
    days = np.concatenate([hourly * 0.8 * (1 + rng.normal(0, 0.01)) for _ in range(28)])  # a fifth less on other days
    ctx = context(truth, measured(truth, 14))
    past = series(truth.sensors[row], START - timedelta(days=28), 3600, days)
    held = ctx.telemetry.series([sensor.name for sensor in truth.sensors], START, END)
    today = held["system.load"]
    joined = type(past)(
        past.sensor,
        *(np.concatenate([getattr(past, part), getattr(today, part)]) for part in ("at_us", "value", "quality")),
    )
    telemetry = MemoryTelemetry(*(joined if name == "system.load" else item for name, item in held.items()))
    [anomaly] = detect(replace(ctx, telemetry=telemetry), start=START, end=END).anomalies
    assert (anomaly.subject.name, anomaly.kind) == ("system.load", AnomalyKind.UNUSUAL)
    assert anomaly.severity is Severity.INFORMATION
    assert anomaly.expected.value == pytest.approx(0.8 * anomaly.value.value, rel=0.02)


def test_detect_anomalies__judges_with_all_sensors_but_tells_only_those_asked_for():
    truth = solved_day()
    value = biased(truth, measured(truth, 15), "line3.p_from", slice(500, 650), 12)
    ctx = context(truth, value)
    assert [a.subject.name for a in detect(ctx, sensors=("line3.p_from",)).anomalies] == ["line3.p_from"]
    other = detect(ctx, elements=("line:4",), quantities=("p",))
    assert (other.anomalies, other.sensors) == ((), 2)
    with pytest.raises(UnknownElementError, match="line3"):
        detect(ctx, sensors=("line3.p_form",))


def test_detect_anomalies__lasts_when_it_has_no_end():
    truth = solved_day()
    value = biased(truth, measured(truth, 16), "line3.p_from", slice(1200, 1440), 12)
    [anomaly] = detect(context(truth, value)).anomalies
    assert anomaly.end is None


def test_detect_anomalies__needs_telemetry():
    truth = solved_day()
    with pytest.raises(SourceMissingError):
        detect(replace(context(truth, truth.value), telemetry=None))


@pytest.mark.parametrize("minutes", [0, 1, 2, 5])
def test_detect_anomalies__answers_on_hardly_any_readings(minutes):
    truth = solved_day()
    value = np.full(truth.value.shape, np.nan)
    value[:, :minutes] = measured(truth, 17)[:, :minutes]
    report = detect(context(truth, value))
    assert report.anomalies == ()
    assert report.coverage.checked == (len(truth.sensors) if minutes else 0)


@pytest.mark.parametrize("name", ["line14.p_to", "line14.q_to"])
def test_detect_anomalies__does_not_take_an_impedance_for_what_comes_and_goes(name):
    truth = solved_day()  # at bus 38 the unit's noise hides what the balance says of the line
    value = biased(truth, measured(truth, 18), name, slice(839, 944), 12)
    assert [anomaly.subject.name for anomaly in detect(context(truth, value)).anomalies] == [name]
