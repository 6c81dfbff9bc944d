"""``gridcrew demo``: a first answer on a real grid, with its report."""

from pathlib import Path
from typing import Annotated

import typer

from agents.question import Question
from cli.console import OUT, progress, write
from cli.options import Format, load_settings
from cli.reports import show_report
from orchestrator.publish import to_html
from orchestrator.runner import Runner
from orchestrator.settings import parse_reasoner

app = typer.Typer()
DEMO_GRID = "case30"
DEMO_QUESTION = "Is anything wrong, and what should I do about it?"


@app.command()
def demo(
    home: Annotated[Path | None, typer.Option("--home", help="Data directory of the demo.")] = None,
) -> None:
    """Ask one question on the IEEE 30-bus grid and write its report."""
    settings = load_settings()
    if home is not None:
        settings = settings.with_home(home)
    OUT.print(f"Question on {DEMO_GRID}: {DEMO_QUESTION}\n")
    with progress("Investigating ..."):
        report = Runner(settings).ask(Question(text=DEMO_QUESTION, grid=DEMO_GRID), parse_reasoner("embedded"))
    show_report(report, Format.TEXT, None, settings.zone)
    page = settings.home / "reports" / f"{report.id}.html"
    write(to_html(report, settings.zone), page)
    OUT.print(f"\nThe report: {page}")
