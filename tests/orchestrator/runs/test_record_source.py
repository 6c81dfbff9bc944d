"""A tool sees what had been recorded when its run began, then and whenever it is called again."""

from datetime import datetime, timedelta

import pytest
from sample_run import START, go, header_of
from sqlalchemy import Engine

from orchestrator.runs.record_source import StoredRecords
from orchestrator.runs.run_store import RunStore


@pytest.fixture
def three_runs(engine: Engine) -> Engine:
    """Two that ended, two minutes apart, and one that still runs."""
    for minute in (0, 2):
        at = START + timedelta(minutes=minute)
        go(RunStore(engine, now=lambda at=at: at), header_of(f"r-{minute}", started_at=at))
    RunStore(engine).start(header_of("r-4", started_at=START + timedelta(minutes=4)))
    return engine


def test_read__a_run_and_a_report_as_json(three_runs: Engine) -> None:
    source = StoredRecords(three_runs)
    run, report = source.read("run", "r-0"), source.read("report", "rep-r-0")
    assert run is not None
    assert report is not None
    assert run["header"]["id"] == report["run_id"] == "r-0"
    assert source.read("run", "r-9") is None
    assert source.read("report", "r-0") is None


@pytest.mark.parametrize(("minute", "latest"), [(0, "r-0"), (1, "r-0"), (2, "r-2"), (5, "r-2"), (-1, None)])
def test_read__latest_is_that_of_its_time(three_runs: Engine, minute: int, latest: str | None) -> None:
    source = StoredRecords(three_runs, until=_minute(minute))
    run, report = source.read("run", "latest"), source.read("report", "latest")
    assert (run and run["header"]["id"]) == latest
    assert (report and report["run_id"]) == latest


def test_read__a_later_record_is_not_seen_by_name_either(three_runs: Engine) -> None:
    source = StoredRecords(three_runs, until=_minute(1))
    assert source.read("run", "r-2") is None
    assert source.read("report", "rep-r-2") is None
    assert source.read("run", "r-") is not None  # of those seen, only one begins so


def test_identifiers__newest_first(three_runs: Engine) -> None:
    assert list(StoredRecords(three_runs).identifiers("run", 10)) == ["r-4", "r-2", "r-0"]
    assert list(StoredRecords(three_runs).identifiers("report", 1)) == ["rep-r-2"]
    assert list(StoredRecords(three_runs, until=_minute(1)).identifiers("run", 10)) == ["r-0"]


def _minute(minute: int) -> datetime:
    return START + timedelta(minutes=minute)
