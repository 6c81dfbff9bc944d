"""``gridcrew report``: shift reports."""

from enum import StrEnum
from typing import Annotated, TypeAlias

import typer
from rich.markup import escape
from rich.table import Table

from agents.question import Question, ReportKind
from agents.report import Acknowledgement
from cli.console import OUT, print_json, progress
from cli.options import (
    AtOption,
    Format,
    FormatOption,
    GridOption,
    JsonOption,
    OutOption,
    ReasonerOption,
    load_settings,
    parse_time,
)
from cli.reports import show_report
from orchestrator.home import utc_now
from orchestrator.service.any_runner import open_runner
from orchestrator.service.timetable import SHIFT_QUESTION
from orchestrator.settings import parse_reasoner
from tools.errors import InvalidArgumentError

app = typer.Typer(no_args_is_help=True, help="Shift reports: write, list, show, ack.")
ReportArgument: TypeAlias = Annotated[
    str, typer.Argument(metavar="REPORT", help="Identifier, its beginning, or 'latest'.")
]


class Role(StrEnum):
    """Which shift takes note."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"


@app.command()
def shift(
    grid: GridOption = None,
    at: AtOption = None,
    reasoner: ReasonerOption = None,
    form: FormatOption = Format.TEXT,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Write the shift report of a grid; sections without a source say so."""
    settings = load_settings()
    question = Question(
        text=SHIFT_QUESTION,
        kind=ReportKind.SHIFT,
        grid=grid or settings.default_grid,
        at=parse_time(at, settings),
    )
    choice = parse_reasoner(reasoner or settings.reasoner)
    with progress("Writing the shift report ..."):
        report = open_runner(settings).ask(question, choice)
    if json:
        print_json(report)
    else:
        show_report(report, form, out, settings.zone)


@app.command("list")
def list_reports(
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    json: JsonOption = False,
) -> None:
    """The newest reports."""
    found = open_runner(load_settings()).list_reports(limit)
    if json:
        print_json([item.model_dump(mode="json") for item in found])
        return
    table = Table("Report", "Kind", "Grid", "Written (UTC)", "Question", box=None)
    for item in found:
        table.add_row(item.id, item.kind, item.grid or "", f"{item.created_at:%Y-%m-%d %H:%M}", item.question)
    OUT.print(table)


@app.command()
def show(
    identifier: ReportArgument,
    form: FormatOption = Format.TEXT,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """One stored report, in any format."""
    settings = load_settings()
    report = open_runner(settings).report(identifier)
    if json:
        print_json(report)
    else:
        show_report(report, form, out, settings.zone)


@app.command()
def ack(
    identifier: ReportArgument,
    name: Annotated[str, typer.Option("--name", help="Who takes note.")],
    role: Annotated[Role, typer.Option("--role", help="Of which shift.")],
    json: JsonOption = False,
) -> None:
    """Take note of a report, for the outgoing or the incoming shift; nothing is ever taken back."""
    if not name.strip():
        raise InvalidArgumentError("--name is empty; the name of a person would be right")
    note = Acknowledgement(name=name.strip(), role=role.value, at=utc_now())
    report = open_runner(load_settings()).acknowledge(identifier, note)
    if json:
        print_json(report)
        return
    for item in report.acknowledgements:
        OUT.print(f"{escape(item.name)} ({escape(item.role)} shift) took note at {item.at:%Y-%m-%d %H:%M} UTC")
