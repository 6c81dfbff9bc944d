"""The supervisor: keeps the nursery of the worker alive, and stops both in good order."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from threading import Event, Thread
from time import monotonic

from orchestrator.settings import Settings

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
STEADY_S = 30.0
"""One that has lived this long has its pauses start anew."""

STOP_S = 40.0


def worker_command() -> Sequence[str]:
    """How this program starts its worker."""
    return (sys.executable, "-m", "cli.main", "worker")


class Supervisor:
    """Starts the nursery, starts it again when it dies, with growing pauses."""

    def __init__(self, settings: Settings, command: Sequence[str] = ()) -> None:
        self._command = tuple(command) or tuple(worker_command())
        self._environment = os.environ | {"GRIDCREW_HOME": str(settings.home), "OMP_NUM_THREADS": "1"}
        self._stop = Event()
        self._ready = Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = Thread(target=self._keep, name="supervisor", daemon=True)
        self.starts = 0  # of workers

    @property
    def ready(self) -> bool:
        """Whether a worker has loaded everything and takes jobs."""
        return self._ready.is_set()

    def start(self) -> None:
        """Start to keep the worker alive."""
        self._thread.start()

    def stop(self) -> None:
        """Let the worker drain and end; it is killed when that takes too long, which loses nothing."""
        self._stop.set()
        process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
        self._thread.join(STOP_S)

    def _keep(self) -> None:
        pause = FIRST_PAUSE_S
        while not self._stop.is_set():
            started = monotonic()
            self._run_once()
            pause = FIRST_PAUSE_S if monotonic() - started > STEADY_S else min(2 * pause, LONGEST_PAUSE_S)
            self._stop.wait(pause)

    def _run_once(self) -> None:
        """One life of a nursery; its standard output says how its worker is, its standard input when we are gone."""
        # The command is our own interpreter and module.
        with subprocess.Popen(  # noqa: S603
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=self._environment
        ) as process:
            self._process = process
            if self._stop.is_set():  # stopped between the look before and the start
                process.terminate()
            for line in process.stdout or ():
                self._hear(line)
            process.wait()
        self._ready.clear()

    def _hear(self, line: bytes) -> None:
        """What the nursery and its worker tell: loaded, ready, gone."""
        state = json.loads(line).get("worker")
        if state == "ready":
            self.starts += 1
            self._ready.set()
        elif state == "gone":
            self._ready.clear()
