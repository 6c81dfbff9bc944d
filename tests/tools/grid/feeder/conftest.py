"""The tool on a plain net."""

from collections.abc import Callable

import pytest
from pandapower import pandapowerNet

from tools.grid.feeder import figures
from tools.grid.feeder.build import make_aim, make_network
from tools.grid.feeder.exhaustive import configurations
from tools.grid.feeder.model import make_feeder
from tools.grid.reconfiguration import reconfigure_feeder
from tools.grid.schema.reconfiguration import FeederReconfiguration, ReconfigureFeederArguments


@pytest.fixture
def reconfigured(grid_of, context_of) -> Callable[..., FeederReconfiguration]:
    """``reconfigure_feeder`` with the agent and the screening left out unless asked for."""

    def call(net: pandapowerNet, **arguments) -> FeederReconfiguration:
        arguments = {"agent_episodes": 0, "with_security": False} | arguments
        return reconfigure_feeder(context_of(grid_of(net)), ReconfigureFeederArguments(**arguments))

    return call


@pytest.fixture
def searched(grid_of, context_of):
    """The arrays of a search, and its pieces of configurations."""

    def make(net: pandapowerNet):
        arguments, context = ReconfigureFeederArguments(), context_of(grid_of(net))
        feeder = make_feeder(context.grids.grid(), arguments)
        network = make_network(feeder, arguments, context.limits)
        return network, make_aim(feeder, network, arguments), configurations(feeder.loops)

    for name in ("evaluate", "STATUS", "SOLVED", "OBJECTIVE"):
        setattr(make, name, getattr(figures, name))
    return make
