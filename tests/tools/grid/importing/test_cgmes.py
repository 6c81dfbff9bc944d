"""A CGMES archive as another program writes it: pypowsybl exports the IEEE 14-bus grid, we read it."""

import zipfile

import pypowsybl as pw
import pytest

from tools.errors import GridUnavailableError
from tools.grid.importing import open_grid


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    file = tmp_path_factory.mktemp("cgmes") / "ieee14.zip"
    pw.network.create_ieee14().save(str(file), format="CGMES")
    return file


def test_open_grid__cgmes_has_the_published_counts_and_load(archive):
    grid = open_grid(str(archive))
    # IEEE 14-bus test case: 14 buses, 17 lines, 3 transformers, 259 MW and 73.5 Mvar of load
    assert (len(grid.net.bus), len(grid.net.line), len(grid.net.trafo)) == (14, 17, 3)
    assert grid.net.load.p_mw.sum() == pytest.approx(259.0, abs=1e-6)
    assert grid.net.load.q_mvar.sum() == pytest.approx(73.5, abs=1e-6)
    assert grid.notes


def test_open_grid__cgmes_says_which_lines_it_cannot_carry(archive):
    """The export writes branches 7-8 (14 to 20 kV) and 7-9 (14 to 12 kV) as lines, without their ratio."""
    grid = open_grid(str(archive))
    named = [index for index, name in grid.net.line.name.items() if name in {"L7-8-1", "L7-9-1"}]
    assert any(all(f"line:{index}" in note for index in named) and "unequal" in note for note in grid.notes)


def test_open_grid__an_archive_of_something_else_is_said(tmp_path):
    file = tmp_path / "other.zip"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("readme.txt", "hello")
    with pytest.raises(GridUnavailableError, match=r"other\.zip"):
        open_grid(str(file))
