"""The sensors of one file, by what the file calls them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from orchestrator.ingest.units import Conversion, conversion
from orchestrator.store.sensors import stored_sensors
from tools.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from sqlalchemy import Engine

    from orchestrator.ingest.mapping import ReadingsMapping
    from tools.telemetry.schema.sensor import Sensor

UNKNOWN = -1


class Roster:
    """Sensors of the mapping, and of the store where the file names one that the mapping does not.

    Args:
        mapping: Declares sensors.
        grid: Grid that they belong to.
        engine: The store.
    """

    def __init__(self, mapping: ReadingsMapping, grid: str | None, engine: Engine) -> None:
        self._measured = mapping.measured()
        self._engine = engine
        self._places: dict[str, int] = {}
        self.sensors: list[Sensor] = []
        self._scales: list[float] = []
        self._conversions: list[Conversion] = []
        for key, item in self._measured.items():
            self._add(key, item.declared(key, grid), item.scale, conversion(item.file_unit, item.unit))
        self.stored = frozenset(stored_sensors(engine, [sensor.name for sensor in self.sensors]))

    def positions(self, keys: Sequence[str]) -> NDArray[np.int64]:
        """Positions in ``sensors`` by column or tag; ``UNKNOWN`` where there is none."""
        self._look_up(key for key in keys if key not in self._places)
        return np.array([self._places[key] for key in keys], dtype=np.int64)

    def convert(self, position: int, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Numbers of the file in the sensor's unit."""
        return self._conversions[position].apply(values * self._scales[position])

    def convert_from(self, position: int, written: str, values: NDArray[np.float64]) -> NDArray[np.float64] | None:
        """Numbers of rows that name their own unit; None when it is not one of the sensor's quantity."""
        try:
            own = conversion(written, self.sensors[position].unit)
        except InvalidArgumentError:
            return None
        return own.apply(values * self._scales[position])

    def _look_up(self, keys: Iterable[str]) -> None:
        wanted = list(keys)
        known = stored_sensors(self._engine, wanted) if wanted else {}
        for key in wanted:
            if key in known:
                self._add(key, known[key], 1.0, Conversion())
                self.stored |= {key}
            else:
                self._places[key] = UNKNOWN

    def _add(self, key: str, sensor: Sensor, scale: float, own: Conversion) -> None:
        self._places[key] = len(self.sensors)
        self.sensors.append(sensor)
        self._scales.append(scale)
        self._conversions.append(own)
