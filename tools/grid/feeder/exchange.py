"""Branch exchange: close a tie, open the branch of its loop that helps most, until nothing helps.

After Civanlar, Grainger, Yin and Lee (IEEE Trans. Power Delivery 3(3), 1988) and Baran and Wu (4(2), 1989), but every
exchange is solved, not estimated. It ends in a configuration that no single exchange improves; no more is claimed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.feeder.figures import evaluate
from tools.grid.feeder.loops import reduce_label
from tools.grid.feeder.ranking import Ranked, better, merge, rank

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.feeder.loops import Loops
    from tools.grid.feeder.network import Aim, Network


def open_last(loops: Loops, preferred: Sequence[int]) -> NDArray[np.int64]:
    """The open rows of the radial configuration that keeps the rows preferred first, where they close no loop."""
    basis: list[int] = []
    opened = []
    for row in reversed(preferred):
        rest = reduce_label(loops.label[row], basis)
        if rest:
            basis = sorted([*basis, rest], reverse=True)
            opened.append(row)
    return np.array(sorted(opened), dtype=np.int64)


def exchange(net: Network, aim: Aim, loops: Loops, begin: NDArray[np.int64], most: int) -> Ranked:
    """Walk downhill from a radial configuration; the best that were met on the way.

    Empty when the first configuration and all of its neighbours have no solution or are not allowed.
    """
    met = _look(net, aim, begin[None, :], most)
    here = begin
    while True:
        near = list(_neighbours(loops, here))
        tried = np.array(near, dtype=np.int64).reshape(len(near), loops.count)
        found = _look(net, aim, tried, most)
        helps = len(found) and (not len(met) or better(aim, found.figures[0], met.figures[0]))
        met = merge(aim, met, found, most)
        if not helps:
            return met
        here = found.opened[0]


def _look(net: Network, aim: Aim, opened: NDArray[np.int64], most: int) -> Ranked:
    return rank(aim, opened, evaluate(net, aim, opened, np.inf), most)


def _neighbours(loops: Loops, opened: NDArray[np.int64]) -> Iterable[list[int]]:
    """Every configuration that is one exchange away."""
    rows = opened.tolist()
    shut = [row for row, label in loops.label.items() if label and row not in set(rows)]
    for tie in rows:
        others = [row for row in rows if row != tie]
        basis: list[int] = []
        for row in others:
            basis = sorted([*basis, reduce_label(loops.label[row], basis)], reverse=True)
        yield from ([*others, row] for row in shut if reduce_label(loops.label[row], basis))
