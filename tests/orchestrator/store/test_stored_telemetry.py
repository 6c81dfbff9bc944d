"""Stored readings: written once, read as a run may see them, equal to the same readings held in memory."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import Engine, text

from orchestrator.store.stored_telemetry import StoredTelemetry
from orchestrator.store.write_readings import Batch, Outcome, write_batch
from orchestrator.store.write_series import BATCH, Written, write_series
from tests.tools.memory_sources import MemoryTelemetry, series
from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError
from tools.telemetry import bounds
from tools.telemetry.moments import to_us
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.series import QUALITIES, Series
from tools.vocabulary import ReadingQuality

DAY = datetime(2026, 3, 10, tzinfo=UTC)
LATER = DAY + timedelta(days=300)
BAD = QUALITIES.index(ReadingQuality.BAD)


def sensor(name, grid="demo", **more):
    return Sensor(name=name, grid=grid, quantity="p", unit="mw", **more)


def minutes(name, values, start=DAY, quality=None, **more):
    return series(sensor(name, **more), start, 60, values, quality)


def rows_of(engine):
    with engine.connect() as connection:
        return connection.execute(text("SELECT * FROM reading ORDER BY sensor, at_us")).all()


def assert_equal(one: Series, other: Series):
    assert one.sensor == other.sensor
    np.testing.assert_array_equal(one.at_us, other.at_us)
    np.testing.assert_array_equal(one.value, other.value)  # NaN equals NaN here
    np.testing.assert_array_equal(one.quality, other.quality)
    assert (one.at_us.dtype, one.value.dtype, one.quality.dtype) == (np.int64, np.float64, np.int8)


def test_series__equals_the_one_in_memory(engine: Engine):
    chance = np.random.default_rng(7)
    held = [minutes(f"load{i}.p", chance.normal(100, 30, 400)) for i in range(5)]
    held.append(minutes("gaps", [1.0, np.nan, -3.5e-7], quality=[0, 4, 2]))
    held.append(minutes("empty", []))
    write_series(engine, held, received_us=to_us(DAY))
    memory, stored = MemoryTelemetry(*held), StoredTelemetry(engine, "demo", LATER)
    assert stored.sensors() == memory.sensors()
    names = [item.sensor.name for item in held]
    for start, end in [(0, 400), (10, 10), (-5, 0), (399, 500), (500, 600)]:
        span = DAY + timedelta(minutes=start), DAY + timedelta(minutes=end)
        expected, found = memory.series(names, *span), stored.series(names, *span)
        assert list(found) == names
        for name in names:
            assert_equal(found[name], expected[name])
        for name, item in stored.latest(names, span[1]).items():
            assert_equal(item, memory.latest(names, span[1])[name])
    assert stored.extent() == memory.extent() == (DAY, DAY + timedelta(minutes=399))
    assert stored.extent(["gaps"]) == (DAY, DAY + timedelta(minutes=2))
    assert stored.extent(["empty"]) is None


def test_series__what_arrived_later_is_not_seen(engine: Engine):
    write_series(engine, [minutes("a", [1, 2])], received_us=to_us(DAY + timedelta(hours=1)))
    write_series(
        engine, [minutes("a", [3], start=DAY - timedelta(hours=1))], received_us=to_us(DAY + timedelta(hours=2))
    )
    span = (DAY - timedelta(days=1), DAY + timedelta(days=1))
    early = StoredTelemetry(engine, "demo", DAY + timedelta(minutes=59))
    assert not early.has_readings()
    assert len(early.series(["a"], *span)["a"]) == len(early.latest(["a"], LATER)["a"]) == 0
    assert early.extent() is None
    between = StoredTelemetry(engine, "demo", DAY + timedelta(hours=1))
    assert between.series(["a"], *span)["a"].value.tolist() == [1, 2]
    assert between.extent() == (DAY, DAY + timedelta(minutes=1))
    assert len(between.latest(["a"], DAY - timedelta(minutes=1))["a"]) == 0
    late = StoredTelemetry(engine, "demo", DAY + timedelta(hours=2))
    assert late.series(["a"], *span)["a"].value.tolist() == [3, 1, 2]
    assert late.latest(["a"], DAY - timedelta(minutes=1))["a"].value.tolist() == [3]


def test_series__without_a_time_of_arrival_each_reading_arrived_at_its_own(engine: Engine):
    write_series(engine, [minutes("a", [1, 2, 3])])
    seen = StoredTelemetry(engine, "demo", DAY + timedelta(minutes=1))
    assert seen.series(["a"], DAY, LATER)["a"].value.tolist() == [1, 2]


def test_sensors__of_no_grid_belong_to_every_one(engine: Engine):
    write_series(engine, [minutes("ours", [1]), minutes("theirs", [1], grid="north"), minutes("all", [1], grid=None)])
    names = {
        grid: [item.name for item in StoredTelemetry(engine, grid, LATER).sensors()] for grid in ("demo", "north", "x")
    }
    assert names == {"demo": ["all", "ours"], "north": ["all", "theirs"], "x": ["all"]}


def test_series__unknown_sensor_is_named_with_the_nearest(engine: Engine):
    write_series(engine, [minutes("load1.p", [1])])
    with pytest.raises(InvalidArgumentError, match=r"'load1\.q'.*load1\.p"):
        StoredTelemetry(engine, "demo", LATER).series(["load1.q"], DAY, LATER)


def test_write_series__a_second_time_changes_nothing(engine: Engine):
    held = [minutes("a", np.arange(100.0)), minutes("b", [np.nan, 1.5])]
    assert write_series(engine, held, received_us=1) == Written(taken=102)
    before = rows_of(engine)
    assert write_series(engine, held, received_us=2) == Written(duplicates=102)
    assert rows_of(engine) == before
    assert len(before) == 102


def test_write_series__another_value_is_a_conflict_and_the_first_stays(engine: Engine):
    write_series(engine, [minutes("a", [1, 2, np.nan])])
    assert write_series(engine, [minutes("a", [1, 5, 3, 4])]) == Written(taken=1, duplicates=1, conflicts=2)
    found = StoredTelemetry(engine, "demo", LATER).series(["a"], DAY, LATER)["a"].value
    np.testing.assert_array_equal(found, [1, 2, np.nan, 4])


def test_write_series__longer_than_a_batch(engine: Engine):
    values = np.arange(BATCH + 5.0)
    assert write_series(engine, [minutes("a", values), minutes("b", values[:3])]).taken == BATCH + 8
    found = StoredTelemetry(engine, "demo", LATER + timedelta(days=1000)).extent(["a"])
    assert found == (DAY, DAY + timedelta(minutes=BATCH + 4))


def test_write_batch__outcomes_within_a_batch(engine: Engine):
    at_us = np.array([60, 0, 60, 60, 0, 120]) * 1_000_000
    batch = Batch(
        sensors=(sensor("a"), sensor("b")),
        sensor=np.array([0, 0, 0, 0, 1, 0]),
        at_us=at_us,
        received_us=at_us,
        value=np.array([1.0, 2.0, 1.0, 9.0, 2.0, 3.0]),
        quality=np.zeros(6, dtype=np.int8),
    )
    expected = [Outcome.TAKEN, Outcome.TAKEN, Outcome.DUPLICATE, Outcome.CONFLICT, Outcome.TAKEN, Outcome.TAKEN]
    assert write_batch(engine, batch).tolist() == expected
    assert [row.value for row in rows_of(engine)] == [2.0, 1.0, 3.0, 2.0]


def test_write_batch__a_repeat_within_the_batch_is_judged_by_what_is_stored(engine: Engine):
    write_series(engine, [minutes("a", [7.0])])
    at_us = np.full(3, to_us(DAY))
    batch = Batch((sensor("a"),), np.zeros(3, int), at_us, at_us, np.array([1.0, 1.0, 7.0]), np.zeros(3, np.int8))
    assert write_batch(engine, batch).tolist() == [Outcome.CONFLICT, Outcome.CONFLICT, Outcome.DUPLICATE]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("unit", "kw"),
        ("quantity", "q"),
        ("sign", -1),
        ("grid", "north"),
        ("element", ElementRef(kind=ElementKind.LOAD, index=1)),
        ("simulated", True),
    ],
)
def test_write_series__a_sensor_keeps_its_meaning(engine: Engine, field, value):
    write_series(engine, [minutes("a", [1])])
    changed = sensor("a").model_copy(update={field: value})
    with pytest.raises(InvalidArgumentError, match=f"sensor 'a': {field} is"):
        write_series(engine, [series(changed, LATER, 60, [2])])
    assert len(rows_of(engine)) == 1


def test_write_series__a_sensor_may_be_given_other_bounds(engine: Engine):
    write_series(engine, [minutes("a", [1])])
    write_series(engine, [minutes("a", [2], start=LATER, highest=50.0)])
    assert StoredTelemetry(engine, "demo", LATER).sensors()[0].highest == 50.0


def test_write_series__infinite_is_refused_by_name_and_time(engine: Engine):
    with pytest.raises(InvalidArgumentError, match="'a' at 2026-03-10T00:01:00"):
        write_series(engine, [minutes("a", [1, np.inf])])
    assert rows_of(engine) == []


def test_write_series__unsorted_times_are_refused(engine: Engine):
    good = minutes("a", [1, 2])
    with pytest.raises(InvalidArgumentError, match="'a': times must ascend"):
        write_series(engine, [Series(good.sensor, good.at_us[::-1], good.value, good.quality)])


def test_reading__one_sensor_lies_together(sqlite_engine: Engine):
    with sqlite_engine.connect() as connection:
        plan = connection.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT value FROM reading WHERE sensor = 1 AND at_us BETWEEN 1 AND 2 ORDER BY at_us"
            )
        ).all()
        [made] = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'reading'")).scalars()
    assert [row.detail for row in plan] == ["SEARCH reading USING PRIMARY KEY (sensor=? AND at_us>? AND at_us<?)"]
    assert "WITHOUT ROWID" in made


def test_series__refuses_more_readings_than_are_held(engine: Engine, monkeypatch):
    write_series(engine, [minutes("a", np.arange(50.0)), minutes("b", np.arange(51.0))])
    stored = StoredTelemetry(engine, "demo", LATER)
    monkeypatch.setattr(bounds, "MOST_READINGS", 100)
    with pytest.raises(InvalidArgumentError, match=r"more than 100 readings .* a shorter time or fewer sensors"):
        stored.series(["a", "b"], DAY, DAY + timedelta(days=1))
    assert len(stored.series(["a", "b"], DAY, DAY + timedelta(minutes=49))["b"]) == 50
    assert len(stored.series(["b"], DAY, DAY + timedelta(days=1))["b"]) == 51


def test_series__unsorted_and_repeated_times_come_back_in_order_and_once(engine: Engine):
    at_us = np.array([5, 1, 3, 1, 5, 2]) * 60_000_000 + to_us(DAY)
    value = np.array([50.0, 10.0, 30.0, 11.0, 50.0, 20.0])
    zeros = np.zeros(6, dtype=np.int64)
    batch = Batch((sensor("a"),), zeros, at_us, at_us, value, zeros)
    outcomes = write_batch(engine, batch)
    found = StoredTelemetry(engine, "demo", LATER).series(["a"], DAY, LATER)["a"]
    assert found.value.tolist() == [10.0, 20.0, 30.0, 50.0]  # of two values for one time the first stays
    assert outcomes.tolist() == [
        Outcome.TAKEN, Outcome.TAKEN, Outcome.TAKEN, Outcome.CONFLICT, Outcome.DUPLICATE, Outcome.TAKEN
    ]  # fmt: skip
