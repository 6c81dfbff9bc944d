"""Relative ageing of insulation paper by hot-spot temperature, IEC 60076-7:2018, clause 6."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_KELVIN = 273.0  # the standard's own figure


class Insulation(StrEnum):
    """Kinds of paper."""

    NORMAL = "normal"
    THERMALLY_UPGRADED = "thermally_upgraded"


def ageing_rate(hot_spot_celsius: NDArray[np.float64], insulation: Insulation) -> NDArray[np.float64]:
    """Ageing relative to that at 98 degC of ordinary paper, at 110 degC of upgraded paper.

    >>> float(ageing_rate(np.array([104.0]), Insulation.NORMAL)[0])
    2.0
    """
    if insulation is Insulation.NORMAL:
        rate: NDArray[np.float64] = 2.0 ** ((hot_spot_celsius - 98.0) / 6.0)
        return rate
    upgraded: NDArray[np.float64] = np.exp(15_000.0 / (110.0 + _KELVIN) - 15_000.0 / (hot_spot_celsius + _KELVIN))
    return upgraded
