"""JSON lines as a table: one object a line, or several rows of it where it holds a list of readings.

Fields of nested objects are columns with dots between their names, as in ``meta.ts``. Numbers are kept as they are
written, digit for digit, and become numbers only where the texts of other tables do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import IO

import numpy as np

from orchestrator.ingest.mapping import TableMapping
from orchestrator.ingest.rejects import Rejects
from orchestrator.ingest.rows import Rows, missing_column
from tools.errors import InvalidArgumentError

_LONGEST_LINE = 16 * 1024 * 1024
_MOST_UNKNOWN = 1000
_NO_OBJECT = "line that is no JSON object"


class WrongLineError(ValueError):
    """A line that is no row; the message is the reason."""


class JsonLines:
    """A table in an open text.

    Args:
        text: From its begin.
        mapping: How it is written.
        wanted: Columns that are read.
        needed: Columns without which a row means nothing; the first object must have them.
        rejects: Takes the lines that are no rows.

    Raises:
        InvalidArgumentError: when the text is one JSON document, or its first object lacks a needed column.
    """

    def __init__(
        self,
        text: IO[str],
        mapping: TableMapping,
        wanted: Sequence[str],
        needed: Sequence[str],
        rejects: Rejects,
    ) -> None:
        self._text, self._rejects = text, rejects
        self._wanted, self._needed = tuple(dict.fromkeys(wanted)), tuple(dict.fromkeys(needed))
        self._explode, self._ignored = mapping.explode, frozenset(mapping.ignore)
        self._nothing = mapping.missing[0] if mapping.missing else ""
        self._first = True
        self._unknown: dict[str, None] = {}
        self.rows = 0
        self.malformed = 0

    @property
    def unknown(self) -> tuple[str, ...]:
        """Columns that were seen so far and that the mapping does not name."""
        return tuple(self._unknown)

    def pieces(self, size: int) -> Iterator[Rows]:
        """All rows, in order; the number of each is that of its line."""
        records = self._records()
        while batch := list(islice(records, size)):
            numbers = np.array([number for number, _ in batch], dtype=np.int64)
            cells = {
                name: np.array([row.get(name, self._nothing) for _, row in batch], dtype=object)
                for name in self._wanted
            }
            yield Rows(numbers, cells)

    def _records(self) -> Iterator[tuple[int, dict[str, str]]]:
        for number, line in self._lines():
            try:
                found = self._rows_of(_parsed(line))
            except WrongLineError as error:
                self._refuse_document(number, line)
                self._reject(number, str(error), line)
                continue
            for row in found:
                self._look_at(row)
                lacking = next((name for name in self._needed if name not in row), None)
                if lacking is not None:
                    self._reject(number, f"field {lacking!r} is missing", line)
                    continue
                self.rows += 1
                yield number, row

    def _lines(self) -> Iterator[tuple[int, str]]:
        """Lines that are not blank; one that is too long to be held is rejected."""
        number = 0
        while line := self._text.readline(_LONGEST_LINE):
            number += 1
            if len(line) >= _LONGEST_LINE and not line.endswith("\n"):
                while (rest := self._text.readline(_LONGEST_LINE)) and not rest.endswith("\n"):
                    pass
                self._reject(number, "line longer than 16 million characters", line)
            elif line.strip():
                yield number, line

    def _rows_of(self, record: Mapping[str, object]) -> list[dict[str, str]]:
        """The rows of an object: one, or one for each entry of the list that the mapping names."""
        if self._explode is None:
            return [dict(self._flat(record, ""))]
        entries = record
        for part in self._explode.split("."):
            entries = entries.get(part) if isinstance(entries, Mapping) else None  # type: ignore[assignment]
        if not isinstance(entries, list):
            raise WrongLineError(f"field {self._explode!r} is no list")
        shared = {name: text for name, text in self._flat(record, "") if not name.startswith(f"{self._explode}.")}
        shared.pop(self._explode, None)
        if any(not isinstance(entry, Mapping) for entry in entries):
            raise WrongLineError(f"field {self._explode!r} holds an entry that is no object")
        return [{**shared, **dict(self._flat(entry, f"{self._explode}."))} for entry in entries]

    def _flat(self, value: Mapping[str, object], above: str) -> Iterator[tuple[str, str]]:
        """The leaves by dotted name; a list that is no list of rows is one text."""
        for key, item in value.items():
            name = f"{above}{key}"
            if isinstance(item, Mapping) and item:
                yield from self._flat(item, f"{name}.")
            else:
                yield name, self._text_of(item)

    def _text_of(self, value: object) -> str:
        if value is None:
            return self._nothing
        return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)

    def _look_at(self, row: Mapping[str, str]) -> None:
        """The first row must have what every row needs; names that nobody wants are kept for a note."""
        if self._first:
            self._first = False
            for name in self._needed:
                if name not in row:
                    raise missing_column(name, list(row))
        if len(self._unknown) < _MOST_UNKNOWN:
            self._unknown |= dict.fromkeys(
                name for name in row if name not in self._wanted and name not in self._ignored
            )

    def _refuse_document(self, number: int, line: str) -> None:
        """A document over several lines is refused as a whole, before each of its lines is rejected."""
        if number == 1 and line.strip()[:1] in {"[", "{"}:
            raise InvalidArgumentError(
                "The file is one JSON document, or its first line is cut off; right would be one object on each line "
                "(JSON lines), with no list around them"
            )

    def _reject(self, number: int, reason: str, line: str) -> None:
        self.rows += 1
        self.malformed += 1
        self._rejects.add(number, reason, value=line.strip())


def _parsed(line: str) -> dict[str, object]:
    """The object of a line, its numbers as written; NaN and Infinity are texts and judged like those of a CSV."""
    try:
        found = json.loads(line, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_each_field_once)
    except WrongLineError:
        raise
    except RecursionError as error:
        raise WrongLineError("line that is nested too deeply") from error
    except ValueError as error:
        raise WrongLineError("line that is not JSON") from error
    if not isinstance(found, dict):
        raise WrongLineError(_NO_OBJECT)
    return found


def _each_field_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise WrongLineError("object in which a field stands twice")
    return found
