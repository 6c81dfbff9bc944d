"""``gridcrew incident``: what belongs together, as shift reports found it."""

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from agents.incident import FeedbackVerdict
from cli.console import OUT, print_json
from cli.options import JsonOption, load_settings
from cli.owned import refuse_owned
from orchestrator.home import open_home, utc_now
from orchestrator.runs.feedback import FeedbackStore
from orchestrator.service.any_runner import open_runner

app = typer.Typer(no_args_is_help=True, help="Incidents: list, show, feedback.")


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
def feedback(
    identifier: Annotated[str, typer.Argument(metavar="INCIDENT", help="Identifier, its beginning, or 'latest'.")],
    verdict: Annotated[FeedbackVerdict, typer.Argument(help="What it truly was.")],
    by: Annotated[str, typer.Option("--by", help="Who says so.")],
    cause: Annotated[str, typer.Option("--cause", help="The true cause, where it is known.")] = "",
    json: JsonOption = False,
) -> None:
    """Say what an incident truly was; `gridcrew simulate train` learns from it."""
    settings = load_settings()
    refuse_owned(settings)
    home = open_home(settings)
    said = FeedbackStore(home.engine, utc_now).give(identifier, verdict, by, cause)
    if json:
        print_json(said)
        return
    OUT.print(f"{said.incident}: {str(said.verdict).replace('_', ' ')}, said {escape(said.by)}")


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
