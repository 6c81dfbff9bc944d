"""Which grid a question means: a registered one, a shipped case, or a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from tools.grid.grid import Grid


class GridRegistry(Protocol):
    """Grids that were added under a name of the user's own."""

    def find(self, name: str) -> Grid | None:
        """The registered grid, or None."""
        ...


@dataclass(frozen=True)
class OneGrid:
    """The grid of one run; a ``GridSource`` whose grid does not change with time, as long as no readings exist."""

    loaded: Grid

    def grid(self, at: datetime | None = None) -> Grid:
        """The grid; without telemetry every time is the model's own."""
        del at
        return self.loaded


def load_grid(name: str, registry: GridRegistry) -> Grid:
    """A registered grid of this name first, then a case or a file.

    Raises:
        GridUnavailableError: with the nearest names, or what is wrong with the file.
    """
    from tools.grid.importing import open_grid  # noqa: PLC0415 - loads pandapower

    return registry.find(name) or open_grid(name)
