"""Where the parts of a large study run: one after the other here, in processes here, or on a Dask cluster.

A study cuts itself into the same parts whatever the backend, and each part is computed from what it is given and from
nothing else: so the results are the same to the last bit. Parts come back in their order, reduced to figures, while
later ones are still under way; what waits is bounded by the number of workers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

R = TypeVar("R")


class StudyBackend(StrEnum):
    """Who computes the parts."""

    SEQUENTIAL = "sequential"
    PROCESSES = "processes"
    DASK = "dask"


@dataclass(frozen=True)
class Spreading:
    """How large studies are spread.

    Attributes:
        backend: Who computes the parts.
        workers: Processes on this machine; a cluster has its own number.
        scheduler: Address of the Dask scheduler, as tcp://host:port.
    """

    backend: StudyBackend = StudyBackend.SEQUENTIAL
    workers: int = 2
    scheduler: str = ""

    def each(self, function: Callable[..., R], parts: Sequence[tuple[object, ...]]) -> Iterator[R]:
        """The function of every part, in their order.

        Args:
            function: Of a module, so that a worker can import it.
            parts: Positional arguments of each call.

        Raises:
            OSError: when the scheduler of the cluster is not there.
        """
        if self.backend is StudyBackend.SEQUENTIAL or len(parts) < 2:  # noqa: PLR2004 - one part is nothing to spread
            for part in parts:
                yield function(*part)
            return
        from joblib import Parallel, delayed  # noqa: PLC0415 - few studies are so large

        with self._workers():
            # arrays go by value: a file for each large one would outlive a killed worker
            parallel = Parallel(return_as="generator", max_nbytes=None, pre_dispatch="2 * n_jobs", batch_size=1)
            yield from parallel(delayed(function)(*part) for part in parts)

    @contextmanager
    def _workers(self) -> Iterator[None]:
        from joblib import parallel_config  # noqa: PLC0415

        if self.backend is StudyBackend.PROCESSES:
            # one thread each, or the workers' linear algebra fights over the cores
            with parallel_config(backend="loky", n_jobs=self.workers, inner_max_num_threads=1):
                yield
            return
        from distributed import Client  # noqa: PLC0415 - an extra that few installations have

        with Client(self.scheduler, set_as_default=False) as client, parallel_config(backend="dask", client=client):
            yield


HERE = Spreading()
"""Everything in this process, one part after the other."""
