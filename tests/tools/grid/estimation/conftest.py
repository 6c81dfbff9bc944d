"""A solved case, and estimating its state from meters."""

from copy import deepcopy

import pytest

from tests.tools.grid.estimation.estimating import (
    ALL,
    context,
    solved,
    telemetry,
)
from tools.grid.state_estimation import estimate_state


@pytest.fixture(scope="module")
def case39():
    return solved("case39")


@pytest.fixture
def run(grid_of):
    """Estimate a net's state from meters at its truth, or from given readings."""

    def estimate(net, meters, values=None, args=ALL, **quality):
        model = deepcopy(net)
        return estimate_state(context(grid_of(model), telemetry(meters, values, **quality)), args)

    return estimate
