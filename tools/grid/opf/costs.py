"""Costs of units from the grid model, as functions of the injection in pu; what is missing is refused, not guessed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.errors import InvalidArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

    from tools.grid.opf.units import UnitTable

_NAMED = 5
_SLOPE_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Segment:
    """One straight piece of a convex piecewise linear cost: cost >= intercept + slope * injection (pu)."""

    unit: int
    slope: float
    intercept: float


@dataclass(frozen=True)
class Costs:
    """``constant + c1 p + c2 p^2 + q1 q + q2 q^2`` of each unit (injections in pu), plus piecewise linear costs.

    Attributes:
        constant: Sum of the constant terms.
        c1, c2, q1, q2: Coefficients by unit.
        segments: Pieces of the piecewise linear costs; the cost is the highest of a unit's pieces.
    """

    constant: float
    c1: NDArray[np.float64]
    c2: NDArray[np.float64]
    q1: NDArray[np.float64]
    q2: NDArray[np.float64]
    segments: tuple[Segment, ...] = ()

    @property
    def pieced(self) -> tuple[int, ...]:
        """Units with a piecewise linear cost, ascending."""
        return tuple(sorted({piece.unit for piece in self.segments}))

    def of(self, p: NDArray[np.float64], q: NDArray[np.float64]) -> float:
        """Cost of injections in pu."""
        smooth = self.constant + float(self.c1 @ p + self.c2 @ p**2 + self.q1 @ q + self.q2 @ q**2)
        pieces = sum(
            max(piece.intercept + piece.slope * float(p[unit]) for piece in self.segments if piece.unit == unit)
            for unit in self.pieced
        )
        return smooth + pieces


def no_costs(units: int) -> Costs:
    """Costs of zero."""
    return Costs(0.0, np.zeros(units), np.zeros(units), np.zeros(units), np.zeros(units))


def read_costs(net: pandapowerNet, units: UnitTable, base_mva: float) -> Costs:
    """``net.poly_cost`` and ``net.pwl_cost``; a cost is a function of the power in the element's own table.

    Raises:
        InvalidArgumentError: when a dispatchable unit has no cost, or a cost is not convex or not for active power.
    """
    found = {(ref.kind.value, ref.index): at for at, ref in enumerate(units.refs)}
    made, costed = no_costs(len(units)), set()
    constant = 0.0
    for row in net.poly_cost.itertuples():
        at = found.get((str(row.et), int(row.element)))
        if at is None:
            continue
        costed.add(at)
        sign = units.sign[at]
        constant += float(row.cp0_eur) + _number(row, "cq0_eur")
        made.c1[at] += sign * float(row.cp1_eur_per_mw) * base_mva
        made.c2[at] += float(row.cp2_eur_per_mw2) * base_mva**2
        made.q1[at] += sign * _number(row, "cq1_eur_per_mvar") * base_mva
        made.q2[at] += _number(row, "cq2_eur_per_mvar2") * base_mva**2
    segments: list[Segment] = []
    for row in net.pwl_cost.itertuples():
        at = found.get((str(row.et), int(row.element)))
        if at is None:
            continue
        if str(row.power_type) != "p":
            raise InvalidArgumentError(
                f"objective: {units.refs[at]} has a piecewise linear cost of reactive power, which is not supported"
            )
        costed.add(at)
        segments += _segments(units, at, np.array(row.points, dtype=float).reshape(-1, 3), base_mva)
    _refuse(units, made, costed)
    return Costs(constant, made.c1, made.c2, made.q1, made.q2, tuple(segments))


def _segments(units: UnitTable, at: int, areas: NDArray[np.float64], base_mva: float) -> list[Segment]:
    """Pieces from pandapower's rows (from, to, slope); the cost at the first point is its power times the slope."""
    if (np.diff(areas[:, 2]) < -_SLOPE_TOLERANCE).any():
        raise InvalidArgumentError(
            f"objective: the piecewise linear cost of {units.refs[at]} is not convex (its slopes fall), so an optimum "
            "cannot be proven; use slopes that rise"
        )
    pieces, cost = [], float(areas[0, 0] * areas[0, 2])
    for low, high, slope in areas:
        pieces.append(Segment(at, float(units.sign[at] * slope * base_mva), cost - slope * low))
        cost += slope * (high - low)
    return pieces


def _refuse(units: UnitTable, costs: Costs, costed: set[int]) -> None:
    missing = [str(units.refs[at]) for at in np.flatnonzero(units.movable) if at not in costed]
    if missing:
        more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        raise InvalidArgumentError(
            f"objective: least_cost needs a cost of each dispatchable unit (poly_cost or pwl_cost), and the grid model "
            f"has none for {', '.join(missing[:_NAMED])}{more}; add the costs, or ask for least_losses or "
            "least_redispatch"
        )
    concave = [str(units.refs[at]) for at in np.flatnonzero((costs.c2 < 0) | (costs.q2 < 0))]
    if concave:
        raise InvalidArgumentError(
            f"objective: the quadratic cost of {concave[0]} is not convex, so an optimum cannot be proven"
        )


def _number(row: object, name: str) -> float:
    value = float(getattr(row, name, 0.0))
    return value if np.isfinite(value) else 0.0
