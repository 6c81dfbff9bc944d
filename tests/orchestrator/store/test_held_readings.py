"""Held spans: what is kept of the span before gives the same readings as reading them anew."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from orchestrator.store import held_readings
from orchestrator.store.stored_telemetry import StoredTelemetry
from orchestrator.store.write_series import write_series
from tests.tools.memory_sources import series
from tools.telemetry.schema.sensor import Sensor

DAY = datetime(2026, 3, 10, tzinfo=UTC)
LATER = DAY + timedelta(days=300)
HOUR = timedelta(hours=1)
NAMES = ("a", "b")


@pytest.fixture
def stored(engine):
    write_series(engine, [minutes(name, range(360)) for name in NAMES])
    return engine


def minutes(name, values, start=DAY):
    return series(Sensor(name=name, grid="demo", quantity="p", unit="mw"), start, 60, [float(v) for v in values])


def held(engine, start, end, known=LATER):
    telemetry = StoredTelemetry(engine, "demo", known)
    assert telemetry.hold(start, end)
    return telemetry.series(NAMES, start, end)


def assert_as_read(engine, start, end, known=LATER):
    read = StoredTelemetry(engine, "demo", known).series(NAMES, start, end)
    for name, item in held(engine, start, end, known).items():
        np.testing.assert_array_equal(item.at_us, read[name].at_us)
        np.testing.assert_array_equal(item.value, read[name].value)
        np.testing.assert_array_equal(item.quality, read[name].quality)


@pytest.mark.parametrize(("first", "last"), [(2, 5), (0, 3), (0, 5), (1, 3), (2, 3)])
def test_hold__span_beside_the_one_before(stored, first, last):
    held(stored, DAY + 1 * HOUR, DAY + 4 * HOUR)
    assert_as_read(stored, DAY + first * HOUR, DAY + last * HOUR)


def test_hold__span_apart_from_the_one_before(stored):
    held(stored, DAY, DAY + HOUR)
    assert_as_read(stored, DAY + 3 * HOUR, DAY + 4 * HOUR)


def test_hold__reads_only_what_it_lacks(stored, monkeypatch):
    held(stored, DAY, DAY + 4 * HOUR)
    read = []
    of = held_readings.read_cells
    monkeypatch.setattr(held_readings, "read_cells", lambda *args: read.append(of(*args)) or read[-1])
    held(stored, DAY + HOUR, DAY + 5 * HOUR)
    assert sum(len(cells) for cells in read) == len(NAMES) * 60  # the fifth hour


def test_hold__readings_that_came_late_are_seen(stored):
    held(stored, DAY + 2 * HOUR, DAY + 8 * HOUR)
    write_series(stored, [minutes("a", range(60), DAY + 6 * HOUR)])
    found = held(stored, DAY + 2 * HOUR, DAY + 8 * HOUR)
    assert len(found["a"]) == 5 * 60


def test_hold__a_sensor_that_is_new_is_seen(stored):
    held(stored, DAY, DAY + HOUR)
    write_series(stored, [minutes("c", range(60))])
    telemetry = StoredTelemetry(stored, "demo", LATER)
    telemetry.hold(DAY, DAY + HOUR)
    assert len(telemetry.series(["c"], DAY, DAY + HOUR)["c"]) == 60


def test_hold__what_was_not_known_then_is_not_seen(stored):
    held(stored, DAY, DAY + HOUR)
    assert_as_read(stored, DAY, DAY + HOUR, known=DAY - HOUR)
    assert not len(held(stored, DAY, DAY + HOUR, known=DAY - HOUR)["a"])
