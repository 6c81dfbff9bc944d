"""Readings in another unit, scale or sign than the sensor declares: what is said is a known function of what is true.

A value that is a thousand times too large is sent in kW where MW is meant; one that mirrors what the others imply has
its sign reversed; a temperature that fits only after conversion is sent in degrees Fahrenheit. Such a change is told
only where it explains the readings and nothing else does: the rest must be within noise or a fiftieth of the value,
while the readings as they stand are ten times as far off.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.detection.frame import Floats
from tools.detection.schema.quality import ScaleError

_SLOPES: dict[ScaleError, tuple[float, float]] = {
    ScaleError.THOUSANDFOLD: (1e3, 0.0),
    ScaleError.THOUSANDTH: (1e-3, 0.0),
    ScaleError.MILLIONFOLD: (1e6, 0.0),
    ScaleError.REVERSED: (-1.0, 0.0),
    ScaleError.FAHRENHEIT: (1.8, 32.0),
    ScaleError.PERCENT: (1e2, 0.0),
    ScaleError.HUNDREDTH: (1e-2, 0.0),
}
_PU = frozenset({ScaleError.PERCENT, ScaleError.HUNDREDTH})
_TURNED = frozenset({ScaleError.REVERSED, ScaleError.FAHRENHEIT})
"""What nature does as well from one day to the next: a flow turns round, oil gets hotter."""
_PARTS = 4
_NOISES = 2.0
_SHARE = 0.02
_OWN_SHARE = 0.1
"""Without another measurement, the level from before may have moved by this share meanwhile."""
_BETTER = 10.0
_CLEAR = 20.0
_LEAST = 5


@dataclass(frozen=True)
class Scale:
    """One wrong scale.

    Attributes:
        error: Which.
        true: What the readings mean once put right: their median, in the sensor's unit.
    """

    error: ScaleError
    true: float


def wrong_scale(said: Floats, expected: Floats, noise: float, unit: str, *, own: bool = False) -> Scale | None:
    """The scale that explains readings; None when none does, or when they are right as they stand.

    Args:
        said: Readings; NaN where there is none.
        expected: What each should say, by the other measurements or by the sensor's own level before.
        noise: Standard error of a right reading.
        unit: Declared; tells which mistakes are possible.
        own: Whether ``expected`` is the sensor's own level before, which may have moved.
    """
    known = np.isfinite(said) & np.isfinite(expected)
    said, expected = said[known], expected[known]
    if len(said) < _LEAST:
        return None
    as_it_is = float(np.median(np.abs(said - expected)))
    level = float(np.median(np.abs(expected)))
    # Of something near zero neither scale nor sign can be seen.
    if as_it_is <= _CLEAR * noise or level <= _CLEAR * noise:
        return None
    share = _OWN_SHARE if own else _SHARE
    fits: list[tuple[float, ScaleError]] = []
    for error in _possible(unit):
        slope, offset = _SLOPES[error]
        rest = float(np.median(np.abs(said - (slope * expected + offset))))
        # What multiplies the value multiplies its noise: else anything near zero would be a thousandth.
        allowed = abs(slope) * max(_NOISES * noise, share * level)
        if rest <= allowed and rest * _BETTER <= as_it_is:
            fits.append((rest, error))
    if not fits:
        return None
    error = min(fits)[1]
    return Scale(error, put_right(float(np.median(said)), error))


def lasting_scale(said: Floats, expected: Floats, noise: float, unit: str) -> Scale | None:
    """The power of ten by which readings are off all the time; None when none is, or not in every quarter of them.

    Args:
        said: Readings, in order of time; NaN where there is none.
        expected: What each should say by what is known of the sensor itself: a nominal value, its own days before.
        noise: Standard error of a right reading.
        unit: Declared; tells which mistakes are possible.
    """
    parts = zip(np.array_split(said, _PARTS), np.array_split(expected, _PARTS), strict=True)
    errors = {None if (one := wrong_scale(*part, noise, unit, own=True)) is None else one.error for part in parts}
    whole = wrong_scale(said, expected, noise, unit, own=True)
    return None if whole is None or whole.error in _TURNED or errors != {whole.error} else whole


def put_right(said: float, error: ScaleError) -> float:
    """What a reading means.

    >>> put_right(212.0, ScaleError.FAHRENHEIT)
    100.0
    """
    slope, offset = _SLOPES[error]
    return (said - offset) / slope


def _possible(unit: str) -> tuple[ScaleError, ...]:
    if unit == "celsius":
        return (ScaleError.FAHRENHEIT,)
    return tuple(
        error for error in _SLOPES if error is not ScaleError.FAHRENHEIT and (error not in _PU or unit == "pu")
    )
