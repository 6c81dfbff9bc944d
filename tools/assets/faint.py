"""Faint losses of cooling: heat of the right course that is less than the model may miss.

A cooler that stands still adds a rise that grows with the load's losses, and makes the oil slower to follow them: with
little load that is the clearer sign. Both courses, for every begin and end, are held against the deviation of the oil
(a generalised likelihood ratio of two amplitudes); what a wrong rated
rise, a biased sensor or an unknown start would look like is taken out of both. The slow errors of the model are
whitened with parameters from the deviation's own variogram.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import lfilter
from scipy.stats import chi2

from tools.assets.excess import Excess, block_means
from tools.detection.whitening import Wander, fit_wander, whitened

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

FALSE_ALARMS = 0.01
"""Chance of any such finding among all transformers over a span without one."""
_BLOCK_MIN = 10
_SHORTEST, _LONGEST = 6, 60
_MOST_KNOWN = 0.9
_LEAST_BLOCKS = 36
_TRUST = 1.2
"""The threshold is this much wider than theory: the parameters of the model's errors are estimates."""
_LONGEST_LAG = 5
_LOADS = 1e-3
_LAST_BLOCKS = 3
_RIDGE = 1e-9


def find_faint(
    course: tuple[Values, Values, Values], lag_min: float, step_min: int, noise: float, transformers: int
) -> Excess | None:
    """The clearest faint loss of cooling; None without any.

    Args:
        course: Measured and expected top oil, degrees Celsius, and load factor by step; NaN where unknown.
        lag_min: Time constant of the top oil, minutes.
        step_min: Minutes between values.
        noise: Standard error of one value, kelvin.
        transformers: How many are judged: together they must not raise a false alarm.
    """
    length = max(round(_BLOCK_MIN / step_min), 1)
    known: NDArray[np.bool_] = np.asarray(np.isfinite(np.stack(course)).all(axis=0))
    # After a gap the expected temperature begins anew, which is no course of the oil.
    if (
        not known[known.argmax() : len(known) - known[::-1].argmax()].all()
        or known.mean() < _MOST_KNOWN
        or len(known) // length < _LEAST_BLOCKS
    ):
        return None
    moments = np.arange(len(known))
    measured, expected, factor = (
        block_means(np.interp(moments, moments[known], part[known]), length) for part in course
    )
    values = measured - expected
    count = len(values)
    keep = float(np.exp(-length * step_min / lag_min))
    since = np.triu(np.ones((count + 1, count)))
    behind = np.gradient(expected) * lag_min / (length * step_min)
    heated, slowed = (lfilter([1 - keep], [1.0, -keep], since * drive, axis=1) for drive in (factor**2, -behind))
    if float(heated[0].max()) < _LOADS:
        return None
    other = np.vstack([np.ones(count), keep ** np.arange(count), heated[0]])
    both = np.stack([heated, slowed])
    white = Wander(noise / np.sqrt(length), 0.0, 0.0)
    # The model's slow errors are what is left once the best explanation is taken out.
    rest = _best(values, both, other, white)[3]
    score, begin, end, _ = _best(values, both, other, fit_wander(rest, white.noise, _LONGEST_LAG))
    tests = max(transformers, 1) * count * (_LONGEST - _SHORTEST)
    if score < _TRUST * float(np.sqrt(chi2.isf(FALSE_ALARMS / tests, 2))):
        return None
    shape = np.abs(values) * (heated[begin] - heated[end] > 0)
    lasts = end >= count - _LAST_BLOCKS
    worst = min(int(shape.argmax()) * length + length // 2, len(known) - 1)
    if not known[worst]:
        worst = int(moments[known][np.abs(moments[known] - worst).argmin()])
    return Excess(begin * length, None if lasts else end * length - 1, worst, from_begin=False)


def _best(values: Values, both: Values, other: Values, wander: Wander) -> tuple[float, int, int, Values]:
    """Standard errors, begin and end of the loss that explains most, and what it leaves of the values."""
    count = len(values)
    basis, _ = np.linalg.qr(whitened(other, wander).T)
    white = np.stack([whitened(part, wander) for part in both])
    white = white - (white @ basis) @ basis.T
    seen = whitened(values[None], wander)[0]
    first, stop = np.triu_indices(count + 1, _SHORTEST)
    fits = (stop - first <= _LONGEST) & (first > 0)
    first, stop = first[fits], stop[fits]
    pull = white @ (seen - basis @ (basis.T @ seen))
    pull = pull[:, first] - pull[:, stop]
    gram = np.einsum("iat,jbt->ijab", white, white, optimize=True)
    inner = gram[:, :, first, first] + gram[:, :, stop, stop] - gram[:, :, first, stop] - gram[:, :, stop, first]
    inner = inner + _RIDGE * np.eye(2)[:, :, None] * (np.trace(inner) + 1e-12)
    size = np.linalg.solve(inner.transpose(2, 0, 1), pull.T[:, :, None])[:, :, 0]
    # neither cooler nor quicker
    score = np.where((size > 0).any(axis=1), np.einsum("na,an->n", size, pull), 0.0)
    best = int(score.argmax())
    design = np.vstack([other, both[:, first[best]] - both[:, stop[best]]]).T
    rest = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    return float(np.sqrt(max(score[best], 0.0))), int(first[best]), int(stop[best]), rest
