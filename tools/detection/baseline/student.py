"""Student's law of errors round zero, fitted by maximum likelihood.

The fit is scipy's, from its start to its search; only the likelihood is written out, for scipy looks at the support and
at special cases of a law anew at each of some two hundred steps.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import fmin
from scipy.special import poch
from scipy.stats import t as student

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray


def fit_student(departure: NDArray[np.float64], freedom: float | None = None) -> tuple[float, float, float]:
    """Freedom, place and scale of departures; the place is zero.

    Args:
        departure: Finite values.
        freedom: Held fixed when given.
    """

    def search(
        _: Callable[..., float], start: NDArray[np.float64], *, args: tuple[NDArray[np.float64]], disp: int
    ) -> NDArray[np.float64]:
        def surprise(theta: NDArray[np.float64]) -> float:
            return _surprise(args[0], theta[0] if freedom is None else freedom, theta[-1])

        found: NDArray[np.float64] = fmin(surprise, start, disp=disp)
        return found

    fixed = {} if freedom is None else {"fix_df": freedom}
    found, place, scale = student.fit(departure, floc=0.0, optimizer=search, **fixed)
    return float(found), float(place), float(scale)


def _surprise(departure: NDArray[np.float64], freedom: float, scale: float) -> float:
    """Negative logarithm of the likelihood; infinite outside the law's parameters."""
    if freedom <= 0 or scale <= 0:
        return float("inf")
    sizes = departure / scale
    densities = (
        np.log(poch(0.5 * freedom, 0.5))
        - 0.5 * (np.log(freedom) + np.log(np.pi))
        - (freedom + 1) / 2 * np.log1p(sizes * sizes / freedom)
    )
    return float(-densities.sum() + len(sizes) * np.log(scale))
