"""pandapower's own JSON, of every format version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandapower as pp
from pandapower.auxiliary import pandapowerNet as Net
from pandapower.convert_format import convert_format

from tools.errors import GridUnavailableError
from tools.grid.importing.broken import BROKEN
from tools.grid.importing.json_guard import JsonHeader, check_json

if TYPE_CHECKING:
    from pandapower import pandapowerNet

    from tools.grid.importing.payload import Payload


def read_pandapower_json(payload: Payload) -> tuple[pandapowerNet, tuple[str, ...]]:
    """The network in a JSON file, in today's format, and what was done to it.

    Raises:
        GridUnavailableError: when the file holds no pandapower network, or one that names foreign classes.
    """
    text = payload.text()
    header = check_json(text, payload.path)
    try:
        net = pp.from_json_string(text, convert=False)
        note = _convert(net, header)
    except BROKEN as error:
        raise GridUnavailableError(f"{payload.path} cannot be read as a pandapower network: {error}") from error
    if not isinstance(net, Net):
        raise GridUnavailableError(f"{payload.path} is JSON, but not a pandapower network")
    return net, (note,) if note else ()


def _convert(net: pandapowerNet, header: JsonHeader) -> str:
    """Bring an older format up to date in place; empty when there was nothing to do."""
    if not header.format_version:
        # the loader fills in today's format for files older than that field, and would then convert nothing
        net["format_version"] = header.version or "1.0"
    before = str(net["format_version"])
    convert_format(net)
    after = str(net["format_version"])
    return "" if before == after else f"Converted from pandapower format {before} to {after}."
