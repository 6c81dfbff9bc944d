"""A service of the tests' own: ``gridcrew serve`` as a process, on a free port, over a data directory of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

READY_S = 240.0


class Service:
    """A running service.

    Attributes:
        home: Its data directory.
        http: Speaks with it.
    """

    def __init__(self, home: Path, address: str) -> None:
        self.home = home
        self.http = httpx.Client(base_url=address, timeout=300.0, trust_env=False)

    def worker(self) -> int | None:
        """Process number of the newest worker; None while none has begun."""
        text = (self.home / "worker.lock").read_text().strip()
        return int(text) if text else None

    def kill_worker(self) -> int:
        """kill -9, so that the worker gets no chance to say goodbye; gives the number that it had."""
        killed = self.worker()
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        return killed

    def wait_successor(self, killed: int) -> None:
        """Until another worker takes work."""
        until = time.monotonic() + READY_S
        while self.worker() in {killed, None}:
            assert time.monotonic() < until
            time.sleep(0.05)
        self.wait_ready()

    def wait_ready(self) -> None:
        """Until the worker takes work."""
        until = time.monotonic() + READY_S
        while time.monotonic() < until:
            if self.http.get("/health/ready").is_success:
                return
            time.sleep(0.1)
        raise AssertionError(self.http.get("/health/ready").text)


@contextmanager
def serving(home: Path) -> Iterator[Service]:
    """Start a service and stop it at the end, whatever happens."""
    environment = os.environ | {"GRIDCREW_HOME": str(home), "OMP_NUM_THREADS": "1"}
    with (home / "serve.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "serve", "--port", "0"],
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            service = Service(home, _address(home, process))
            with service.http:
                service.wait_ready()
                yield service
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                raise


def _address(home: Path, process: subprocess.Popen) -> str:
    from orchestrator.service.ownership import Owner  # noqa: PLC0415 - importing the helper loads nothing

    lock, until = home / "owner.lock", time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, (home / "serve.log").read_text()
        text = lock.read_text() if lock.exists() else ""
        if text.strip():
            return Owner.model_validate_json(text).address
        time.sleep(0.05)
    raise AssertionError((home / "serve.log").read_text())
