"""Scenarios in the store: judged there as in memory, twice is once, and a stream stores the same."""

import numpy as np
import pytest

from orchestrator.home import open_home, utc_now
from orchestrator.scenarios.generate import generate
from orchestrator.scenarios.held import held_context
from orchestrator.scenarios.judging import judge
from orchestrator.scenarios.library import named
from orchestrator.scenarios.storing import store, stored_context, stored_name, stream
from orchestrator.settings import Settings
from orchestrator.store.stored_telemetry import StoredTelemetry
from orchestrator.store.write_series import write_series
from tools.errors import InvalidArgumentError
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.series import Series


@pytest.fixture
def settings(tmp_path):
    return Settings(_env_file=None, home=tmp_path)


@pytest.mark.parametrize(
    "name",
    ["trip-feeder", "undetectable-stuck-feeder", "overload-all", "breaker-failure-case30", "two-guessing-and-commands"],
)
def test_store__the_tools_find_the_same_as_in_memory(name, settings):
    day = generate(named(name))
    home = open_home(settings)
    store(day, home)
    store(day, home)  # a second time changes nothing
    assert judge(day, stored_context(day, home)) == judge(day, held_context(day))


def test_judge__a_foreign_sensor_with_faults_of_its_own_changes_nothing(settings):
    day = generate(named("trip-feeder"))
    home = open_home(settings)
    store(day, home)
    at_us = day.series[0].at_us
    value = 20 + np.sin(np.arange(len(at_us)) / 7)
    value[len(value) // 2 :] = value[len(value) // 2]  # frozen from the middle on
    foreign = Sensor(name="boiler.top_oil", quantity="top_oil_temperature", unit="celsius", period_s=60.0)
    write_series(home.engine, [Series(foreign, at_us, value, np.zeros(len(at_us), dtype=np.int8))])
    context = stored_context(day, home)
    assert foreign.name in {sensor.name for sensor in context.telemetry.sensors()}
    beside, alone = judge(day, context), judge(day, held_context(day))
    assert (beside.verdict, beside.checks, beside.findings) == (alone.verdict, alone.checks, alone.findings)
    assert beside.false_alarms == ()


def test_stream__stores_what_a_bulk_write_stores_in_order_of_time(made, tmp_path):
    day = made(
        {"kind": "dropout", "sensor": "line4.p_from", "start_min": 5, "duration_min": 10},
        {"kind": "guessing", "start_min": 2},
        period={"hours": 0.5},
    )
    homes = [open_home(Settings(_env_file=None, home=tmp_path / name)) for name in ("bulk", "live")]
    store(day, homes[0])
    waits: list[float] = []
    done = stream(day, homes[1], speed=1e6, waiting=waits.append)
    assert (done.taken, done.duplicates, done.rejected) == (day.readings, 0, 0)
    sources = [StoredTelemetry(home.engine, "mine", utc_now()) for home in homes]
    wanted = [stored_name("mine", one.sensor.name) for one in day.series]
    bulk, live = (source.series(wanted, day.timeline.start, day.timeline.last) for source in sources)
    for name in wanted:
        assert bulk[name].at_us.tolist() == live[name].at_us.tolist()
        assert bulk[name].value.tolist() == live[name].value.tolist()


def test_stream__waits_as_long_as_its_speed_says(made, tmp_path):
    day = made(period={"hours": 0.1}, logs=False)
    waits: list[float] = []
    stream(day, open_home(Settings(_env_file=None, home=tmp_path)), speed=1.0, waiting=waits.append)
    assert len(waits) == day.timeline.steps - 1  # six minutes in real time: nothing was really waited for
    assert waits[-1] == pytest.approx(300, abs=30)


def test_store__two_scenarios_of_one_name_are_not_mixed(made, settings):
    home = open_home(settings)
    store(made(period={"hours": 0.1}), home)
    with pytest.raises(InvalidArgumentError, match="another --into would be right"):
        store(made(period={"hours": 0.1}, seed=2), home)


def test_store__a_shipped_case_keeps_its_name(made, settings):
    day = generate(made(period={"hours": 0.1}).scenario, name="case14")
    with pytest.raises(InvalidArgumentError, match="shipped case"):
        store(day, open_home(settings))


def test_stream__refuses_a_speed_that_stands_still(made, settings):
    with pytest.raises(InvalidArgumentError, match="above 0 would be right"):
        stream(made(period={"hours": 0.1}), open_home(settings), speed=0.0)
