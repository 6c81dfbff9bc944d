"""The table of a file, whatever it is written in."""

from __future__ import annotations

from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

from orchestrator.ingest.json_lines import JsonLines
from orchestrator.ingest.mapping import Written
from orchestrator.ingest.source_file import SourceFile, inspect_binary, inspect_file
from orchestrator.ingest.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from orchestrator.ingest.any_mapping import Mapping
    from orchestrator.ingest.mapping import TableMapping
    from orchestrator.ingest.rejects import Rejects
    from orchestrator.ingest.rows import TableSource


def inspect(path: Path, mapping: Mapping) -> SourceFile:
    """Judge a file as what its mapping says that it is."""
    if getattr(mapping, "written", Written.CSV) is Written.PARQUET:
        return inspect_binary(path)
    return inspect_file(path, mapping.encoding)


@contextmanager
def open_table(
    source: SourceFile, mapping: TableMapping, wanted: Sequence[str], needed: Sequence[str], rejects: Rejects
) -> Iterator[TableSource]:
    """The table, as long as it is read.

    Args:
        source: The file, judged readable.
        mapping: How it is written.
        wanted: Columns that are read.
        needed: Those of them without which a row means nothing.
        rejects: Takes the rows that are no records.
    """
    if mapping.written is Written.PARQUET:
        # Imported only here: its library is large, and most files are separated values.
        yield import_module("orchestrator.ingest.parquet").ParquetTable(source.path, mapping, wanted)
        return
    with source.text() as text:
        if mapping.written is Written.JSON_LINES:
            yield JsonLines(text, mapping, wanted, needed, rejects)
        else:
            yield Table(text, mapping, wanted, rejects)
