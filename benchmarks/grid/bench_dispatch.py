"""Optimal dispatch: the whole tool call beside pandapower's own interior point, in the same run.

Run as ``python -m benchmarks.grid.bench_dispatch [folder of PGLib cases]``. Without the folder the shipped cases are
solved. The design sets no budget: the table says objective, what is published, times, and what failed.
"""

import sys
from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import pandapower as pp

from orchestrator.grids import OneGrid
from tools.context import Clock, ToolContext
from tools.errors import ToolError
from tools.grid.grid import Grid
from tools.grid.importing import open_grid
from tools.grid.optimize_dispatch import optimize_dispatch
from tools.grid.schema.optimal_dispatch import OptimizeDispatchArguments
from tools.limits import LimitTable

SHIPPED = ("case9", "case14", "case30", "case118", "case300", "case1354pegase")
# AC-OPF, typical operating conditions, $/h: power-grid-lib, BASELINE.md
PGLIB = {
    "case14_ieee": 2178.1,
    "case24_ieee_rts": 63352.0,
    "case30_ieee": 8208.5,
    "case39_epri": 138420.0,
    "case57_ieee": 37589.0,
    "case73_ieee_rts": 189760.0,
    "case89_pegase": 107290.0,
    "case118_ieee": 97214.0,
}
# MINLPLib, powerflow0009 and acopf_case1354pegase_qcqp
PUBLISHED = PGLIB | {"case9": 5296.69, "case1354pegase": 74069.35}


def timed(call: Callable[[], float]) -> tuple[str, str]:
    """Objective and seconds of the second call, as text; the failure in place of the objective."""
    text = ""
    for _ in range(2):
        started = perf_counter()
        try:
            text = f"{call():.2f}"
        except (ToolError, pp.OPFNotConverged) as error:
            text = "did not converge" if "converge" in str(error) else type(error).__name__
    return text, f"{perf_counter() - started:.2f}"


def row(name: str, grid: Grid) -> str:
    """One line of the table."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    ctx = ToolContext(grids=OneGrid(grid), limits=LimitTable(limits=()), clock=Clock(now, now))

    def ac() -> float:
        return optimize_dispatch(ctx, OptimizeDispatchArguments()).optimal_objective

    def dc() -> float:
        return optimize_dispatch(ctx, OptimizeDispatchArguments(model="dc")).optimal_objective

    def own() -> float:
        net = deepcopy(grid.net)
        pp.runopp(net)
        return float(net.res_cost)

    published = f"{PUBLISHED[name]:.2f}" if name in PUBLISHED else "-"
    cells = [name, str(len(grid.net.bus)), published]
    for call in (ac, dc, own):
        cells += timed(call)
    return "".join(cell.rjust(18) for cell in cells)


def main() -> None:
    heads = ("case", "buses", "published", "AC", "s", "DC", "s", "pandapower AC", "s")
    print("".join(head.rjust(18) for head in heads))
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    files = sorted(folder.glob("pglib_opf_*.m*")) if folder else []
    sources = [(file.name.split(".")[0].removeprefix("pglib_opf_"), str(file)) for file in files]
    for name, source in sources or [(name, name) for name in SHIPPED]:
        print(row(name, open_grid(source)), flush=True)


if __name__ == "__main__":
    main()
