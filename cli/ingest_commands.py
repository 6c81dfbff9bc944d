"""``gridcrew ingest``: readings, logs and records from files."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from cli.console import OUT, print_json, progress
from cli.options import JsonOption, load_settings
from orchestrator.home import open_home, utc_now
from orchestrator.ingest.ingest import ingest
from orchestrator.ingest.of_grid import OfGrid
from orchestrator.ingest.report import IngestReport
from orchestrator.store.registered_grids import RegisteredGrids
from tools.grid.inventory import Inventory

app = typer.Typer(help="Take readings, logs and records from a file into the store.")
_MOST = 10
_MINUTE = "%Y-%m-%d %H:%M"


@app.command("ingest")
def ingest_file(
    file: Annotated[Path, typer.Argument(help="CSV, JSON lines or log, plain or gzip, or Parquet.")],
    mapping: Annotated[Path, typer.Option("--mapping", help="What is in the file; see docs/ingest.md.")],
    grid: Annotated[
        str | None, typer.Option("--grid", help="Grid that the data belong to; the mapping's when absent.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Take readings, logs and records from a file into the store; a second time changes nothing."""
    settings = load_settings()
    with progress(f"Reading {escape(file.name)} ..."):
        home = open_home(settings)
        belongs = OfGrid(grid, partial(_find_inventory, home.grids))
        report = ingest(home.engine, file, mapping, settings.home / "rejects", utc_now(), belongs)
    if json:
        print_json(report)
    else:
        _show(report)


def _find_inventory(registered: RegisteredGrids, name: str) -> Inventory | None:
    """The elements of a grid; what opens grids is loaded only for a log that names elements."""
    from orchestrator.grids import find_inventory  # noqa: PLC0415 - what opens grids loads slowly

    return find_inventory(registered, name)


def _show(report: IngestReport) -> None:
    OUT.print(
        f"{escape(report.file)}: {report.rows} rows with {report.values} values: {report.taken} taken, "
        f"{report.duplicates} duplicates, {report.rejected} rejected, {report.empty} empty"
    )
    for reason in report.reasons[:_MOST]:
        OUT.print(f"Rejected: {reason.count} times {escape(reason.reason)}, first in row {reason.first_row}")
    if report.reject_file:
        OUT.print(f"Rejected values with row and reason: {escape(report.reject_file)}")
    if report.out_of_range:
        OUT.print(f"Outside the declared range, kept with quality bad: {report.out_of_range}")
    for note in report.notes:
        OUT.print(f"Note: {escape(note)}")
    _show_sensors(report)
    for gap in report.gaps[:_MOST]:
        OUT.print(
            f"Gap: {escape(gap.sensor)} from {gap.start.isoformat()} to {gap.end.isoformat()}, {gap.missing} missing"
        )
    if report.gap_count > _MOST:
        OUT.print(f"Gaps in all: {report.gap_count}")


def _show_sensors(report: IngestReport) -> None:
    if not report.sensors:
        return
    table = Table("Sensor", "Readings", "First (UTC)", "Last (UTC)", "Gaps", "", box=None)
    for item in report.sensors[:_MOST]:
        state = "new" if item.new else ""
        times = f"{item.first:{_MINUTE}}", f"{item.last:{_MINUTE}}"
        table.add_row(escape(item.sensor), str(item.readings), *times, str(item.gaps), state)
    OUT.print(table)
    if len(report.sensors) > _MOST:
        OUT.print(f"Sensors in all: {len(report.sensors)}, of them new: {report.sensors_made}")
