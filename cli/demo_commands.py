"""``gridcrew demo``: a first answer on a real grid, then the shift report of a simulated day."""

import json
from pathlib import Path
from typing import Annotated

import typer

from agents.question import Question, ReportKind
from agents.report import Report
from cli.console import OUT, progress, write
from cli.options import Format, load_settings
from cli.reports import show_report
from orchestrator.demoday.day import Day, make_day
from orchestrator.demoday.storing import GRID, SOURCES, store_day
from orchestrator.home import open_home
from orchestrator.publish import to_html
from orchestrator.runner import Runner
from orchestrator.service.ownership import find_owner
from orchestrator.settings import Settings, parse_reasoner
from tools.errors import InvalidArgumentError

app = typer.Typer()
FIRST_GRID = "case30"
FIRST_QUESTION = "Is anything wrong, and what should I do about it?"
SHIPPED_SEED = 7


@app.command()
def demo(
    home: Annotated[Path | None, typer.Option("--home", help="Data directory of the demo.")] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="What the troubles of the day are drawn from.")] = (
        SHIPPED_SEED
    ),
    clean: Annotated[bool, typer.Option("--clean", help="The day without any trouble.")] = False,
    truth: Annotated[Path | None, typer.Option("--truth", help="Write the seeded troubles to this file.")] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", help=f"Leave a source out: {', '.join(SOURCES)}.")
    ] = None,
) -> None:
    """Ask one question on the IEEE 30-bus grid, then write the shift report of a simulated day."""
    settings = load_settings()
    if home is not None:
        settings = settings.with_home(home)
    if (owner := find_owner(settings.home)) is not None:
        raise InvalidArgumentError(
            f"the service at {owner.address} owns {settings.home}; another --home would be right"
        )
    with progress("Making the simulated day ..."):
        day = make_day(None if clean else seed)
        store_day(day, open_home(settings), without or ())
    if truth is not None:
        write(json.dumps([item.as_json() for item in day.truth], indent=2), truth)
    runner = Runner(settings)
    _answer(runner, settings)
    _report(runner, settings, day)


def _answer(runner: Runner, settings: Settings) -> None:
    OUT.print(f"Question on {FIRST_GRID}: {FIRST_QUESTION}\n")
    with progress("Investigating ..."):
        report = runner.ask(Question(text=FIRST_QUESTION, grid=FIRST_GRID), parse_reasoner("embedded"))
    show_report(report, Format.TEXT, None, settings.zone)
    OUT.print(f"\nThe report: {_page(report, settings)}\n")


def _report(runner: Runner, settings: Settings, day: Day) -> None:
    OUT.print(f"Shift report of a simulated day on the grid {GRID} (seed {day.seed}; all of it is made up)\n")
    question = Question(text="Shift report", kind=ReportKind.SHIFT, grid=GRID)
    with progress("Five agents at work ..."):
        report = runner.ask(question, parse_reasoner("embedded"))
    show_report(report, Format.TEXT, None, settings.zone)
    OUT.print(f"\nThe shift report: {_page(report, settings)}")


def _page(report: Report, settings: Settings) -> Path:
    page = settings.home / "reports" / f"{report.id}.html"
    write(to_html(report, settings.zone), page)
    return page
