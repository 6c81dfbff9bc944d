"""A file, read by its mapping, into the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from orchestrator.ingest.any_mapping import Mapping, MessagesMapping
from orchestrator.ingest.cells import long_cells, wide_cells
from orchestrator.ingest.entry_rows import EntryReader
from orchestrator.ingest.load_mapping import load_mapping
from orchestrator.ingest.log_entries import LogReader
from orchestrator.ingest.log_mapping import LogMapping
from orchestrator.ingest.mapping import (
    LongMapping,
    OutagesMapping,
    PermitsMapping,
    ReadingsMapping,
    SyslogMapping,
    TableMapping,
    WideMapping,
)
from orchestrator.ingest.message_mapping import MessageMapping
from orchestrator.ingest.messages import MessageReader, message_columns
from orchestrator.ingest.notes import column_notes, reading_notes
from orchestrator.ingest.of_grid import ANY, OfGrid
from orchestrator.ingest.opening import inspect, open_table
from orchestrator.ingest.records import outage_reader, permit_reader, record_columns
from orchestrator.ingest.rejects import Rejects
from orchestrator.ingest.report import IngestReport
from orchestrator.ingest.roster import Roster
from orchestrator.ingest.source_file import SourceFile
from orchestrator.ingest.take_readings import Taker, Writing
from orchestrator.store.operations import write_assets, write_customers_served, write_outages, write_permits
from orchestrator.store.stored_logs import write_log
from tools.errors import InvalidArgumentError
from tools.result import canonical_json
from tools.telemetry.moments import to_us

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from tools.telemetry.schema.log import LogEntry

_GAPS = 20


@dataclass(frozen=True)
class Job:
    """One file on its way.

    Attributes:
        engine: The store.
        source: The file, judged readable.
        belongs: Grid that the data belong to.
        now: When they arrived.
    """

    engine: Engine
    source: SourceFile
    belongs: OfGrid
    now: datetime

    @property
    def grid(self) -> str | None:
        """Name of the grid; None for any."""
        return self.belongs.name


def ingest(
    engine: Engine, file: Path, mapping_file: Path, rejects_dir: Path, now: datetime, belongs: OfGrid = ANY
) -> IngestReport:
    """Take a file into the store; a second time changes nothing.

    Args:
        engine: The store.
        file: CSV, JSON lines or log, plain or gzip, or Parquet.
        mapping_file: What is in it.
        rejects_dir: Where the reject file goes.
        now: Time of day, when the data arrived.
        belongs: Grid that the data belong to; that of the mapping when none is named. A log entry of an element that
            the grid does not have is rejected.

    Raises:
        InvalidArgumentError: for a file or mapping that cannot be read, or that do not belong together. What
            was stored before is in whole batches; the reject file stays.
    """
    mapping = load_mapping(mapping_file)
    source = inspect(file, mapping)
    job = Job(engine, source, belongs.else_named(mapping.grid), now)
    with Rejects(rejects_dir / _reject_name(source, mapping, job.grid)) as rejects:
        report = _take(job, mapping, rejects)
    if report.reasons and report.taken + report.duplicates == 0:
        first = report.reasons[0]
        raise InvalidArgumentError(
            f"Nothing of {file.name} could be taken: {first.count} of {report.values} are rejected for: {first.reason} "
            f"(first in row {first.first_row}). The mapping seems to be of another file; see {rejects.file}"
        )
    return report


def _take(job: Job, mapping: Mapping, rejects: Rejects) -> IngestReport:
    if isinstance(mapping, ReadingsMapping):
        return _take_readings(job, mapping, rejects)
    if isinstance(mapping, SyslogMapping):
        return _take_log(job, mapping, rejects)
    if isinstance(mapping, LogMapping | MessageMapping):
        return _take_entries(job, mapping, rejects)
    return _take_records(job, mapping, rejects)


def _take_readings(job: Job, mapping: WideMapping | LongMapping, rejects: Rejects) -> IngestReport:
    roster = Roster(mapping, job.grid, job.engine)
    qualities = mapping.qualities if isinstance(mapping, LongMapping) else {}
    received_us = None if mapping.arrived == "with_reading" else to_us(job.now)
    taker = Taker(job.engine, roster, Writing(mapping.decimal, mapping.missing, qualities, received_us), rejects)
    with open_table(job.source, mapping, _reading_columns(mapping), _needed(mapping), rejects) as table:
        cells = (
            wide_cells(table, mapping, roster)
            if isinstance(mapping, WideMapping)
            else long_cells(table, mapping, roster)
        )
        for some in cells:
            taker.take(some)
    if taker.taken or taker.duplicates:
        write_assets(job.engine, [asset.declared(job.grid) for asset in mapping.assets], job.now)
    counts, gaps = taker.ledger.counts(roster.stored)
    return IngestReport(
        **_common(job, mapping, rejects),
        rows=table.rows,
        values=taker.values + table.malformed,
        taken=taker.taken,
        duplicates=taker.duplicates,
        empty=taker.empty,
        conflicts=taker.conflicts,
        out_of_range=taker.out_of_range,
        sensors=counts,
        sensors_made=sum(item.new for item in counts),
        assets=len(mapping.assets),
        gap_count=len(gaps),
        gaps=gaps[:_GAPS],
        notes=(*column_notes(table), *reading_notes(taker, job.now)),
    )


def _take_records(job: Job, mapping: OutagesMapping | PermitsMapping, rejects: Rejects) -> IngestReport:
    received_at = None if mapping.arrived == "with_reading" else job.now
    needed = (*mapping.time.columns, mapping.id)
    with open_table(job.source, mapping, record_columns(mapping), needed, rejects) as table:
        if isinstance(mapping, OutagesMapping):
            outages = outage_reader(table, mapping)
            written = write_outages(job.engine, job.grid, outages.read(rejects), received_at)
            again = outages.duplicates
        else:
            permits = permit_reader(table, mapping)
            written = write_permits(job.engine, job.grid, permits.read(rejects), received_at)
            again = permits.duplicates
    if isinstance(mapping, OutagesMapping) and mapping.customers_served is not None:
        write_customers_served(job.engine, job.grid, mapping.customers_served, job.now)
    return IngestReport(
        **_common(job, mapping, rejects),
        rows=table.rows,
        values=table.rows,
        taken=written.taken,
        duplicates=written.duplicates + again,
        notes=column_notes(table),
    )


def _take_entries(job: Job, mapping: LogMapping | MessagesMapping, rejects: Rejects) -> IngestReport:
    times = mapping.time.columns
    if isinstance(mapping, LogMapping):
        columns, needed = (*times, *mapping.named().values()), (*times, mapping.action)
    else:
        columns, needed = message_columns(mapping), times
    key = _key(job.source, mapping, job.grid)
    inventory = job.belongs.inventory(mapping)
    with open_table(job.source, mapping, columns, needed, rejects) as table:
        reader: EntryReader = (
            LogReader(table, mapping, key, rejects, inventory)
            if isinstance(mapping, LogMapping)
            else MessageReader(table, mapping, key, rejects)
        )
        received_at = None if mapping.arrived == "with_reading" else job.now
        written = write_log(job.engine, job.grid, reader.entries(), received_at)
    return IngestReport(
        **{**_common(job, mapping, rejects), "rejected": len(rejects) + written.conflicts},
        rows=table.rows,
        values=table.rows,
        taken=written.taken,
        duplicates=written.duplicates,
        conflicts=written.conflicts,
        notes=(*column_notes(table), *job.belongs.notes(mapping, inventory)),
    )


def _take_log(job: Job, mapping: SyslogMapping, rejects: Rejects) -> IngestReport:
    # Imported by name and only here: a log is rare, and its parser is a tool of its own.
    parse: Any = import_module("tools.security.syslog").parse_syslog
    with job.source.text() as text:
        lines = list(text)
    entries: Sequence[LogEntry]
    entries, unread = parse(lines, mapping.year, ZoneInfo(mapping.zone))
    for reject in unread:
        rejects.add(reject.line, reject.reason, value=reject.text)
    written = write_log(job.engine, job.grid, entries, job.now)
    return IngestReport(
        **{**_common(job, mapping, rejects), "rejected": len(rejects) + written.conflicts},
        rows=len(lines),
        values=len(lines),
        taken=written.taken,
        duplicates=written.duplicates,
        conflicts=written.conflicts,
    )


def _common(job: Job, mapping: Mapping, rejects: Rejects) -> dict[str, Any]:
    return {
        "file": job.source.path.name,
        "format": mapping.format,
        "grid": job.grid,
        "rejected": len(rejects),
        "reasons": rejects.reasons(),
        "reject_file": str(rejects.file) if len(rejects) else None,
    }


def _reading_columns(mapping: WideMapping | LongMapping) -> tuple[str, ...]:
    if isinstance(mapping, WideMapping):
        return (*mapping.time.columns, *mapping.columns)
    named = (mapping.sensor_column, mapping.value_column, mapping.unit_column, mapping.quality_column)
    return (*mapping.time.columns, *(column for column in named if column is not None))


def _needed(mapping: WideMapping | LongMapping) -> tuple[str, ...]:
    """Columns without which a row is no reading; a wide row may lack some of its sensors."""
    if isinstance(mapping, WideMapping):
        return mapping.time.columns
    return (*mapping.time.columns, mapping.sensor_column, mapping.value_column)


def _reject_name(source: SourceFile, mapping: TableMapping | SyslogMapping, grid: str | None) -> str:
    """The same for a second ingest, which replaces the file by its equal."""
    return f"{source.path.name.split('.')[0][:60]}-{_key(source, mapping, grid)[:12]}.csv"


def _key(source: SourceFile, mapping: TableMapping | SyslogMapping, grid: str | None) -> str:
    """The same for the same content, mapping and grid."""
    return sha256(f"{source.sha256} {canonical_json(mapping)} {grid}".encode()).hexdigest()
