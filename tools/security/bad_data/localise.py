"""Which sensors explain what contradicts physics over a time: the fewest places that leave no more than noise.

A generalised likelihood ratio over groups (Narasimhan and Mah, AIChE Journal 33, 1987, for single ones): readings of
one station that are falsified so that they add up leave the balance of their bus intact, and no single sensor explains
what they do to the branches around.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import chi2

from tools.robust import MAD_TO_SIGMA
from tools.security.bad_data.places import Place, Reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tools.detection.frame import Bools, Floats
    from tools.security.bad_data.equations import Contrast, Equations

_SPAN_COST, _SENSOR_COST = 30.0, 12.0
"""What a place must explain, in squared standard errors, and what each further sensor of it must."""
_MOST = 6
_BLOCKS_MIN = (5.0, 30.0, 120.0)
_CHANCE = 1e-3
"""That a faultless time has a span at all."""
_NEWS = 6.0
"""Robust standard deviations of a block's contradictions above those of the other blocks."""
_RANK = 1e-6
_ALIKE = 6.0
"""Squared standard errors within which two sensors explain equally well."""


@dataclass(frozen=True)
class Found:
    """A place that explains a part.

    Attributes:
        gain: Squared standard errors that it explains.
        alike: Rows of single sensors that would explain it as well.
    """

    place: Place
    gain: float
    alike: tuple[int, ...] = ()


def suspicious_spans(equations: Equations) -> list[tuple[int, int]]:
    """Columns over which the equations together contradict the readings; the last is not included."""
    count = equations.scores.shape[1]
    flagged = np.zeros(count, dtype=bool)
    for minutes in _BLOCKS_MIN:
        length = equations.frame.columns(minutes)
        blocks = count // length
        if not blocks:
            continue
        sums = equations.scores[:, : blocks * length].reshape(len(equations.scores), blocks, length).sum(axis=2)
        squares = (sums**2).sum(axis=0) / length
        # Equations are linearised at one load of the day: what they leave all the time is no news.
        usual = float(np.median(squares))
        apart = MAD_TO_SIGMA * float(np.median(np.abs(squares - usual)))
        limit = max(float(chi2.isf(_CHANCE / blocks, len(equations.scores))), usual + _NEWS * apart)
        flagged[: blocks * length] |= np.repeat(squares > limit, length)
    stops = np.flatnonzero(np.diff(np.concatenate([[0], flagged.astype(np.int8), [0]])))
    return merged(((int(a), int(b)) for a, b in zip(stops[::2], stops[1::2], strict=True)), equations.frame.columns(15))


def merged(spans: Iterable[tuple[int, int]], gap: int) -> list[tuple[int, int]]:
    """Spans with those joined that are no farther apart than ``gap`` columns."""
    joined: list[tuple[int, int]] = []
    for first, stop in sorted(spans):
        if joined and first - joined[-1][1] <= gap:
            joined[-1] = joined[-1][0], max(stop, joined[-1][1])
        else:
            joined.append((first, stop))
    return joined


def localise(contrast: Contrast, candidates: Sequence[Place]) -> list[Found]:
    """The places that explain a contrast, the strongest first; empty when it is no more than noise."""
    value, taken = contrast.value, np.zeros((len(contrast.value), 0))
    found: list[Found] = []
    for _ in range(_MOST):
        scored = list(zip(_gains(value, taken, contrast.columns, candidates), candidates, strict=True))
        best = max(scored, key=lambda pair: pair[0][0] - _cost(pair[0][1]), default=None)
        if best is None or best[0][0] <= _cost(best[0][1]):
            break
        (gain, _), place = best
        alike = [
            other.rows[0]
            for (part, _), other in scored
            if place.reach is Reach.SENSOR and other.reach is Reach.SENSOR and other != place and part > gain - _ALIKE
        ]
        found = [one for one in found if not set(one.place.rows) <= set(place.rows)]
        found.append(Found(place, gain, tuple(alike)))
        taken = np.concatenate([contrast.columns[:, one.place.rows] for one in found], axis=1)
    return found


def _cost(rank: int) -> float:
    return _SPAN_COST + _SENSOR_COST * max(0, rank - 1)


def _gains(value: Floats, taken: Floats, columns: Floats, candidates: Sequence[Place]) -> list[tuple[float, int]]:
    """Squared standard errors that each place explains beyond those taken already, and by how many independent errors.

    Places of as many sensors are worked out together: there are hundreds, and each is small.
    """
    base = _basis(taken)
    rest = value - base @ (base.T @ value)
    own = (columns - base @ (base.T @ columns)).T
    found = [(0.0, 0)] * len(candidates)
    by_size: dict[int, list[int]] = defaultdict(list)
    for number, place in enumerate(candidates):
        by_size[len(place.rows)].append(number)
    for numbers in by_size.values():
        stacked = own[np.array([candidates[number].rows for number in numbers])].transpose(0, 2, 1)
        left, size, _ = np.linalg.svd(stacked, full_matrices=False)
        kept = _counts(size)
        gains = np.where(kept, (left.transpose(0, 2, 1) @ rest) ** 2, 0.0).sum(axis=1)
        for number, gain, rank in zip(numbers, gains.tolist(), kept.sum(axis=1).tolist(), strict=True):
            found[number] = gain, rank
    return found


def _basis(columns: Floats) -> Floats:
    """Orthonormal basis of what columns span."""
    if not columns.shape[1]:
        return columns
    left, size, _ = np.linalg.svd(columns, full_matrices=False)
    kept: Floats = left[:, _counts(size)]
    return kept


def _counts(size: Floats) -> Bools:
    """Which singular values are more than rounding, beside the largest of their own."""
    counts: Bools = size > _RANK * np.maximum(1.0, size.max(axis=-1, initial=0.0, keepdims=True))
    return counts
