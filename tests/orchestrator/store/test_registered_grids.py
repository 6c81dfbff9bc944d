"""Grids by name: every version stays, the newest counts."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from orchestrator.store.registered_grids import RegisteredGrids
from tools.errors import GridUnavailableError

START = datetime(2026, 7, 1, tzinfo=UTC)


@pytest.fixture
def grids(engine: Engine) -> RegisteredGrids:
    minutes = iter(range(100))
    return RegisteredGrids(engine, now=lambda: START + timedelta(minutes=next(minutes)))


def test_model_json__comes_back_exactly(grids: RegisteredGrids) -> None:
    model = '{"bus": "Übergabe ⚡"}' * 1000
    kept = grids.register("east", model, "a" * 64, "east.json.gz", ["taps moved to the high side"])
    assert grids.model_json("east") == model
    assert grids.get("east") == kept
    assert kept.notes == ("taps moved to the high side",)
    assert kept.registered_at == START


def test_register__a_changed_model_is_a_new_version(grids: RegisteredGrids) -> None:
    grids.register("east", "old", "a" * 64, "east.m")
    grids.register("east", "new", "b" * 64, "east.m")
    assert grids.model_json("east") == "new"
    assert grids.model_json("east", "a" * 64) == "old"
    assert [item.fingerprint for item in grids.list()] == ["b" * 64]


def test_register__an_old_version_again_becomes_the_current_one(grids: RegisteredGrids) -> None:
    for model, fingerprint in (("old", "a" * 64), ("new", "b" * 64), ("old", "a" * 64)):
        grids.register("east", model, fingerprint, "east.m")
    assert grids.model_json("east") == "old"


def test_list__is_by_name(grids: RegisteredGrids) -> None:
    for name in ("west", "east", "north"):
        grids.register(name, name, "a" * 64, "file")
    assert [item.name for item in grids.list()] == ["east", "north", "west"]


def test_get__an_unknown_name_or_version_is_told(grids: RegisteredGrids) -> None:
    grids.register("north-east", "{}", "a" * 64, "file")
    with pytest.raises(GridUnavailableError, match=r"'north-est'.*north-east"):
        grids.get("north-est")
    with pytest.raises(GridUnavailableError, match="with the fingerprint ffff"):
        grids.model_json("north-east", "f" * 64)
