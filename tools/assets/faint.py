"""Faint losses of cooling: heat of the right course that is less than the model may miss.

A cooler that stands still adds a rise that grows with the load's losses, and makes the oil slower to follow them: with
little load that is the clearer sign. Both courses, for every begin and end, are held against the deviation of the oil
(a generalised likelihood ratio of two amplitudes); what a wrong rated
rise, a biased sensor or an unknown start would look like is taken out of both. The slow errors of the model are
whitened, with the parameters under which what the best loss leaves is likeliest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import lfilter
from scipy.stats import chi2

from tools.assets.excess import Excess, block_means
from tools.assets.loss_fit import LONGEST, SHORTEST, fit_loss
from tools.detection.smoothing import running_mean
from tools.detection.whitening import Wander, likely_wander

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

FALSE_ALARMS = 0.1
"""Chance of any such finding among all transformers over a span without one; it is for the record only."""
_BLOCK_MIN = 10
_MOST_KNOWN = 0.9
_LEAST_BLOCKS = 36
_TRUST = 1.1
"""The threshold is this much wider than theory: the parameters of the model's errors are estimates."""
_LOADS = 1e-3
_LAST_BLOCKS = 3
_SMOOTHED = 5
_BIAS, _START, _RISE = 1.0, 0.3, 5.0
"""Standard deviations, kelvin: of what a resistance thermometer misreads (IEC 60751 class B allows 0.8 K at 100 degrees
Celsius), of the first value, a median of ten readings, and of the rise at rated load."""


def find_faint(
    course: tuple[Values, Values, Values], lag_min: float, step_min: int, noise: float, transformers: int
) -> Excess | None:
    """The clearest faint loss of cooling; None without any. It begins when it had begun with nine chances in ten.

    Args:
        course: Measured and expected top oil, degrees Celsius, and load factor by step; NaN where unknown.
        lag_min: Time constant of the top oil, minutes.
        step_min: Minutes between values.
        noise: Standard error of one value, kelvin.
        transformers: How many are judged: together they must not raise a false alarm.
    """
    blocks = _blocks(course, step_min)
    if blocks is None:
        return None
    measured, expected, factor, length = blocks
    values = measured - expected
    count = len(values)
    keep = float(np.exp(-length * step_min / lag_min))
    since = np.triu(np.ones((count + 1, count)))
    # The oil that is slower for a time is behind by what itself lacks, which the deviation has a share in.
    behind = np.gradient(expected) * lag_min / (length * step_min) - running_mean(values - np.median(values), _SMOOTHED)
    heated, slowed = (lfilter([1 - keep], [1.0, -keep], since * drive, axis=1) for drive in (factor**2, -behind))
    if float(heated[0].max()) < _LOADS:
        return None
    others = np.vstack([np.ones(count), keep ** np.arange(count), heated[0]]), np.array([_BIAS, _START, _RISE])
    steps = np.stack([heated, slowed])
    white = Wander(noise / np.sqrt(length), 0.0, 0.0)
    tests = max(transformers, 1) * count * (LONGEST - SHORTEST)
    limit = _TRUST * float(np.sqrt(chi2.isf(FALSE_ALARMS / tests, 2)))
    fit = fit_loss(values, steps, others, white)
    # Slow errors of the model only make a loss less sure.
    if fit.strength < limit:
        return None
    design = np.vstack([others[0], steps[:, fit.first] - steps[:, fit.stop]])
    fit = fit_loss(values, steps, others, likely_wander(values, design, white.noise))
    if fit.strength < limit:
        return None
    begin, end = fit.begun, max(fit.ended, fit.begun + 1)
    shape = np.abs(values) * (steps[0, begin] - steps[0, end] > 0)
    lasts = end >= count - _LAST_BLOCKS
    known = np.flatnonzero(np.isfinite(np.stack(course)).all(axis=0))
    worst = int(known[np.abs(known - (int(shape.argmax()) * length + length // 2)).argmin()])
    last = None if lasts else end * length - 1
    earliest = fit.unbegun * length if fit.unbegun < begin else None
    return Excess(begin * length, last, worst, from_begin=False, earliest=earliest)


def _blocks(course: tuple[Values, Values, Values], step_min: int) -> tuple[Values, Values, Values, int] | None:
    """Means of the course by block, and steps of one; None where too little is known."""
    length = max(round(_BLOCK_MIN / step_min), 1)
    known: NDArray[np.bool_] = np.asarray(np.isfinite(np.stack(course)).all(axis=0))
    # After a gap the expected temperature begins anew, which is no course of the oil.
    whole = known[known.argmax() : len(known) - known[::-1].argmax()].all()
    if not whole or known.mean() < _MOST_KNOWN or len(known) // length < _LEAST_BLOCKS:
        return None
    moments = np.arange(len(known))
    measured, expected, factor = (
        block_means(np.interp(moments, moments[known], part[known]), length) for part in course
    )
    return measured, expected, factor, length
