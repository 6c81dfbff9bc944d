"""Opening grids: pandapower cases and JSON, MATPOWER, CGMES, each also gzipped."""

from tools.grid.importing.cases import known_cases
from tools.grid.importing.opening import open_grid

__all__ = ["known_cases", "open_grid"]
