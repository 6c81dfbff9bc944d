"""Gold numbers of the suite, each by a recipe over plain pandapower; ``gridcrew eval gold`` recomputes them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from evals.case import Expected, Suite
from evals.oracle import case_net, solved, unserved_p_mw, value_of
from tools.errors import InvalidArgumentError

Recipe = Callable[[str, Expected], float]


def _value(grid: str, expected: Expected) -> float:
    found = value_of(grid, expected.element or "", expected.case or "base", expected.field)
    if found is None:
        raise InvalidArgumentError(f"plain pandapower has no {expected.field} of {expected.element} on {grid}")
    return found


def _column(table: str, column: str, reduce: str) -> Recipe:
    def recipe(grid: str, expected: Expected) -> float:
        net = solved(grid, expected.case or "base")
        if net is None:
            raise InvalidArgumentError(f"{grid} does not solve in case {expected.case}")
        return float(getattr(net[table][column], reduce)())

    return recipe


def _loss(grid: str, expected: Expected) -> float:
    net = solved(grid, expected.case or "base")
    if net is None:
        raise InvalidArgumentError(f"{grid} does not solve in case {expected.case}")
    return float(net.res_line.pl_mw.sum() + net.res_trafo.pl_mw.sum())


def _unserved(grid: str, expected: Expected) -> float:
    found = unserved_p_mw(grid, expected.case or "base")
    return 0.0 if found is None else found


def _outage_count(grid: str, expected: Expected) -> float:
    del expected
    net = case_net(grid)
    return float(net.line.in_service.sum() + net.trafo.in_service.sum())


def _outages(grid: str) -> Iterator[str]:
    net = case_net(grid)
    for kind in ("line", "trafo"):
        yield from (f"out {kind}:{index}" for index in net[kind].index[net[kind].in_service])


def _adding_overloads(grid: str, expected: Expected) -> float:
    """Outages, islanding ones included, that load a branch above its limit that was not above it before."""
    del expected
    base = solved(grid, "base")
    if base is None:
        raise InvalidArgumentError(f"{grid} does not solve")
    count = 0
    for case in _outages(grid):
        net = solved(grid, case)
        if net is None:
            continue
        count += any(
            ((net[f"res_{kind}"].loading_percent > _FULL) & ~(base[f"res_{kind}"].loading_percent > _FULL)).any()
            for kind in ("line", "trafo")
        )
    return float(count)


_FULL = 100.0


def _worst_voltage(grid: str, expected: Expected) -> float:
    """Lowest voltage at a bus over all outages that leave the grid in one piece."""
    del expected
    states = (solved(grid, case) for case in _outages(grid))
    whole = [net for net in states if net is not None and not net.res_bus.vm_pu.isna().any()]
    return min(float(net.res_bus.vm_pu.min()) for net in whole)


RECIPES: dict[str, Recipe] = {
    "value": _value,
    "lowest_voltage": _column("res_bus", "vm_pu", "min"),
    "highest_voltage": _column("res_bus", "vm_pu", "max"),
    "highest_line_loading": _column("res_line", "loading_percent", "max"),
    "load": _column("res_load", "p_mw", "sum"),
    "loss": _loss,
    "unserved": _unserved,
    "outage_count": _outage_count,
    "adding_overloads": _adding_overloads,
    "worst_outage_voltage": _worst_voltage,
}


@dataclass(frozen=True)
class GoldCheck:
    """One gold number, as written and as recomputed."""

    case: str
    expected: Expected
    recomputed: float

    @property
    def holds(self) -> bool:
        """Whether the written number is the recomputed one within a tenth of its tolerance."""
        return abs(self.expected.value - self.recomputed) <= 0.1 * self.expected.tolerance


def check_gold(suite: Suite) -> Iterator[GoldCheck]:
    """Recompute every gold number of a suite.

    Raises:
        InvalidArgumentError: for a recipe that does not exist.
    """
    for case in suite.cases:
        for expected in case.expect:
            if expected.recipe not in RECIPES:
                known = ", ".join(RECIPES)
                raise InvalidArgumentError(f"{case.id}: recipe {expected.recipe!r}; known are {known}")
            yield GoldCheck(case.id, expected, RECIPES[expected.recipe](case.grid, expected))
