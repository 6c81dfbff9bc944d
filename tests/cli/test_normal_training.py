"""``gridcrew incident train``: what is normal is learnt anew, and judged incidents decide which model is used."""

import json
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from typer.testing import CliRunner

from agents.finding import Finding
from agents.incident import Incident
from agents.statement import Statement
from cli.incident_commands import app
from orchestrator.home import open_home
from orchestrator.runs.incidents import IncidentStore
from orchestrator.scenarios.storing import NoPassages
from orchestrator.settings import Settings
from orchestrator.store.trained_models import TrainedModels
from orchestrator.store.write_series import write_series
from orchestrator.workbench import Workbench
from tests.tools.memory_sources import series
from tools.context import Clock
from tools.detection.group_history import model_name
from tools.detection.statistical import judge_by_history
from tools.errors import InvalidArgumentError, SourceMissingError
from tools.grid.importing import open_grid
from tools.subject import SubjectKind, SubjectRef
from tools.telemetry.schema.sensor import Sensor
from tools.vocabulary import Confidence, Severity

START = datetime(2026, 3, 1, tzinfo=UTC)
GRID = "case9"
NAMES = ("pump.flow", "pump.pressure")
SENSORS = tuple(Sensor(name=name, quantity="flow", unit="mw", period_s=60, grid=GRID) for name in NAMES)
LONE = Sensor(name="tank.level", quantity="flow", unit="mw", period_s=300, grid=GRID)
ROUGH, CLEAN, ROUGH_AGAIN = (0, 600), (700, 1300), (2300, 2900)
FAULT, QUIET = (1600, 1700), (1900, 2000)
"""Minutes: two times in which every third value is far off, a clean one, a step of eight deviations, and nothing."""


def _at(minute):
    return START + timedelta(minutes=minute)


def _values():
    value = 100 + np.random.default_rng(5).normal(size=(len(NAMES), 3000))
    for first, stop in (ROUGH, ROUGH_AGAIN):
        value[:, first:stop:3] += 40.0
    value[:, slice(*FAULT)] += 8.0
    return np.round(value, 4)


def _incident(identifier, minutes, sensor=NAMES[0]):
    said, (start, end) = Statement(text="odd"), map(_at, minutes)
    about = (SubjectRef(kind=SubjectKind.SENSOR, name=sensor),)
    finding = Finding(
        id="f1", agent="anomaly_detector", kind="odd", severity=Severity.WARNING, title=said, statement=said,
        start=start, end=end, assets=about, confidence=Confidence.HIGH, evidence=("e1",),
    )  # fmt: skip
    return Incident(
        id=identifier, grid=GRID, report="rep-1", run="r-1", title="odd", severity=Severity.WARNING,
        start=start, end=end, assets=about, findings=(finding,), recorded_at=end,
    )  # fmt: skip


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("GRIDCREW_HOME", str(tmp_path / "home"))
    opened = open_home(Settings())
    told = [series(sensor, START, 60, value) for sensor, value in zip(SENSORS, _values(), strict=True)]
    write_series(opened.engine, [*told, series(LONE, START, 300, np.arange(600) % 7.0)])
    IncidentStore(opened.engine).add([_incident("i-20260302-aaaa1111", FAULT), _incident("i-20260302-bbbb2222", QUIET)])
    return opened


def call(*words):
    return CliRunner().invoke(app, list(words))


def train(minutes):
    first, stop = minutes
    done = call("train", "--grid", GRID, "--from", _at(first).isoformat(), "--to", _at(stop - 1).isoformat(), "--json")
    assert done.exit_code == 0, done.exception
    told = json.loads(done.stdout)
    [group] = told["groups"]
    assert group["sensors"] == list(NAMES)
    return group, told["left_out"]


def judge(fault="confirmed", quiet="false_alarm"):
    assert call("feedback", "i-20260302-aaaa1111", fault, "--by", "kay").exit_code == 0
    assert call("feedback", "i-20260302-bbbb2222", quiet, "--by", "kay").exit_code == 0


def stored(home):
    return [item.fingerprint for item in TrainedModels(home.engine, lambda: START).versions(model_name(NAMES))]


