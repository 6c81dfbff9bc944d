"""The loops of a feeder with every tie closed, and the sets of branches that may be open together.

A branch is labelled with the set of fundamental loops it lies in, as bits of an integer. The branches that are open in
a radial configuration are exactly a base of the dual of the graph's matroid, which these labels represent over the
field of two elements (Oxley, Matroid Theory, 2nd ed., section 2.2): as many as there are loops, with linearly
independent labels. Branches with the same label lie in series: at most one of them is open, and which one is free.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Loops:
    """The loops that the switchable branches close over the fixed ones.

    Attributes:
        count: Independent loops, and so branches that must be open.
        label: Of each switchable row, the loops it lies in; 0 is a bridge, which stays closed.
        sign: Of each switchable row, its direction in each of its loops, as (loop, +1 or -1).
    """

    count: int
    label: dict[int, int]
    sign: dict[int, tuple[tuple[int, int], ...]]

    @cached_property
    def classes(self) -> tuple[tuple[int, ...], ...]:
        """Rows in series with each other, by label; bridges are in none."""
        members: dict[int, list[int]] = {}
        for row, label in self.label.items():
            if label:
                members.setdefault(label, []).append(row)
        return tuple(tuple(rows) for rows in members.values())

    @cached_property
    def configurations(self) -> int:
        """How many radial configurations there are: Kirchhoff's theorem in loop form, in exact integers.

        >>> ring = find_loops(3, (0,), (), {0: (0, 1), 1: (1, 2), 2: (2, 0)})
        >>> ring.count, ring.configurations
        (1, 3)
        """
        matrix = [[0] * self.count for _ in range(self.count)]
        for signs in self.sign.values():
            for i, a in signs:
                for j, b in signs:
                    matrix[i][j] += a * b
        return _determinant(matrix)

    def open_classes(self) -> Iterator[tuple[int, ...]]:
        """Every set of classes from each of which one branch is open, as positions in ``classes``."""
        labels = [self.label[rows[0]] for rows in self.classes]
        yield from _bases(labels, 0, self.count, [])


class _Union:
    """Sets of buses that are joined, with which of them stands for the set."""

    def __init__(self, size: int) -> None:
        self._above = list(range(size))

    def find(self, bus: int) -> int:
        """Who stands for the set of a bus."""
        while self._above[bus] != bus:
            self._above[bus] = self._above[self._above[bus]]
            bus = self._above[bus]
        return bus

    def join(self, a: int, b: int) -> bool:
        """Join the sets of two buses; False when they are one already."""
        a, b = self.find(a), self.find(b)
        self._above[b] = a
        return a != b


class FixedLoopError(ValueError):
    """Branches that may not be switched close a loop; ``row`` is one of them."""

    def __init__(self, row: int) -> None:
        super().__init__(f"row {row} closes a loop of fixed branches")
        self.row = row


def find_loops(
    size: int, sources: Sequence[int], fixed: Sequence[tuple[int, int, int]], switchable: dict[int, tuple[int, int]]
) -> Loops:
    """Label the switchable rows; all sources count as one bus, for a path between two of them is a loop as well.

    Args:
        size: Buses.
        sources: Buses that hold their voltage.
        fixed: Closed rows that may not be switched: row and its two buses.
        switchable: Two buses of each row that may be switched; the first ones are preferred as closed.

    Raises:
        FixedLoopError: when no switchable branch opens a loop.
    """
    joined = _Union(size)
    for source in sources[1:]:
        joined.join(sources[0], source)
    for row, a, b in fixed:
        if not joined.join(a, b):
            raise FixedLoopError(row)
    ends = {row: (joined.find(a), joined.find(b)) for row, (a, b) in switchable.items()}
    tree = _Union(size)
    kept = [row for row, (a, b) in ends.items() if tree.join(a, b)]
    way = _ways(ends, kept)
    closing = [row for row in ends if row not in set(kept)]
    signs: dict[int, list[tuple[int, int]]] = {row: [] for row in ends}
    for loop, row in enumerate(closing):
        signs[row].append((loop, 1))
        for member, direction in _around(way, *ends[row]):
            signs[member].append((loop, direction))
    label = {row: sum(1 << loop for loop, _ in found) for row, found in signs.items()}
    return Loops(len(closing), label, {row: tuple(found) for row, found in signs.items()})


_Way = dict[int, tuple[int, int, int, int]]  # bus: depth, bus above, row to it, +1 where the row points upwards


def _ways(ends: dict[int, tuple[int, int]], kept: Sequence[int]) -> _Way:
    """Each bus's way towards the first one of its tree."""
    beside: dict[int, list[tuple[int, int, int]]] = {}
    for row in kept:
        a, b = ends[row]
        beside.setdefault(a, []).append((b, row, -1))
        beside.setdefault(b, []).append((a, row, 1))
    way: _Way = {}
    for top in beside:
        if top in way:
            continue
        way[top] = (0, top, -1, 0)
        queue = [top]
        for bus in queue:
            for other, row, upwards in beside[bus]:
                if other not in way:
                    way[other] = (way[bus][0] + 1, bus, row, -upwards)
                    queue.append(other)
    return way


def _around(way: _Way, a: int, b: int) -> Iterator[tuple[int, int]]:
    """The tree's rows from ``b`` back to ``a``, with their direction in the loop of a row from ``a`` to ``b``."""
    while a != b:
        if way[b][0] >= way[a][0]:
            yield way[b][2], way[b][3]
            b = way[b][1]
        else:
            yield way[a][2], -way[a][3]
            a = way[a][1]


def reduce_label(label: int, basis: Sequence[int]) -> int:
    """What is left of a label that independent ones, in descending order, do not make up; 0 is dependent on them.

    >>> reduce_label(0b11, [0b10, 0b01])
    0
    """
    for one in basis:
        label = min(label, label ^ one)
    return label


def _bases(labels: Sequence[int], start: int, missing: int, reduced: list[int]) -> Iterator[tuple[int, ...]]:
    """Positions of ``missing`` more labels that are independent of each other and of the reduced ones."""
    if missing == 0:
        yield ()
        return
    for at in range(start, len(labels) - missing + 1):
        rest = reduce_label(labels[at], reduced)
        if rest:
            for others in _bases(labels, at + 1, missing - 1, sorted([*reduced, rest], reverse=True)):
                yield (at, *others)


def _determinant(matrix: list[list[int]]) -> int:
    """Of a symmetric positive definite integer matrix, by Bareiss' elimination without fractions."""
    rows, previous = [list(row) for row in matrix], 1
    size = len(rows)
    for k in range(size - 1):
        for i in range(k + 1, size):
            for j in range(k + 1, size):
                rows[i][j] = (rows[i][j] * rows[k][k] - rows[i][k] * rows[k][j]) // previous
        previous = rows[k][k]
    return rows[-1][-1] if rows else 1
