"""What people say of incidents, and the training that learns from it, from the command line."""

import json
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from cli.incident_commands import app as incident_app
from cli.simulate_commands import app as simulate_app
from orchestrator.home import open_home
from orchestrator.risk import training
from orchestrator.runs.feedback import FeedbackStore
from orchestrator.runs.incidents import IncidentStore
from orchestrator.settings import Settings
from orchestrator.store.built_in import built_in
from orchestrator.store.trained_models import KnownModels, TrainedModels
from tests.orchestrator.risk.test_fitting import drawn
from tests.orchestrator.runs.test_feedback import incident
from tools.detection.risk.record import MODEL_NAME, RiskModelRecord

NOW = datetime(2026, 3, 12, tzinfo=UTC)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("GRIDCREW_HOME", str(tmp_path / "home"))
    return open_home(Settings())


@pytest.fixture
def quick(monkeypatch):
    """Hours are drawn, not simulated: the training itself is what is tested."""
    monkeypatch.setattr(training, "simulated_samples", drawn)
    monkeypatch.setattr(training, "RESAMPLED", 3)


def call(app, *words):
    return CliRunner().invoke(app, list(words))


def test_feedback__is_kept_and_shown(home):
    IncidentStore(home.engine).add([incident("i-20260310-aaaa1111", 10)])
    done = call(incident_app, "feedback", "latest", "other_cause", "--by", "kay", "--cause", "a crane", "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["verdict"] == "other_cause"
    [(_, said)] = FeedbackStore(home.engine, lambda: NOW).judged("test")
    assert (said.by, said.cause) == ("kay", "a crane")


@pytest.mark.usefixtures("home")
def test_feedback__refuses_a_word_that_is_none():
    assert call(incident_app, "feedback", "latest", "maybe", "--by", "kay").exit_code == 2


@pytest.mark.usefixtures("quick")
def test_train__the_first_model_is_judged_against_the_one_that_comes_with_the_program(home):
    """Drawn hours follow another law than the simulated ones, so here the new model is better."""
    said = json.loads(call(simulate_app, "train", "--incidents", "60", "--json").stdout)
    assert said["replaces"]
    assert said["new"]["brier"] < said["in_use"]["brier"]
    models = TrainedModels(home.engine, lambda: NOW)
    assert [item.fingerprint for item in models.versions(MODEL_NAME)] == [said["fingerprint"]]
    again = json.loads(call(simulate_app, "train", "--incidents", "60", "--json").stdout)
    assert not again["replaces"]
    assert len(models.versions(MODEL_NAME)) == 1


@pytest.mark.usefixtures("quick")
def test_train__writes_a_file_and_stores_nothing(home, tmp_path):
    file = tmp_path / "model.json"
    assert call(simulate_app, "train", "--incidents", "60", "--out", str(file)).exit_code == 0
    assert RiskModelRecord.model_validate_json(file.read_text(encoding="utf-8")).days == 60
    assert TrainedModels(home.engine, lambda: NOW).read(MODEL_NAME) is None


def test_built_in__is_what_a_run_knows_where_nothing_is_stored(home):
    known = KnownModels(TrainedModels(home.engine, lambda: NOW), NOW).read(MODEL_NAME)
    assert known == built_in(MODEL_NAME)
    record = RiskModelRecord.model_validate(known)
    assert record.beats_rival
    assert record.confirmed_hours == 0
    assert built_in("../../settings") is None
