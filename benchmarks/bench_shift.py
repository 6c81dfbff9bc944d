"""How long a shift report of the demo day takes in a running service, over HTTP.

Budget (design, section 9): at most 5 s, median, warm. No report repeats another: each is about a moment fifteen
minutes after the one before, so that the whole span, its states and its forecasts are new. The reference is one bare
power flow of the grid that the day is about, by pandapower, before and after the reports.
"""

from __future__ import annotations

import statistics
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

import httpx

from benchmarks.running import flow_s, running
from orchestrator.demoday.day import make_day
from orchestrator.demoday.storing import GRID, store_day
from orchestrator.home import open_home
from orchestrator.settings import Settings

SEED = 7
WARMING, REPORTS = 2, 8
STEP = timedelta(minutes=15)
REFERENCE = "case39"
BUDGET_S = 5.0


def main() -> bool:
    """Print the table; True when the budget holds."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        store_day(make_day(SEED), open_home(Settings(_env_file=None, home=home)))
        before = flow_s(REFERENCE)
        with running(home) as http:
            newest = _as_of(_write(http, None))
            moments = [newest - STEP * number for number in reversed(range(WARMING + REPORTS))]
            times = [_seconds(http, moment) for moment in moments][WARMING:]
        reference = statistics.median([before, flow_s(REFERENCE)])
    p50, most = statistics.median(times), max(times)
    print(f"shift report, {REPORTS} moments: p50 {p50:.2f} s, min {min(times):.2f} s, max {most:.2f} s")
    print(f"as bare power flows of {REFERENCE} ({reference * 1e3:.1f} ms each): p50 {p50 / reference:.0f}")
    print(f"budget of p50: {BUDGET_S:.0f} s")
    return p50 <= BUDGET_S


def _seconds(http: httpx.Client, at: datetime) -> float:
    started = perf_counter()
    _write(http, at)
    return perf_counter() - started


def _write(http: httpx.Client, at: datetime | None) -> httpx.Response:
    asked = {"grid": GRID} | ({} if at is None else {"at": at.isoformat()})
    response = http.post("/api/v1/reports", json=asked, params={"timeout_s": 600})
    response.raise_for_status()
    return response


def _as_of(response: httpx.Response) -> datetime:
    return datetime.fromisoformat(response.json()["as_of"])


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
