"""``gridcrew report``: shift reports."""

from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from agents.question import Question, ReportKind
from agents.report import Acknowledgement, Report
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
from orchestrator.home import open_home, utc_now
from orchestrator.runs.record import ReasonerChoice
from orchestrator.settings import Settings, parse_reasoner
from tools.errors import InvalidArgumentError

app = typer.Typer(no_args_is_help=True, help="Shift reports: write, list, show, acknowledge.")
SHIFT_QUESTION = "Shift report"
_LONGEST_NAME = 100


class Shift(StrEnum):
    """Who signs."""

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
        report = _ask(settings, question, choice)
    if json:
        print_json(report)
    else:
        show_report(report, form, out, settings.zone)


def _ask(settings: Settings, question: Question, choice: ReasonerChoice) -> Report:
    from orchestrator.runner import Runner  # noqa: PLC0415 - list and show load no engine

    return Runner(settings).ask(question, choice)


@app.command("list")
def list_reports(
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    json: JsonOption = False,
) -> None:
    """The newest reports."""
    found = open_home(load_settings()).reports.list(limit)
    if json:
        print_json([item.model_dump(mode="json") for item in found])
        return
    table = Table("Report", "Kind", "Grid", "Written (UTC)", "Question", box=None)
    for item in found:
        table.add_row(item.id, item.kind, item.grid or "", f"{item.created_at:%Y-%m-%d %H:%M}", item.question)
    OUT.print(table)


@app.command()
def show(
    identifier: Annotated[str, typer.Argument(metavar="REPORT", help="Identifier, its beginning, or 'latest'.")],
    form: FormatOption = Format.TEXT,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """One stored report, in any format."""
    settings = load_settings()
    report = open_home(settings).reports.get(identifier)
    if json:
        print_json(report)
    else:
        show_report(report, form, out, settings.zone)


@app.command()
def ack(
    identifier: Annotated[str, typer.Argument(metavar="REPORT", help="Identifier, its beginning, or 'latest'.")],
    name: Annotated[str, typer.Option("--name", help="Who takes note of it.")],
    role: Annotated[Shift, typer.Option("--role", help="Which shift.")],
    json: JsonOption = False,
) -> None:
    """Sign a report: both the outgoing and the incoming shift do."""
    if not name.strip() or len(name) > _LONGEST_NAME:
        raise InvalidArgumentError(f"--name {name!r}: 1 to {_LONGEST_NAME} characters would be right")
    report = open_home(load_settings()).reports.acknowledge(
        identifier, Acknowledgement(name=name.strip(), role=role, at=utc_now())
    )
    if json:
        print_json([item.model_dump(mode="json") for item in report.acknowledgements])
        return
    signed = ", ".join(f"{item.name} ({item.role})" for item in report.acknowledgements)
    OUT.print(f"{report.id} is acknowledged by {signed}")
