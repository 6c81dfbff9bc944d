"""The engine: how the file is kept, how connections are set up, what is refused."""

import stat
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from orchestrator.store.engine import open_engine, sqlite_url
from orchestrator.store.sessions import reading, writing
from orchestrator.store.tables import RunRow, TurnRow
from tools.errors import InvalidArgumentError


def run_row(identifier: str, started_at: datetime) -> RunRow:
    return RunRow(id=identifier, kind="answer", state="running", started_at=started_at, header="{}")


@pytest.mark.parametrize(
    ("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 1), ("foreign_keys", 1), ("busy_timeout", 30_000)]
)
def test_open_engine__sqlite_is_set_up(sqlite_engine: Engine, pragma: str, value: object) -> None:
    with sqlite_engine.connect() as connection:
        assert connection.execute(text(f"PRAGMA {pragma}")).scalar() == value


def test_open_engine__files_are_the_owners_only(sqlite_engine: Engine, tmp_path: Path) -> None:
    with writing(sqlite_engine) as session:
        session.add(run_row("r-1", datetime.now(UTC)))
        session.flush()
        files = list((tmp_path / "home").iterdir())
    assert {file.name for file in files} >= {"gridcrew.db", "gridcrew.db-wal", "gridcrew.db-shm"}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_open_engine__takes_rights_away_from_an_existing_file(tmp_path: Path) -> None:
    file = tmp_path / "loose.db"
    file.touch(mode=0o644)
    open_engine(sqlite_url(file)).dispose()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("url", ["mysql://localhost/x", "sqlite://", "sqlite:///:memory:", "gridcrew.db", ""])
def test_open_engine__refuses_other_addresses(url: str) -> None:
    with pytest.raises(InvalidArgumentError, match="sqlite:///FILE"):
        open_engine(url)


def test_open_engine__plain_postgresql_address_uses_psycopg() -> None:
    engine = open_engine("postgresql://user@127.0.0.1/nowhere")
    assert engine.dialect.driver == "psycopg"


def test_open_engine__errors_do_not_print_parameters(engine: Engine) -> None:
    with pytest.raises(DBAPIError) as caught, writing(engine) as session:
        session.add(TurnRow(conversation="c", ordinal=0, run_id="nothing", body="what the operator asked"))
    assert isinstance(caught.value, IntegrityError)
    assert "what the operator asked" not in str(caught.value)


def test_times__come_back_exact_in_utc(engine: Engine) -> None:
    started_at = datetime(2026, 3, 29, 3, 30, 0, 123457, tzinfo=timezone(timedelta(hours=2)))
    with writing(engine) as session:
        session.add(run_row("r-1", started_at))
    with reading(engine) as session:
        found = session.get_one(RunRow, "r-1").started_at
        stored = session.connection().execute(text("SELECT started_at FROM run")).scalar()
    assert found == started_at
    assert found.tzinfo is UTC
    assert stored == 1774747800123457  # date -u -d '2026-03-29 01:30:00' +%s, and the microseconds


def test_times__without_a_zone_are_refused(engine: Engine) -> None:
    with pytest.raises(StatementError, match="no time zone"), writing(engine) as session:
        session.add(run_row("r-1", datetime(2026, 1, 1)))  # noqa: DTZ001


def test_writing__keeps_nothing_after_an_exception(engine: Engine) -> None:
    def fail() -> None:
        with writing(engine) as session:
            session.add(run_row("r-1", datetime.now(UTC)))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with reading(engine) as session:
        assert session.get(RunRow, "r-1") is None
