"""The engine: SQLite in WAL mode by default, PostgreSQL by address."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from filelock import FileLock
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from tools.errors import InvalidArgumentError

BUSY_TIMEOUT_MS = 30_000
_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def sqlite_url(file: Path) -> str:
    """The address of an SQLite database in a file."""
    return URL.create("sqlite", database=str(file)).render_as_string()


def open_engine(url: str) -> Engine:
    """One engine per process and database; an SQLite file is made when it is missing, readable by its owner only.

    Args:
        url: ``sqlite:///FILE`` or ``postgresql://...``.

    Raises:
        InvalidArgumentError: for an address of another kind.
    """
    address = _parsed(url)
    # An error must not print its parameters: they are questions, readings and replies.
    if address.get_backend_name() == "sqlite":
        _prepare(database_file(address))
        engine = create_engine(address, hide_parameters=True)
        event.listen(engine, "connect", _set_up_connection)
        event.listen(engine, "begin", _begin)
        return engine
    return create_engine(address, hide_parameters=True, pool_pre_ping=True)


def database_file(address: URL) -> Path:
    """The file behind an SQLite address."""
    return Path(address.database or "")


def _parsed(url: str) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        message = "The database address is not understood; write sqlite:///FILE or postgresql://USER@HOST/NAME"
        raise InvalidArgumentError(message) from error
    driver = _DRIVERS.get(address.get_backend_name())
    if driver is None:
        message = f"No database of kind {address.drivername!r}; write sqlite:///FILE or postgresql://USER@HOST/NAME"
        raise InvalidArgumentError(message)
    if driver == "sqlite" and address.database in {None, "", ":memory:"}:
        message = "An SQLite database needs a file: a run must outlive its process; write sqlite:///FILE"
        raise InvalidArgumentError(message)
    return address.set(drivername=driver)


def _prepare(file: Path) -> None:
    """Make the file with mode 0600 and switch it to WAL once; SQLite gives its companions the same mode."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with FileLock(f"{file}.lock", mode=0o600):
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        file.chmod(0o600)
        # Switching needs the file alone, and SQLite's busy handler does not wait for that: hence under the lock.
        with closing(sqlite3.connect(file, timeout=BUSY_TIMEOUT_MS / 1000)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")


def _set_up_connection(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # The driver's own transactions begin at the first write, too late for a read before it to be safe: see _begin.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


def _begin(connection: Connection) -> None:
    """A writer takes its lock at once: one that reads first and then upgrades fails without waiting."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
