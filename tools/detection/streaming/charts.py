"""The charts of a model, followed row by row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.detection.streaming.limits import Chart
from tools.detection.streaming.smoothing import follow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.detection.streaming.model import NormalModel


@dataclass(frozen=True, eq=False)
class Moment:
    """One row as the charts see it.

    Attributes:
        values: Of each chart.
        departure: Of each sensor's average from its predicted level, in standard deviations that it may wander by now.
        jolt: Share of each sensor in the last step's distance; may be negative.
        missing: Sensors without a value.
    """

    values: Mapping[Chart, float]
    departure: NDArray[np.float64]
    jolt: NDArray[np.float64]
    missing: NDArray[np.bool_]


class Charts:
    """The state of a model's charts; one row after the other."""

    def __init__(self, model: NormalModel) -> None:
        self._model = model
        self._level = np.zeros(len(model.sensors))
        self._ahead, self._spread = 0.0, np.sqrt(model.wandering.variance(0.0))

    def follow(self, at_us: int, row: NDArray[np.float64]) -> Moment:
        """Take the next row, of the model's own columns, in the sensors' units."""
        model = self._model
        value = (row - model.centre) / model.scale
        missing = np.isnan(value)
        step = np.where(missing, 0.0, value - self._level)
        self._level = follow(self._level, value)
        ahead = model.ahead(at_us)
        if ahead != self._ahead:  # all rows of the training window are zero rows behind it
            self._ahead, self._spread = ahead, np.sqrt(model.wandering.variance(ahead))
        # A sensor that says nothing is no evidence, for or against.
        departure = np.where(missing, 0.0, (self._level - model.wandering.level) / self._spread)
        square = departure**2
        jolt = step * (model.precision @ step)
        values = {
            Chart.TOGETHER: float(square.sum()),
            Chart.ALONE: float(square.max()),
            Chart.JOLT: float(jolt.sum()),
        }
        return Moment(values, departure, jolt, missing)
