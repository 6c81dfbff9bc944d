"""Does a grid model know the lengths of its lines?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pandapower import pandapowerNet


def lengths_known(net: pandapowerNet) -> bool:
    """False when every line is one kilometre long: the stand-in of formats without lengths (MATPOWER, CGMES)."""
    lengths = net.line["length_km"]
    return bool(lengths.ne(1.0).any())
