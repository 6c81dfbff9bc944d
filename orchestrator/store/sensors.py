"""Sensors as they are declared in the store."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, Engine, Table, insert, or_, select, update

from tools.errors import InvalidArgumentError
from tools.result import canonical_json
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.tables import SensorRow

SENSOR: Table = SensorRow.__table__  # type: ignore[attr-defined]  # SQLModel gives it to table classes

_PARSED = 20_000
"""Declarations kept as parsed: each run looks at every sensor of its grid, and they hardly ever change."""

# What a stored reading means; the rest (bounds, period, noise, asset) may be declared anew.
_MEANING = ("grid", "element", "quantity", "unit", "sign", "side", "simulated")


def declare_sensors(connection: Connection, sensors: Iterable[Sensor]) -> dict[str, int]:
    """The numbers of sensors in the table of readings; new ones are added, known ones take the new bounds.

    Args:
        connection: In a transaction that writes.
        sensors: Each name once.

    Raises:
        InvalidArgumentError: when a known sensor would change its meaning, and with it that of its readings.
    """
    wanted = {sensor.name: sensor for sensor in sensors}
    known = {row.name: row for row in connection.execute(select(SENSOR).where(SENSOR.c.name.in_(wanted)))}
    for name, row in known.items():
        body = canonical_json(wanted[name])
        if row.body != body:
            _refuse_another_meaning(Sensor.model_validate_json(row.body), wanted[name])
            connection.execute(update(SENSOR).where(SENSOR.c.seq == row.seq).values(body=body))
    numbers = {name: int(row.seq) for name, row in known.items()}
    for name in (name for name in wanted if name not in known):
        body = canonical_json(wanted[name])
        new = insert(SENSOR).values(name=name, grid=wanted[name].grid, body=body).returning(SENSOR.c.seq)
        numbers[name] = connection.execute(new).scalar_one()
    return numbers


def stored_sensors(engine: Engine, names: Iterable[str]) -> dict[str, Sensor]:
    """Those of the named sensors that are in the store, of any grid."""
    query = select(SENSOR.c.body).where(SENSOR.c.name.in_(list(names)))
    with engine.connect() as connection:
        found = [Sensor.model_validate_json(body) for body in connection.execute(query).scalars()]
    return {sensor.name: sensor for sensor in found}


@lru_cache(maxsize=_PARSED)
def parse_sensor(body: str) -> Sensor:
    """A sensor from its stored text; a sensor is immutable, so equal texts share one."""
    return Sensor.model_validate_json(body)


@dataclass(frozen=True)
class StoredSensor:
    """A sensor with its place in the store.

    Attributes:
        number: Its number in the table of readings.
        first_received_at: When its first reading arrived; None before any.
    """

    number: int
    sensor: Sensor
    first_received_at: datetime | None


def sensor_rows(connection: Connection, grid: str | None) -> list[StoredSensor]:
    """The sensors of a grid, with those of any grid, by name."""
    query = select(SENSOR).where(or_(SENSOR.c.grid == grid, SENSOR.c.grid.is_(None))).order_by(SENSOR.c.name)
    return [
        StoredSensor(int(row.seq), parse_sensor(row.body), row.first_received_at) for row in connection.execute(query)
    ]


def _refuse_another_meaning(known: Sensor, wanted: Sensor) -> None:
    for field in _MEANING:
        before, after = getattr(known, field), getattr(wanted, field)
        same = str(before) == str(after) if field == "element" else before == after
        if not same:
            raise InvalidArgumentError(
                f"sensor {known.name!r}: {field} is {_shown(before)} in the store and {_shown(after)} now; "
                f"its stored readings would change their meaning: give the new sensor another name"
            )


def _shown(value: object) -> str:
    return "not set" if value is None else repr(str(value))
