"""The nursery: loads engines and models once, and forks a worker from itself whenever there is none.

Loading takes many seconds of a processor; a fork takes none of them, so that a worker that was killed is back within
about a second. The nursery stays single-minded: it opens no store, runs no crew and starts no thread, because what
a thread holds would be held for ever in the fork.
"""

import json
import os
import select
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

import matplotlib.backends.backend_svg
import matplotlib.figure  # noqa: F401 - loaded for the workers

from knowledge.embedding import load_embedder
from knowledge.limits import standard_limits
from orchestrator.calls import call_tool
from orchestrator.catalogue import find_tool
from orchestrator.grids import OneGrid
from orchestrator.service.worker import DRAIN_S, run_worker
from orchestrator.settings import Settings
from tools.context import Clock, ToolContext
from tools.grid.importing import open_grid

FIRST_PAUSE_S = 0.1
LONGEST_PAUSE_S = 10.0
STEADY_S = 20.0
"""A worker that has lived this long has its pauses start anew."""

_LOOK_S = 0.05
_FORCE_S = DRAIN_S + 5


@dataclass
class _Child:
    pid: int
    started: float


def run_nursery(settings: Settings) -> None:
    """Keep a worker until a signal comes, or standard input closes because the supervisor is gone."""
    stopping: list[bool] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.append(True))
    preload()
    tell("loaded")
    pause, due, child = FIRST_PAUSE_S, 0.0, None
    while not stopping and not _supervisor_gone():
        if child is None and monotonic() >= due:
            child = _fork(lambda: run_worker(settings))
        elif child is not None and _ended(child.pid):
            tell("gone")
            pause = FIRST_PAUSE_S if monotonic() - child.started > STEADY_S else min(2 * pause, LONGEST_PAUSE_S)
            child, due = None, monotonic() + pause
    if child is not None:
        _stop(child.pid)


def preload() -> None:
    """Import and compile what the first question would else wait for; nothing of it opens a file of the home."""
    load_embedder().embed(["voltage"])
    now = datetime.now(UTC)
    context = ToolContext(
        grids=OneGrid(open_grid("case9")), limits=standard_limits(), clock=Clock(as_of=now, known_until=now), seed=0
    )
    for tool in ("check_limits", "screen_contingencies"):
        call_tool(find_tool(tool), context, {}, evidence_id="", agent="")


def tell(state: str) -> None:
    """Tell the supervisor, in one write, so that lines of two processes do not mix."""
    os.write(sys.stdout.fileno(), f"{json.dumps({'worker': state})}\n".encode())


def _supervisor_gone() -> bool:
    readable, _, _ = select.select([sys.stdin.fileno()], [], [], _LOOK_S)
    return bool(readable) and not os.read(sys.stdin.fileno(), 1)


def _fork(work: Callable[[], None]) -> _Child:
    """A worker with this process's memory; a pipe tells it when this process is gone."""
    theirs, ours = os.pipe()
    pid = os.fork()
    if pid:
        os.close(theirs)
        os.set_inheritable(ours, False)
        return _Child(pid, monotonic())
    os.close(ours)
    os.dup2(theirs, sys.stdin.fileno())
    code = 1
    try:
        work()
        code = 0
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # the nursery's own clean-up is not the worker's


def _ended(pid: int) -> bool:
    found, _ = os.waitpid(pid, os.WNOHANG)
    return found == pid


def _stop(pid: int) -> None:
    os.kill(pid, signal.SIGTERM)
    until = monotonic() + _FORCE_S
    while not _ended(pid):
        if monotonic() > until:
            os.kill(pid, signal.SIGKILL)
        select.select([], [], [], _LOOK_S)
