"""The store under test, and a run in it."""

import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

# The sample is also what a killed process runs, so it is a module and no fixture.
sys.path.insert(0, str(Path(__file__).parent))

from sample_run import START, go, header_of

from orchestrator.runs.record import RunRecord
from orchestrator.runs.run_store import RunStore


@pytest.fixture
def store(engine: Engine) -> RunStore:
    return RunStore(engine, now=lambda: START)


@pytest.fixture
def record(store: RunStore) -> RunRecord:
    """The sample's record, as read back."""
    go(store, header_of())
    return store.get("r-1")
