"""The table of readings: plain Core, because an object for each row would cost ten times the row."""

from sqlalchemy import BigInteger, Column, Double, Index, Integer, SmallInteger, Table

from tools.telemetry.metadata import METADATA

# The key is the table's order (WITHOUT ROWID), so that a history of one sensor is read from neighbouring pages,
# however many rows there are. No foreign key: it would be looked up for every row, sensors are never deleted, and
# the one writer makes them first.
READING = Table(
    "reading",
    METADATA,
    Column("sensor", Integer, primary_key=True, autoincrement=False),  # SensorRow.seq
    Column("at_us", BigInteger, primary_key=True, autoincrement=False),  # microseconds since 1970 UTC
    Column("received_us", BigInteger, nullable=False),
    Column("value", Double),  # in the sensor's unit; NULL where the sensor reported none
    Column("quality", SmallInteger, nullable=False),  # position in tools.telemetry.series.QUALITIES
    sqlite_with_rowid=False,
)

# Readings arrive nearly in order of time, which is what BRIN needs; SQLite has nothing like it.
Index(None, READING.c.at_us, postgresql_using="brin", info={"dialect": "postgresql"}).ddl_if(dialect="postgresql")
