"""What the tests of the grid tools share: a grid from a plain pandapower net, and a context around it."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from pandapower import pandapowerNet

from tools.context import Clock, ToolContext
from tools.grid.grid import Grid
from tools.limits import LimitTable

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


class OneGrid:
    """A source with one grid, whatever the time."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid

    def grid(self, at: datetime | None = None) -> Grid:  # noqa: ARG002 - the protocol's parameter
        return self._grid


@pytest.fixture
def grid_of() -> Callable[[pandapowerNet], Grid]:
    """Wraps a net; each grid has a fingerprint of its own, so that no solution is shared between tests."""
    return lambda net: Grid(name="test grid", fingerprint=uuid4().hex * 2, net=net)


@pytest.fixture
def context_of() -> Callable[..., ToolContext]:
    """A context around a grid, without a table of limits unless one is given."""

    def make(grid: Grid, limits: LimitTable | None = None) -> ToolContext:
        return ToolContext(grids=OneGrid(grid), limits=limits or LimitTable(limits=()), clock=Clock(NOON, NOON))

    return make
