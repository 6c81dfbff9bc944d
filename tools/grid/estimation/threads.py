"""One thread for the linear algebra of small matrices: several only wait for each other where cores are busy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock
from typing import Any

from threadpoolctl import ThreadpoolController

_LOCK = Lock()
_HELD: list[Any] = []
_DEPTH = [0]


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    """The libraries that are loaded; looking for them takes some milliseconds."""
    return ThreadpoolController()


@contextmanager
def one_thread() -> Iterator[None]:
    """Hold the linear algebra at one thread; what was set before is back when the last one leaves."""
    with _LOCK:
        if _DEPTH[0] == 0:
            _HELD.append(_controller().limit(limits=1, user_api="blas"))
        _DEPTH[0] += 1
    try:
        yield
    finally:
        with _LOCK:
            _DEPTH[0] -= 1
            if _DEPTH[0] == 0:
                _HELD.pop().restore_original_limits()
