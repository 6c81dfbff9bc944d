"""``gridcrew schedule``: shift reports at times of day."""

from datetime import time
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.table import Table

from cli.console import OUT, print_json
from cli.options import GridOption, JsonOption, load_settings
from orchestrator.home import open_home, utc_now
from orchestrator.service.timetable import parse_times
from orchestrator.settings import Settings
from orchestrator.store.schedules import Schedules
from tools.errors import InvalidArgumentError

app = typer.Typer(no_args_is_help=True, help="Shift reports at times of day: add, list, remove.")
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Letters, digits, '-', '_' and '.'.")]


@app.command()
def add(
    name: NameArgument,
    times: Annotated[str, typer.Option("--times", help="Local times of day, such as 06:00,14:00,22:00.")],
    grid: GridOption = None,
    zone: Annotated[
        str | None, typer.Option("--zone", help="IANA zone of the times; the control room's when absent.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Write a shift report of a grid at these times, every day, as long as the service runs; see ``serve``."""
    settings = load_settings()
    try:
        added = _schedules(settings).add(
            name, parse_times(times), zone or settings.timezone, grid or settings.default_grid
        )
    except ValidationError as error:
        lines = (f"{'.'.join(map(str, item['loc']))} = {item['input']!r}: {item['msg']}" for item in error.errors())
        raise InvalidArgumentError("; ".join(lines)) from error
    if json:
        print_json(added)
    else:
        OUT.print(f"{added.name}: {_times(added.times)} {added.timezone}, {added.grid}; the service writes them")


@app.command("list")
def list_schedules(json: JsonOption = False) -> None:
    """All schedules."""
    found = _schedules(load_settings()).list()
    if json:
        print_json([item.model_dump(mode="json") for item in found])
        return
    table = Table("Schedule", "Times", "Zone", "Grid", "Added (UTC)", box=None)
    for item in found:
        table.add_row(item.name, _times(item.times), item.timezone, item.grid, f"{item.added_at:%Y-%m-%d %H:%M}")
    OUT.print(table)


@app.command()
def remove(name: NameArgument) -> None:
    """Write no more reports of this schedule; those that are written stay."""
    _schedules(load_settings()).remove(name)
    OUT.print(f"{name} is removed")


def _schedules(settings: Settings) -> Schedules:
    return Schedules(open_home(settings).engine, utc_now)


def _times(times: tuple[time, ...]) -> str:
    return ", ".join(f"{item:%H:%M}" for item in times)
