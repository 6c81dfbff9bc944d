"""Gold of grid physics: changed states, outages of one and of two, losses, faults, optima, cascades, ways.

Each number comes from plain pandapower (power flow, short circuits, PYPOWER's optimal power flow), from a search in the
graph, or from the hand calculation that the docstring of its recipe states.
"""

from evals.physics_faults import FAULT_RECIPES
from evals.physics_flows import FLOW_RECIPES
from evals.physics_model import MODEL_RECIPES
from evals.physics_optima import OPTIMUM_RECIPES
from evals.physics_outages import OUTAGE_RECIPES
from evals.physics_states import Recipe

PHYSICS_RECIPES: dict[str, Recipe] = {
    **FLOW_RECIPES,
    **OUTAGE_RECIPES,
    **FAULT_RECIPES,
    **OPTIMUM_RECIPES,
    **MODEL_RECIPES,
}
