"""``gridcrew explain``: sequence, effect, cause and advice of one incident."""

from typing import Annotated

import typer

from cli.console import print_json, progress
from cli.options import Format, FormatOption, JsonOption, OutOption, ReasonerOption, load_settings
from cli.reports import show_report
from orchestrator.service.any_runner import open_runner
from orchestrator.settings import parse_reasoner

app = typer.Typer()


@app.command()
def explain(
    incident: Annotated[str, typer.Argument(metavar="INCIDENT", help="Identifier, its beginning, or 'latest'.")],
    reasoner: ReasonerOption = None,
    form: FormatOption = Format.TEXT,
    out: OutOption = None,
    json: JsonOption = False,
) -> None:
    """Explain an incident: what happened in which order, what was affected, why, what to do, what was not checked."""
    settings = load_settings()
    choice = parse_reasoner(reasoner or settings.reasoner)
    with progress("Explaining ..."):
        report = open_runner(settings).explain(incident, choice)
    if json:
        print_json(report)
    else:
        show_report(report, form, out, settings.zone)
