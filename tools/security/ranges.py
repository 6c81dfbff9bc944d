"""What an element can be set to, by the grid's model."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from tools.element import ElementKind, ElementRef

if TYPE_CHECKING:
    from tools.context import ToolContext

_LIMITS = {
    (kind, unit): columns
    for kind in (ElementKind.GEN, ElementKind.SGEN, ElementKind.STORAGE, ElementKind.LOAD)
    for unit, columns in (("mw", ("min_p_mw", "max_p_mw")), ("mvar", ("min_q_mvar", "max_q_mvar")))
}
# A limit of this size was never meant as one.
_ABSURD = 1e8


def rated_range(ctx: ToolContext, element: ElementRef, unit: str) -> tuple[float, float] | None:
    """Lowest and highest set-point of a unit (MW or Mvar); None where the model does not say."""
    columns = _LIMITS.get((element.kind, unit))
    if columns is None:
        return None
    table = ctx.loaded_grid().net[element.kind]
    if element.index not in table.index or not set(columns) <= set(table.columns):
        return None
    low, high = (float(table.at[element.index, column]) for column in columns)
    usable = isfinite(low) and isfinite(high) and max(abs(low), abs(high)) < _ABSURD and low <= high
    return (low, high) if usable else None
