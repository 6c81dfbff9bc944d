"""Gold of a suite, each value by a recipe of its own; ``gridcrew eval gold`` recomputes them.

The recipes here are those of shipped cases, over plain pandapower; those of grid physics are in ``evals.physics_gold``,
those of a simulated day in ``evals.day_gold``.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from evals.case import Expected, ExpectedFinding, Gold, Suite
from evals.day_gold import DAY_RECIPES, day_trouble, day_value
from evals.oracle import case_net, solved, unserved_p_mw, value_of
from evals.physics_gold import PHYSICS_RECIPES
from orchestrator.demoday.clock import LAST
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
    **PHYSICS_RECIPES,
}


@dataclass(frozen=True)
class GoldCheck:
    """One gold value, as written and as recomputed.

    Attributes:
        case: Identifier of the case.
        expected: What is written in the suite: a value, or a finding.
        recomputed: The value, or begin and end of the trouble; None when the day has no such trouble.
    """

    case: str
    expected: Expected | ExpectedFinding
    recomputed: Gold | tuple[datetime, datetime] | None

    @property
    def holds(self) -> bool:
        """Whether what is written is what was recomputed, a number or moment within a tenth of its tolerance."""
        if isinstance(self.expected, ExpectedFinding):
            return _same_time(self.expected, self.recomputed)
        return _same(self.expected, self.recomputed)

    @property
    def place(self) -> str:
        """What it is about, in a few words."""
        if isinstance(self.expected, ExpectedFinding):
            return f"{self.expected.kind} of {self.expected.about}"
        return f"{self.expected.field} of {self.expected.element or self.expected.sensor or 'grid'}"

    @property
    def written(self) -> str:
        """What stands in the suite."""
        if isinstance(self.expected, ExpectedFinding):
            return f"{self.expected.start} to {self.expected.end or 'lasting'}"
        return str(self.expected.value)


def _same(expected: Expected, recomputed: object) -> bool:
    written, near = expected.value, 0.1 * (expected.tolerance or 0.0)
    if isinstance(written, bool | str):
        return written == recomputed
    if isinstance(written, datetime):
        return isinstance(recomputed, datetime) and abs(written - recomputed) <= timedelta(minutes=near)
    return isinstance(recomputed, int | float) and abs(written - recomputed) <= near


def _same_time(expected: ExpectedFinding, recomputed: object) -> bool:
    """A trouble that lasts to the last minute of the day is written without an end."""
    if not isinstance(recomputed, tuple):
        return False
    start, end = recomputed
    near = timedelta(minutes=0.1 * expected.within_min)
    ends = end >= LAST if expected.end is None else abs(expected.end - end) <= near
    return bool(ends and abs(expected.start - start) <= near)


def check_gold(suite: Suite) -> Iterator[GoldCheck]:
    """Recompute every gold value of a suite; what is in a simulated day's truth counts as recomputed.

    Raises:
        InvalidArgumentError: for a recipe that does not exist.
    """
    known = DAY_RECIPES if suite.day else RECIPES
    for case in suite.cases:
        for expected in case.expect:
            if expected.recipe not in known:
                raise InvalidArgumentError(f"{case.id}: recipe {expected.recipe!r}; known are {', '.join(known)}")
            if suite.day:
                yield GoldCheck(case.id, expected, day_value(suite.day, expected))
            else:
                yield GoldCheck(case.id, expected, RECIPES[expected.recipe](case.grid, expected))
        for wanted in case.findings:
            trouble = day_trouble(suite.day, wanted) if suite.day else None
            yield GoldCheck(case.id, wanted, (trouble.start, trouble.end) if trouble else None)
