"""A look at a pandapower JSON before it is loaded: is it one, of which format, and does it name only known classes.

pandapower's decoder imports every module that the file names and reads a file that the text points to; a grid file
comes from anywhere, so both are refused here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue

from tools.errors import GridUnavailableError

_MODULES = ("pandapower", "pandas", "numpy", "networkx", "geopandas", "shapely")
_MAX_NESTING = 4  # a network in an object in a table is JSON in JSON in JSON


@dataclass(frozen=True)
class JsonHeader:
    """What the file says about its own format; empty where it says nothing."""

    version: str
    format_version: str


def check_json(text: str, path: Path) -> JsonHeader:
    """The header of a pandapower JSON.

    Raises:
        GridUnavailableError: when the text is no JSON, no pandapower network, or names a foreign class or file.
    """
    try:
        top = json.loads(text)
        network = _network(top)
        if network is None:
            raise GridUnavailableError(f"{path} is JSON, but not a pandapower network: it has no table of buses")
        _check_classes(top, path, _MAX_NESTING)
    except json.JSONDecodeError as error:
        raise GridUnavailableError(f"{path} is not JSON: {error}") from error
    except RecursionError as error:
        raise GridUnavailableError(f"{path} is nested too deeply for a pandapower network") from error
    return JsonHeader(version=_text(network.get("version")), format_version=_text(network.get("format_version")))


def _network(top: JsonValue) -> dict[str, JsonValue] | None:
    """The object with the tables: the file itself, or what is wrapped or quoted in it."""
    for _ in range(_MAX_NESTING):
        if isinstance(top, str):
            top = json.loads(top)
        if not isinstance(top, dict):
            return None
        if "bus" in top:
            return top
        if top.get("_class") != "pandapowerNet":
            return None
        top = top.get("_object")
    return None


def _text(value: JsonValue) -> str:
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _check_classes(value: JsonValue, path: Path, depth: int) -> None:
    """Refuse a foreign class anywhere, also in JSON quoted inside JSON."""
    if isinstance(value, str):
        if value.lstrip()[:1] in {"{", "["} and ("_module" in value or "\\u" in value):
            _check_quoted(value, path, depth)
    elif isinstance(value, list):
        for item in value:
            _check_classes(item, path, depth)
    elif isinstance(value, dict):
        _check_object(value, path)
        for item in value.values():
            _check_classes(item, path, depth)


def _check_quoted(text: str, path: Path, depth: int) -> None:
    if depth == 0:
        raise GridUnavailableError(f"{path} quotes JSON in JSON more than {_MAX_NESTING} levels deep")
    try:
        quoted = json.loads(text)
    except json.JSONDecodeError:
        return  # a text of a person that begins with a bracket
    _check_classes(quoted, path, depth - 1)


def _check_object(value: dict[str, JsonValue], path: Path) -> None:
    module = value.get("_module")
    if module is None:
        return
    if not isinstance(module, str) or module.split(".")[0] not in _MODULES:
        raise GridUnavailableError(f"{path} names code outside pandapower ({module!r}); such objects are not loaded")
    content = value.get("_object")
    if module.startswith("pandas") and isinstance(content, str) and content.lstrip()[:1] not in {"{", "["}:
        raise GridUnavailableError(f"{path} points to another file instead of holding a table")
