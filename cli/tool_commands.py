"""``gridcrew tool``: the crew's tools, one call at a time."""

import json as json_module
from datetime import datetime
from typing import Annotated

import typer
from pydantic import JsonValue
from rich.table import Table

from agents.evidence import Evidence
from cli.console import OUT, print_json, progress
from cli.options import AtOption, GridOption, JsonOption, load_settings, parse_time
from orchestrator.catalogue import CATALOGUE, ToolSpec, find_tool
from orchestrator.settings import Settings
from tools.errors import InvalidArgumentError

app = typer.Typer(no_args_is_help=True, help="Tools of the crew: list, describe, call.")


@app.command("list")
def list_tools(json: JsonOption = False) -> None:
    """All tools with their effect; none has one on the grid."""
    if json:
        print_json([{"name": spec.name, "effect": spec.effect, "summary": spec.summary} for spec in CATALOGUE])
        return
    table = Table("Tool", "Effect", "What it answers", box=None)
    for spec in CATALOGUE:
        table.add_row(spec.name, spec.effect, spec.summary)
    OUT.print(table)


@app.command()
def describe(name: Annotated[str, typer.Argument(help="Name of the tool.")]) -> None:
    """A tool's argument and result schemas, as JSON."""
    spec = find_tool(name)
    print_json(
        {
            "name": spec.name,
            "version": spec.version,
            "effect": spec.effect,
            "summary": spec.summary,
            "arguments": spec.arguments.model_json_schema(),
            "result": spec.result.model_json_schema(mode="serialization"),
        }
    )


@app.command()
def call(
    name: Annotated[str, typer.Argument(help="Name of the tool.")],
    grid: GridOption = None,
    args: Annotated[str, typer.Option("--args", help="Arguments as a JSON object.")] = "{}",
    at: AtOption = None,
    repeat: Annotated[int, typer.Option("--repeat", min=1, max=1000, help="Calls in one process.")] = 1,
    json: JsonOption = False,
) -> None:
    """Call one tool and print the evidence."""
    del json  # evidence is JSON in any case; the flag is accepted as on every command
    spec, arguments = find_tool(name), _parse(args)
    settings = load_settings()
    when = parse_time(at, settings)
    with progress(f"{spec.name} ..."):
        evidence, times = _call(spec, arguments, settings, grid or settings.default_grid, when, repeat)
    body: dict[str, JsonValue] = evidence.model_dump(mode="json")
    if repeat > 1:
        body["elapsed_ms_all"] = list(times)
    print_json(body)


def _call(
    spec: ToolSpec, arguments: dict[str, JsonValue], settings: Settings, grid: str, at: datetime | None, repeat: int
) -> tuple[Evidence, tuple[float, ...]]:
    from orchestrator.runner import Runner  # noqa: PLC0415 - list and describe load no engine
    from orchestrator.single import call_once  # noqa: PLC0415

    return call_once(Runner(settings), spec, arguments, grid=grid, at=at, repeat=repeat)


def _parse(text: str) -> dict[str, JsonValue]:
    try:
        parsed = json_module.loads(text)
    except json_module.JSONDecodeError as error:
        raise InvalidArgumentError(f"--args is no JSON at character {error.pos}: {error.msg}") from error
    if not isinstance(parsed, dict):
        raise InvalidArgumentError(f"--args is {type(parsed).__name__}; a JSON object would be right")
    return parsed
