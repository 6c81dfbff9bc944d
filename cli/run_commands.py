"""``gridcrew run``: what was recorded, and whether it still holds."""

from typing import Annotated, TypeAlias

import typer
from rich.markup import escape
from rich.table import Column, Table

from cli.console import ERR, OUT, print_json, progress
from cli.exits import Exit
from cli.options import JsonOption, load_settings
from orchestrator.runs.differences import Difference
from orchestrator.service.any_runner import open_runner

app = typer.Typer(no_args_is_help=True, help="Recorded runs: list, show, replay, verify.")
RunArgument: TypeAlias = Annotated[str, typer.Argument(metavar="RUN", help="Identifier, its beginning, or 'latest'.")]


@app.command("list")
def list_runs(
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    json: JsonOption = False,
) -> None:
    """The newest runs."""
    found = open_runner(load_settings()).list_runs(limit)
    if json:
        print_json([item.model_dump(mode="json") for item in found])
        return
    table = Table("Run", "State", "Grid", "Started (UTC)", "Question", box=None)
    for item in found:
        table.add_row(item.id, item.state, item.grid, f"{item.started_at:%Y-%m-%d %H:%M}", escape(item.question))
    OUT.print(table)


@app.command()
def show(run: RunArgument, json: JsonOption = False) -> None:
    """The whole record: question, plan, every tool call and model call, report."""
    record = open_runner(load_settings()).run(run)
    if json:
        print_json(record)
        return
    header = record.header
    OUT.print(f"{header.id}: {record.state}, {escape(header.question.text)}")
    OUT.print(f"Grid {header.question.grid}, valid as of {header.as_of:%Y-%m-%d %H:%M} UTC, {header.reasoner.kind}")
    table = Table("Evidence", "Tool", Column("Arguments", overflow="fold"), "ms", "Digest", box=None)
    for item in record.evidence:
        table.add_row(item.id, item.tool, escape(str(item.arguments)), f"{item.elapsed_ms:.1f}", item.digest[:12])
    for failed in record.failed:
        table.add_row("-", failed.tool, escape(str(failed.arguments)), "", escape(failed.reason))
    OUT.print(table)
    for call in record.model_calls:
        OUT.print(f"Model call {call.agent} {call.ordinal}: {'no reply' if call.error else 'answered'}")
    if record.report is not None:
        OUT.print(f"Report {record.report.id}: {escape(record.report.summary[0].text)}")


@app.command()
def replay(run: RunArgument, json: JsonOption = False) -> None:
    """Go the run's way again from its record alone; exit 1 when the report differs, 4 when something is missing."""
    with progress("Replaying ..."):
        outcome = open_runner(load_settings()).replay(run)
    if json:
        print_json(outcome)
    else:
        OUT.print(f"{outcome.run}: {'equal' if outcome.equal else 'differs'}")
        _differences(outcome.differences)
    if not outcome.equal:
        raise typer.Exit(Exit.FAILED_CHECK)


@app.command()
def verify(run: RunArgument, json: JsonOption = False) -> None:
    """Check the record against its digests and its tools; exit 1 when something speaks against it."""
    with progress("Verifying ..."):
        outcome = open_runner(load_settings()).verify(run)
    if json:
        print_json(outcome)
    else:
        OUT.print(f"{outcome.run}: integrity {outcome.integrity}, recomputation {outcome.status}")
        OUT.print(f"{outcome.recomputed} tool calls made again, {outcome.statements} statements checked")
        _differences(outcome.differences)
        for reason in outcome.reasons:
            OUT.print(f"Not recomputed: {escape(reason)}")
    if not outcome.passed:
        ERR.print("The record does not hold.")
        raise typer.Exit(Exit.FAILED_CHECK)


def _differences(found: tuple[Difference, ...]) -> None:
    for item in found:
        OUT.print(
            f"{escape(item.place)}: stored {escape(str(item.stored))}, found {escape(str(item.found))} ({item.what})"
        )
