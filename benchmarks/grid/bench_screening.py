"""Order-1 screening: the whole tool call, and its ratio to the bare lightsim2grid solve in the same run.

Run as ``python benchmarks/grid/bench_screening.py [repeats]``; exits with 1 when a budget of the design is missed.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

import pandapower.networks as nw
from lightsim2grid.algorithm import AlgorithmType
from lightsim2grid.lightsim2grid_cpp import ContingencyAnalysisCPP
from lightsim2grid.network import init_from_pandapower
from pandapower import runpp

from tools.context import Clock, ToolContext
from tools.grid.contingencies import screen_contingencies
from tools.grid.grid import Grid
from tools.grid.schema.contingencies import ScreenContingenciesArguments
from tools.limits import LimitTable

# Most the whole call may take, ms, and most it may take of the bare solve; None where the design sets no budget.
BUDGETS = {"case118": (25.0, None), "case1354pegase": (None, 1.5)}
DEFAULT_REPEATS = 5


class _OneGrid:
    def __init__(self, grid: Grid) -> None:
        self._grid = grid

    def grid(self, at: datetime | None = None) -> Grid:  # noqa: ARG002 - the protocol's parameter
        return self._grid


def bare_ms(case: str, repeats: int) -> list[float]:
    """The solve alone: lines and transformers, one thread, from the base solution; no loadings, limits or losses."""
    net = getattr(nw, case)()
    runpp(net)
    start = net._ppc["internal"]["V"]  # noqa: SLF001
    analysis = ContingencyAnalysisCPP(init_from_pandapower(net, pp_orig_file="pandapower_v3"))
    analysis.change_algorithm(AlgorithmType.NRSing_KLU)
    analysis.handle_disconnected_grid = True
    analysis.add_multiple_n1(list(range(len(net.line) + len(net.trafo))))
    analysis.compute(start, 20, 1e-8)
    return [timed_ms(lambda: analysis.compute(start, 20, 1e-8)) for _ in range(repeats)]


def tool_ms(case: str, repeats: int) -> tuple[float, list[float]]:
    """The whole tool call: the first one, and those after it."""
    grid = Grid(name=case, fingerprint=case, net=getattr(nw, case)())
    now = datetime.now(UTC)
    context = ToolContext(grids=_OneGrid(grid), limits=LimitTable(limits=()), clock=Clock(now, now))

    def call() -> object:
        return screen_contingencies(context, ScreenContingenciesArguments())

    return timed_ms(call), [timed_ms(call) for _ in range(repeats)]


def timed_ms(call: Callable[[], object]) -> float:
    started = perf_counter()
    call()
    return (perf_counter() - started) * 1000.0


def main() -> int:
    repeats = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_REPEATS
    missed = []
    print(f"{'case':16}{'first ms':>10}{'call ms':>10}{'bare ms':>10}{'ratio':>8}  budget")
    for case, (most_ms, most_ratio) in BUDGETS.items():
        bare = median(bare_ms(case, repeats))
        first, calls = tool_ms(case, repeats)
        call, ratio = median(calls), median(calls) / bare
        kept = (most_ms is None or call <= most_ms) and (most_ratio is None or ratio <= most_ratio)
        budget = f"{most_ms:g} ms" if most_ms else f"{most_ratio:g} x bare"
        print(f"{case:16}{first:10.1f}{call:10.1f}{bare:10.1f}{ratio:8.2f}  {budget}: {'kept' if kept else 'MISSED'}")
        if not kept:
            missed.append(case)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
