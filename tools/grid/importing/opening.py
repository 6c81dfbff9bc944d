"""From a name or a path to a grid; the format is told by the suffix, the same file is read once a process."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tools.errors import GridUnavailableError, close_names
from tools.grid.grid import Grid
from tools.grid.importing.cases import find_case, known_cases, make_case
from tools.grid.importing.exchange.read_exchange import FORMATS, read_exchange
from tools.grid.importing.fingerprint import fingerprint
from tools.grid.importing.matpower import read_matpower
from tools.grid.importing.pandapower_json import read_pandapower_json
from tools.grid.importing.payload import Payload, read_payload, split_suffix
from tools.grid.importing.reactive_limits import clear_infinite_limits

if TYPE_CHECKING:
    from pandapower import pandapowerNet

_READERS: dict[str, Callable[[Payload], tuple[pandapowerNet, tuple[str, ...]]]] = {
    ".json": read_pandapower_json,
    ".m": read_matpower,
    **dict.fromkeys(FORMATS, read_exchange),
}
_FORMATS = (
    "pandapower JSON (.json), MATPOWER (.m), CGMES (.zip), PSS/E (.raw, .rawx), IEEE-CDF (.cdf, .txt), UCTE (.uct) or "
    "XIIDM (.xiidm), each also with .gz"
)
_KEPT = 16  # grids a process keeps; the largest shipped case takes some 60 MB


def open_grid(source: str) -> Grid:
    """The grid of a pandapower case name or a file; a second call for the same source gives the same object.

    The power flow is not run: a grid that does not solve opens like any other.

    Args:
        source: A name out of ``known_cases()``, or a path to a file of one of the formats.

    Raises:
        GridUnavailableError: when there is no such case or file, or the file cannot be read as a grid.
    """
    name = source.strip()
    if (case := find_case(name)) is not None:
        return _case(case)
    path = Path(name).expanduser()
    _, suffix = split_suffix(path)
    if suffix not in _READERS and not path.exists():
        raise GridUnavailableError(
            f"There is no grid called {source!r}: neither a pandapower case nor a file. "
            f"{close_names(name, known_cases())}"
        )
    if suffix not in _READERS and not path.is_dir():
        raise GridUnavailableError(f"{path} has the suffix {suffix!r}; what can be opened is {_FORMATS}")
    try:
        state = path.resolve(), *_stamp(path)
    except OSError as error:
        raise GridUnavailableError(f"There is no grid file {path}: {error.strerror}") from error
    return _file(*state)


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=_KEPT)
def _case(name: str) -> Grid:
    net = make_case(name)
    return Grid(name=name, fingerprint=fingerprint(net), net=net)


@lru_cache(maxsize=_KEPT)
def _file(path: Path, mtime_ns: int, size: int) -> Grid:  # noqa: ARG001 - a changed file is another key
    payload = read_payload(path)
    net, notes = _READERS[payload.suffix](payload)
    clear_infinite_limits(net)
    return Grid(name=payload.stem, fingerprint=fingerprint(net), net=net, notes=notes)
