"""Whether a newly trained model takes the place of the old one: only when it is better on held-out incidents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.detection.streaming.detector import detect
from tools.detection.streaming.model import NormalModel
from tools.errors import InvalidArgumentError


@dataclass(frozen=True, eq=False)
class Incident:
    """A stretch of rows that neither model was trained on, with what people confirmed.

    Attributes:
        at_us: Ascending times, microseconds since 1970.
        rows: One row a moment, columns as the models were fitted on.
        anomalous: Whether each row belongs to a confirmed anomaly; a false alarm is a stretch without any.
    """

    at_us: NDArray[np.int64]
    rows: NDArray[np.float64]
    anomalous: NDArray[np.bool_]


@dataclass(frozen=True)
class Standing:
    """How a model does on incidents: rows by verdict and truth."""

    found: int
    missed: int
    false_alarms: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0..1; one when there was nothing to find and nothing was told."""
        total = 2 * self.found + self.missed + self.false_alarms
        return 2 * self.found / total if total else 1.0


@dataclass(frozen=True)
class Choice:
    """Which model is used from now on, and why."""

    replaced: bool
    old: Standing
    new: Standing


def choose(old: NormalModel, new: NormalModel, incidents: Sequence[Incident]) -> Choice:
    """Compare two models; a tie keeps the old one, whose ways people know.

    Raises:
        InvalidArgumentError: without incidents, with rows that a model was trained on, or for models of other sensors.
    """
    if not incidents:
        message = "incidents: none given; without held-out incidents nobody knows which model is better"
        raise InvalidArgumentError(message)
    if sorted(_columns(old)) != sorted(_columns(new)):
        message = "new: it was fitted on other sensors than the old model; right are the same columns"
        raise InvalidArgumentError(message)
    for model, name in ((old, "old"), (new, "new")):
        for number, incident in enumerate(incidents):
            if len(incident.at_us) and incident.at_us[0] <= model.until_us and incident.at_us[-1] >= model.from_us:
                message = f"incidents: number {number} lies in the training window of the {name} model"
                raise InvalidArgumentError(message)
    before, after = standing(old, incidents), standing(new, incidents)
    return Choice(replaced=after.f1 > before.f1, old=before, new=after)


def standing(model: NormalModel, incidents: Sequence[Incident]) -> Standing:
    """Rows found, missed and falsely told over all incidents; each starts with a fresh detector."""
    found = missed = false_alarms = 0
    for incident in incidents:
        told = np.array([verdict.alarm for verdict in detect(model, incident.at_us, incident.rows)], dtype=bool)
        found += int((told & incident.anomalous).sum())
        missed += int((~told & incident.anomalous).sum())
        false_alarms += int((told & ~incident.anomalous).sum())
    return Standing(found, missed, false_alarms)


def _columns(model: NormalModel) -> tuple[str, ...]:
    return model.sensors + tuple(item.name for item in model.left_out)
