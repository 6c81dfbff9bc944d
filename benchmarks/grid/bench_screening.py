"""Screening of orders 1 and 2: the whole tool call, and its ratio to the bare lightsim2grid solve in the same run.

Run as ``python -m benchmarks.grid.bench_screening [repeats]``; exits with 1 when a budget of the design is missed. Tool
and bare solve take turns on one thread, so that another load on the machine slows both.
"""

import sys
import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import combinations
from statistics import median
from time import perf_counter

import pandapower.networks as nw
from lightsim2grid.algorithm import AlgorithmType
from lightsim2grid.lightsim2grid_cpp import ContingencyAnalysisCPP
from lightsim2grid.network import init_from_pandapower
from pandapower import runpp

from knowledge.limits import standard_limits
from orchestrator.grids import OneGrid
from tools.context import Clock, ToolContext
from tools.grid.contingencies import screen_contingencies
from tools.grid.grid import Grid
from tools.grid.schema.contingencies import ContingencyScreening, ScreenContingenciesArguments

# Most the whole call may take, ms, and most it may take of the bare solve; None where the design sets no budget.
BUDGETS = {("case118", 1): (25.0, None), ("case1354pegase", 1): (None, 1.5), ("case118", 2): (None, 1.5)}
DEFAULT_REPEATS = 5


class Times:
    """Durations of repeated calls, ms."""

    def __init__(self, call: Callable[[], object]) -> None:
        self._call = call
        self.taken: list[float] = []

    def take(self) -> None:
        """One call."""
        started = perf_counter()
        self._call()
        self.taken.append((perf_counter() - started) * 1e3)


def bare_solve(case: str, order: int) -> Callable[[], object]:
    """The solve alone: lines and transformers, one thread, from the base solution; no loadings, limits or losses."""
    net = getattr(nw, case)()
    runpp(net)
    start = net._ppc["internal"]["V"]  # noqa: SLF001 - the start vector must carry the slack's angle
    with warnings.catch_warnings():
        # it fills gaps of the tables with zeros and says so on every conversion
        warnings.simplefilter("ignore", UserWarning)
        analysis = ContingencyAnalysisCPP(init_from_pandapower(net, pp_orig_file="pandapower_v3"))
    analysis.change_algorithm(AlgorithmType.NRSing_KLU)
    analysis.handle_disconnected_grid = True
    every = range(len(net.line) + len(net.trafo))
    if order == 1:
        analysis.add_multiple_n1(list(every))
    else:
        for outage in combinations(every, order):
            analysis.add_nk(list(outage))
    return lambda: analysis.compute(start, 20, 1e-8)


def whole_call(case: str, order: int) -> Callable[[], ContingencyScreening]:
    """The tool as an agent calls it, with the shipped limits."""
    grid = Grid(name=case, fingerprint=case, net=getattr(nw, case)())
    now = datetime.now(UTC)
    context = ToolContext(grids=OneGrid(grid), limits=standard_limits(), clock=Clock(now, now))
    return lambda: screen_contingencies(context, ScreenContingenciesArguments(order=order))


def measure(case: str, order: int, repeats: int) -> tuple[Times, Times]:
    """Times of the tool and of the bare solve, both warm, in turns."""
    tool, bare = Times(whole_call(case, order)), Times(bare_solve(case, order))
    for turn in range(repeats + 1):
        tool.take()
        bare.take()
        if not turn:
            print(f"{case:16}{order:6}{tool.taken.pop():10.1f}", end="", flush=True)
            bare.taken.clear()
    return tool, bare


def main(repeats: int = DEFAULT_REPEATS) -> bool:
    """Print the table; True when the budgets hold."""
    print(f"{'case':16}{'order':>6}{'first ms':>10}{'call ms':>10}{'bare ms':>10}{'ratio':>8}  budget")
    all_kept = True
    for (case, order), (most_ms, most_ratio) in BUDGETS.items():
        tool, bare = measure(case, order, repeats)
        call, alone = median(tool.taken), median(bare.taken)
        kept = (most_ms is None or call <= most_ms) and (most_ratio is None or call / alone <= most_ratio)
        budget = f"{most_ms:g} ms" if most_ms else f"{most_ratio:g} x bare"
        print(f"{call:10.1f}{alone:10.1f}{call / alone:8.2f}  {budget}: {'kept' if kept else 'MISSED'}")
        all_kept = all_kept and kept
    return all_kept


if __name__ == "__main__":
    sys.exit(0 if main(int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_REPEATS) else 1)
