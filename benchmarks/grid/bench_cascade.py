"""Pairs ranked by simulated cascade against plain LODF overload ranking, and the time of a pair.

Run as ``python -m benchmarks.grid.bench_cascade [pairs]``. Ratings of case118 are synthetic: 1.3 times the flow. What
counts as a blackout is told by the AC cascade; the area under the ROC curve is the chance that a blackout pair
is ranked above another. The DC cascade and the plain ranking (highest DC loading after both outages) know nothing of
the AC one.
"""

import sys
from datetime import UTC, datetime
from os import environ
from pathlib import Path
from time import process_time

import numpy as np
import pandapower as pp
import pandapower.networks as nw
from sklearn.metrics import roc_auc_score

from orchestrator.grids import OneGrid
from tools.context import Clock, ToolContext
from tools.grid.cascade import simulate_cascade
from tools.grid.grid import Grid
from tools.grid.importing import open_grid
from tools.grid.schema.cascade import CascadeSimulation, SimulateCascadeArguments
from tools.grid.schema.power_flow import FlowModel
from tools.limits import LimitTable

DEFAULT_PAIRS = 1500
MARGIN = 1.3
# A pair that loses this share of the load is a blackout.
BLACKOUT_PERCENT = 5.0
REALDATA = Path(environ.get("GRIDCREW_REALDATA", Path(__file__).parents[2].parent / "shared" / "data"))


def rated_118() -> Grid:
    """case118 with ratings that its flows keep by a margin; the shipped ones are placeholders."""
    net = nw.case118()
    pp.runpp(net)
    net.line["max_i_ka"] = np.maximum(net.res_line.i_ka * MARGIN, 0.1)
    flow = net.res_trafo
    mva = np.maximum(np.hypot(flow.p_hv_mw, flow.q_hv_mvar), np.hypot(flow.p_lv_mw, flow.q_lv_mvar))
    factor = np.maximum(MARGIN * mva, 30.0) / net.trafo.sn_mva
    for column in ("sn_mva", "vk_percent", "vkr_percent"):
        net.trafo[column] *= factor
    net.trafo["i0_percent"] /= factor
    return Grid(name="case118, synthetic ratings", fingerprint="118", net=net)


def simulated(grid: Grid, model: FlowModel, pairs: int) -> tuple[CascadeSimulation, float]:
    """The same drawn pairs by one model, and CPU ms of a pair."""
    now = datetime.now(UTC)
    context = ToolContext(grids=OneGrid(grid), limits=LimitTable(limits=()), clock=Clock(now, now))
    simulate_cascade(context, SimulateCascadeArguments(order=1, sample=1, model=model))  # the resident model
    arguments = SimulateCascadeArguments(
        order=2, sample=pairs, model=model, limit=pairs, paths=0, blackout_percent=BLACKOUT_PERCENT
    )
    started = process_time()
    result = simulate_cascade(context, arguments)
    return result, (process_time() - started) * 1e3 / result.sets


def compare(grid: Grid, pairs: int) -> None:
    """One line of the table."""
    ac, ac_ms = simulated(grid, FlowModel.AC, pairs)
    dc, dc_ms = simulated(grid, FlowModel.DC, pairs)
    truth = {row.case: row.blackout for row in ac.rows}
    blackout = [truth[row.case] for row in dc.rows]
    place = np.arange(len(dc.rows))  # the tool's own ranking, worst first
    plain = [row.worst_loading_percent or 0.0 for row in dc.rows]
    by_cascade, by_overload = roc_auc_score(blackout, -place), roc_auc_score(blackout, plain)
    print(
        f"{grid.name:28}{ac.sets:7}{sum(blackout):10}{by_overload:12.3f}{by_cascade:12.3f}{ac_ms:12.2f}{dc_ms:12.2f}",
        flush=True,
    )


def main(pairs: int = DEFAULT_PAIRS) -> None:
    """Print the table."""
    print(
        f"{'grid':28}{'pairs':>7}{'blackouts':>10}{'LODF AUC':>12}{'cascade AUC':>12}"
        f"{'AC ms/pair':>12}{'DC ms/pair':>12}"
    )
    compare(rated_118(), pairs)
    real = REALDATA / "networks" / "rts_gmlc" / "pandapower_net.json.gz"
    if real.exists():
        compare(open_grid(str(real)), pairs)
    else:
        print(f"RTS-GMLC left out: not at {REALDATA}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_PAIRS)
