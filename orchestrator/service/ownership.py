"""Who owns a data directory: one process under a lock whose file names its address and its number."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import Field, ValidationError

from orchestrator.service.errors import HomeOwnedError
from tools.result import Result

_TAKE_S = 2.0
"""Long enough for a command that only looks whether the lock is held."""


class Owner(Result):
    """The process that owns a data directory."""

    address: str = Field(description="Where it answers, http://127.0.0.1:PORT")
    pid: int


def lock_file(home: Path) -> Path:
    """The file that is locked; it stays when the owner ends."""
    return home / "owner.lock"


@contextmanager
def owning(home: Path, address: str) -> Iterator[Owner]:
    """Own a data directory; the lock ends with the process, however it ends.

    Raises:
        HomeOwnedError: when another process owns it.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = FileLock(lock_file(home), mode=0o600)
    try:
        lock.acquire(timeout=_TAKE_S)
    except Timeout as error:
        raise HomeOwnedError(f"The data directory {home} is owned by {_named(home)}: one service serves it") from error
    owner = Owner(address=address, pid=os.getpid())
    try:
        lock_file(home).write_text(owner.model_dump_json(), encoding="utf-8")
        yield owner
    finally:
        lock_file(home).write_text("", encoding="utf-8")
        lock.release()


def find_owner(home: Path) -> Owner | None:
    """The process that owns a data directory; None when nobody does.

    Raises:
        HomeOwnedError: when somebody does and has not said where it answers.
    """
    if not lock_file(home).exists() or not _held(home):
        return None
    owner = _read(home)
    if owner is None:
        raise HomeOwnedError(f"The data directory {home} is owned by a service that is just starting: try again")
    return owner


def _held(home: Path) -> bool:
    if not lock_file(home).read_text(encoding="utf-8").strip():
        return False  # an owner that is only just starting is no owner yet; commands need not touch its lock
    try:
        FileLock(lock_file(home), mode=0o600).acquire(timeout=0).lock.release()
    except Timeout:
        return True
    return False


def _read(home: Path) -> Owner | None:
    try:
        return Owner.model_validate_json(lock_file(home).read_text(encoding="utf-8"))
    except (ValidationError, OSError):
        return None


def _named(home: Path) -> str:
    owner = _read(home)
    return "another process" if owner is None else f"process {owner.pid} at {owner.address}"
