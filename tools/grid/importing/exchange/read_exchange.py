"""PSS/E, IEEE-CDF, UCTE, XIIDM and CGMES files: pypowsybl reads them, ``build_net`` carries them over."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING

from tools.errors import GridUnavailableError
from tools.grid.importing.broken import BROKEN
from tools.grid.importing.exchange.archive import check_archive
from tools.grid.importing.exchange.build import build_net

if TYPE_CHECKING:
    from pandapower import pandapowerNet
    from pypowsybl.network import Network

    from tools.grid.importing.payload import Payload

FORMATS = {
    ".raw": "PSS/E",
    ".rawx": "PSS/E",
    ".uct": "UCTE",
    ".cdf": "IEEE-CDF",
    ".txt": "IEEE-CDF",
    ".xiidm": "XIIDM",
    ".zip": "CGMES",
}
"""Suffixes that are read, and the format behind each."""
_READ_AS = {".cdf": ".txt"}
"""pypowsybl tells a format by the suffix, and knows IEEE-CDF by one only."""
_COUNTED = {
    "bus_breaker_view_buses": "buses",
    "lines": "lines",
    "2_windings_transformers": "two-winding transformers",
    "3_windings_transformers": "three-winding transformers",
    "boundary_lines": "lines to a border",
    "hvdc_lines": "direct-current lines",
    "generators": "generators",
    "batteries": "batteries",
    "static_var_compensators": "static var compensators",
    "loads": "loads",
    "shunt_compensators": "shunts",
    "switches": "switches",
}


def read_exchange(payload: Payload) -> tuple[pandapowerNet, tuple[str, ...]]:
    """The network of an exchanged file, and what was read, converted, left out or assumed.

    Raises:
        GridUnavailableError: when the file is not of the format that its suffix says, or cannot be carried over.
    """
    network = _network(payload)
    with warnings.catch_warnings():
        # pandapower joins empty tables in a way that pandas will change
        warnings.simplefilter("ignore", FutureWarning)
        try:
            net, notes = build_net(network)
        except BROKEN as error:
            raise GridUnavailableError(f"{payload.path} cannot be carried over: {error}") from error
    if net.bus.empty:
        raise GridUnavailableError(f"{payload.path} holds no bus")
    counts = {label: len(getattr(network, f"get_{table}")()) for table, label in _COUNTED.items()}
    read = ", ".join(f"{count} {label}" for label, count in counts.items() if count)
    return net, (f"Read as {FORMATS[payload.suffix]}: {read}.", *notes)


def _network(payload: Payload) -> Network:
    # heavy, and needed by nobody who opens another format
    import pypowsybl.network as exchanged  # noqa: PLC0415
    from pypowsybl import PyPowsyblError  # noqa: PLC0415

    suffix = payload.suffix
    try:
        if suffix == ".zip":
            check_archive(payload)
            return exchanged.load_from_binary_buffer(io.BytesIO(payload.content))
        text = payload.text()
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise GridUnavailableError(f"{payload.path} defines XML entities, which no grid file does; not opened")
        return exchanged.load_from_string(f"{payload.stem}{_READ_AS.get(suffix, suffix)}", text)
    except PyPowsyblError as error:
        raise GridUnavailableError(f"{payload.path} is no readable {FORMATS[suffix]} file: {error}") from error
