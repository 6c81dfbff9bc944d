"""Brings a database to the newest schema; the tables are made by migrations only."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock
from sqlalchemy import Connection, Engine, text

from orchestrator.store.engine import database_file

_SCRIPTS = Path(__file__).parent / "migrations"
_ADVISORY_LOCK = 0x67726964  # "grid": one number for all processes that migrate a PostgreSQL database


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest revision, whole or not at all; of several processes one does it."""
    with _alone(engine) as connection:
        if _current(connection) != newest():
            config = Config()
            config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def current(engine: Engine) -> str | None:
    """The revision that a database is at; None for an empty one."""
    with engine.connect() as connection:
        return _current(connection)


def newest() -> str | None:
    """The revision that this version of the program needs."""
    return ScriptDirectory(str(_SCRIPTS)).get_current_head()


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that no other process migrates beside."""
    writer = engine.execution_options(writes=True)
    if engine.dialect.name == "sqlite":
        with FileLock(f"{database_file(engine.url)}.lock", mode=0o600), writer.begin() as connection:
            yield connection
    else:
        with writer.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
            yield connection
