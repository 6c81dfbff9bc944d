"""A verdict on each row of a group of sensors as it comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.detection.streaming.charts import Charts, Moment
from tools.detection.streaming.limits import Chart
from tools.errors import InvalidArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.detection.streaming.model import NormalModel

LEAST_SILENCE = 5
"""Rows without a value that are a dropout at the least; more where training had longer gaps."""


@dataclass(frozen=True, eq=False)
class Verdict:
    """What the detector says of one row, with what it saw up to then and nothing later.

    Attributes:
        at_us: Microseconds since 1970.
        alarm: Whether the row belongs to an anomaly.
        score: One less the share of normal rows that are as far out, all charts counted; an alarm begins at one less
            the false-alarm rate.
        charts: The charts in alarm, none when only silence alarms.
        contribution: Share of each sensor in what the leading chart sees, 0..1; zero when no chart is in alarm.
        departure: Standard deviations of each sensor's average from its level.
        silent: Sensors that dropped out.
    """

    at_us: int
    alarm: bool
    score: float
    charts: tuple[Chart, ...]
    contribution: NDArray[np.float64]
    departure: NDArray[np.float64]
    silent: NDArray[np.bool_]


class StreamingDetector:
    """Judges rows one by one; its memory does not grow with their number."""

    def __init__(self, model: NormalModel) -> None:
        self.model = model
        self._charts = Charts(model)
        self._alarmed: frozenset[Chart] = frozenset()
        self._gap = np.zeros(len(model.sensors), dtype=np.intp)
        self._allowed = np.maximum(LEAST_SILENCE, np.array(model.longest_gap) + 1)
        self._last_us: int | None = None
        self._columns = np.array(model.columns, dtype=np.intp)
        self._expected = len(model.sensors) + len(model.left_out)

    def update(self, at_us: int, row: NDArray[np.float64]) -> Verdict:
        """Take the next row.

        Args:
            at_us: Later than every row before.
            row: One value for each sensor that the model was fitted on, left-out ones too; NaN where it is missing.

        Raises:
            InvalidArgumentError: for a row that is not later than the last, of another length, or infinite.
        """
        if self._last_us is not None and at_us <= self._last_us:
            message = f"at_us: {at_us} is not later than {self._last_us}, the row before; rows come in order, once"
            raise InvalidArgumentError(message)
        if row.shape != (self._expected,) or np.isinf(row).any():
            message = f"row: {row.shape[0] if row.ndim else 0} values given; right are {self._expected}, finite or NaN"
            raise InvalidArgumentError(message)
        self._last_us = at_us
        moment = self._charts.follow(at_us, row[self._columns])
        self._gap = (self._gap + 1) * moment.missing
        silent = self._gap >= self._allowed
        self._alarmed = frozenset(chart for chart, value in moment.values.items() if self._stands(chart, value))
        chance = min(limit.chance(moment.values[chart]) for chart, limit in self.model.limits.items())
        return Verdict(
            at_us=at_us,
            alarm=bool(self._alarmed) or bool(silent.any()),
            score=1.0 - min(1.0, len(Chart) * chance),
            charts=tuple(chart for chart in Chart if chart in self._alarmed),
            contribution=self._contribution(moment) if self._alarmed else np.zeros(len(self._gap)),
            departure=moment.departure,
            silent=silent,
        )

    def _stands(self, chart: Chart, value: float) -> bool:
        limit = self.model.limits[chart]
        return value > (limit.warning if chart in self._alarmed else limit.action)

    def _contribution(self, moment: Moment) -> NDArray[np.float64]:
        """Of the chart that is farthest beyond its limit."""
        leading = max(Chart, key=lambda chart: moment.values[chart] / self.model.limits[chart].action)
        parts = np.maximum(moment.jolt, 0.0) if leading is Chart.JOLT else moment.departure**2
        total = float(parts.sum())
        shares: NDArray[np.float64] = parts / total if total > 0.0 else parts
        return shares


def detect(model: NormalModel, at_us: NDArray[np.int64], rows: NDArray[np.float64]) -> Iterator[Verdict]:
    """Judge stored rows: the same steps as in a stream, so the same verdicts."""
    detector = StreamingDetector(model)
    for at, row in zip(at_us, rows, strict=True):
        yield detector.update(int(at), row)
