"""Trained models: versions, fingerprints, and what replaces what."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import Engine, text

from orchestrator.store.trained_models import KnownModels, ModelDamagedError, TrainedModels
from tools.detection.streaming.fitting import fit_model
from tools.detection.streaming.record import ModelRecord, to_record
from tools.detection.streaming.retraining import Incident

START = datetime(2026, 7, 1, tzinfo=UTC)
AT_US = np.arange(600, dtype=np.int64) * 1_000_000


@pytest.fixture
def models(engine: Engine) -> TrainedModels:
    minutes = iter(range(100))
    return TrainedModels(engine, now=lambda: START + timedelta(minutes=next(minutes)))


def trained(seed: int, *, spoilt: bool = False) -> ModelRecord:
    rows = np.random.default_rng(seed).normal(size=(300, 2))
    if spoilt:
        rows[::3] += 12.0
    return to_record(fit_model(("a", "b"), AT_US[:300], rows))


def incident() -> Incident:
    rows = np.random.default_rng(9).normal(size=(300, 2))
    truth = np.arange(300) >= 150
    rows[truth] += 4.0
    return Incident(AT_US[300:], rows, truth)


def test_save__keeps_every_version_and_gives_the_newest(models: TrainedModels) -> None:
    first, second = trained(0), trained(1)
    models.save("pump", first)
    models.save("pump", second)
    assert models.read("pump") == second.model_dump(mode="json")
    assert [(item.number, item.fingerprint) for item in models.versions("pump")] == [
        (2, second.fingerprint),
        (1, first.fingerprint),
    ]
    assert models.read("fan") is None


def test_save__the_same_numbers_are_no_new_version(models: TrainedModels) -> None:
    assert models.save("pump", trained(0)) == models.save("pump", trained(0))


def test_known_models__are_those_of_the_run_s_time(models: TrainedModels) -> None:
    models.save("pump", trained(0))  # at START
    models.save("pump", trained(1))  # a minute later
    assert KnownModels(models, START).read("pump") == trained(0).model_dump(mode="json")
    assert KnownModels(models, START - timedelta(seconds=1)).read("pump") is None


def test_read__refuses_a_model_that_was_changed(models: TrainedModels, engine: Engine) -> None:
    models.save("pump", trained(0))
    with engine.begin() as connection:
        changed = text("UPDATE trained_model SET payload = replace(payload, :stored, :now)")
        connection.execute(changed, {"stored": '"rows":300', "now": '"rows":301'})
    with pytest.raises(ModelDamagedError, match="'pump', version 1"):
        models.read("pump")


def test_retrain__stores_the_first_then_only_what_is_better(models: TrainedModels) -> None:
    assert models.retrain("pump", trained(0, spoilt=True), [incident()]) is None
    better = models.retrain("pump", trained(0), [incident()])
    worse = models.retrain("pump", trained(1, spoilt=True), [incident()])
    assert better is not None
    assert worse is not None
    assert (better.replaced, worse.replaced) == (True, False)
    assert models.read("pump") == trained(0).model_dump(mode="json")
    assert len(models.versions("pump")) == 2
