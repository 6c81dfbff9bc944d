"""Loads that draw more or less than their own course and that of the other loads lead to expect.

What a load draws is its reading and what all flows round it imply, each with its weight, so that no single sensor can
feign it. A load wanders; the question is whether its level was another for a time, in the active power or in the part
of the reactive power that does not follow the active (or the other way round, where that is far larger): a machine
more, or one less, changes both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2
from sklearn.linear_model import Ridge
from sklearn.preprocessing import SplineTransformer

from tools.detection.box_search import strongest_box
from tools.detection.frame import Floats, Frame
from tools.detection.identify import Verdicts
from tools.detection.reconciled import reconciled
from tools.detection.smoothing import running_mean
from tools.element import ElementKind
from tools.robust import MAD_TO_SIGMA

_SHORTEST_MIN, _LONGEST_MIN = 10.0, 300.0
_KNOTS_MIN = 180.0
_COMMON = 3
"""Courses that the other loads share, such as of homes, offices and works."""
_SMOOTHED_MIN = 30.0
_FEW = 120
_MOST = 3
_NEAR_MIN = 15.0
_LENGTHS = 8
"""Independent tests that boxes of all lengths are worth at each moment."""
_KNOWN = 0.9
_DEAD_SIGMA = 5.0
_PENALTY = 1e-3
_FAR = 4.0
_FAR_SURER = 2.0
FALSE_ALARMS = 0.1
"""Chance of any shift among all loads over a span without one; a small one is for the record only."""
_TRUST = 1.15
"""The threshold is this much wider than theory: the parameters of a load's wandering are estimates."""


@dataclass(frozen=True)
class DemandShift:
    """A time in which a load drew more or less.

    Attributes:
        row: Sensor of its active power, or of the reactive where that is by far the larger and tells more.
        first, stop: Columns, the last not included.
        lasting: Whether it goes on to the end.
        value: Mean of what it drew, in the sensor's unit.
        excess: Of that, what its course did not lead to expect.
        strength: Standard errors.
    """

    row: int
    first: int
    stop: int
    lasting: bool
    value: float
    excess: float
    strength: float


def demand_shifts(frame: Frame, verdicts: Verdicts) -> Iterator[DemandShift]:
    """Shifts of all loads whose power is measured and implied by others as well."""
    loads = _loads(frame, verdicts)
    if not loads or frame.value.shape[1] < _FEW:
        return
    drawn = {row: reconciled(frame, verdicts, row) for pair in loads for row in pair if row is not None}
    loads = [_surer_first(pair, drawn) for pair in loads]
    limit = _TRUST * float(np.sqrt(chi2.isf(FALSE_ALARMS / (len(loads) * frame.value.shape[1] * _LENGTHS), 2)))
    curves, relative = _curves(frame), {row: _relative(frame, drawn[row][0]) for row, _ in loads}
    for first, second in loads:
        common = _common(curves, [relative[row] for row, _ in loads if row != first])
        yield from _Load(frame, first, common, drawn[first], None if second is None else drawn[second]).shifts(limit)


def _surer_first(pair: tuple[int, int | None], drawn: dict[int, tuple[Floats, float]]) -> tuple[int, int | None]:
    """The power that is known more exactly for its size: the other would carry its noise into what follows it."""
    active, reactive = pair
    if reactive is None or _exactness(drawn[reactive]) <= _FAR_SURER * _exactness(drawn[active]):
        return pair
    return reactive, active


def _exactness(drawn: tuple[Floats, float]) -> float:
    return float(np.abs(np.median(drawn[0]))) / drawn[1]


def _loads(frame: Frame, verdicts: Verdicts) -> list[tuple[int, int | None]]:
    """Rows of active and reactive power of each load that can be judged."""
    place: dict[tuple[int, str], int] = {}
    for row, sensor in enumerate(frame.sensors):
        if sensor.element is None or sensor.element.kind is not ElementKind.LOAD or not verdicts.redundant[row]:
            continue
        known = np.isfinite(frame.value[row]) | np.isfinite(verdicts.expected[row])
        alive = np.abs(np.nanmedian(frame.value[row])) > _DEAD_SIGMA * frame.noise[row]
        if known.mean() > _KNOWN and (alive or sensor.quantity == "q"):
            place.setdefault((sensor.element.index, sensor.quantity), row)
    return [(row, place.get((index, "q"))) for (index, quantity), row in place.items() if quantity == "p"]


