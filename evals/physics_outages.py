"""Gold of outages of one and of two, and of the frequency of an island: plain pandapower, graphs, hand calculations."""

from __future__ import annotations

from collections.abc import Callable

from evals.case import Expected
from evals.oracle import Net, case_net, outages_of
from evals.physics_states import (
    FULL,
    Outage,
    Recipe,
    branch_loadings,
    breaks_limits,
    changed_state,
    outage_of,
    outages,
    units_beyond,
)


def _outage_unserved(grid: str, expected: Expected) -> float:
    """Load that branches cut off from the island that keeps the balance, by a search in the graph."""
    return outage_of(case_net(grid), outages_of(str(expected.case)) or ()).lost


def _insecure(one: Outage, base: Net) -> bool:
    """Connected, and a limit of a bus or a branch is broken, or a unit leaves a limit that it kept before."""
    if one.state is None or one.split:
        return False
    return breaks_limits(one.state) or bool(units_beyond(one.state) - units_beyond(base))


def _number_of(order: int, counts: Callable[[Outage, Net], bool]) -> Recipe:
    def recipe(grid: str, expected: Expected) -> float:
        base = changed_state(grid, expected.given or "")
        return float(sum(counts(one, base) for one in outages(grid, order, expected.given or "")))

    return recipe


def _worst_of(order: int, worst: Callable[[list[float]], float], of: Callable[[Outage], float | None]) -> Recipe:
    def recipe(grid: str, expected: Expected) -> float:
        found = [of(one) for one in outages(grid, order, expected.given or "")]
        return worst([value for value in found if value is not None])

    return recipe


def _adds_overloads(one: Outage, base: Net) -> bool:
    before = branch_loadings(base)
    return one.state is not None and any(
        value > FULL and before[name] <= FULL for name, value in branch_loadings(one.state).items()
    )


def _lost(one: Outage) -> float:
    return one.lost


def _lowest(one: Outage) -> float | None:
    return None if one.state is None or one.split else float(one.state.res_bus.vm_pu.min())


def _highest(one: Outage) -> float | None:
    return None if one.state is None or one.split else max(branch_loadings(one.state).values())


def _any(one: Outage, base: Net) -> bool:
    del one, base
    return True


def _splits(one: Outage, base: Net) -> bool:
    del base
    return one.split


def _loses_load(one: Outage, base: Net) -> bool:
    del base
    return one.lost > 0


_STAGES = (0.05, 0.08, 0.08, 0.08, 0.08, 0.08)
"""Shares of an island's load, as docs/method.md states the six stages of load shedding."""
_FIRST_STAGE, _NOMINAL, _DAMPING = 49.0, 50.0, 1.0
_BALANCE = (("load", "p_mw"), ("gen", "max_p_mw"))


def _shed_by_frequency(grid: str, expected: Expected) -> float:
    """Load that stages shed in the island behind a branch, whose units are at their limit already; by hand.

    Load falls by 1 % for 1 % of frequency, so it balances ``p_max`` at f/f0 = 1 + (p_max / load - 1) / damping. Losses
    of the island are neglected: they matter only where a frequency comes to lie within 0.1 % of a stage.
    """
    net = changed_state(grid, "", expected.case or "base")
    dead = net.res_bus.index[net.res_bus.vm_pu.isna()]
    load, p_max = (float(net[kind][column][net[kind].bus.isin(dead)].sum()) for kind, column in _BALANCE)
    kept = load
    for stage, share in enumerate(_STAGES):
        frequency = 1.0 + (p_max / kept - 1.0) / _DAMPING
        if frequency > (_FIRST_STAGE - 0.2 * stage) / _NOMINAL:
            break
        kept -= share * load
    return load - kept


OUTAGE_RECIPES: dict[str, Recipe] = {
    "outage_unserved": _outage_unserved,
    "insecure_outages": _number_of(1, _insecure),
    "islanding_outages": _number_of(1, _splits),
    "outages_with_load_lost": _number_of(1, _loses_load),
    "largest_loss": _worst_of(1, max, _lost),
    "highest_outage_loading": _worst_of(1, max, _highest),
    "pairs": _number_of(2, _any),
    "islanding_pairs": _number_of(2, _splits),
    "pairs_with_load_lost": _number_of(2, _loses_load),
    "pairs_adding_overloads": _number_of(2, _adds_overloads),
    "largest_pair_loss": _worst_of(2, max, _lost),
    "lowest_pair_voltage": _worst_of(2, min, _lowest),
    "highest_pair_loading": _worst_of(2, max, _highest),
    "shed_by_frequency": _shed_by_frequency,
}
