"""``gridcrew ask``: one question, one answer."""

from typing import Annotated

import typer

from agents.question import Question, ReportKind
from cli.console import print_json, progress
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
from orchestrator.service.any_runner import open_runner
from orchestrator.settings import parse_reasoner
from tools.errors import InvalidArgumentError

app = typer.Typer()
_LONGEST = 4000


@app.command()
def ask(
    text: Annotated[str, typer.Argument(metavar="QUESTION", help="In plain English.")],
    grid: GridOption = None,
    at: AtOption = None,
    conversation: Annotated[
        str | None, typer.Option("--conversation", help="Name of a conversation: follow-ups refer to its questions.")
    ] = None,
    reasoner: ReasonerOption = None,
    form: FormatOption = Format.TEXT,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Ask a question about a grid; the answer's every number is the field of a recorded tool call."""
    settings = load_settings()
    if not text.strip() or len(text) > _LONGEST:
        raise InvalidArgumentError(f"QUESTION has {len(text.strip())} characters; 1 to {_LONGEST} would be right")
    question = Question(
        text=text.strip(),
        kind=ReportKind.ANSWER,
        grid=grid or settings.default_grid,
        at=parse_time(at, settings),
        conversation=conversation,
    )
    choice = parse_reasoner(reasoner or settings.reasoner)
    with progress("Investigating ..."):
        report = open_runner(settings).ask(question, choice)
    if json:
        print_json(report)
    else:
        show_report(report, form, out, settings.zone)
