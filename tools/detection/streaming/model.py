"""What is normal for a group of sensors, learnt from a stated window of normal rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.detection.streaming.limits import Chart, Limit
from tools.detection.streaming.wandering import Wandering

Floats = NDArray[np.float64]

VERSION = 1
"""Of what a model holds and how it is used; a stored model of another version is not read."""


@dataclass(frozen=True)
class LeftOutSensor:
    """A sensor of the training rows that the model does not judge."""

    name: str
    reason: str


@dataclass(frozen=True, eq=False)
class NormalModel:
    """The normal behaviour of sensors side by side.

    Attributes:
        sensors: Names, in the order of the columns that are judged.
        columns: Where these stand in the rows given.
        centre, scale: Training mean and standard deviation, in the sensors' units.
        wandering: How far each may leave its mean by chance.
        precision: Inverse covariance of the last step, shrunk (Ledoit and Wolf 2004), in training scales.
        limits: Of each chart.
        longest_gap: Rows in a row that each sensor missed in training.
        from_us, until_us: The training window, microseconds since 1970.
        step_us: Usual distance of two rows.
        rows: In the window.
        held_out_alarms: Share of held-out rows beyond the limits of theory, before these were raised.
        left_out: Sensors that are not judged.
    """

    sensors: tuple[str, ...]
    columns: tuple[int, ...]
    centre: Floats
    scale: Floats
    wandering: Wandering
    precision: Floats
    limits: Mapping[Chart, Limit]
    longest_gap: tuple[int, ...]
    from_us: int
    until_us: int
    step_us: int
    rows: int
    held_out_alarms: float
    left_out: tuple[LeftOutSensor, ...]

    def standardised(self, row: Floats) -> Floats:
        """The judged columns of a row in training scales."""
        scaled: Floats = (row[list(self.columns)] - self.centre) / self.scale
        return scaled

    def ahead(self, at_us: int) -> float:
        """Rows between the end of the training window and a moment, at least zero."""
        return max(0.0, (at_us - self.until_us) / self.step_us)
