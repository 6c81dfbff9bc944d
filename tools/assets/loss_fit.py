"""The time of lost cooling that explains a course best, and how sure its begin is.

A generalised likelihood ratio over all begins and ends: neither amplitude may be negative, for no loss of cooling cools
or quickens; what else may be in the course has a size of its own, with a spread that is known beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.detection.whitening import Wander, whitened

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Values = NDArray[np.float64]

SHORTEST, LONGEST = 6, 60
"""Blocks that a loss lasts."""
_RIDGE = 1e-9
_SURE_BEGUN = 0.9
_EVEN = 0.5


@dataclass(frozen=True)
class LossFit:
    """What was found.

    Attributes:
        strength: Standard errors of the loss that explains most.
        first, stop: Its blocks, the last not included.
        unbegun: Block before which it had not begun, with nine chances in ten.
        begun: Block by which it had begun, with nine chances in ten.
        ended: Block by which it had ended, as likely earlier as later.
    """

    strength: float
    first: int
    stop: int
    unbegun: int
    begun: int
    ended: int


def fit_loss(values: Values, steps: Values, others: tuple[Values, Values], wander: Wander) -> LossFit:
    """The best time.

    Args:
        values: Deviation by block, kelvin.
        steps: Effect, by block of begin and by block, of a loss that never ends; the difference of two is a loss.
        others: Other courses that the values may hold, one a row, and the standard deviation of their sizes.
        wander: Of the model's slow errors.
    """
    courses, sizes = others
    known = np.zeros((1, len(sizes)))
    # a size that is known to be near zero is one more reading of zero
    basis, _ = np.linalg.qr(np.hstack([whitened(courses, wander), np.diag(1 / sizes)]).T)
    white = np.stack([np.hstack([whitened(part, wander), np.repeat(known, len(part), axis=0)]) for part in steps])
    white = white - (white @ basis) @ basis.T
    seen = np.hstack([whitened(values[None], wander), known])[0]
    first, stop = np.triu_indices(len(values) + 1, SHORTEST)
    fits = (stop - first <= LONGEST) & (first > 0)
    first, stop = first[fits], stop[fits]
    pull = white @ (seen - basis @ (basis.T @ seen))
    score = _scores(pull[:, first] - pull[:, stop], _inner(white, first, stop))
    best = int(score.argmax())
    # with a flat prior the likelihood of each time is its chance
    chance = np.exp((score - score[best]) / 2)
    return LossFit(
        strength=float(np.sqrt(score[best])),
        first=int(first[best]),
        stop=int(stop[best]),
        unbegun=_quantile(first, chance, 1 - _SURE_BEGUN),
        begun=_quantile(first, chance, _SURE_BEGUN),
        ended=_quantile(stop, chance, _EVEN),
    )


def _inner(white: Values, first: NDArray[np.intp], stop: NDArray[np.intp]) -> Values:
    """Products of the two effects of each time, two by two."""
    gram = np.einsum("iat,jbt->ijab", white, white, optimize=True)
    inner = gram[:, :, first, first] + gram[:, :, stop, stop] - gram[:, :, first, stop] - gram[:, :, stop, first]
    return np.asarray(inner + _RIDGE * np.eye(2)[:, :, None] * (np.trace(inner) + 1e-12))


def _scores(pull: Values, inner: Values) -> Values:
    """Squared standard errors, by time, of two amplitudes of which none is negative."""
    determinant = inner[0, 0] * inner[1, 1] - inner[0, 1] ** 2
    heat = (inner[1, 1] * pull[0] - inner[0, 1] * pull[1]) / determinant
    slowness = (inner[0, 0] * pull[1] - inner[0, 1] * pull[0]) / determinant
    alone = np.maximum(pull, 0.0) ** 2 / np.stack([inner[0, 0], inner[1, 1]])
    together = heat * pull[0] + slowness * pull[1]
    return np.asarray(np.where((heat > 0) & (slowness > 0), together, alone.max(axis=0)))


def _quantile(places: NDArray[np.intp], chance: Values, share: float) -> int:
    order = np.argsort(places, kind="stable")
    grown = np.cumsum(chance[order])
    return int(places[order][np.searchsorted(grown, share * grown[-1])])
