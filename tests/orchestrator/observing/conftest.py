"""The grid that questions are put to."""

import pytest

from tools.grid.importing import open_grid
from tools.grid.inventory import build_inventory


@pytest.fixture(scope="session")
def inventory():
    return build_inventory(open_grid("case39"))
