"""A running service for benchmarks: ``gridcrew serve`` as a process of its own, spoken to over HTTP."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, perf_counter, sleep

import httpx
import pandapower

from orchestrator.service.ownership import Owner
from tools.grid.importing import open_grid

READY_S = 240.0
ANSWER_S = 600.0
SOLVED = 20


@contextmanager
def running(home: Path) -> Iterator[httpx.Client]:
    """Serve a data directory on a free port until the benchmark is done.

    Raises:
        TimeoutError: when the service does not take work within four minutes.
    """
    environment = os.environ | {"GRIDCREW_HOME": str(home), "OMP_NUM_THREADS": "1"}
    with (home / "serve.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "serve", "--port", "0"],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            with httpx.Client(base_url=_address(home), timeout=ANSWER_S, trust_env=False) as http:
                _until(lambda: http.get("/health/ready").is_success)
                yield http
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def flow_s(grid: str) -> float:
    """The reference: seconds of one bare power flow of a shipped case by pandapower, median."""
    net = open_grid(grid).net
    times = []
    for _ in range(SOLVED):
        started = perf_counter()
        pandapower.runpp(net)
        times.append(perf_counter() - started)
    return statistics.median(times)


def _address(home: Path) -> str:
    lock = home / "owner.lock"
    _until(lambda: lock.exists() and bool(lock.read_text().strip()))
    return Owner.model_validate_json(lock.read_text()).address


def _until(done: Callable[[], bool]) -> None:
    begun = monotonic()
    while not done():
        if monotonic() - begun > READY_S:
            message = "the service does not take work; its log is serve.log in the data directory"
            raise TimeoutError(message)
        sleep(0.1)