def _curves(frame: Frame) -> Floats:
    """Moment by regressor: smooth curves of a load's own."""
    count = frame.value.shape[1]
    knots = max(3, round(count / frame.columns(_KNOTS_MIN)) + 1)
    return np.asarray(SplineTransformer(n_knots=knots, degree=3).fit_transform(np.arange(count, dtype=float)[:, None]))


def _relative(frame: Frame, values: Floats) -> Floats:
    """What a load draws over its usual, smoothed, round its mean."""
    smooth = _smooth(frame, values / np.median(values))
    apart: Floats = smooth - smooth.mean()
    return apart


def _common(curves: Floats, others: list[Floats]) -> Floats:
    """Moment by regressor: what the other loads share, and smooth curves of a load's own."""
    if len(others) <= _COMMON:
        return curves
    shared = np.linalg.svd(np.array(others), full_matrices=False)[2][:_COMMON]
    return np.column_stack([curves, np.sqrt(len(curves)) * shared.T])


def _smooth(frame: Frame, values: Floats) -> Floats:
    return running_mean(values, frame.columns(_SMOOTHED_MIN))


def _expected(common: Floats, power: Floats) -> Floats:
    """A load's course by regression; what is far from it is left out once."""
    found = Ridge(alpha=_PENALTY, fit_intercept=False).fit(common, power).predict(common)
    rest = power - found
    near = np.abs(rest) <= _FAR * MAD_TO_SIGMA * np.median(np.abs(rest))
    fitted: Floats = Ridge(alpha=_PENALTY, fit_intercept=False).fit(common[near], power[near]).predict(common)
    return fitted


class _Load:
    """One load: the course of its powers without the shifts that were found so far."""

    def __init__(
        self,
        frame: Frame,
        row: int,
        common: Floats,
        power: tuple[Floats, float],
        second: tuple[Floats, float] | None,
    ) -> None:
        self._frame, self._row, self._common = frame, row, common
        self._drawn, self._powers = power[0], [power[0].copy()]
        self._noises = [power[1]]
        if second is not None:
            self._powers.append(second[0].copy())
            self._noises.append(second[1])

    def shifts(self, limit: float) -> Iterator[DemandShift]:
        """Shifts beyond a limit, the strongest first."""
        count = len(self._drawn)
        shortest = self._frame.columns(_SHORTEST_MIN)
        longest = min(self._frame.columns(_LONGEST_MIN), count // 2)
        near = self._frame.columns(_NEAR_MIN)
        found: list[tuple[int, int]] = []
        for _ in range(_MOST):
            slope, rests = self._rests()
            box = strongest_box(rests, (shortest, longest), limit)
            if box.strength <= limit:
                return
            first, stop, heights = box.first, box.stop, box.heights
            self._powers[0][first:stop] -= heights[0]
            if len(heights) > 1:
                self._powers[1][first:stop] -= heights[1] + slope * heights[0]
            # What is left beside a shift that was told is the same story.
            beside = any(first <= past + near and stop >= begin - near for begin, past in found)
            found.append((first, stop))
            if beside:
                continue
            yield DemandShift(
                row=self._row,
                first=first,
                stop=stop,
                lasting=stop >= count,
                value=float(self._drawn[first:stop].mean()),
                excess=heights[0],
                strength=box.strength,
            )

    def _rests(self) -> tuple[float, list[tuple[Floats, float]]]:
        """What is left of the first power beside its expected course; of the second, beside what follows the first."""
        power = self._powers[0]
        rests = [(power - _expected(self._common, power), self._noises[0])]
        if len(self._powers) == 1:
            return 0.0, rests
        slope = float(np.polyfit(_smooth(self._frame, power), _smooth(self._frame, self._powers[1]), 1)[0])
        apart = self._powers[1] - slope * power
        rests.append((apart - float(np.median(apart)), float(np.hypot(self._noises[1], slope * self._noises[0]))))
        return slope, rests
