"""Cells of a table on their way into the store: read, converted, judged, written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from orchestrator.ingest.ledger import Ledger
from orchestrator.ingest.numerals import NOT_FINITE, read_numbers
from orchestrator.ingest.roster import UNKNOWN, Roster
from orchestrator.store.write_readings import Batch, Outcome, write_batch
from tools.telemetry.series import QUALITIES
from tools.vocabulary import ReadingQuality

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sqlalchemy import Engine

    from orchestrator.ingest.cells import Cells
    from orchestrator.ingest.rejects import Rejects

UNKNOWN_SENSOR = "sensor that neither the mapping nor the store knows"
WRONG_UNIT = "unit that is none of the sensor's quantity"
CONFLICT = "another value is stored for this sensor and time; the first one stays"
_BAD, _GOOD, _SUSPECT = (
    QUALITIES.index(quality) for quality in (ReadingQuality.BAD, ReadingQuality.GOOD, ReadingQuality.SUSPECT)
)


@dataclass(frozen=True)
class Writing:
    """How the file writes values.

    Attributes:
        decimal: Its decimal sign.
        missing: Texts that stand for no value.
        qualities: By code of the file.
        received_us: When all of it arrived; None for each reading at its own time.
    """

    decimal: str
    missing: tuple[str, ...]
    qualities: Mapping[str, ReadingQuality]
    received_us: int | None


@dataclass
class Taker:
    """Takes cells into the store and keeps count."""

    engine: Engine
    roster: Roster
    writing: Writing
    rejects: Rejects
    ledger: Ledger = field(default_factory=Ledger)
    values: int = 0
    taken: int = 0
    duplicates: int = 0
    empty: int = 0
    conflicts: int = 0
    out_of_range: int = 0
    unnamed_codes: int = 0

    def take(self, cells: Cells) -> None:
        """Store what can be stored of some cells, in one transaction, and reject the rest with reasons."""
        texts = np.array([text.strip() for text in cells.value], dtype=object)
        filled = np.array([text not in self.writing.missing for text in texts], dtype=bool)
        self.values += len(texts)
        self.empty += int(np.sum(~filled))
        values, reasons = read_numbers(texts, self.writing.decimal)
        self._convert(cells, values, reasons)
        late = cells.time_reason != ""
        reasons[late] = cells.time_reason[late]
        reasons[cells.sensor == UNKNOWN] = UNKNOWN_SENSOR
        good = np.flatnonzero(filled & (reasons == ""))
        if len(good):
            reasons[good] = self._store(cells, values, good)
        self._reject(cells, texts, reasons, np.flatnonzero(filled & (reasons != "")))

    def _convert(self, cells: Cells, values: NDArray[np.float64], reasons: NDArray[np.object_]) -> None:
        """From the file's units to the sensors', in place."""
        for position in np.unique(cells.sensor[cells.sensor != UNKNOWN]).tolist():
            own = cells.sensor == position
            if cells.unit is None:
                values[own] = self.roster.convert(position, values[own])
                continue
            for written in set(cells.unit[own]):
                rows = own & (cells.unit == written)
                converted = self.roster.convert_from(position, written, values[rows])
                if converted is None:
                    reasons[rows] = WRONG_UNIT
                else:
                    values[rows] = converted
        reasons[np.isinf(values)] = NOT_FINITE

    def _store(self, cells: Cells, values: NDArray[np.float64], good: NDArray[np.intp]) -> NDArray[np.object_]:
        """Write cells; the reason of each that was not taken, else an empty one."""
        positions, sensor = np.unique(cells.sensor[good], return_inverse=True)
        at_us = cells.at_us[good]
        sensors = [self.roster.sensors[position] for position in positions.tolist()]
        outside = self._outside(cells.sensor[good], values[good])
        received_us = self.writing.received_us
        batch = Batch(
            sensors=sensors,
            sensor=sensor,
            at_us=at_us,
            received_us=at_us if received_us is None else np.full(len(at_us), received_us, dtype=np.int64),
            value=values[good],
            quality=np.where(outside, _BAD, self._quality(cells, good)).astype(np.int8),
        )
        outcome = write_batch(self.engine, batch)
        kept = outcome != Outcome.CONFLICT
        self.taken += int(np.sum(outcome == Outcome.TAKEN))
        self.duplicates += int(np.sum(outcome == Outcome.DUPLICATE))
        self.conflicts += int(np.sum(~kept))
        self.out_of_range += int(np.sum(outside & kept))
        for place, item in enumerate(sensors):
            self.ledger.note(item, at_us[kept & (sensor == place)])
        reasons = np.full(len(good), "", dtype=object)
        reasons[~kept] = CONFLICT
        return reasons

    def _outside(self, sensor: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.bool_]:
        lowest = np.array([-np.inf if item.lowest is None else item.lowest for item in self.roster.sensors])
        highest = np.array([np.inf if item.highest is None else item.highest for item in self.roster.sensors])
        outside: NDArray[np.bool_] = (values < lowest[sensor]) | (values > highest[sensor])
        return outside

    def _quality(self, cells: Cells, good: NDArray[np.intp]) -> NDArray[np.int8]:
        if cells.code is None:
            return np.full(len(good), _GOOD, dtype=np.int8)
        named = {code: QUALITIES.index(quality) for code, quality in self.writing.qualities.items()}
        codes = cells.code[good]
        self.unnamed_codes += sum(code not in named for code in codes)
        return np.array([named.get(code, _SUSPECT) for code in codes], dtype=np.int8)

    def _reject(
        self, cells: Cells, texts: NDArray[np.object_], reasons: NDArray[np.object_], which: NDArray[np.intp]
    ) -> None:
        for place in which[np.argsort(cells.row[which], kind="stable")].tolist():
            self.rejects.add(
                int(cells.row[place]), reasons[place], cells.column[place], cells.time[place], texts[place]
            )
