"""How time and memory grow with the grid, from 14 to 9,241 buses.

Run as ``python -m benchmarks.grid.bench_growth [case...]``: prints a Markdown table and, of each column, the exponent
of its growth with the number of buses (least squares of the logarithms). Each case has a process of its own, so that
its memory is its own; calls are the whole tool calls of an agent, warm, on one thread, median.

A warm power flow is that of a new hypothesis, so that nothing solved is found again. Beyond ``MOST_OUTAGES`` outages
the screening is of so many, drawn at random; its time is then that of an outage.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

import numpy as np
import pandapower.networks as nw

from knowledge.limits import standard_limits
from orchestrator.grids import OneGrid
from tools.context import Clock, ToolContext
from tools.grid.contingencies import screen_contingencies
from tools.grid.grid import Grid
from tools.grid.power_flow import solve_power_flow
from tools.grid.schema.actions import ShedLoad
from tools.grid.schema.contingencies import ScreenContingenciesArguments
from tools.grid.schema.power_flow import SolvePowerFlowArguments

CASES = (
    "case14", "case30", "case57", "case118", "case300",
    "case1354pegase", "case2869pegase", "case6470rte", "case9241pegase",
)  # fmt: skip
MOST_OUTAGES, REPEATS, SEED = 5000, 5, 1
COLUMNS = ("flow_ms", "outage_ms", "peak_mib")


def measure(case: str) -> dict[str, float | str]:
    """One case, in this process."""
    net = getattr(nw, case)()
    now = datetime.now(UTC)
    context = ToolContext(
        grids=OneGrid(Grid(name=case, fingerprint=case, net=net)), limits=standard_limits(), clock=Clock(now, now)
    )
    load = int(net.load.index[net.load.p_mw > 1.0][0])
    flows = []
    for turn in range(REPEATS + 1):
        shed = ShedLoad(element=f"load:{load}", p_mw=0.1 + 0.1 * turn)
        started = perf_counter()
        solve_power_flow(context, SolvePowerFlowArguments(actions=(shed,)))
        flows.append((perf_counter() - started) * 1e3)
    every = [f"{kind}:{i}" for kind in ("line", "trafo") for i in net[kind].index[net[kind].in_service]]
    chosen = every
    if len(every) > MOST_OUTAGES:
        chosen = np.random.default_rng(SEED).choice(every, MOST_OUTAGES, replace=False).tolist()
    asked = ScreenContingenciesArguments(elements=tuple(chosen) if chosen is not every else ())
    screenings = []
    # the first call also makes the model; the largest take minutes, and one warm call tells as much
    for _ in range(2 if len(every) > MOST_OUTAGES else 3):
        started = perf_counter()
        screen_contingencies(context, asked)
        screenings.append((perf_counter() - started) * 1e3)
    return {
        "case": case,
        "buses": len(net.bus),
        "outages": len(every),
        "screened": len(chosen),
        "flow_ms": median(flows[1:]),
        "screening_ms": median(screenings[1:]),
        "outage_ms": median(screenings[1:]) / len(chosen),
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def in_its_own_process(case: str) -> dict[str, float | str]:
    """One case, by a new process on one thread."""
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "benchmarks.grid.bench_growth", "--only", case]
    printed = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    found: dict[str, float | str] = json.loads(printed.splitlines()[-1])
    return found


def exponents(rows: list[dict[str, float | str]]) -> dict[str, float]:
    """Of each column the power of the number of buses that fits best."""
    buses = np.log([float(row["buses"]) for row in rows])
    return {column: float(np.polyfit(buses, np.log([float(row[column]) for row in rows]), 1)[0]) for column in COLUMNS}


def main(cases: tuple[str, ...]) -> None:
    """Print the table, a row as soon as it is measured."""
    print("| case | buses | outages | power flow | all single outages | of one outage | peak memory |")
    print("|---|---|---|---|---|---|---|", flush=True)
    rows = []
    for case in cases:
        row = in_its_own_process(case)
        rows.append(row)
        sampled = "" if row["screened"] == row["outages"] else f" (sample of {row['screened']:,})"
        print(
            f"| {case} | {row['buses']:,} | {row['outages']:,} | {row['flow_ms']:.0f} ms "
            f"| {float(row['screening_ms']) / 1e3:.3g} s{sampled} | {row['outage_ms']:.3g} ms "
            f"| {row['peak_mib']:.0f} MiB |",
            flush=True,
        )
    if len(rows) > 1:
        growth = exponents(rows)
        print(
            f"| exponent | | | {growth['flow_ms']:.2f} | | {growth['outage_ms']:.2f} | {growth['peak_mib']:.2f} |",
            flush=True,
        )


if __name__ == "__main__":
    words = sys.argv[1:]
    if words[:1] == ["--only"]:
        print(json.dumps(measure(words[1])))
    else:
        main(tuple(words) or CASES)
