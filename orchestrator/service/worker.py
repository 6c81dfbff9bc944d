"""The worker: the one process that carries out runs and studies, durable through DBOS."""

import os
import signal
import socket
import sys
from datetime import datetime, time
from pathlib import Path
from threading import Event, Thread

from dbos import DBOS, SetWorkflowID
from filelock import FileLock, Timeout
from pydantic import JsonValue

from orchestrator.home import utc_now
from orchestrator.runner import Runner
from orchestrator.service.carrying import carry_out
from orchestrator.service.durable import (
    APPLICATION_VERSION,
    CARRY_OUT,
    POLLING_S,
    configuration,
    open_durable,
)
from orchestrator.service.errors import HomeOwnedError
from orchestrator.service.job import JOB, QueueName
from orchestrator.service.scheduling import Fire, keep_schedules
from orchestrator.service.settled_memory import SettledMemory
from orchestrator.service.timetable import report_job
from orchestrator.settings import Settings, parse_reasoner
from orchestrator.store.schedules import Schedule, Schedules

RECOVERIES = 100
"""A run that has ended its worker as often as this is not tried again."""

DRAIN_S = 20
"""How long a stop waits for runs that are under way; what is not done then is resumed at the next start."""

_PREDECESSOR_S = 30.0
_TICK_S = 5.0
_WORKERS = {QueueName.QUESTIONS: 3, QueueName.CONVERSATIONS: 3, QueueName.REPORTS: 2, QueueName.STUDIES: 2}


def run_worker(settings: Settings) -> None:
    """Work until a signal comes, or until standard input closes because nobody supervises any more.

    Raises:
        HomeOwnedError: when the data directory has another worker that does not end.
    """
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    Thread(target=_watch_supervisor, args=(stop,), daemon=True).start()
    lock = FileLock(worker_lock(settings.home), mode=0o600)
    try:
        lock.acquire(timeout=_PREDECESSOR_S)  # a predecessor whose supervisor was killed notices and ends
    except Timeout as error:
        raise HomeOwnedError(f"The data directory {settings.home} has another worker") from error
    with lock:
        worker_lock(settings.home).write_text(str(os.getpid()), encoding="utf-8")
        _work(settings, stop)


def worker_lock(home: Path) -> Path:
    """The file that the one worker of a data directory locks; it holds the worker's process number."""
    return home / "worker.lock"


def _work(settings: Settings, stop: Event) -> None:
    runner = Runner(settings)
    runner.library.warm()
    fire = _declare(runner, settings)
    DBOS(config=configuration(open_durable(settings), f"{socket.gethostname()}:{settings.home}"))
    DBOS.launch()
    # Scheduled runs begin under the newest version that is known, which after a step back is not ours.
    DBOS.set_latest_application_version(APPLICATION_VERSION)
    _register_queues()
    os.write(sys.stdout.fileno(), b'{"worker": "ready"}\n')
    schedules, memory = Schedules(runner.engine, utc_now), SettledMemory()
    while True:
        memory.settle()
        keep_schedules(schedules.list(), fire, utc_now())
        if stop.wait(_TICK_S):
            break
    DBOS.destroy(workflow_completion_timeout_sec=DRAIN_S)


def _watch_supervisor(stop: Event) -> None:
    """Stop when the supervisor's end of the pipe closes: it was killed, and a worker alone serves nobody."""
    while os.read(sys.stdin.fileno(), 1):
        pass
    stop.set()


def _declare(runner: Runner, settings: Settings) -> Fire:
    """Declare the workflows; the one that a schedule fires is given back.

    One job is one workflow of one step. The step may begin again after a kill: the journal inside it makes sure that
    no recorded call is made twice.
    """

    @DBOS.step(name="carry_out_step")
    def step(job: dict[str, JsonValue]) -> dict[str, JsonValue]:
        return carry_out(runner, JOB.validate_python(job, strict=False)).model_dump(mode="json")

    @DBOS.workflow(name=CARRY_OUT, max_recovery_attempts=RECOVERIES)
    def carry_out_workflow(job: dict[str, JsonValue]) -> dict[str, JsonValue]:
        return step(job)

    @DBOS.workflow(name="scheduled_report", max_recovery_attempts=RECOVERIES)
    def fire(due: datetime, occurrence: dict[str, str]) -> None:
        schedule = Schedule.model_validate_json(occurrence["schedule"])
        at = time.fromisoformat(occurrence["at"])
        job = report_job(schedule, at, due, utc_now(), parse_reasoner(settings.reasoner))
        with SetWorkflowID(job.id):
            DBOS.enqueue_workflow(QueueName.REPORTS, carry_out_workflow, job.model_dump(mode="json"))

    return fire


def _register_queues() -> None:
    for queue, workers in _WORKERS.items():
        DBOS.register_queue(
            queue,
            worker_concurrency=workers,
            partition_concurrency=1 if queue is QueueName.CONVERSATIONS else None,
            polling_interval_sec=POLLING_S,
            on_conflict="always_update",
        )
