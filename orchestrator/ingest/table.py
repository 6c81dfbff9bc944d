"""The records of a table of separated values, in pieces of some thousand rows."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO, Any

import numpy as np

from orchestrator.ingest.mapping import TableMapping
from orchestrator.ingest.rejects import Rejects
from orchestrator.ingest.rows import Rows, missing_column
from tools.errors import InvalidArgumentError


class _Lines:
    """Lines of a text that can be gone back over, as far as a mark."""

    def __init__(self, text: IO[str]) -> None:
        self._text = text
        self._waiting: deque[str] = deque()
        self._since: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._waiting.popleft() if self._waiting else next(self._text)
        self._since.append(line)
        return line

    def mark(self) -> None:
        """A record begins."""
        self._since.clear()

    def back_to_second(self) -> str:
        """Give all lines since the mark once more, but for the first, which is returned."""
        first, *rest = self._since
        self._waiting.extendleft(reversed(rest))
        self._since.clear()
        return first.rstrip("\r\n")


class Table:
    """A table in an open text.

    Args:
        text: From its begin.
        mapping: How it is written.
        wanted: Columns that are read; each must be there once.
        rejects: Takes the rows that are no records.

    Raises:
        InvalidArgumentError: when the header lacks a wanted column.
    """

    def __init__(self, text: IO[str], mapping: TableMapping, wanted: Sequence[str], rejects: Rejects) -> None:
        for _ in range(mapping.skip_lines):
            text.readline()
        self._lines = _Lines(text)
        self._reader = csv.reader(
            self._lines,
            delimiter=mapping.delimiter,
            quoting=csv.QUOTE_MINIMAL if mapping.quoting else csv.QUOTE_NONE,
            strict=True,
        )
        self._rejects = rejects
        self.rows = 0
        self.malformed = 0
        self._number = mapping.skip_lines
        self._header = list(mapping.header) if mapping.header is not None else self._read_header()
        self._places = {name: self._place(name) for name in dict.fromkeys(wanted)}
        known = {*wanted, *mapping.ignore}
        self.unknown = tuple(name for name in self._header if name not in known)

    def pieces(self, size: int) -> Iterator[Rows]:
        """All records with as many fields as the header, in order."""
        records = self._records()
        while batch := list(islice(records, size)):
            numbers = np.array([number for number, _ in batch], dtype=np.int64)
            columns: list[Any] = list(zip(*(fields for _, fields in batch), strict=True))
            cells = {name: np.array(columns[place], dtype=object) for name, place in self._places.items()}
            yield Rows(numbers, cells)

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        while True:
            self._lines.mark()
            try:
                fields = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                # An open quotation mark swallows the lines below it; they are read once more without its line.
                self._reject(f"line that is not CSV: {error}", self._lines.back_to_second())
                continue
            if not fields:
                self._number += 1
            elif len(fields) != len(self._header):
                self._reject(f"number of fields is not the header's {len(self._header)}", ",".join(fields))
            else:
                self._number += 1
                self.rows += 1
                yield self._number, fields

    def _reject(self, reason: str, value: str = "") -> None:
        self._number += 1
        self.rows += 1
        self.malformed += 1
        self._rejects.add(self._number, reason, value=value)

    def _read_header(self) -> list[str]:
        self._number += 1
        try:
            header = next(self._reader, None)
        except csv.Error as error:
            raise InvalidArgumentError(f"The first row is no header: {error}") from error
        if not header:
            raise InvalidArgumentError("The first row is blank; right would be the names of the columns")
        return [name.strip() for name in header]

    def _place(self, name: str) -> int:
        if (count := self._header.count(name)) > 1:
            raise InvalidArgumentError(f"column {name!r} stands {count} times in the header; a sensor has one column")
        if count == 0:
            raise missing_column(name, self._header)
        return self._header.index(name)
