"""Learns what is normal for a group of sensors from a stated window of rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from sklearn.covariance import ledoit_wolf

from tools.detection.streaming.charts import Charts
from tools.detection.streaming.limits import Chart, limits_for
from tools.detection.streaming.model import LeftOutSensor, NormalModel
from tools.detection.streaming.smoothing import WEIGHT, settling_rows, smoothed
from tools.detection.streaming.wandering import fit_wandering
from tools.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.detection.streaming.model import Floats

HELD_OUT = 0.25
"""Share of the window, its end, that the limits are checked on by a model of the rest."""
LEAST_ROWS = 120
"""The held-out quarter then is twice as long as the averages take to settle."""
MOST_SENSORS = 64
"""In one model: the covariance of more is not known from a few hundred rows; split the sensors by place."""
MOST_MISSING = 0.2
"""Share of missing values above which a sensor's level and scatter are not known well enough."""


def fit_model(sensors: Sequence[str], at_us: NDArray[np.int64], rows: Floats) -> NormalModel:
    """Learn from normal rows; the last quarter of them checks the limits before it is learnt from as well.

    Limits are raised to what these rows, and all rows under the final model, needed: a heavy tail shows only in many.

    Args:
        sensors: Names of the columns.
        at_us: Ascending times of the rows, microseconds since 1970.
        rows: One row a moment, one column a sensor; NaN where a value is missing.

    Raises:
        InvalidArgumentError: for too few rows, times that do not ascend, or no sensor that can be modelled.
    """
    _check(sensors, at_us, rows)
    kept, left_out = _choose(sensors, rows)
    judged = rows[:, kept]
    names = tuple(sensors[column] for column in kept)
    first = _learnt_first(len(rows))
    trial = _fit(names, at_us[:first], judged[:first])
    statistics = _statistics(trial, at_us, judged)
    held_out = {chart: values[first:] for chart, values in statistics.items()}
    beyond = np.any([held_out[chart] > trial.limits[chart].action for chart in Chart], axis=0)
    model = _fit(names, at_us, judged)
    seen = _statistics(model, at_us, judged)
    raised = {
        chart: replace(
            limit,
            stretch=max(
                1.0, float(held_out[chart].max()) / trial.limits[chart].action, float(seen[chart].max()) / limit.action
            ),
        )
        for chart, limit in model.limits.items()
    }
    return replace(model, columns=tuple(kept), limits=raised, left_out=left_out, held_out_alarms=float(beyond.mean()))


def _check(sensors: Sequence[str], at_us: NDArray[np.int64], rows: Floats) -> None:
    if rows.shape != (len(at_us), len(sensors)):
        message = f"rows: {rows.shape} given; right is one row for each of {len(at_us)} times, {len(sensors)} columns"
        raise InvalidArgumentError(message)
    if len(rows) < LEAST_ROWS:
        message = f"rows: {len(rows)} training rows given; a model needs at least {LEAST_ROWS}"
        raise InvalidArgumentError(message)
    if (np.diff(at_us) <= 0).any():
        place = int(np.argmax(np.diff(at_us) <= 0)) + 1
        message = f"at_us: row {place} is not later than the row before it; sort the rows and keep one a moment"
        raise InvalidArgumentError(message)
    if np.isinf(rows).any():
        message = "rows: an infinite value; right is a finite number, or NaN where a value is missing"
        raise InvalidArgumentError(message)


def _choose(sensors: Sequence[str], rows: Floats) -> tuple[list[int], tuple[LeftOutSensor, ...]]:
    kept: list[int] = []
    left_out: list[LeftOutSensor] = []
    first = _learnt_first(len(rows))
    for column, name in enumerate(sensors):
        if np.isfinite(rows[:, column]).mean() < 1.0 - MOST_MISSING:
            left_out.append(LeftOutSensor(name, "more than a fifth of the training values is missing"))
        elif _stands_still(rows[:first, column]) or _stands_still(rows[first:, column]):
            left_out.append(LeftOutSensor(name, "constant in training, or in a part of it: how it moves is not known"))
        else:
            kept.append(column)
    if not kept:
        reasons = "; ".join(sorted({item.reason for item in left_out}))
        message = f"rows: none of {len(sensors)} sensors can be modelled ({reasons})"
        raise InvalidArgumentError(message)
    if len(kept) > MOST_SENSORS:
        message = f"sensors: {len(kept)} given; one model takes at most {MOST_SENSORS}, split them by place"
        raise InvalidArgumentError(message)
    return kept, tuple(left_out)


def _learnt_first(rows: int) -> int:
    """Rows before the held-out ones."""
    return rows - int(rows * HELD_OUT)


def _stands_still(values: Floats) -> bool:
    known = values[np.isfinite(values)]
    return not len(known) or float(known.min()) == float(known.max())


def _fit(names: tuple[str, ...], at_us: NDArray[np.int64], rows: Floats) -> NormalModel:
    centre = np.nanmean(rows, axis=0)
    scale = np.nanstd(rows, axis=0)
    values = (rows - centre) / scale
    level = smoothed(values)
    settled = settling_rows(WEIGHT)
    steps = np.nan_to_num(values[settled:] - level[settled - 1 : -1])
    covariance, _ = ledoit_wolf(steps, assume_centered=True)
    deviation = np.sqrt(np.diag(covariance))
    return NormalModel(
        sensors=names,
        columns=tuple(range(len(names))),
        centre=centre,
        scale=scale,
        wandering=fit_wandering(level[settled:], settled),
        precision=np.linalg.pinv(covariance, hermitian=True),
        limits=limits_for(covariance / np.outer(deviation, deviation)),
        longest_gap=tuple(_longest_gap(column) for column in np.isnan(rows).T),
        from_us=int(at_us[0]),
        until_us=int(at_us[-1]),
        step_us=int(np.median(np.diff(at_us))),
        rows=len(rows),
        held_out_alarms=0.0,
        left_out=(),
    )


def _statistics(model: NormalModel, at_us: NDArray[np.int64], rows: Floats) -> dict[Chart, Floats]:
    charts = Charts(model)
    found = [charts.follow(int(at), row) for at, row in zip(at_us, rows, strict=True)]
    return {chart: np.array([moment.values[chart] for moment in found]) for chart in Chart}


def _longest_gap(missing: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(missing, prepend=False, append=False))
    return int((edges[1::2] - edges[::2]).max(initial=0))
