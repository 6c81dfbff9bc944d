"""How elements hang together, on nets whose graph can be drawn on paper."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pandapower as pp
import pytest

from tools.context import Clock, ToolContext
from tools.errors import UnknownElementError
from tools.grid.grid import Grid
from tools.grid.importing import open_grid
from tools.grid.importing.fingerprint import fingerprint
from tools.grid.path import find_path
from tools.grid.schema.element import FindPathArguments
from tools.limits import LimitTable


@dataclass(frozen=True)
class OneGrid:
    only: Grid

    def grid(self, at=None):  # noqa: ARG002 - one state at all times
        return self.only


def context(grid):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return ToolContext(grids=OneGrid(grid), limits=LimitTable(limits=()), clock=Clock(now, now))


def path(grid, **arguments):
    return find_path(context(grid), FindPathArguments(**arguments))


@pytest.fixture(scope="module")
def ring():
    """Source - 0 = 1 (two lines) - 2 - 3, and a tie 0 - 3 behind an open switch."""
    net = pp.create_empty_network()
    b = [pp.create_bus(net, 20.0) for _ in range(4)]
    pp.create_ext_grid(net, b[0])
    for a, c, km in ((0, 1, 2.0), (0, 1, 3.0), (1, 2, 4.0), (2, 3, 1.5), (0, 3, 0.1)):
        pp.create_line(net, b[a], b[c], km, "NAYY 4x50 SE")
    pp.create_switch(net, b[3], 4, et="l", closed=False)
    pp.create_load(net, b[3], 0.1)
    return Grid("ring", fingerprint(net), net)


def test_find_path__to_the_source_by_the_shortest_way(ring):
    found = path(ring, start="load:0")
    assert [str(step.element) for step in found.steps] == ["line:3", "line:2", "line:0"]
    assert str(found.end) == "ext_grid:0"
    assert found.length_km == pytest.approx(7.5)
    assert found.independent_paths == 1
    assert {str(ref) for ref in found.critical} == {"line:2", "line:3"}


def test_find_path__parallel_lines_are_two_paths(ring):
    found = path(ring, start="bus:0", end="bus:1")
    assert (found.independent_paths, found.critical) == (2, ())


def test_find_path__honours_the_hypothesis(ring):
    found = path(ring, start="bus:3", outages=("line:2",))
    assert (found.connected, found.case, found.steps_total) == (False, "out line:2", 0)


def test_find_path__no_way_around_the_feeder_of_a_radial_grid():
    found = path(open_grid("case33bw"), start="bus:17", limit=100)
    assert found.steps_total == 17  # buses 1 to 17 hang one behind the other
    assert len(found.critical) == 17
    assert found.length_km is None  # MATPOWER knows no lengths


def test_find_path__unknown_element(ring):
    with pytest.raises(UnknownElementError):
        path(ring, start="bus:99")
