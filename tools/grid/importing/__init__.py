"""Opening grids: pandapower cases and JSON, MATPOWER, and what operators exchange, each also gzipped."""

from tools.grid.importing.cases import known_cases
from tools.grid.importing.opening import open_grid
from tools.grid.importing.stored import grid_from_json, grid_to_json

__all__ = ["grid_from_json", "grid_to_json", "known_cases", "open_grid"]
