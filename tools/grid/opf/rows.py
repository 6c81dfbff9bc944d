"""Linear rows over the variables of a problem: piecewise costs, redispatch, reserve, security."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from tools.grid.opf.problem import Problem


@dataclass
class LinearRows:
    """Rows ``low <= a x <= high`` under construction."""

    columns: int
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    _at: list[int] = field(default_factory=list)
    _column: list[int] = field(default_factory=list)
    _value: list[float] = field(default_factory=list)

    def add(self, columns: Sequence[int], values: Sequence[float], low: float, high: float) -> int:
        """Add a row and tell its position."""
        place = len(self.low)
        self._at += [place] * len(columns)
        self._column += [int(column) for column in columns]
        self._value += [float(value) for value in values]
        self.low.append(low)
        self.high.append(high)
        return place

    def matrix(self) -> csr_matrix:
        """The rows as a sparse matrix."""
        shape = (len(self.low), self.columns)
        return coo_matrix((self._value, (self._at, self._column)), shape=shape).tocsr()

    def __len__(self) -> int:
        return len(self.low)


@dataclass(frozen=True)
class Extra:
    """Variables beside voltages and injections: the cost of each piecewise unit, the redispatch of each movable one.

    Attributes:
        first: Column of the first.
        pieced: Units with a variable for their cost, in order.
        moved: Units with a variable for their redispatch, after those.
    """

    first: int
    pieced: tuple[int, ...]
    moved: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.pieced) + len(self.moved)

    @property
    def columns(self) -> NDArray[np.int64]:
        """Their columns; each enters the objective with weight one."""
        return np.arange(self.first, self.first + len(self))


def extra_of(problem: Problem, first: int) -> Extra:
    """The extra variables that the objective of a problem needs."""
    moved = () if problem.target is None else tuple(int(at) for at in np.flatnonzero(problem.units.movable))
    return Extra(first, problem.costs.pieced, moved)


def objective_rows(problem: Problem, extra: Extra, p_column: int, rows: LinearRows) -> None:
    """Rows that make each extra variable at least its cost or its redispatch (MW)."""
    column = {unit: extra.first + at for at, unit in enumerate(extra.pieced)}
    for piece in problem.costs.segments:
        rows.add((column[piece.unit], p_column + piece.unit), (1.0, -piece.slope), piece.intercept, np.inf)
    base = problem.arrays.base_mva
    for at, unit in enumerate(extra.moved):
        assert problem.target is not None  # noqa: S101 - only then is anything moved
        aim, moved = float(problem.target[unit]) * base, extra.first + len(extra.pieced) + at
        rows.add((moved, p_column + unit), (1.0, -base), -aim, np.inf)
        rows.add((moved, p_column + unit), (1.0, base), aim, np.inf)


def reserve_row(problem: Problem, p_column: int, rows: LinearRows) -> int | None:
    """The row of the reserve requirement: outputs of the reserving units stay below their maxima by that much."""
    if problem.reserve is None:
        return None
    kept = np.flatnonzero(problem.reserving)
    most = float(problem.units.p_max[kept].sum()) - problem.reserve
    return rows.add((p_column + kept).tolist(), [1.0] * len(kept), -np.inf, most)
