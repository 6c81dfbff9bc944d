"""Inverse-time overcurrent protection after IEC 60255-151 (2009), clause 4 and annex A."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.grid.schema.cascade import InverseCurve

if TYPE_CHECKING:
    from numpy.typing import NDArray

# t = TMS * k / ((I / I_s)^alpha - 1); the constant c of the standard's curves A, B and C is zero.
_CONSTANTS = {
    InverseCurve.STANDARD: (0.14, 0.02),
    InverseCurve.VERY: (13.5, 1.0),
    InverseCurve.EXTREMELY: (80.0, 2.0),
}
# Above this multiple of the pickup the time stays what it is there, the end of the standard's effective range.
LARGEST_MULTIPLE = 20.0


def operate_time_s(
    multiple: NDArray[np.float64], curve: InverseCurve, time_multiplier: float = 1.0
) -> NDArray[np.float64]:
    """Time to operate at a constant current.

    Args:
        multiple: Current over the pickup.
        curve: Characteristic.
        time_multiplier: TMS.

    Returns:
        Seconds; infinite at or below the pickup.

    >>> operate_time_s(np.array([2.0, 10.0, 1.0]), InverseCurve.STANDARD).round(2).tolist()
    [10.03, 2.97, inf]
    """
    k, alpha = _CONSTANTS[curve]
    above = multiple > 1.0
    times = np.full(np.shape(multiple), np.inf)
    times[above] = time_multiplier * k / (np.minimum(multiple[above], LARGEST_MULTIPLE) ** alpha - 1.0)
    return times
