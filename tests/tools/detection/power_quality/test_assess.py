"""Power quality against counts by hand and the figures of EN 50160; unbalance against symmetrical components."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from knowledge.limits import standard_limits
from tests.tools.memory_sources import MemoryTelemetry, series
from tools.context import Clock, ToolContext
from tools.detection.power_quality.assess import assess_power_quality
from tools.detection.power_quality.unbalance import from_line_voltages, from_phasors
from tools.detection.schema.power_quality import AssessPowerQualityArguments, QualityVerdict, VoltageEventKind
from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError, SourceMissingError
from tools.limits import QualityQuantity
from tools.telemetry.schema.sensor import Sensor

MONDAY = datetime(2026, 3, 9, tzinfo=UTC)
BUS = ElementRef(kind=ElementKind.BUS, index=3)
MINUTES_OF_A_WEEK = 7 * 24 * 60


def _sensor(quantity="vm", unit="pu", **more):
    return Sensor(name=more.pop("name", quantity), quantity=quantity, unit=unit, **more)


def _assess(*held, days=7.0, **arguments):
    end = MONDAY + timedelta(days=days)
    context = ToolContext(grids=None, limits=standard_limits(), clock=Clock(end, end), telemetry=MemoryTelemetry(*held))
    return assess_power_quality(context, AssessPowerQualityArguments(start=MONDAY, end=end, limit=100, **arguments))


def _row(found, quantity, share=95):
    [row] = [item for item in found.assessments if item.quantity is quantity and item.share_percent == share]
    return row


def _week(low_minutes, value=0.88):
    """A week of minutes at 1.0 pu with the first minutes of each day low."""
    day = np.ones(1440)
    day[:low_minutes] = value
    return series(_sensor(), MONDAY, 60, np.tile(day, 7))


def test_voltage__ninety_five_percent_of_a_week_by_hand():
    kept = _row(_assess(_week(70)), QualityQuantity.VOLTAGE)  # 7 of 144 means a day: 4.86 %
    assert kept.verdict is QualityVerdict.KEPT
    assert kept.inside_percent == pytest.approx(100 * (1 - 7 / 144))
    assert (kept.means, kept.outside_s, kept.longest_outside_s) == (1008, 7 * 7 * 600, 7 * 600)
    assert kept.longest_outside_at == MONDAY
    assert str(kept.source) == "EN 50160 (2010), Clause 4.2.2"
    broken = _row(_assess(_week(80)), QualityQuantity.VOLTAGE)  # 8 of 144: 5.6 %
    assert broken.verdict is QualityVerdict.BROKEN


def test_voltage__one_mean_below_85_percent_breaks_the_limit_of_all_means():
    low = np.ones(MINUTES_OF_A_WEEK)
    low[600:610] = 0.80
    found = _assess(series(_sensor(), MONDAY, 60, low))
    assert _row(found, QualityQuantity.VOLTAGE).verdict is QualityVerdict.KEPT
    row = _row(found, QualityQuantity.VOLTAGE, 100)
    assert (row.verdict, row.lowest.value, row.lowest_at) == (
        QualityVerdict.BROKEN,
        pytest.approx(0.80),
        MONDAY + timedelta(hours=10),
    )


def test_voltage__a_mean_is_the_root_of_the_mean_square():
    value = np.tile([0.8, 1.2], 720)
    row = _row(_assess(series(_sensor(), MONDAY, 60, value), days=1), QualityQuantity.VOLTAGE)
    assert row.lowest.value == pytest.approx(np.sqrt((0.64 + 1.44) / 2))


def test_voltage__a_day_is_not_passed_off_as_a_week():
    good = _row(_assess(series(_sensor(), MONDAY, 60, np.ones(1440)), days=1), QualityQuantity.VOLTAGE)
    assert (good.verdict, good.seen_percent) == (QualityVerdict.KEPT_SO_FAR, pytest.approx(100 / 7, abs=0.1))
    low = np.ones(1440)
    low[:120] = 0.88  # 12 of 144: more than 5 % of the day, less than 5 % of a week
    assert _row(_assess(series(_sensor(), MONDAY, 60, low), days=1), QualityQuantity.VOLTAGE).verdict is (
        QualityVerdict.BROKEN_SO_FAR
    )
    low[:520] = 0.88  # 52 means are more than 5 % of a week's 1008 whatever comes
    found = _assess(series(_sensor(), MONDAY, 60, low), days=1)
    assert _row(found, QualityQuantity.VOLTAGE).verdict is QualityVerdict.BROKEN
    assert (found.broken, found.undecided) == (1, 1)


def test_voltage__medium_voltage_has_its_own_clause_and_high_voltage_none():
    row = _row(_assess(series(_sensor(unit="kv"), MONDAY, 60, np.full(1440, 19.5)), days=1, declared_kv=20),
               QualityQuantity.VOLTAGE, 99)  # fmt: skip
    assert row.source.clause == "Clause 5.2.2"
    assert row.lowest.value == pytest.approx(0.975)
    found = _assess(series(_sensor(unit="kv"), MONDAY, 60, np.full(1440, 109.0)), days=1, declared_kv=110)
    assert found.assessments == ()
    assert any("no limit" in item.reason for item in found.coverage.left_out)
    untold = _assess(
        series(_sensor(unit="kv"), MONDAY, 60, [20.0] * 5), series(_sensor("thd", "percent"), MONDAY, 60, [1.0] * 5)
    )
    assert any("declared" in item.reason for item in untold.coverage.left_out)


def test_frequency__ten_second_means_and_a_year_that_was_not_seen():
    hertz = np.full(8640, 50.0)
    hertz[100:160] = 49.4
    found = _assess(series(_sensor("frequency", "hz"), MONDAY, 10, hertz), days=1)
    row = _row(found, QualityQuantity.FREQUENCY, 99.5)
    assert (row.verdict, row.means, row.outside_s) == (QualityVerdict.BROKEN_SO_FAR, 8640, 600.0)
    assert (row.low.value, row.high.value, row.low.unit) == (pytest.approx(49.5), pytest.approx(50.5), "hz")
    assert _row(found, QualityQuantity.FREQUENCY, 100).verdict is QualityVerdict.KEPT_SO_FAR
    hertz[200] = 46.9
    assert _row(_assess(series(_sensor("frequency", "hz"), MONDAY, 10, hertz), days=1), QualityQuantity.FREQUENCY, 100
                ).verdict is QualityVerdict.BROKEN  # fmt: skip


def test_frequency__a_dead_feed_does_not_break_it_and_minutes_are_too_slow():
    hertz = np.full(8640, 50.0)
    hertz[5000:] = 0.0
    row = _row(_assess(series(_sensor("frequency", "hz"), MONDAY, 10, hertz), days=1), QualityQuantity.FREQUENCY, 100)
    assert (row.verdict, row.means) == (QualityVerdict.KEPT_SO_FAR, 5000)
    slow = _assess(series(_sensor("frequency", "hz"), MONDAY, 60, np.full(1440, 50.0)), days=1)
    assert slow.assessments == ()
    assert any("means over 10 s cannot" in item.reason for item in slow.coverage.left_out)


@pytest.mark.parametrize(
    ("level", "seconds", "kind", "tolerated"),
    [
        (0.75, 0.3, VoltageEventKind.DIP, True),
        (0.75, 3.0, VoltageEventKind.DIP, False),
        (0.85, 3.0, VoltageEventKind.DIP, True),
        (0.75, 0.5, VoltageEventKind.DIP, None),
        (0.0, 30.0, VoltageEventKind.INTERRUPTION, False),
        (1.15, 0.3, VoltageEventKind.SWELL, True),
        (1.15, 3.0, VoltageEventKind.SWELL, False),
    ],
)
def test_events__depth_duration_and_the_iti_curve(level, seconds, kind, tolerated):
    volts = np.ones(36_000)
    volts[6000 : 6000 + round(seconds / 0.1)] = level
    found = _assess(series(_sensor(), MONDAY, 0.1, volts), days=1 / 24)
    [event] = found.events
    assert (event.kind, event.tolerated) == (kind, tolerated)
    assert event.duration_s == pytest.approx(seconds)
    assert event.residual_pu == pytest.approx(level)
    assert event.duration_error_s == pytest.approx(0.1)
    row = _row(found, QualityQuantity.VOLTAGE)
    assert (row.flagged, row.inside_percent) == (1, 100)


def test_events__hysteresis_makes_one_dip_of_a_voltage_at_the_threshold_and_sarfi_counts():
    volts = np.ones(36_000)
    volts[1000:1100] = np.tile([0.89, 0.905], 50)
    volts[3000:3010] = 0.65
    found = _assess(series(_sensor(), MONDAY, 0.1, volts), days=1 / 24)
    assert [event.kind for event in found.events] == [VoltageEventKind.DIP] * 2
    assert {item.threshold_percent: item.events for item in found.counts}[90.0] == 2
    assert {item.threshold_percent: item.events for item in found.counts}[70.0] == 1


@pytest.mark.parametrize(
    ("level", "seconds", "kinds"),
    [
        (0.75, 30, [VoltageEventKind.DIP]),
        (0.75, 70, []),  # longer than a minute: a variation, though less than that lies on either side of midnight
        (1.15, 30, [VoltageEventKind.SWELL]),
        (0.0, 36 * 3600, [VoltageEventKind.INTERRUPTION]),  # over two midnights
    ],
)
def test_events__one_that_lasts_over_midnight_is_one(level, seconds, kinds):
    volts = np.ones(3 * 8640)
    first = 8640 - 2
    volts[first : first + seconds // 10] = level
    found = _assess(series(_sensor(), MONDAY, 10, volts), days=3)
    assert [event.kind for event in found.events] == kinds
    for event in found.events:
        assert event.start == MONDAY + timedelta(seconds=10 * first)
        assert event.duration_s == pytest.approx(seconds)
        assert event.residual_pu == pytest.approx(level)


def test_events__a_voltage_between_threshold_and_hysteresis_at_midnight_is_still_the_dip():
    volts = np.ones(2 * 8640)
    volts[8638:8642] = [0.8, 0.85, 0.91, 0.91]
    [event] = _assess(series(_sensor(), MONDAY, 10, volts), days=2).events
    assert (event.duration_s, event.residual_pu) == (pytest.approx(40), pytest.approx(0.8))


def test_events__slow_readings_show_no_dip_and_say_so():
    found = _assess(series(_sensor(), MONDAY, 60, np.ones(1440)), days=1)
    assert (found.events, found.counts) == ((), ())
    assert any("dips and swells cannot be seen" in item.reason for item in found.coverage.left_out)


def test_unbalance__line_voltages_and_phasors_agree_with_symmetrical_components():
    rng = np.random.default_rng(1)
    turn = np.exp(2j * np.pi / 3)
    for _ in range(50):
        positive, negative = 1.0, rng.uniform(0, 0.05) * np.exp(1j * rng.uniform(0, 6))
        a, b, c = positive + negative, turn**2 * positive + turn * negative, turn * positive + turn**2 * negative
        phases = np.array([[a], [b], [c]])
        lines = np.abs(np.array([[a - b], [b - c], [c - a]]))
        truth = 100 * abs(negative)
        assert from_phasors(np.abs(phases), np.degrees(np.angle(phases)))[0] == pytest.approx(truth, abs=1e-9)
        assert from_line_voltages(lines)[0] == pytest.approx(truth, abs=1e-4)


def test_unbalance_thd_and_harmonics_against_their_limits():
    lines = {"vm_ab": 1.0, "vm_bc": 1.0, "vm_ca": 0.95}
    held = [
        series(_sensor(name, element=BUS), MONDAY, 60, np.full(MINUTES_OF_A_WEEK, value))
        for name, value in lines.items()
    ]
    held += [
        series(_sensor("thd", "percent"), MONDAY, 60, np.full(MINUTES_OF_A_WEEK, 7.9)),
        series(_sensor("harmonic_5", "percent"), MONDAY, 60, np.full(MINUTES_OF_A_WEEK, 6.1)),
    ]
    found = _assess(*held)
    verdicts = {(row.quantity, row.order): row.verdict for row in found.assessments if row.share_percent == 95}
    assert verdicts[QualityQuantity.UNBALANCE, None] is QualityVerdict.BROKEN
    assert verdicts[QualityQuantity.THD, None] is QualityVerdict.KEPT
    assert verdicts[QualityQuantity.HARMONIC, 5] is QualityVerdict.BROKEN


def test_power_factor__out_of_powers_and_only_against_a_stated_limit():
    load = ElementRef(kind=ElementKind.LOAD, index=1)
    power = series(_sensor("p", "mw", element=load), MONDAY, 60, np.full(1440, 4.0))
    reactive = series(_sensor("q", "mvar", element=load), MONDAY, 60, np.full(1440, 3.0))
    [course] = _assess(power, reactive, days=1).power_factors
    assert (course.lowest, course.limit, course.below) == (pytest.approx(0.8), None, None)
    [course] = _assess(power, reactive, days=1, power_factor_min=0.9).power_factors
    assert course.below == 144


def test_coverage__what_has_no_sensor_is_not_checked():
    found = _assess(series(_sensor(), MONDAY, 60, np.ones(1440)), days=1)
    missing = {item.what for item in found.coverage.left_out if "no sensor" in item.reason}
    assert missing == {"frequency", "unbalance", "thd", "harmonic", "power factor"}


@pytest.mark.parametrize("values", [[], [1.0], [np.nan] * 100])
def test_bad_input__nothing_to_judge_is_no_verdict(values):
    found = _assess(series(_sensor(), MONDAY, 60, values), days=1)
    assert found.assessments == ()


def test_bad_input__no_sensor_and_too_long_a_time():
    with pytest.raises(SourceMissingError, match="voltage"):
        _assess(series(_sensor("top_oil_temperature", "celsius"), MONDAY, 60, [1.0]))
    with pytest.raises(InvalidArgumentError, match="366"):
        _assess(series(_sensor(), MONDAY, 60, [1.0]), days=400)