def test_train__keeps_the_old_model_unless_the_new_one_is_better_on_judged_incidents(home):
    """Learnt from a rough time, a step of eight deviations is nothing unusual; learnt from a clean one, it is."""
    judge()
    first, _ = train(ROUGH)
    assert first["replaces"]
    assert first["why"]
    better, left_out = train(CLEAN)
    assert better["replaces"]
    assert better["held_out_incidents"] == 2
    assert better["f1_new"] > 0.8 > better["f1_in_use"]
    assert [line for line in left_out if "tank.level" in line]
    worse, _ = train(ROUGH_AGAIN)
    assert not worse["replaces"]
    assert worse["f1_new"] < worse["f1_in_use"] == better["f1_new"]
    assert stored(home) == [better["fingerprint"], first["fingerprint"]]


def test_train__what_is_stored_is_what_detection_uses(home):
    train(CLEAN)
    start, end = _at(1500), _at(1800)
    workbench = Workbench(home.engine, NoPassages())
    ctx = workbench.context(open_grid(GRID), Clock(as_of=end, known_until=datetime(2100, 1, 1, tzinfo=UTC)))
    chosen = [item for item in ctx.need_telemetry().sensors() if item.name in NAMES]
    [model] = judge_by_history(ctx, chosen, ctx.need_telemetry().series(NAMES, start, end), (start, end)).models
    assert model.stored
    assert [model.fingerprint] == stored(home)


def test_train__without_a_judged_incident_nobody_knows_so_the_old_model_stays(home):
    first, _ = train(ROUGH)
    second, _ = train(CLEAN)
    assert not second["replaces"]
    assert "not known" in second["why"]
    assert stored(home) == [first["fingerprint"]]
    shown = call("train", "--grid", GRID, "--from", _at(700).isoformat(), "--to", _at(1299).isoformat()).stdout
    assert "The model in use stays" in shown


def test_train__an_incident_of_other_sensors_says_nothing_of_these(home):
    IncidentStore(home.engine).add([_incident("i-20260302-cccc3333", (1750, 1760), "tank.level")])
    assert call("feedback", "i-20260302-cccc3333", "confirmed", "--by", "kay").exit_code == 0
    train(ROUGH)
    second, _ = train(CLEAN)
    assert second["held_out_incidents"] == 0


@pytest.mark.usefixtures("home")
def test_train__an_incident_that_a_model_was_trained_around_is_left_out_and_said():
    judge()
    train((1850, 2050))  # the false alarm lies in it: nothing was wrong then
    second, left_out = train(CLEAN)
    assert second["held_out_incidents"] == 1
    assert [line for line in left_out if line.startswith("i-20260302-bbbb2222")]


@pytest.mark.parametrize("word", ["confirmed", "other_cause"])
def test_train__refuses_a_time_in_which_something_was_wrong(home, word):
    judge(fault=word)
    done = call("train", "--grid", GRID, "--from", _at(1500).isoformat(), "--to", _at(1800).isoformat())
    assert isinstance(done.exception, InvalidArgumentError)
    assert "i-20260302-aaaa1111" in str(done.exception)
    assert stored(home) == []


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2026-03-02", "2026-03-01", "--to"),
        ("yesterday", "2026-03-01", "--from"),
        (
            "2026-04-01",
            "2026-04-02",
            "at 0 moments; 120 or more would be right; stored is 2026-03-01T00",
        ),
        ("2026-03-01", "2026-03-01T01:58:00", "at 119 moments; 120 or more would be right"),
    ],
)
def test_train__says_what_is_wrong_with_a_time(first, last, told):
    done = call("train", "--grid", GRID, "--from", first, "--to", last)
    assert isinstance(done.exception, InvalidArgumentError)
    assert told in str(done.exception)


@pytest.mark.usefixtures("home")
def test_train__of_a_grid_that_nobody_measures_is_missing_telemetry():
    done = call("train", "--grid", "case14", "--from", "2026-03-01", "--to", "2026-03-02")
    assert isinstance(done.exception, SourceMissingError)
