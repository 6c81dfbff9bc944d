"""Contrasts: one number that says how far a series moved around a moment, with the slow course taken out.

A step is the mean after a moment less the mean before it; a swing is the projection on a sinusoid. Both are linear,
so what physics says of powers (flows add up) holds for their contrasts as well, and the contrasts of ordinary moments
are samples of what is normal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import median_filter

from tools.robust import MAD_TO_SIGMA

if TYPE_CHECKING:
    from tools.detection.frame import Floats

STEP_MIN = 5.0
"""Minutes on each side of a step; long enough to average the noise, short against the course of a day."""
_LEAST, _WIDEST = 3, 30
_COURSE = 12


@dataclass(frozen=True)
class Step:
    """Mean of the next moments less mean of the last ones.

    Attributes:
        side: Moments on each side.
    """

    side: int

    @classmethod
    def of(cls, step_s: float) -> Step:
        """For readings so many seconds apart."""
        return cls(int(np.clip(round(STEP_MIN * 60 / step_s), _LEAST, _WIDEST)))

    @property
    def reach(self) -> int:
        """Moments around it that a contrast looks at."""
        return self.side

    def over(self, value: Floats) -> Floats:
        """Contrast at every moment (the first of "after"), less its slow course; zero at the ends."""
        filled = gapless(value)
        total = np.concatenate([[0.0], np.cumsum(filled)])
        mean = (total[self.side :] - total[: -self.side]) / self.side
        contrast = np.zeros(len(value))
        apart = mean[self.side :] - mean[: -self.side]
        course = median_filter(apart, size=2 * _COURSE * self.side + 1, mode="reflect")
        contrast[self.side : self.side + len(apart)] = apart - course
        return contrast

    def noise(self, sigma: float) -> float:
        """Standard error of a contrast of readings that have one of their own."""
        return float(sigma * np.sqrt(2 / self.side))


@dataclass(frozen=True, eq=False)
class Swing:
    """Projection on a sinusoid over some cycles.

    Attributes:
        wave: Cosine of a cycle, by moment, over a whole number of cycles.
    """

    wave: Floats

    @classmethod
    def of(cls, cycle: float, phase: float, cycles: int = 3) -> Swing:
        """For a swing of so many moments a cycle, at that phase (radians) at the middle."""
        half = max(2, round(cycle * cycles / 2))
        place = np.arange(-half, half + 1)
        wave = np.cos(2 * np.pi * place / cycle + phase) * np.hanning(2 * half + 3)[1:-1]
        # Straight lines must leave no trace.
        design = np.stack([np.ones(len(place)), place], axis=1)
        wave = wave - design @ np.linalg.lstsq(design, wave, rcond=None)[0]
        return cls(np.asarray(wave * 2 / np.abs(wave).sum()))

    @property
    def reach(self) -> int:
        """Moments around it that a contrast looks at."""
        return len(self.wave) // 2

    def over(self, value: Floats) -> Floats:
        """Contrast at every moment, its middle; zero at the ends."""
        filled = gapless(value)
        contrast = np.correlate(filled - filled.mean(), self.wave, mode="same")
        contrast[: self.reach] = contrast[len(contrast) - self.reach :] = 0.0
        return np.asarray(contrast)

    def noise(self, sigma: float) -> float:
        """Standard error of a contrast of readings that have one of their own."""
        return float(sigma * np.linalg.norm(self.wave))


Contrast = Step | Swing


def gapless(value: Floats) -> Floats:
    """Gaps closed by straight lines; nothing known at all becomes zero."""
    known = np.isfinite(value)
    if known.all():
        return value
    if not known.any():
        return np.zeros_like(value)
    moments = np.arange(len(value))
    return np.asarray(np.interp(moments, moments[known], value[known]))


def spread(contrast: Floats, least: float) -> float:
    """Usual size of a contrast: its median deviation, and no less than noise alone makes it."""
    inner = contrast[contrast != 0]
    return max(least, MAD_TO_SIGMA * float(np.median(np.abs(inner)))) if len(inner) else max(least, 1e-12)
