"""What the HTTP door stands on: the store, the queue to the worker, and how the worker is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from orchestrator.home import Home, open_home
from orchestrator.service.durable import DurableQueue, open_durable
from orchestrator.service.in_process import InProcessQueue
from orchestrator.service.queue import JobQueue
from orchestrator.service.reading_writer import StoredReadingWriter
from orchestrator.service.readings import ReadingWriter
from orchestrator.service.supervisor import Supervisor
from orchestrator.settings import Settings


@dataclass(frozen=True)
class Condition:
    """Whether the service takes work, and what a person should look at.

    Attributes:
        reasons: Why it does not take work; empty when it does.
        warnings: What keeps it from nothing, but should not stay.
        stranded_runs: Runs of another version of the application, which no worker will take.
        worker_starts: How often the worker was started.
    """

    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    stranded_runs: int = 0
    worker_starts: int = 0


@dataclass(frozen=True)
class Host:
    """Everything that routes may call.

    Attributes:
        settings: Of the data directory.
        home: The store.
        queue: The way to the worker.
        condition: How the service is.
        readings: The one writer of readings.
    """

    settings: Settings
    home: Home
    queue: JobQueue
    condition: Callable[[], Condition]
    readings: ReadingWriter


@contextmanager
def in_process(settings: Settings) -> Iterator[Host]:
    """A host whose jobs run in threads of this process."""

    def make_runner() -> object:
        from orchestrator.runner import Runner  # noqa: PLC0415 - loads the engines when the first job comes

        return Runner(settings)

    home = open_home(settings)
    queue = InProcessQueue(make_runner)  # type: ignore[arg-type]  # typed there without loading the engines
    readings = StoredReadingWriter(home.engine)
    yield Host(settings=settings, home=home, queue=queue, condition=Condition, readings=readings)


@contextmanager
def supervised(settings: Settings) -> Iterator[Host]:
    """A host with a worker process, which is drained at the end.

    Raises:
        ServiceUnavailableError: when durable runs are not possible here.
    """
    home = open_home(settings)
    queue = DurableQueue(open_durable(settings))
    supervisor = Supervisor(settings)
    supervisor.start()
    try:
        yield Host(
            settings=settings,
            home=home,
            queue=queue,
            condition=lambda: _condition(queue, supervisor),
            readings=StoredReadingWriter(home.engine),
        )
    finally:
        supervisor.stop()


def _condition(queue: DurableQueue, supervisor: Supervisor) -> Condition:
    if not supervisor.ready:
        again = "the worker starts again" if supervisor.starts else "the worker is loading its models and engines"
        return Condition(reasons=(again,), worker_starts=supervisor.starts)
    stranded = queue.stranded()
    warning = f"{stranded} runs were begun by another version of this program and wait for it"
    return Condition(warnings=(warning,) if stranded else (), stranded_runs=stranded, worker_starts=supervisor.starts)
