"""``gridcrew incident``: what belongs together, as shift reports found it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from agents.incident import FeedbackVerdict
from cli.console import OUT, print_json, progress
from cli.options import JsonOption, load_settings, time_of
from cli.owned import refuse_owned
from orchestrator.home import open_home, utc_now
from orchestrator.runs.feedback import FeedbackStore
from orchestrator.service.any_runner import open_runner

if TYPE_CHECKING:
    from agents.incident import Incident
    from orchestrator.retraining import Retraining

app = typer.Typer(no_args_is_help=True, help="Incidents: list, show, feedback; train on them what is normal.")


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
    table = Table(*(Column(head, no_wrap=True) for head in ("Incident", "Grid", "Severity", "Time (UTC)")), box=None)
    table.add_column("What", overflow="fold")
    for item in found:
        more = f" and {len(item.findings) - 1} more" if len(item.findings) > 1 else ""
        what = f"{escape(item.title)}{more}{_judged(item)}"
        table.add_row(item.id, escape(item.grid), item.severity, _time(item), what)
    OUT.print(table)


def _judged(incident: Incident) -> str:
    """What a person last said of it, to follow what it is."""
    said = incident.feedback
    return f"; {escape(said.by)}: {str(said.verdict).replace('_', ' ')}" if said is not None else ""


def _time(incident: Incident) -> str:
    """``2026-03-10 17:16 to 19:57``; the day of the end where it is another one."""
    begin, end = incident.start, incident.end
    if end is None:
        return f"{begin:%Y-%m-%d %H:%M} on"
    return f"{begin:%Y-%m-%d %H:%M} to {end:{'%H:%M' if end.date() == begin.date() else '%Y-%m-%d %H:%M'}}"


@app.command()
def feedback(
    identifier: Annotated[str, typer.Argument(metavar="INCIDENT", help="Identifier, its beginning, or 'latest'.")],
    verdict: Annotated[FeedbackVerdict, typer.Argument(help="What it truly was.")],
    by: Annotated[str, typer.Option("--by", help="Who says so.")],
    cause: Annotated[str, typer.Option("--cause", help="The true cause, where it is known.")] = "",
    json: JsonOption = False,
) -> None:
    """Say what an incident truly was; `gridcrew simulate train` and `gridcrew incident train` learn from it."""
    settings = load_settings()
    refuse_owned(settings)
    home = open_home(settings)
    said = FeedbackStore(home.engine, utc_now).give(identifier, verdict, by, cause)
    if json:
        print_json(said)
        return
    OUT.print(f"{said.incident}: {str(said.verdict).replace('_', ' ')}, said {escape(said.by)}")


@app.command()
def train(
    grid: Annotated[str, typer.Option("--grid", help="Whose sensors.")],
    start: Annotated[str, typer.Option("--from", help="Begin of a time in which nothing was wrong, ISO 8601.")],
    end: Annotated[str, typer.Option("--to", help="End of that time.")],
    json: JsonOption = False,
) -> None:
    """Train what is normal for a grid's sensors; a new model is kept only where it is better on judged incidents."""
    from orchestrator.retraining import retrain  # noqa: PLC0415 - scikit-learn loads slowly

    settings = load_settings()
    time = time_of("--from", start, settings), time_of("--to", end, settings)
    refuse_owned(settings)
    with progress("Training ..."):
        done = retrain(open_home(settings), grid, *time)
    _show_training(done, json=json)


def _show_training(done: Retraining, *, json: bool) -> None:
    if json:
        print_json(
            {
                "groups": [
                    {
                        "sensors": list(one.sensors),
                        "fingerprint": one.fingerprint,
                        "replaces": one.replaces,
                        "held_out_incidents": one.incidents,
                        "f1_new": None if one.choice is None else one.choice.new.f1,
                        "f1_in_use": None if one.choice is None else one.choice.old.f1,
                        "why": one.why,
                    }
                    for one in done.groups
                ],
                "left_out": list(done.left_out),
            }
        )
        return
    for one in done.groups:
        OUT.print(f"{len(one.sensors)} sensors from {escape(one.sensors[0])} on:")
        if one.choice is not None:
            OUT.print(
                f"  F1 {one.choice.new.f1:.3f}, of the one in use {one.choice.old.f1:.3f}, "
                f"on {one.incidents} judged incidents"
            )
        told = "The new model is used from now on" if one.replaces else "The model in use stays"
        OUT.print(f"  {told}{f': {one.why}' if one.why else ''}.")
    for line in done.left_out:
        OUT.print(f"left out: {escape(line)}")


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
    OUT.print(f"{found.id} on {found.grid}, {found.severity}, found by report {found.report}{_judged(found)}")
    for item in found.findings:
        begun = f"{item.start:%Y-%m-%d %H:%M}" if item.start else "time not known"
        OUT.print(f"  {begun} UTC  {item.severity}  {item.statement.text}")
    OUT.print(f"\nExplain it: gridcrew explain {found.id}")
