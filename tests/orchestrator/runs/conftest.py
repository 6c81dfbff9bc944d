"""The store under test, and a run in it."""

import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

# The sample is also what a killed process runs, and the databases are also those of the store's own tests.
sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[1] / "store"))

from databases import (
    address,
    empty_engine,
    engine,
    migrated_file,
    migrated_schema,
    postgres_address,
    postgres_engine,
    sqlite_address,
    sqlite_engine,
)
from sample_run import START, go, header_of

from orchestrator.runs.record import RunRecord
from orchestrator.runs.run_store import RunStore

__all__ = [
    "address",
    "empty_engine",
    "engine",
    "migrated_file",
    "migrated_schema",
    "postgres_address",
    "postgres_engine",
    "sqlite_address",
    "sqlite_engine",
]


@pytest.fixture
def store(engine: Engine) -> RunStore:
    return RunStore(engine, now=lambda: START)


@pytest.fixture
def record(store: RunStore) -> RunRecord:
    """The sample's record, as read back."""
    go(store, header_of())
    return store.get("r-1")
