"""Alarm rates against counts by hand; floods as ANSI/ISA-18.2 bounds them."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.tools.memory_sources import MemoryLogs, MemoryTelemetry, series
from tools.context import Clock, ToolContext
from tools.detection.alarms import summarize_alarms
from tools.detection.schema.alarms import AlarmLoad, SummarizeAlarmsArguments
from tools.element import ElementKind, ElementRef
from tools.errors import SourceMissingError
from tools.limits import LimitTable
from tools.telemetry.schema.log import LogEntry, LogKind
from tools.telemetry.schema.sensor import Sensor

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
LINE = ElementRef(kind=ElementKind.LINE, index=3)


def _alarm(number: int, minute: float, action: str = "raise", element: ElementRef | None = LINE, **more) -> LogEntry:
    at = NOON + timedelta(minutes=minute)
    return LogEntry(id=str(number), kind=LogKind.ALARM, at=at, action=action, element=element, host="scada-1", **more)


def _summary(entries, kinds=(LogKind.ALARM,), telemetry=None, **arguments):
    clock = Clock(NOON + timedelta(hours=2), NOON + timedelta(hours=2))
    logs = MemoryLogs(entries, kinds)
    context = ToolContext(grids=None, limits=LimitTable(limits=()), clock=clock, logs=logs, telemetry=telemetry)
    return summarize_alarms(context, SummarizeAlarmsArguments(start=NOON, **arguments))


def test_summarize_alarms__counts_raises_and_their_folded_repeats_not_returns():
    found = _summary([_alarm(1, 1, count=3), _alarm(2, 2, "return"), _alarm(3, 30)])
    assert (found.alarms, found.rate_10min) == (4, pytest.approx(4 / 12, abs=1e-3))
    assert [(piece.at, piece.alarms) for piece in found.pieces] == [(NOON, 3), (NOON + timedelta(minutes=30), 1)]


def test_summarize_alarms__standing_until_it_returns():
    trafo = ElementRef(kind=ElementKind.TRAFO, index=1)
    found = _summary([_alarm(1, 1), _alarm(2, 5, "return"), _alarm(3, 7, element=trafo)])
    assert found.standing == 1
    assert [(str(item.element), item.standing) for item in found.sources] == [("trafo:1", True), ("line:3", False)]


def test_summarize_alarms__a_flood_begins_above_ten_and_ends_below_five():
    eleven = [_alarm(number, 20 + number / 2) for number in range(11)]
    five = [_alarm(100 + number, 31 + number) for number in range(5)]
    four = [_alarm(200 + number, 41 + number) for number in range(4)]
    [flood] = _summary([*eleven, *five, *four]).floods
    assert (flood.start, flood.end) == (NOON + timedelta(minutes=20), NOON + timedelta(minutes=40))
    assert flood.alarms == 16


def test_summarize_alarms__ten_in_ten_minutes_are_no_flood():
    assert _summary([_alarm(number, number / 2) for number in range(10)]).floods == ()


def test_summarize_alarms__a_quiet_log_is_not_a_missing_log():
    assert _summary([]).alarms == 0
    with pytest.raises(SourceMissingError, match="alarm log"):
        _summary([], kinds=(LogKind.ACCESS,))


@pytest.mark.parametrize("minute", [-6 * 24 * 60, 5, 2 * 60 + 6 * 24 * 60])
def test_summarize_alarms__a_quiet_time_of_a_log_that_is_written_is_acceptable(minute):
    found = _summary([_alarm(1, minute, action="return")])
    assert (found.not_seen, found.rate_class) == ((), AlarmLoad.ACCEPTABLE)


@pytest.mark.parametrize("minute", [None, -9 * 24 * 60, 9 * 24 * 60])
def test_summarize_alarms__a_time_that_nobody_recorded_is_judged_by_nothing(minute):
    found = _summary([] if minute is None else [_alarm(1, minute)])
    assert (found.alarms, found.rate_class) == (0, None)
    assert "no entry in the time" in found.not_seen[0]


@pytest.mark.parametrize("simulated", [True, False])
def test_summarize_alarms__is_simulated_where_its_sensors_are_whatever_a_line_says(simulated):
    sensor = Sensor(name="v", quantity="vm", unit="pu", simulated=simulated)
    telemetry = MemoryTelemetry(series(sensor, NOON, 60.0, [1.0, 1.0]))
    line = _alarm(1, 5, text="voltage low (simulated)")
    assert _summary([line], telemetry=telemetry).simulated is simulated
