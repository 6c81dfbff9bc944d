"""Gold of what detection tells of a made day: swings, means of ten seconds, usual hours, alarms and messages counted.

Each recipe goes back to the raw readings and log entries and computes with numpy alone.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from orchestrator.demoday.clock import DAY, LAST
from tools.errors import InvalidArgumentError
from tools.telemetry.moments import to_us
from tools.telemetry.schema.log import LogKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from evals.case import Expected, Gold
    from evals.day import MadeDay

_HOUR_US = 3_600_000_000
_PIECE = timedelta(minutes=10)
_DAYS = 30
_NOMINAL_HZ = 50.0


def _raw(made: MadeDay, expected: Expected, *, before: timedelta = timedelta()) -> tuple[NDArray, NDArray]:  # type: ignore[type-arg]
    """Times and values of the sensor in the span, or up to so long before it."""
    name = expected.given or expected.sensor
    if name is None:
        raise InvalidArgumentError(f"recipe {expected.recipe} of {expected.field} needs a sensor")
    series = made.series[name]
    start, end = to_us((expected.since or DAY) - before), to_us(expected.until or LAST)
    inside = (series.at_us >= start) & (series.at_us <= end) & np.isfinite(series.value)
    return series.at_us[inside], series.value[inside]


def _swing(made: MadeDay, expected: Expected) -> tuple[float, float]:
    """Frequency and peak of the largest line of the spectrum, by least squares about the highest bin."""
    at_us, value = _raw(made, expected)
    second = (at_us - at_us[0]) / 1e6
    apart = value - value.mean()
    bins = np.fft.rfftfreq(len(apart), second[1])
    middle = bins[1 + int(np.abs(np.fft.rfft(apart))[1:].argmax())]
    best = (np.inf, 0.0, 0.0)
    for frequency in np.linspace(middle - bins[1], middle + bins[1], 201):
        turn = 2 * np.pi * frequency * second
        columns = np.column_stack([np.sin(turn), np.cos(turn)])
        weights, *_ = np.linalg.lstsq(columns, apart, rcond=None)
        error = float(((apart - columns @ weights) ** 2).sum())
        best = min(best, (error, float(frequency), float(np.hypot(*weights))))
    return best[1], best[2]


def _swing_frequency(made: MadeDay, expected: Expected) -> Gold:
    return _swing(made, expected)[0]


def _swing_amplitude(made: MadeDay, expected: Expected) -> Gold:
    return _swing(made, expected)[1]


def _hour_mean(made: MadeDay, expected: Expected) -> Gold:
    """Mean of the readings of one hour, which begins at ``since``."""
    return float(_raw(made, expected)[1].mean())


def _usual_hour(made: MadeDay, expected: Expected) -> Gold:
    """Mean over the days before of the same hour, which begins at ``since``: what noise alone would move."""
    at_us, value = _raw(made, expected, before=timedelta(days=_DAYS))
    begin = to_us(expected.since or DAY)
    same = (at_us < begin) & ((at_us // _HOUR_US) % 24 == (begin // _HOUR_US) % 24)
    return float(value[same].mean())


def _raised(made: MadeDay, expected: Expected) -> list[datetime]:
    start, end = expected.since or DAY, expected.until or LAST
    logs = (*made.day.logs, *made.logs)
    return [one.at for one in logs if one.kind is LogKind.ALARM and one.action == "raise" and start <= one.at <= end]


def _alarms(made: MadeDay, expected: Expected) -> Gold:
    return float(len(_raised(made, expected)))


def _busiest(made: MadeDay, expected: Expected) -> Gold:
    """Alarms of the fullest ten minutes, counted from the begin of the span."""
    begin = expected.since or DAY
    return float(max(Counter((at - begin) // _PIECE for at in _raised(made, expected)).values()))


def _messages(made: MadeDay, expected: Expected) -> Gold:
    start, end = expected.since or DAY, expected.until or LAST
    return float(sum(one.kind is LogKind.PROTOCOL and start <= one.at <= end for one in made.logs))


def _pieces(made: MadeDay, expected: Expected) -> NDArray[np.float64]:
    """Means of ten seconds of the clock."""
    at_us, value = _raw(made, expected)
    piece = (at_us - to_us(DAY)) // 10_000_000
    return np.bincount(piece, weights=value) / np.bincount(piece)


def _inside(made: MadeDay, expected: Expected) -> Gold:
    """Percent of ten-second means within one percent of the nominal frequency."""
    pieces = _pieces(made, expected)
    return float(100.0 * np.mean(np.abs(pieces - _NOMINAL_HZ) <= 0.01 * _NOMINAL_HZ))


def _lowest_piece(made: MadeDay, expected: Expected) -> Gold:
    return float(_pieces(made, expected).min())


def _trouble_start(made: MadeDay, expected: Expected) -> Gold:
    """Begin of what was planted on the sensor."""
    return next(one.start for one in made.troubles if one.element == f"sensor:{expected.sensor}")


DETECTION_RECIPES: dict[str, Callable[[MadeDay, Expected], Gold]] = {
    "swing_frequency": _swing_frequency,
    "swing_amplitude": _swing_amplitude,
    "frequency_inside": _inside,
    "lowest_frequency": _lowest_piece,
    "trouble_start": _trouble_start,
    "hour_mean": _hour_mean,
    "usual_hour": _usual_hour,
    "alarms_raised": _alarms,
    "busiest_ten_minutes": _busiest,
    "protocol_messages": _messages,
}
