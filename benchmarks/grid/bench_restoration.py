"""Restoration of whole grids: the planning of all steps, beside as many power flows by pandapower in the same run.

Run as ``python -m benchmarks.grid.bench_restoration``; exits with 1 where a plan takes longer than its budget, or
leaves load dark.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from time import perf_counter
from uuid import uuid4

import pandapower.networks as nw
from pandapower import pandapowerNet, runpp

from knowledge.limits import standard_limits
from orchestrator.grids import OneGrid
from tools.context import Clock, ToolContext
from tools.grid.grid import Grid
from tools.grid.restoration import plan_restoration
from tools.grid.schema.restoration import (
    BlackStartUnit,
    PlanRestorationArguments,
    RestorationAction,
    RestorationOutcome,
    RestorationPlan,
)

FLOWS = 20


@dataclass(frozen=True)
class Study:
    """One grid, what is asked of it, and how long that may take."""

    name: str
    net: Callable[[], pandapowerNet]
    arguments: PlanRestorationArguments
    budget_s: float


STUDIES = (
    Study("case33bw", nw.case33bw, PlanRestorationArguments(outages=("line:5",), limit=5000), 1.0),
    Study(
        "case39",
        nw.case39,
        PlanRestorationArguments(whole_grid=True, black_start=(BlackStartUnit(element="gen:8"),), limit=5000),
        5.0,
    ),
    Study("case118", nw.case118, PlanRestorationArguments(whole_grid=True, limit=5000), 15.0),
)


def planned(study: Study) -> tuple[float, RestorationPlan]:
    """Seconds of one whole tool call on a grid that nothing is kept of, and its plan."""
    now = datetime.now(UTC)
    grid = Grid(name=study.name, fingerprint=uuid4().hex * 2, net=study.net())
    context = ToolContext(grids=OneGrid(grid), limits=standard_limits(), clock=Clock(now, now))
    started = perf_counter()
    plan = plan_restoration(context, study.arguments)
    return perf_counter() - started, plan


def flow_s(net: pandapowerNet) -> float:
    """Seconds of one bare power flow by pandapower, median."""
    times = []
    for _ in range(FLOWS):
        started = perf_counter()
        runpp(net)
        times.append(perf_counter() - started)
    return median(times)


def main() -> bool:
    """Print the table; True when all load comes back within the budgets."""
    planned(STUDIES[0])  # compilers and imports are warm from here on
    kept = True
    print(
        f"{'grid':10}{'plan s':>8}{'steps':>7}{'tried':>7}{'MW back':>9}{'of MW':>9}"
        f"{'first load':>12}{'flows s':>9}  budget"
    )
    for study in STUDIES:
        taken, plan = planned(study)
        flows = plan.steps_total * flow_s(study.net())
        first = next((row.time_min for row in plan.steps if row.action is RestorationAction.PICK_UP), float("nan"))
        met = taken <= study.budget_s and plan.outcome is RestorationOutcome.RESTORED
        kept = kept and met
        print(
            f"{study.name:10}{taken:8.2f}{plan.steps_total:7}{plan.coverage.checked:7}{plan.restored_p_mw:9.1f}"
            f"{plan.dark_load_p_mw:9.1f}{first:8.0f} min{flows:9.2f}"
            f"  {study.budget_s:g} s: {'kept' if met else 'MISSED'}"
        )
    return kept


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
