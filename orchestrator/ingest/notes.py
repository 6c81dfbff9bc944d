"""What a report of an ingest notes beside its counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from orchestrator.ingest.rows import TableSource
    from orchestrator.ingest.take_readings import Taker


def column_notes(table: TableSource) -> tuple[str, ...]:
    """Columns that nobody asked for."""
    if not table.unknown:
        return ()
    return (f"columns that the mapping does not name were not read: {', '.join(table.unknown)}",)


def reading_notes(taker: Taker, now: datetime) -> tuple[str, ...]:
    """Codes of quality that are not named, and readings of a time to come."""
    notes = []
    if taker.unnamed_codes:
        notes.append(
            f"{taker.unnamed_codes} readings carry a quality code that the mapping does not name: kept as suspect"
        )
    if later := [item.sensor for item in taker.ledger.counts(())[0] if item.last > now]:
        notes.append(f"readings of {len(later)} sensors are later than now, {later[0]} first: is the time zone right?")
    return tuple(notes)
