"""Readings on their way in: a temporary table, so that the database itself finds out which it has already."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Double, Integer, MetaData, SmallInteger, Table, delete
from sqlalchemy.schema import CreateTable

# Its own metadata: no migration makes it, it ends with the transaction (PostgreSQL) or is emptied (SQLite).
STAGE = Table(
    "staged_reading",
    MetaData(),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("sensor", Integer, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Column("received_us", BigInteger, nullable=False),
    Column("value", Double),
    Column("quality", SmallInteger, nullable=False),
    prefixes=["TEMPORARY"],
    postgresql_on_commit="DROP",
)

# n, sensor, at_us, received_us, value, quality
StagedRow = tuple[int, int, int, int, float | None, int]


def stage(connection: Connection, rows: Sequence[StagedRow]) -> None:
    """Put rows, and only these, into the temporary table."""
    connection.execute(CreateTable(STAGE, if_not_exists=True))
    connection.execute(delete(STAGE))
    if connection.dialect.name == "postgresql":
        _copy(connection, rows)
    elif rows:
        connection.exec_driver_sql(f"INSERT INTO {STAGE.name} VALUES (?, ?, ?, ?, ?, ?)", list(rows))  # noqa: S608 - a name of ours


def _copy(connection: Connection, rows: Sequence[StagedRow]) -> None:
    # psycopg's COPY is not part of what SQLAlchemy wraps.
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(f"COPY {STAGE.name} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
