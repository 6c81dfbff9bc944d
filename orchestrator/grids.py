"""Which grid a question means: a registered one, a shipped case, or a file."""

import re
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from orchestrator.sources import RunSources
from orchestrator.store.registered_grids import RegisteredGrid, RegisteredGrids
from tools.context import GridSource
from tools.errors import GridUnavailableError, InvalidArgumentError
from tools.grid.grid import Grid
from tools.grid.importing import grid_from_json, grid_to_json, known_cases, open_grid
from tools.grid.inventory import Inventory, build_inventory
from tools.grid.snapshot_grids import SnapshotGrids

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class OneGrid:
    """The grid of one run; a ``GridSource`` whose grid does not change with time, as long as no readings exist."""

    loaded: Grid

    def grid(self, at: datetime | None = None) -> Grid:
        """The grid; without telemetry every time is the model's own."""
        del at
        return self.loaded


def grids_of(grid: Grid, sources: RunSources, as_of: datetime) -> GridSource:
    """The grid as measured where sensors sit at its elements, else as modelled.

    Args:
        grid: As loaded.
        sources: What is stored of it.
        as_of: Time of the state when a tool names none.
    """
    if not sources.measured:
        return OneGrid(grid)
    stored = sources.stored
    return SnapshotGrids(grid, stored.telemetry, stored.logs, stored.outages, as_of)


def load_grid(name: str, registered: RegisteredGrids, fingerprint: str | None = None) -> Grid:
    """A registered grid of this name first, then a case or a file.

    Args:
        name: As the user wrote it.
        registered: Grids of the user's own.
        fingerprint: The version wanted, for recomputing an old run; the current one when absent.

    Raises:
        GridUnavailableError: with the nearest names, what is wrong with the file, or that the version is gone.
    """
    if name in {item.name for item in registered.list()}:
        known = registered.get(name, fingerprint)
        return _stored(registered, name, known.fingerprint)
    found = open_grid(name)
    if fingerprint is not None and found.fingerprint != fingerprint:
        raise GridUnavailableError(f"grid {name!r} is not the one of the run any more: its content has changed")
    return found


def find_inventory(registered: RegisteredGrids, name: str) -> Inventory | None:
    """The elements of a grid; None when there is no such grid."""
    try:
        return build_inventory(load_grid(name, registered))
    except GridUnavailableError:
        return None


@lru_cache(maxsize=16)
def _stored(registered: RegisteredGrids, name: str, fingerprint: str) -> Grid:
    """A registered version never changes, so a process reads it once."""
    known = registered.get(name, fingerprint)
    return grid_from_json(registered.model_json(name, fingerprint), name, known.notes)


def register_grid(name: str, source: str, registered: RegisteredGrids) -> RegisteredGrid:
    """Import a case or a file and register it under a name of the user's own.

    Raises:
        InvalidArgumentError: when the name is taken by a shipped case, or is no plain name.
        GridUnavailableError: when the source cannot be read as a grid.
    """
    if not _NAME.fullmatch(name) or name.lower() in {case.lower() for case in known_cases()}:
        raise InvalidArgumentError(
            f"NAME = {name!r}: letters, digits, '-', '_' and '.' would be right, and no name of a shipped case"
        )
    grid = open_grid(source)
    return registered.register(name, grid_to_json(grid), grid.fingerprint, source, grid.notes)
