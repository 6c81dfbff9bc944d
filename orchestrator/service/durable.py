"""The durable queue: DBOS over a database of its own beside the store, or a schema of its own in PostgreSQL."""

import logging
import os
import sqlite3
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from dbos import DBOSClient, DBOSPortableJSONSerializer, EnqueueOptions
from sqlalchemy import Engine, create_engine, event, inspect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from orchestrator.service.errors import ServiceUnavailableError, WorkerFailedError
from orchestrator.service.job import Failure, Job, Outcome, QueueName
from orchestrator.settings import Settings
from orchestrator.store.engine import BUSY_TIMEOUT_MS, open_engine, sqlite_url

if TYPE_CHECKING:
    from dbos import DBOSConfig

APPLICATION = "gridcrew"
APPLICATION_VERSION = "1"
"""Runs of another version are never picked up: change it only with the order of a workflow's steps, and drain first."""

SCHEMA = "gridcrew_dbos"
CARRY_OUT = "carry_out"
"""Name of the one workflow that carries out jobs."""

POLLING_S = 0.1
LONGEST_QUEUE = 1000
SERIALIZER = DBOSPortableJSONSerializer()
_OPEN = ("ENQUEUED", "DELAYED", "PENDING")
_ENDED = ("SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")
_SQLITE_FROM = (3, 42)
_PYTHON_BELOW = (3, 12)


def clock_problem() -> str | None:
    """Why durable runs cannot keep time here: SQLite before 3.42 has no sub-second clock from Python 3.12 on."""
    if sys.version_info < _PYTHON_BELOW or sqlite3.sqlite_version_info >= _SQLITE_FROM:
        return None
    return (
        f"Durable runs need Python 3.11, or SQLite 3.42 or later: this is Python {sys.version.split()[0]} with SQLite "
        f"{sqlite3.sqlite_version}, whose clock has no fractions of a second. Use Python 3.11, a newer SQLite, or "
        "PostgreSQL (GRIDCREW_DATABASE_URL)"
    )


def open_durable(settings: Settings) -> Engine:
    """The engine of the durable queue.

    Raises:
        ServiceUnavailableError: on a combination of Python and SQLite that cannot keep time.
    """
    if settings.database_url is not None and not settings.database_url.startswith("sqlite"):
        return open_engine(settings.database_url)
    problem = clock_problem()
    if problem is not None:
        raise ServiceUnavailableError(problem)
    return _open_sqlite(settings.home / "dbos.sqlite")


def _open_sqlite(file: Path) -> Engine:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    engine = create_engine(sqlite_url(file), hide_parameters=True)
    event.listen(engine, "connect", _set_up_connection)
    return engine


def _set_up_connection(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    # DBOS begins its transactions through the driver; IMMEDIATE, so that two writers wait instead of failing.
    connection.isolation_level = "IMMEDIATE"
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def configuration(engine: Engine, executor: str) -> "DBOSConfig":
    """The worker's configuration of DBOS."""
    return {
        "name": APPLICATION,
        "application_version": APPLICATION_VERSION,
        "executor_id": executor,
        "system_database_engine": engine,
        "dbos_system_schema": SCHEMA,
        "serializer": SERIALIZER,
        "use_listen_notify": False,
        "scheduler_polling_interval_sec": 1.0,
        "log_level": "WARNING",
    }


class DurableQueue:
    """A ``JobQueue`` whose jobs outlive both processes; the worker makes its tables."""

    def __init__(self, engine: Engine) -> None:
        logging.getLogger("dbos").setLevel(logging.WARNING)
        self._engine = engine
        self._made: DBOSClient | None = None
        self._lock = Lock()
        self._open: set[str] = set()

    def put(self, job: Job) -> None:
        """Store the job; the worker finds it within its polling interval.

        Raises:
            ServiceUnavailableError: when the worker has not made the queue yet, or too many jobs wait.
        """
        client = self._client()
        if len(self._open) >= LONGEST_QUEUE:
            self.outcomes(())  # those that nobody waits for may have ended meanwhile
        with self._lock:
            if len(self._open) >= LONGEST_QUEUE:
                message = f"{len(self._open)} jobs wait, more are not taken: try again later"
                raise ServiceUnavailableError(message)
            self._open.add(job.id)
        client.enqueue(_options(job), job.model_dump(mode="json"))

    def outcomes(self, identifiers: Collection[str]) -> Mapping[str, Outcome]:
        """Of those that have ended; one question to the database for all of them, and for all that are open."""
        with self._lock:
            wanted = self._open | set(identifiers)
        if not wanted:
            return {}
        ended = self._client().list_workflows(workflow_ids=sorted(wanted), status=list(_ENDED), load_input=False)
        found = {item.workflow_id: _outcome(item.output, item.error, item.status) for item in ended}
        with self._lock:
            self._open -= found.keys()
        return {name: found[name] for name in identifiers if name in found}

    def knows(self, identifier: str) -> bool:
        """Whether it waits or is under way."""
        found = self._client().list_workflows(workflow_ids=[identifier], load_input=False, load_output=False)
        return any(item.status in _OPEN for item in found)

    def forget(self, identifier: str) -> None:
        """Delete the job."""
        self._client().delete_workflow(identifier)

    def stranded(self) -> int:
        """Jobs that no worker of this version will ever take, because another version began them."""
        found = self._client().list_workflows(status=list(_OPEN), load_input=False, load_output=False)
        return sum(item.app_version not in {APPLICATION_VERSION, None} for item in found)

    def _client(self) -> DBOSClient:
        with self._lock:
            if self._made is None:
                schema = None if self._engine.dialect.name == "sqlite" else SCHEMA
                if not inspect(self._engine).has_table("queues", schema=schema):
                    message = "The worker is not ready yet: try again in a few seconds"
                    raise ServiceUnavailableError(message)
                self._made = DBOSClient(
                    system_database_engine=self._engine,
                    dbos_system_schema=SCHEMA,
                    serializer=SERIALIZER,
                    application_name=APPLICATION,
                )
                waiting = self._made.list_workflows(status=list(_OPEN), load_input=False, load_output=False)
                self._open = {item.workflow_id for item in waiting}
            return self._made


def _options(job: Job) -> EnqueueOptions:
    options = EnqueueOptions(
        workflow_name=CARRY_OUT, queue_name=job.queue, workflow_id=job.id, app_version=APPLICATION_VERSION
    )
    if job.do == "run" and job.queue is QueueName.CONVERSATIONS:
        options["queue_partition_key"] = job.question.conversation or ""
    return options


def _outcome(output: object, error: Exception | None, status: str) -> Outcome:
    if isinstance(output, dict):
        return Outcome.model_validate(output)
    reason = str(error) if error is not None else f"it ended as {status.lower().replace('_', ' ')}"
    kind = getattr(error, "name", "") or type(error).__name__
    detail = f"{kind}: {reason}" if error is not None else reason
    return Outcome(failure=Failure(kind=WorkerFailedError.__name__, detail=f"The run failed in the worker. {detail}"))
