"""Parquet as a table: columns of nested fields with dots between their names, read batch by batch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from orchestrator.ingest.rows import Rows, missing_column
from tools.errors import InvalidArgumentError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from orchestrator.ingest.mapping import TableMapping

_BUFFER = 1 << 20
_NOT_A_NUMBER = "NaN"
"""As JSON and most other writers spell it; ``missing`` may name it."""


class ParquetTable:
    """A table in a Parquet file.

    Args:
        path: The file.
        mapping: How it is to be read.
        wanted: Columns that are read; each must be there.

    Raises:
        InvalidArgumentError: for a file that is no Parquet, lacks a column, or holds one of a type without texts.
    """

    def __init__(self, path: Path, mapping: TableMapping, wanted: Sequence[str]) -> None:
        try:
            # Without these the columns of a whole row group are held at once.
            self._file = pq.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False)
        except (pa.ArrowException, OSError) as error:
            raise InvalidArgumentError(
                f"{path.name} cannot be read as Parquet: {' '.join(str(error).split())}"
            ) from error
        self._name = path.name
        self._wanted = tuple(dict.fromkeys(wanted))
        self._nothing = mapping.missing[0] if mapping.missing else ""
        types = dict(_leaves(self._file.schema_arrow))
        for name in self._wanted:
            if name not in types:
                raise missing_column(name, list(types))
            _refuse_type(name, types[name])
        for name in mapping.time.columns:
            if pa.types.is_temporal(types[name]) and mapping.time.format != "iso":
                raise InvalidArgumentError(
                    f"column {name!r} holds times of its own; time.format = {mapping.time.format!r}, iso would be right"
                )
        self.unknown = tuple(name for name in types if name not in {*self._wanted, *mapping.ignore})
        self.rows = 0
        self.malformed = 0

    def pieces(self, size: int) -> Iterator[Rows]:
        """All rows, in order, counted from one."""
        try:
            for batch in self._file.iter_batches(batch_size=size, columns=list(self._wanted)):
                table = _flattened(pa.Table.from_batches([batch]))
                numbers = np.arange(self.rows + 1, self.rows + table.num_rows + 1, dtype=np.int64)
                self.rows += table.num_rows
                yield Rows(numbers, {name: self._texts(table.column(name)) for name in self._wanted})
        except (pa.ArrowException, OSError) as error:
            raise InvalidArgumentError(
                f"{self._name} is damaged after row {self.rows}: {' '.join(str(error).split())}"
            ) from error

    def _texts(self, column: pa.ChunkedArray) -> NDArray[np.object_]:
        """A column as the texts that a CSV would hold."""
        array = column.combine_chunks()
        if pa.types.is_dictionary(array.type):
            array = array.cast(array.type.value_type)
        return np.array([self._text(item) for item in _written(array)], dtype=object)

    def _text(self, value: object) -> str:
        return self._nothing if value is None else str(value)


def _flattened(table: pa.Table) -> pa.Table:
    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    return table


def _leaves(fields: pa.Schema | pa.StructType, above: str = "") -> Iterator[tuple[str, pa.DataType]]:
    for field in fields:
        if pa.types.is_struct(field.type):
            yield from _leaves(field.type, f"{above}{field.name}.")
        else:
            yield f"{above}{field.name}", field.type


def _refuse_type(name: str, kind: pa.DataType) -> None:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    plain = (
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_decimal,
        pa.types.is_boolean,
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_timestamp,
        pa.types.is_date,
        pa.types.is_null,
    )
    if not any(fits(kind) for fits in plain):
        raise InvalidArgumentError(f"column {name!r} is of type {kind}; numbers, texts and times are read")


def _written(array: pa.Array) -> list[object]:
    """Values whose texts are exact: times in ISO 8601, floats with the fewest digits that give them back."""
    if pa.types.is_timestamp(array.type):
        return _times(array)
    if pa.types.is_floating(array.type) and not pa.types.is_float64(array.type):
        narrow = np.float16 if pa.types.is_float16(array.type) else np.float32
        texts = (None if item is None else str(narrow(item)) for item in array.to_pylist())
        return [_NOT_A_NUMBER if text == "nan" else text for text in texts]
    if pa.types.is_boolean(array.type):
        return [None if item is None else str(item).lower() for item in array.to_pylist()]
    values: list[object] = array.to_pylist()
    return [_NOT_A_NUMBER if item != item else item for item in values]  # noqa: PLR0124 - only NaN differs from itself


def _times(array: pa.Array) -> list[object]:
    """To the microsecond, which is how readings are stored; with a zone they are UTC and say so."""
    offset = "Z" if array.type.tz is not None else ""
    whole = array.cast(pa.timestamp("us", tz=array.type.tz), safe=False)
    counts = whole.cast(pa.int64())
    stamps = counts.fill_null(0).to_numpy(zero_copy_only=False).astype("datetime64[us]")
    texts = np.datetime_as_string(stamps, unit="us")
    known = counts.is_valid().to_numpy(zero_copy_only=False)
    return [f"{text}{offset}" if there else None for text, there in zip(texts, known, strict=True)]
