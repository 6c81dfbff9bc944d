"""Generation that the units of the model can give."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from tools.element import ElementKind
from tools.grid.elements import number_in, row_of, table

if TYPE_CHECKING:
    from pandapower import pandapowerNet


def capacity_mw(net: pandapowerNet) -> float | None:
    """Highest active power of all generators and external grids in service, MW; None when one of them states none.

    An external grid without a bound could give anything, so that a margin would mean nothing.
    """
    most = [
        number_in(row_of(net, kind, index), "max_p_mw")
        for kind in (ElementKind.GEN, ElementKind.EXT_GRID)
        for index in table(net, kind).query("in_service").index
    ]
    known = [value for value in most if value is not None and isfinite(value)]
    return sum(known) if most and len(known) == len(most) else None
