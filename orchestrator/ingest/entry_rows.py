"""Rows of a table as entries of a log: each becomes an entry or a reject, none is lost."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
from pydantic import ValidationError

from orchestrator.ingest.records import WrongCellError
from orchestrator.ingest.times import TimeReader
from tools.security.quoting import quoted_line
from tools.telemetry.moments import from_us

if TYPE_CHECKING:
    from collections.abc import Iterator

    from orchestrator.ingest.mapping import TimeMapping
    from orchestrator.ingest.rejects import Rejects
    from orchestrator.ingest.rows import Rows, TableSource
    from tools.telemetry.schema.log import LogEntry

_PIECE = 5_000


@dataclass(frozen=True)
class Row:
    """One row, with the moment that it tells of.

    Attributes:
        number: In the file.
        named: Cells by field of the mapping.
        written: All cells by column.
    """

    number: int
    at: datetime
    named: dict[str, str]
    written: dict[str, str]

    @property
    def shown(self) -> str:
        """The row as data, for people to read."""
        return quoted_line("; ".join(f"{name}={cell}" for name, cell in self.written.items() if cell))


class EntryReader(ABC):
    """Reads the rows of a table as entries of a log, in pieces.

    Args:
        table: With all columns that the mapping names.
        time: How times are written.
        columns: Columns by field of the mapping.
        key: Of file, mapping and grid: with the number of the row it identifies the entry.
        rejects: Takes the rows that are no entries.
    """

    def __init__(
        self, table: TableSource, time: TimeMapping, columns: dict[str, str], key: str, rejects: Rejects
    ) -> None:
        self._table, self._time, self._columns = table, time, columns
        self._key, self._rejects = key, rejects
        self._times = TimeReader(time)

    def entries(self) -> Iterator[LogEntry]:
        """All entries, in the order of the file."""
        before = 0
        for rows in self._table.pieces(_PIECE):
            moments = self._moments(rows, before)
            before += len(rows)
            for place, number in enumerate(rows.numbers.tolist()):
                at, wrong = moments[place]
                if at is None:
                    self._rejects.add(number, wrong)
                    continue
                written = {column: str(cells[place]).strip() for column, cells in rows.cells.items()}
                named = {field: written[column] for field, column in self._columns.items()}
                try:
                    yield self.entry(Row(number, at, named, written))
                except WrongCellError as error:
                    self._rejects.add(number, str(error))
                except ValidationError as error:
                    first = error.errors()[0]
                    self._rejects.add(number, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")

    def identifier(self, row: Row) -> str:
        """The same for the same row of the same file."""
        return f"{self._key[:24]}-{row.number}"

    @abstractmethod
    def entry(self, row: Row) -> LogEntry:
        """The entry that a row is.

        Raises:
            WrongCellError, ValidationError: when it is none.
        """

    def _moments(self, rows: Rows, before: int) -> list[tuple[datetime | None, str]]:
        if self._time.step_s is not None and self._time.origin is not None:
            step = timedelta(seconds=self._time.step_s)
            return [(self._time.origin + (before + place) * step, "") for place in range(len(rows))]
        joined = zip(*(rows.cells[column] for column in self._time.columns), strict=True)
        texts = np.array([" ".join(part.strip() for part in parts) for parts in joined], dtype=object)
        us, reasons = self._times.read(texts)
        return [
            (None, str(reason)) if reason else (from_us(int(moment)), "")
            for moment, reason in zip(us, reasons, strict=True)
        ]
