"""Outages and permits of a table, one in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np
from pydantic import ValidationError

from orchestrator.ingest.mapping import OutagesMapping, PermitsMapping
from orchestrator.ingest.times import TimeReader
from tools.element import ElementRef, parse_canonical
from tools.telemetry.moments import from_us
from tools.telemetry.schema.operations import OutageKind, OutageRecord, Permit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from orchestrator.ingest.rejects import Rejects
    from orchestrator.ingest.rows import Rows, TableSource, Texts

Record = TypeVar("Record", OutageRecord, Permit)
_PIECE = 5_000
TWICE = "identifier that stands twice with different content; the first one stays"


class WrongCellError(ValueError):
    """A cell that makes its row unusable; the message is the reason."""


class RecordReader(Generic[Record]):
    """Reads the rows of a table as records, and rejects those that are none.

    Args:
        table: With the columns of ``columns``.
        mapping: How times are written.
        columns: Columns by field of the record; those of times are in ``moments``.
        moments: Columns of the optional times by field.
        make: A record of its cells and times.
    """

    def __init__(
        self,
        table: TableSource,
        mapping: OutagesMapping | PermitsMapping,
        columns: dict[str, str],
        moments: dict[str, str],
        make: Callable[[dict[str, str], dict[str, datetime | None]], Record],
    ) -> None:
        self._table, self._mapping, self._columns, self._moments = table, mapping, columns, moments
        self._make: Callable[[dict[str, str], dict[str, datetime | None]], Record] = make
        self._times = TimeReader(mapping.time)
        self.duplicates = 0

    def read(self, rejects: Rejects) -> list[Record]:
        """All records, each identifier once."""
        found: dict[str, Record] = {}
        for rows in self._table.pieces(_PIECE):
            for number, record in self._records(rows):
                if isinstance(record, str):
                    rejects.add(number, record)
                elif (first := found.setdefault(record.id, record)) is not record:
                    if first == record:
                        self.duplicates += 1
                    else:
                        rejects.add(number, TWICE, value=record.id)
        return list(found.values())

    def _records(self, rows: Rows) -> Iterator[tuple[int, Record | str]]:
        start = _stripped(rows, *self._mapping.time.columns)
        moments = {"start": self._read_times(start)}
        moments |= {field: self._read_times(_stripped(rows, column)) for field, column in self._moments.items()}
        cells = {field: _stripped(rows, column) for field, column in self._columns.items()}
        for place, number in enumerate(rows.numbers.tolist()):
            try:
                times = {field: _moment(field, texts[place], us[place], why[place])
                         for field, (texts, us, why) in moments.items()}  # fmt: skip
                yield number, self._make({field: texts[place] for field, texts in cells.items()}, times)
            except WrongCellError as error:
                yield number, str(error)
            except ValidationError as error:
                first = error.errors()[0]
                yield number, f"{'.'.join(map(str, first['loc']))}: {first['msg']}"

    def _read_times(self, texts: Texts) -> tuple[Texts, Texts, Texts]:
        us = np.zeros(len(texts), dtype=np.int64)
        reasons = np.full(len(texts), "", dtype=object)
        filled = np.array([text not in self._mapping.missing for text in texts], dtype=bool)
        if np.any(filled):
            us[filled], reasons[filled] = self._times.read(texts[filled])
        return np.where(filled, texts, ""), us.astype(object), reasons


def outage_reader(table: TableSource, mapping: OutagesMapping) -> RecordReader[OutageRecord]:
    """Reads outages."""
    optional = ("kind", "element", "customers", "customer_minutes", "cause")
    columns = {"id": mapping.id} | _named(mapping, *optional)

    def make(cells: dict[str, str], times: dict[str, datetime | None]) -> OutageRecord:
        start = _needed(times["start"])
        end = times.get("end")
        if end is not None and end < start:
            raise WrongCellError("end before the start")
        written = cells.get("kind")
        if written is not None and written not in mapping.kinds:
            raise WrongCellError(f"kind that the mapping does not name; it has {', '.join(sorted(mapping.kinds))}")
        return OutageRecord.model_validate(
            {
                "id": _identifier(cells["id"]),
                "element": _element(cells.get("element", "")),
                "kind": OutageKind.FORCED if written is None else mapping.kinds[written],
                "start": start,
                "end": end,
                "expected_end": times.get("expected_end"),
                "customers": cells.get("customers") or 0,
                "customer_minutes": cells.get("customer_minutes") or None,
                "cause": cells.get("cause", ""),
            }
        )

    return RecordReader(table, mapping, columns, _named(mapping, "end", "expected_end"), make)


def permit_reader(table: TableSource, mapping: PermitsMapping) -> RecordReader[Permit]:
    """Reads permits."""
    columns = _named(mapping, "id", "work", "holder", "element")

    def make(cells: dict[str, str], times: dict[str, datetime | None]) -> Permit:
        start = _needed(times["start"])
        if any(moment is not None and moment < start for moment in times.values()):
            raise WrongCellError("end or return before the start")
        texts = {"work": cells["work"], "holder": cells["holder"], "id": _identifier(cells["id"])}
        return Permit.model_validate({**times, **texts, "element": _element(cells.get("element", "")), "start": start})

    return RecordReader(table, mapping, columns, _named(mapping, "end", "closed_at"), make)


def record_columns(mapping: OutagesMapping | PermitsMapping) -> tuple[str, ...]:
    """All columns of the file that a mapping names."""
    fields = ("id", "kind", "element", "customers", "customer_minutes", "cause", "end", "expected_end",
              "work", "holder", "closed_at")  # fmt: skip
    return (*mapping.time.columns, *_named(mapping, *fields).values())


def _named(mapping: OutagesMapping | PermitsMapping, *fields: str) -> dict[str, str]:
    columns = {field: getattr(mapping, field, None) for field in fields}
    return {field: column for field, column in columns.items() if column is not None}


def _stripped(rows: Rows, *columns: str) -> Texts:
    joined = zip(*(rows.cells[column] for column in columns), strict=True)
    return np.array([" ".join(part.strip() for part in parts) for parts in joined], dtype=object)


def _moment(field: str, text: str, us: int, reason: str) -> datetime | None:
    if not text:
        return None
    if reason:
        raise WrongCellError(f"{field}: {reason}")
    return from_us(us)


def _needed(start: datetime | None) -> datetime:
    if start is None:
        raise WrongCellError("no start")
    return start


def _identifier(text: str) -> str:
    if not text:
        raise WrongCellError("no identifier")
    return text


def _element(text: str) -> ElementRef | None:
    if not text:
        return None
    found = parse_canonical(text)
    if found is None:
        raise WrongCellError("element that is not understood; line:14 would be")
    return ElementRef(kind=found[0], index=found[1])
