"""Reconfiguration of case33bw: the whole tool call with its proof, against bare power flows in the same run.

Run as ``python -m benchmarks.grid.bench_feeder [repeats]``; exits with 1 when the budget of the design is missed. A
proof by power flows alone would take one for each radial configuration; one branch exchange by power flows takes 447.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median
from time import perf_counter, process_time

import pandapower.networks as nw
from pandapower import runpp

from knowledge.limits import standard_limits
from orchestrator.grids import OneGrid
from tools.context import Clock, ToolContext
from tools.grid.grid import Grid
from tools.grid.reconfiguration import reconfigure_feeder
from tools.grid.schema.reconfiguration import FeederReconfiguration, ReconfigureFeederArguments

BUDGET_S = 2.0
BEFORE_KW, AFTER_KW, HALF_DIGIT_KW = 202.677, 139.551, 5e-4
DEFAULT_REPEATS = 5


def whole_call() -> Callable[[], FeederReconfiguration]:
    """The tool as an agent calls it: search, proof, agent, steps, verdict; solutions are kept, the search is not."""
    now = datetime.now(UTC)
    grid = Grid(name="case33bw", fingerprint="case33bw", net=nw.case33bw())
    context = ToolContext(grids=OneGrid(grid), limits=standard_limits(), clock=Clock(now, now))
    return lambda: reconfigure_feeder(context, ReconfigureFeederArguments())


def main(repeats: int = DEFAULT_REPEATS) -> bool:
    """Print the table; True when the published figures are proven within the budget."""
    net, call_tool = nw.case33bw(), whole_call()
    started = perf_counter()
    found = call_tool()
    first, calls, processor, flows = perf_counter() - started, [], [], []
    for _ in range(repeats):
        started, used = perf_counter(), process_time()
        found = call_tool()
        calls.append(perf_counter() - started)
        processor.append(process_time() - used)
        started = perf_counter()
        runpp(net)
        flows.append(perf_counter() - started)
    call, flow = median(calls), median(flows)
    right = (
        found.proven
        and abs((found.before.loss_p_kw or 0) - BEFORE_KW) <= HALF_DIGIT_KW
        and abs((found.after.loss_p_kw or 0) - AFTER_KW) <= HALF_DIGIT_KW
    )
    kept = right and call <= BUDGET_S
    print(f"{'first s':>10}{'call s':>10}{'cpu s':>10}{'runpp ms':>10}{'ratio':>8}{'configurations':>16}  budget")
    print(
        f"{first:10.2f}{call:10.2f}{median(processor):10.2f}{flow * 1e3:10.1f}{call / flow:8.0f}"
        f"{found.configurations or 0:16}  {BUDGET_S:g} s, proven: {'kept' if kept else 'MISSED'}"
    )
    return kept


if __name__ == "__main__":
    sys.exit(0 if main(int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_REPEATS) else 1)
