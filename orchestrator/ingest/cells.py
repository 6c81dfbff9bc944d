"""Readings as a table holds them: texts, each with its row, its sensor and its time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from orchestrator.ingest.mapping import LongMapping, WideMapping
from orchestrator.ingest.roster import Roster
from orchestrator.ingest.rows import Rows, TableSource, Texts
from orchestrator.ingest.times import TimeReader

_PIECE = 100_000
"""Cells at a time: as many as the store takes in one transaction."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Some cells of a table, in any order.

    Attributes:
        row: Number of the row.
        column: Column, or tag, as the file names it.
        sensor: Position in the roster; -1 where the file names no known sensor.
        time: As written.
        at_us: Microseconds since 1970 UTC, where ``time_reason`` is empty.
        time_reason: Why the time cannot be used.
        value: As written.
        unit: As written in the row; None for a file without such a column.
        code: Quality as written in the row; None for a file without such a column.
    """

    row: NDArray[np.int64]
    column: Texts
    sensor: NDArray[np.int64]
    time: Texts
    at_us: NDArray[np.int64]
    time_reason: NDArray[np.object_]
    value: Texts
    unit: Texts | None = None
    code: Texts | None = None


def wide_cells(table: TableSource, mapping: WideMapping, roster: Roster) -> Iterator[Cells]:
    """The cells of a table with one column for each sensor."""
    times = TimeReader(mapping.time)
    columns = list(mapping.columns)
    count = len(columns)
    for rows in _settled(table, times, mapping, max(1, _PIECE // count)):
        written = _time_texts(rows, mapping)
        at_us, reasons = times.read(written)
        yield Cells(
            row=np.tile(rows.numbers, count),
            column=np.repeat(np.array(columns, dtype=object), len(rows)),
            sensor=np.repeat(roster.positions(columns), len(rows)),
            time=np.tile(written, count),
            at_us=np.tile(at_us, count),
            time_reason=np.tile(reasons, count),
            value=np.concatenate([rows.cells[name] for name in columns]),
        )


def long_cells(table: TableSource, mapping: LongMapping, roster: Roster) -> Iterator[Cells]:
    """The cells of a table with one row for each reading."""
    times = TimeReader(mapping.time)
    for rows in _settled(table, times, mapping, _PIECE):
        written = _time_texts(rows, mapping)
        tags = _stripped(rows.cells[mapping.sensor_column])
        codes, names = pd.factorize(tags)
        at_us, reasons = times.read(written, np.asarray(codes, dtype=np.int64))
        yield Cells(
            row=rows.numbers,
            column=tags,
            sensor=roster.positions(list(names))[codes],
            time=written,
            at_us=at_us,
            time_reason=reasons,
            value=rows.cells[mapping.value_column],
            unit=None if mapping.unit_column is None else _stripped(rows.cells[mapping.unit_column]),
            code=None if mapping.quality_column is None else _stripped(rows.cells[mapping.quality_column]),
        )


def _settled(table: TableSource, times: TimeReader, mapping: WideMapping | LongMapping, size: int) -> Iterator[Rows]:
    """The pieces of a table, none cut within an hour that the clock shows twice."""
    held: Rows | None = None
    for piece in table.pieces(size):
        rows = piece if held is None else held.followed_by(piece)
        cut = len(rows) - times.open_end(_time_texts(rows, mapping))
        held = rows.cut(slice(cut, None))
        if cut:
            yield rows.cut(slice(0, cut))
    if held is not None and len(held):
        yield held


def _time_texts(rows: Rows, mapping: WideMapping | LongMapping) -> Texts:
    parts = [rows.cells[name] for name in mapping.time.columns]
    if len(parts) == 1:
        return _stripped(parts[0])
    return np.array([" ".join(part.strip() for part in row) for row in zip(*parts, strict=True)], dtype=object)


def _stripped(texts: Texts) -> Texts:
    return np.array([text.strip() for text in texts], dtype=object)
