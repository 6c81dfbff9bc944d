"""How a running service answers a hundred questions that come at once, over HTTP: throughput, p50 and p95.

It has no budget of the design. The reference is one bare power flow of the same grid by pandapower.
"""

from __future__ import annotations

import statistics
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter

import httpx

from benchmarks.bench_ask import GRID, QUESTIONS
from benchmarks.running import flow_s, running

AT_ONCE = 100


def main() -> bool:
    """Print the table; True when every question was answered."""
    with tempfile.TemporaryDirectory() as folder:
        before = flow_s(GRID)
        with running(Path(folder)) as http:
            for text in QUESTIONS:
                _seconds(http, text)
            asked = [QUESTIONS[number % len(QUESTIONS)] for number in range(AT_ONCE)]
            started = perf_counter()
            with ThreadPoolExecutor(AT_ONCE) as crowd:
                times = list(crowd.map(lambda text: _seconds(http, text), asked))
            whole = perf_counter() - started
        reference = statistics.median([before, flow_s(GRID)])
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(f"{AT_ONCE} questions at once on {GRID}: {AT_ONCE / whole:.1f} a second, p50 {p50:.2f} s, p95 {p95:.2f} s")
    print(
        f"a question in the crowd: {whole / AT_ONCE / reference:.1f} bare power flows ({reference * 1e3:.1f} ms each)"
    )
    return True


def _seconds(http: httpx.Client, text: str) -> float:
    started = perf_counter()
    response = http.post("/api/v1/questions", json={"text": text, "grid": GRID}, params={"timeout_s": 600})
    response.raise_for_status()
    return perf_counter() - started


if __name__ == "__main__":
    raise SystemExit(0 if main() else 1)
