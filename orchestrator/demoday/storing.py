"""Storing the demo day in a home, under the grid's name; the same day again changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.demoday.clock import DAY, HISTORY_DAYS, at_minute
from orchestrator.store.operations import (
    write_assets,
    write_customers_served,
    write_outages,
    write_permits,
)
from orchestrator.store.stored_logs import write_log
from orchestrator.store.write_series import write_series
from tools.errors import InvalidArgumentError
from tools.grid.importing import grid_from_json, grid_to_json

if TYPE_CHECKING:
    from collections.abc import Collection

    from orchestrator.demoday.day import Day
    from orchestrator.home import Home
    from tools.grid.grid import Grid

GRID = "demo"
SOURCES = ("telemetry", "logs", "protocol", "outages", "permits", "assets", "limits")
"""What the day brings besides its grid; limits are the model's own, the library has standard ones."""
_LIMITS = {
    "bus": ("min_vm_pu", "max_vm_pu"),
    "line": ("max_i_ka", "max_loading_percent"),
    "trafo": ("max_loading_percent",),
}
_BEGUN = at_minute(-HISTORY_DAYS * 24 * 60)


def store_day(day: Day, home: Home, without: Collection[str] = ()) -> None:
    """Register the grid and store readings, logs and records.

    Args:
        day: As made.
        home: Where to.
        without: Sources to leave out, of ``SOURCES``: what they would tell is then not checked.

    Raises:
        InvalidArgumentError: for an unknown source, or when the home holds the day of another seed.
    """
    unknown = sorted(set(without) - set(SOURCES))
    if unknown:
        raise InvalidArgumentError(f"--without {unknown[0]!r}: right would be one of {', '.join(SOURCES)}")
    source = f"demo day of {DAY:%Y-%m-%d}, seed {day.seed}"
    _refuse_another(home, source)
    grid = _without_limits(day.grid) if "limits" in without else day.grid
    home.grids.register(GRID, grid_to_json(grid), grid.fingerprint, source, grid.notes)
    if "telemetry" not in without:
        write_series(home.engine, day.series)
    if "logs" not in without:
        write_log(home.engine, GRID, day.logs)
    if "protocol" not in without:
        write_log(home.engine, GRID, day.protocol)
    if "outages" not in without:
        write_outages(home.engine, GRID, day.outages)
        write_customers_served(home.engine, GRID, day.customers_served, _BEGUN)
    if "permits" not in without:
        write_permits(home.engine, GRID, day.permits)
    if "assets" not in without:
        write_assets(home.engine, day.assets, _BEGUN)


def _without_limits(grid: Grid) -> Grid:
    """The same grid, as if nobody had entered a voltage band or a rating."""
    bare = grid_from_json(grid_to_json(grid), GRID)
    for table, columns in _LIMITS.items():
        for column in columns:
            if column in bare.net[table]:
                bare.net[table][column] = float("nan")
    return grid_from_json(grid_to_json(bare), GRID)


def _refuse_another(home: Home, source: str) -> None:
    """Readings of two days would be mixed: the first of two values at one time stays."""
    held = {item.name: item.source for item in home.grids.list()}.get(GRID, source)
    if held != source:
        raise InvalidArgumentError(
            f"this home holds the {held}, and the {source} would mix with it; another --home would be right"
        )
