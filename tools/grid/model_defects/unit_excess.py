"""Units and slacks that the base case itself drives beyond their limits."""

from __future__ import annotations

from collections.abc import Iterable

from tools.grid.schema.common import UnitState
from tools.grid.schema.model_check import UnitExcess

TOLERANCE_MW = 0.01
"""Excess below this, in MW or Mvar, is rounding of the case's own data."""


def unit_excesses(units: Iterable[UnitState]) -> list[UnitExcess]:
    """The units beyond an active or reactive limit, the farthest first; a missing limit is never exceeded."""
    beyond = [(depth, unit) for unit in units if (depth := _depth(unit)) > TOLERANCE_MW]
    beyond.sort(key=lambda pair: -pair[0])
    return [
        UnitExcess(
            element=unit.element,
            p_mw=unit.p_mw,
            min_p_mw=unit.min_p_mw,
            max_p_mw=unit.max_p_mw,
            q_mvar=unit.q_mvar,
            min_q_mvar=unit.min_q_mvar,
            max_q_mvar=unit.max_q_mvar,
        )
        for _, unit in beyond
    ]


def _depth(unit: UnitState) -> float:
    """How far beyond its worst-broken limit a unit is, in MW or Mvar; zero or less within all."""
    return max(
        _beyond(unit.p_mw, unit.min_p_mw, unit.max_p_mw),
        _beyond(unit.q_mvar, unit.min_q_mvar, unit.max_q_mvar),
    )


def _beyond(value: float | None, low: float | None, high: float | None) -> float:
    if value is None:
        return 0.0
    return max(low - value if low is not None else 0.0, value - high if high is not None else 0.0)
