"""Gold of optima: least cost and least losses by PYPOWER's optimal power flow."""

from __future__ import annotations

from collections.abc import Callable

import pandapower as pp

from evals.case import Expected
from evals.oracle import Net
from evals.physics_states import Recipe, changed_net


def _optimum(run: Callable[[Net], None], *, losses: bool = False) -> Recipe:
    """Least cost by PYPOWER's interior point; with ``losses`` the least that must be generated beyond the load."""

    def recipe(grid: str, expected: Expected) -> float:
        net = changed_net(grid, expected.given or "")
        if not losses:
            run(net)
            return float(net.res_cost)
        net.poly_cost = net.poly_cost.assign(cp0_eur=0.0, cp1_eur_per_mw=1.0, cp2_eur_per_mw2=0.0)
        run(net)
        return float(net.res_cost - net.load.p_mw.sum())

    return recipe


OPTIMUM_RECIPES: dict[str, Recipe] = {
    "least_cost": _optimum(pp.runopp),
    "least_cost_dc": _optimum(pp.rundcopp),
    "least_losses": _optimum(pp.runopp, losses=True),
}
