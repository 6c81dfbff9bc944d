"""Pairs ranked by simulated cascade against plain LODF overload ranking, and the time of a pair.

Run as ``python -m benchmarks.grid.bench_cascade [pairs]``. Ratings of case118 are synthetic: 1.3 times the flow. What
counts as a blackout is told by the AC cascade; the area under the ROC curve is the chance that a blackout pair
is ranked above another. The DC cascade and the plain ranking (highest DC loading after both outages) know nothing of
the AC one.

Or as ``python -m benchmarks.grid.bench_cascade --grid FILE --pairs CSV [--others N] [--model ac]``: what counts as a
blackout is a list from elsewhere, against so many other pairs drawn at random; see ``blackout_pairs`` for its format.
"""

from argparse import ArgumentParser
from datetime import UTC, datetime
from os import environ
from pathlib import Path
from time import process_time

import numpy as np
import pandapower as pp
import pandapower.networks as nw
from sklearn.metrics import roc_auc_score

from benchmarks.grid.blackout_pairs import known_pairs, other_pairs
from orchestrator.grids import OneGrid
from tools.context import Clock, ToolContext
from tools.grid.cascade import simulate_cascade
from tools.grid.grid import Grid
from tools.grid.importing import open_grid
from tools.grid.schema.cascade import CascadeSimulation, SimulateCascadeArguments
from tools.grid.schema.power_flow import FlowModel
from tools.limits import LimitTable

DEFAULT_PAIRS = 1500
DEFAULT_OTHERS = 3000
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


def drawn(model: FlowModel, pairs: int) -> SimulateCascadeArguments:
    """The same drawn pairs by one model."""
    return SimulateCascadeArguments(
        order=2, sample=pairs, model=model, limit=pairs, paths=0, blackout_percent=BLACKOUT_PERCENT
    )


def simulated(grid: Grid, arguments: SimulateCascadeArguments) -> tuple[CascadeSimulation, float]:
    """The cascades of every pair, and CPU ms of a pair."""
    now = datetime.now(UTC)
    context = ToolContext(grids=OneGrid(grid), limits=LimitTable(limits=()), clock=Clock(now, now))
    # the resident model is there before the clock starts
    simulate_cascade(context, SimulateCascadeArguments(order=1, sample=1, model=arguments.model))
    started = process_time()
    result = simulate_cascade(context, arguments)
    return result, (process_time() - started) * 1e3 / result.sets


def compare(grid: Grid, pairs: int) -> None:
    """One line of the table."""
    ac, ac_ms = simulated(grid, drawn(FlowModel.AC, pairs))
    dc, dc_ms = simulated(grid, drawn(FlowModel.DC, pairs))
    truth = {row.case: row.blackout for row in ac.rows}
    blackout = [truth[row.case] for row in dc.rows]
    place = np.arange(len(dc.rows))  # the tool's own ranking, worst first
    plain = [row.worst_loading_percent or 0.0 for row in dc.rows]
    by_cascade, by_overload = roc_auc_score(blackout, -place), roc_auc_score(blackout, plain)
    print(
        f"{grid.name:28}{ac.sets:7}{sum(blackout):10}{by_overload:12.3f}{by_cascade:12.3f}{ac_ms:12.2f}{dc_ms:12.2f}",
        flush=True,
    )


def against_list(source: str, pairs: Path, others: int, model: FlowModel) -> None:
    """The areas for a list of pairs known to black the grid out, by the plain ranking and by the tool's."""
    grid = open_grid(source)
    known = known_pairs(grid.net, pairs)
    sets = tuple(known + other_pairs(grid.net, known, others))
    result, ms = simulated(
        grid,
        SimulateCascadeArguments(
            initiating=sets, model=model, limit=len(sets), paths=0, blackout_percent=BLACKOUT_PERCENT
        ),
    )
    rows = {frozenset(map(str, row.initiating)): (place, row) for place, row in enumerate(result.rows)}
    found = [rows[frozenset(pair)] for pair in sets]
    truth = np.arange(len(sets)) < len(known)
    by_cascade = roc_auc_score(truth, [-place for place, _ in found])
    by_overload = roc_auc_score(truth, [row.worst_loading_percent or 0.0 for _, row in found])
    print(f"{grid.name}, {model}: {len(known)} listed pairs, {len(sets) - len(known)} others")
    print(f"AUC of the highest loading after both outages  {by_overload:.3f}")
    print(f"AUC of simulate_cascade's ranking              {by_cascade:.3f}")
    for label, inside in (("listed", truth), ("other", ~truth)):
        lost = sum(row.blackout for (_, row), here in zip(found, inside, strict=True) if here)
        print(f"{label} pairs that lose {BLACKOUT_PERCENT:g} % of the load here  {lost} of {int(inside.sum())}")
    print(f"CPU time of a pair                             {ms:.2f} ms")


def against_cascade(pairs: int) -> None:
    """The table of the grids at hand."""
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


def main() -> None:
    """Read the command line and print what it asks for."""
    parser = ArgumentParser(description="Pairs ranked by cascade against plain overloads.")
    parser.add_argument("drawn", nargs="?", type=int, default=DEFAULT_PAIRS, help="pairs of case118 and RTS-GMLC")
    parser.add_argument("--grid", help="what open_grid takes")
    parser.add_argument("--pairs", type=Path, help="CSV of two columns: pairs that black the grid out")
    parser.add_argument("--others", type=int, default=DEFAULT_OTHERS, help="other pairs, drawn at random")
    parser.add_argument("--model", type=FlowModel, choices=list(FlowModel), default=FlowModel.DC)
    asked = parser.parse_args()
    if bool(asked.grid) != bool(asked.pairs):
        parser.error("--grid and --pairs belong together")
    if asked.grid:
        against_list(asked.grid, asked.pairs, asked.others, asked.model)
    else:
        against_cascade(asked.drawn)


if __name__ == "__main__":
    main()
