"""The best configurations among those that were evaluated, and what became of the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.feeder.figures import BEYOND, DEPTH, EXCLUDED, OBJECTIVE, SOLVED, STATUS, UNSOLVED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.feeder.network import Aim

EQUAL_KW = 1e-7
"""Objectives nearer to each other than this are equal; then the one whose open rows come first stands first."""

EQUAL_POINTS = 1e-6


@dataclass(frozen=True)
class Counts:
    """What became of the configurations that were looked at; those that are not radial do not count.

    Attributes:
        solved: With figures.
        excluded: Worse than what was known, by the bound.
        unsolved: Neither solved nor excluded.
        beyond: More switchings than allowed.
        breaking: Solved, with a limit broken.
    """

    solved: int = 0
    excluded: int = 0
    unsolved: int = 0
    beyond: int = 0
    breaking: int = 0

    @property
    def radial(self) -> int:
        """All of them."""
        return self.solved + self.excluded + self.unsolved + self.beyond

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.solved + other.solved,
            self.excluded + other.excluded,
            self.unsolved + other.unsolved,
            self.beyond + other.beyond,
            self.breaking + other.breaking,
        )


@dataclass(frozen=True)
class Ranked:
    """The best configurations, best first.

    Attributes:
        opened: Open rows of each, in ascending order.
        figures: As ``evaluate`` gives them.
        counts: What became of all that were looked at.
    """

    opened: NDArray[np.int64]
    figures: NDArray[np.float64]
    counts: Counts

    def __len__(self) -> int:
        return len(self.opened)

    def enough_kw(self, aim: Aim, most: int) -> float:
        """Objective above which nothing can come among the best; infinite where the bound cannot say so."""
        if len(self) < most:
            return np.inf
        last = self.figures[most - 1]
        # a configuration that breaks limits less comes first, whatever it loses
        return np.inf if aim.keep_limits and last[DEPTH] > EQUAL_POINTS else float(last[OBJECTIVE])


def rank(aim: Aim, opened: NDArray[np.int64], figures: NDArray[np.float64], most: int) -> Ranked:
    """The best of evaluated configurations: limits kept or broken least, then the objective; each once."""
    status = figures[:, STATUS]
    solved = np.flatnonzero(status == SOLVED)
    rows, values = np.sort(opened[solved], axis=1), figures[solved]
    depth = np.round(values[:, DEPTH] / EQUAL_POINTS) if aim.keep_limits else np.zeros(len(values))
    keys = (*rows.T[::-1], np.round(values[:, OBJECTIVE] / EQUAL_KW), depth)
    order = np.lexsort(keys)
    found: list[int] = []
    for at in order.tolist():
        if not found or not (rows[at] == rows[found[-1]]).all():
            found.append(at)
        if len(found) == most:
            break
    counts = Counts(
        solved=len(solved),
        excluded=int((status == EXCLUDED).sum()),
        unsolved=int((status == UNSOLVED).sum()),
        beyond=int((status == BEYOND).sum()),
        breaking=int((values[:, DEPTH] > EQUAL_POINTS).sum()),
    )
    return Ranked(rows[found], values[found], counts)


def merge(aim: Aim, one: Ranked, other: Ranked, most: int) -> Ranked:
    """The best of both; the counts are those of the other one, added to the first's."""
    opened, figures = np.concatenate((one.opened, other.opened)), np.concatenate((one.figures, other.figures))
    best = rank(aim, opened, figures, most)
    return Ranked(best.opened, best.figures, one.counts + other.counts)


def better(aim: Aim, one: NDArray[np.float64], than: NDArray[np.float64]) -> bool:
    """Whether figures are better than others: limits kept or broken less, else a lower objective."""
    if aim.keep_limits and abs(one[DEPTH] - than[DEPTH]) > EQUAL_POINTS:
        return bool(one[DEPTH] < than[DEPTH])
    return bool(one[OBJECTIVE] < than[OBJECTIVE] - EQUAL_KW)
