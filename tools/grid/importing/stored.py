"""A grid as text and back, for the store of registered grids."""

from collections.abc import Sequence
from pathlib import Path

import pandapower as pp

from tools.grid.grid import Grid
from tools.grid.importing.fingerprint import fingerprint
from tools.grid.importing.pandapower_json import read_pandapower_json
from tools.grid.importing.payload import Payload
from tools.grid.importing.reactive_limits import clear_infinite_limits


def grid_to_json(grid: Grid) -> str:
    """The model of a grid as pandapower JSON."""
    text: str = pp.to_json(grid.net, filename=None)
    return text


def grid_from_json(text: str, name: str, notes: Sequence[str] = ()) -> Grid:
    """The grid behind pandapower JSON.

    Args:
        text: As ``grid_to_json`` wrote it, by this or an earlier version.
        name: Name it is registered under.
        notes: What its first import converted, left out or assumed.

    Raises:
        GridUnavailableError: when the text holds no pandapower network.
    """
    payload = Payload(path=Path(name), stem=name, suffix=".json", content=text.encode())
    net, converted = read_pandapower_json(payload)
    clear_infinite_limits(net)
    return Grid(name=name, fingerprint=fingerprint(net), net=net, notes=(*notes, *converted))
