"""Remedies for random stressed states, judged by plain pandapower and by a security-constrained optimum.

Run as ``python -m benchmarks.grid.bench_remedies DATA [states] [seed] [case]``; DATA holds ``networks/``. The states
are those of all four cases together; where a case is named only its quarter is run. Exits with 1 where a verified
remedy is not one by rule 4, fewer than half of the states get one, or fewer than 95 % of those for which one is known
to exist. One exists where the loop confirms a verified remedy, or a dispatch of the security-constrained AC optimum
(``benchmarks.grid.optimum``). So existence is shown, never absence.
"""

from __future__ import annotations

import sys
import warnings
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from time import process_time
from typing import TYPE_CHECKING
from uuid import uuid4

import numpy as np
import pandapower as pp

from benchmarks.grid.optimum import secure_dispatch
from benchmarks.grid.plain_rule4 import why_not
from benchmarks.grid.stressed import CASES, prepared, stressed
from orchestrator.grids import OneGrid
from tools.context import Clock, ToolContext
from tools.grid.grid import Grid
from tools.grid.remedies.find import find_remedies
from tools.grid.schema.remedies import FindRemediesArguments
from tools.limits import LimitTable
from tools.vocabulary import ActionVerdict

if TYPE_CHECKING:
    from pandapower import pandapowerNet

    from tools.grid.schema.actions import Action

STATES, SEED = 200, 20260115
LEAST_HELPED, LEAST_OF_EXISTING = 0.5, 0.95


@dataclass(frozen=True)
class Outcome:
    """What came of one state.

    Attributes:
        case: The grid.
        helped: Whether a remedy is called verified.
        shed: Whether the best of them sheds load.
        false: Why the loop refuses it; empty where it does not.
        exists: Whether a remedy is known to exist.
        cpu_s: Processor time of the search.
    """

    case: str
    helped: bool
    shed: bool
    false: str
    exists: bool
    cpu_s: float


def judge(case: str, net: pandapowerNet, state: pandapowerNet, outages: tuple[str, ...]) -> Outcome:
    """Search one state, and hold what is called verified against the loop."""
    now = datetime.now(UTC)
    grid = Grid(name=case, fingerprint=uuid4().hex * 2, net=net)
    context = ToolContext(grids=OneGrid(grid), limits=LimitTable(limits=()), clock=Clock(now, now))
    started = process_time()
    found = find_remedies(context, FindRemediesArguments(outages=outages))
    cpu_s = process_time() - started
    verified = [one for one in found.remedies if one.verdict is ActionVerdict.VERIFIED]
    wrong = [reason for one in verified[:1] if (reason := why_not(net, state, one.actions))]
    exists = bool(verified and not wrong)
    if not exists:
        exists = any(_holds(net, state, secure_dispatch(state, shedding=shedding)) for shedding in (False, True))
    return Outcome(
        case,
        bool(verified),
        bool(verified and verified[0].shed_p_mw),
        wrong[0] if wrong else "",
        exists,
        cpu_s,
    )


def _holds(net: pandapowerNet, state: pandapowerNet, actions: tuple[Action, ...]) -> bool:
    return bool(actions) and not why_not(net, state, actions)


def main(data: Path, states: int = STATES, seed: int = SEED, only: str = "") -> bool:
    """Print the table; True when all promises hold."""
    outcomes: list[Outcome] = []
    cases = [only] if only else CASES
    for number, case in enumerate(CASES):
        if case not in cases:
            continue
        whole, rng = prepared(case, data), np.random.default_rng(seed + number)
        while sum(one.case == case for one in outcomes) < states // len(CASES):
            net, state, outages = stressed(whole, rng)
            try:
                if not why_not(net, state, ()):
                    continue
                pp.runpp(deepcopy(state), lightsim2grid=False)
            except pp.LoadflowNotConverged:
                continue
            outcomes.append(judge(case, net, state, outages))
            print(outcomes[-1], flush=True)
    print(f"{'case':10}{'states':>8}{'verified':>10}{'no shed':>9}{'false':>7}{'exists':>8}{'cpu s':>10}")
    for case in (*cases, "all"):
        mine = [one for one in outcomes if case in {one.case, "all"}]
        print(
            f"{case:10}{len(mine):8}{sum(one.helped for one in mine):10}"
            f"{sum(one.helped and not one.shed for one in mine):9}{sum(bool(one.false) for one in mine):7}"
            f"{sum(one.exists for one in mine):8}{median(one.cpu_s for one in mine):10.2f}"
        )
    helped, exists = sum(one.helped for one in outcomes), sum(one.exists for one in outcomes)
    sound = not any(one.false for one in outcomes)
    return sound and helped >= LEAST_HELPED * len(outcomes) and helped >= LEAST_OF_EXISTING * exists


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    numbers = [int(text) for text in sys.argv[2:4]]
    sys.exit(0 if main(Path(sys.argv[1]), *numbers, only="".join(sys.argv[4:5])) else 1)
