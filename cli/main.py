"""The entry point: command groups by name, each loaded only when it is called."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING

import typer
from typer.core import TyperGroup

from tools.errors import GridCrewError

if TYPE_CHECKING:
    # typer carries its own click; only its types are needed here
    from typer._click.core import Command, Context
    from typer._click.formatting import HelpFormatter

GROUPS = {
    "ask": "Ask a question about a grid.",
    "report": "Shift reports: write, list, show, acknowledge.",
    "incident": "Incidents: list, show.",
    "explain": "Explain an incident.",
    "run": "Recorded runs: list, show, replay, verify.",
    "tool": "Tools of the crew: list, describe, call.",
    "grid": "Grids: add, list, show.",
    "ingest": "Readings, logs and records from a file into the store.",
    "simulate": "Scenarios with known troubles: list, show, check, run.",
    "knowledge": "The library of standards: search.",
    "eval": "The evaluation suite: run, gold.",
    "schedule": "Shift reports at times of day: add, list, remove.",
    "serve": "The service: HTTP API, durable runs, schedules.",
    "worker": "The service's worker process; serve starts it.",
    "db": "The store: upgrade.",
    "doctor": "Check that everything needed is there.",
    "demo": "A first answer on a real grid, with its report.",
}


class LazyGroup(TyperGroup):
    """Lists its commands without importing them: ``--help`` must not load an engine."""

    def list_commands(self, ctx: Context) -> list[str]:  # noqa: ARG002 - typer's signature
        """All groups, in the order of their importance."""
        return list(GROUPS)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:  # noqa: ARG002
        """Import a group's module; None for an unknown name."""
        if cmd_name not in GROUPS:
            return None
        return typer.main.get_command(import_module(f"cli.{cmd_name}_commands").app)

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:  # noqa: ARG002
        """The list for ``--help``, from the table above."""
        with formatter.section("Commands"):
            formatter.write_dl(list(GROUPS.items()))


app = typer.Typer(
    cls=LazyGroup,
    rich_markup_mode=None,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Answers a control room's questions with simulated, traceable numbers. It advises; it never switches.",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"gridcrew {version('gridcrew')}")
        raise typer.Exit


@app.callback()
def root(
    _version: bool = typer.Option(False, "--version", callback=_print_version, is_eager=True, help="Show the version."),
) -> None:
    """Options before the command."""


def run() -> None:
    """Run the command line; errors of ours become one clear line and a fixed exit code."""
    try:
        app()
    except GridCrewError as error:
        from cli.exits import exit_code_of  # noqa: PLC0415 - loads the store's modules; --help needs none of them

        typer.echo(f"Error: {error}", err=True)
        sys.exit(exit_code_of(error))


if __name__ == "__main__":
    run()
