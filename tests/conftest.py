"""What every test gets: no network beyond loopback, no cloud, real data and services or a stated reason."""

import os
import socket
import sys
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest

# Before any import of ours: the switches that keep crewai and the hub quiet, and decoys that must never be used.
os.environ |= {
    "CREWAI_DISABLE_TELEMETRY": "true",
    "CREWAI_TRACING_ENABLED": "false",
    "CREWAI_DISABLE_VERSION_CHECK": "true",
    "HF_HUB_OFFLINE": "1",
    "OPENAI_API_KEY": "decoy-openai",
    "ANTHROPIC_API_KEY": "decoy-anthropic",
    "GEMINI_API_KEY": "decoy-gemini",
    "AWS_ACCESS_KEY_ID": "decoy-aws",
    "AWS_SECRET_ACCESS_KEY": "decoy-aws",
}

ROOT = Path(__file__).parent.parent
ATTEMPTS: list[str] = []


def _is_loopback(host: object) -> bool:
    if host in {None, "", "localhost", b"localhost"}:
        return True
    try:
        return ip_address(host.decode() if isinstance(host, bytes) else str(host)).is_loopback
    except ValueError:
        return False


def _guard(event: str, args: tuple[object, ...]) -> None:
    """Refuse, and remember, every look-up or connection that leaves this machine."""
    if event == "socket.getaddrinfo":
        host = args[0]
    elif event in {"socket.connect", "socket.sendto", "socket.sendmsg"} and args[0].family != socket.AF_UNIX:
        host = args[1][0] if isinstance(args[1], tuple) else None
    else:
        return
    if not _is_loopback(host):
        ATTEMPTS.append(f"{event} {host!r}")
        raise ConnectionRefusedError(f"the suite never leaves this machine: {event} {host!r}")


sys.addaudithook(_guard)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that may take longest begin first, or a worker is left alone with one of them at the end."""
    longest: dict[Path, float] = {}
    for item in items:
        limit = item.get_closest_marker("timeout")
        longest[item.path] = max(longest.get(item.path, 0.0), limit.args[0] if limit else 0.0)
    items.sort(key=lambda item: -longest[item.path])


@pytest.fixture(autouse=True)
def nothing_leaves_the_machine() -> Iterator[None]:
    """Fails the test that tried, even when the code under test swallowed the refusal."""
    before = len(ATTEMPTS)
    yield
    tried, ATTEMPTS[before:] = ATTEMPTS[before:], []
    assert not tried, f"connection attempts beyond loopback: {tried}"


def _required() -> bool:
    return os.environ.get("GRIDCREW_REQUIRE_SERVICES") == "1"


@pytest.fixture(scope="session")
def realdata() -> Path:
    """The folder of public data; skips, or fails where it is required."""
    folder = Path(os.environ.get("GRIDCREW_REALDATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        reason = f"no real data at {folder}: set GRIDCREW_REALDATA"
        pytest.fail(reason) if _required() else pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """A PostgreSQL database of the tests' own; skips, or fails where it is required."""
    host, port = "127.0.0.1", 5432
    try:
        socket.create_connection((host, port), timeout=2).close()
    except OSError as error:
        reason = f"no PostgreSQL at {host}:{port}: {error}"
        pytest.fail(reason) if _required() else pytest.skip(reason)
    return os.environ.get("GRIDCREW_TEST_POSTGRES", f"postgresql+psycopg://postgres@{host}:{port}/test")
