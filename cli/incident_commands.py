"""``gridcrew incident``: what belongs together, as shift reports found it."""

from typing import Annotated

import typer
from rich.table import Table

from cli.console import OUT, print_json
from cli.options import JsonOption, load_settings
from orchestrator.service.any_runner import open_runner

app = typer.Typer(no_args_is_help=True, help="Incidents: list, show.")


@app.command("list")
def list_incidents(
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    grid: Annotated[str | None, typer.Option("--grid", help="Only of this grid.")] = None,
    json: JsonOption = False,
) -> None:
    """The newest incidents."""
    found = open_runner(load_settings()).list_incidents(limit, grid)
    if json:
        print_json([item.model_dump(mode="json") for item in found])
        return
    table = Table("Incident", "Grid", "Severity", "From (UTC)", "To (UTC)", "Findings", "What", box=None)
    for item in found:
        end = f"{item.end:%Y-%m-%d %H:%M}" if item.end else "lasting"
        table.add_row(
            item.id, item.grid, item.severity, f"{item.start:%Y-%m-%d %H:%M}", end, str(len(item.findings)), item.title
        )
    OUT.print(table)


@app.command()
def show(
    identifier: Annotated[str, typer.Argument(metavar="INCIDENT", help="Identifier, its beginning, or 'latest'.")],
    json: JsonOption = False,
) -> None:
    """One incident with its findings in order of time."""
    found = open_runner(load_settings()).incident(identifier)
    if json:
        print_json(found)
        return
    OUT.print(f"{found.id} on {found.grid}, {found.severity}, found by report {found.report}")
    for item in found.findings:
        begun = f"{item.start:%Y-%m-%d %H:%M}" if item.start else "time not known"
        OUT.print(f"  {begun} UTC  {item.severity}  {item.statement.text}")
    OUT.print(f"\nExplain it: gridcrew explain {found.id}")
