"""A second opinion on every number that a report shows, whether a case expects it or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from evals.oracle import value_of

if TYPE_CHECKING:
    from evals.shown import Shown

_RELATIVE = 1e-4
_ABSOLUTE = 1e-4
"""Half of the last digit that a report shows is far above either; two converged power flows agree far below."""


@dataclass(frozen=True)
class Opinion:
    """What a number should be, and how far off it may lie."""

    value: float
    tolerance: float
    source: str


class Judge(Protocol):
    """Gives an opinion on a shown number; None for texts, counts and states that it knows nothing of."""

    def __call__(self, shown: Shown) -> Opinion | None:
        """An opinion; None where there is none."""


@dataclass(frozen=True)
class GridJudge:
    """The opinion of plain pandapower on a shipped case, which has no other state than its own."""

    grid: str

    def __call__(self, shown: Shown) -> Opinion | None:
        """An opinion on a state of the case or after a plain outage of it."""
        fact = shown.fact
        if isinstance(fact.value, bool | str) or fact.entity is None or fact.case is None:
            return None
        value = value_of(self.grid, fact.entity, fact.case, shown.field)
        return None if value is None else Opinion(value, _ABSOLUTE + _RELATIVE * abs(value), "pandapower")
