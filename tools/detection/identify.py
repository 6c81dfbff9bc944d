"""Identification of the sensors that contradict the others, one after the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.detection.branch_model import BranchModel
from tools.detection.constraints import Constraints, build_constraints
from tools.detection.frame import Bools, Floats, Frame
from tools.detection.redundancy import Estimate, build_redundancy
from tools.detection.scan import FALSE_ALARMS, FIRM, Run, spread, strongest_run, threshold
from tools.detection.testimony import own_share

_MOST = 40
_MOSTLY = 0.5
_DECISIVE = 18.0
"""Difference of two squared strengths at which one explanation is e^9 times as likely as the other."""
_OWN = 0.5
"""Share of an error that its sensor must show itself, or the model is blamed rather than it."""
_STEADY = 0.3
"""Share of an error that is there outside its strongest run as well, when the model is what is wrong."""
_NEAR = 0.97
"""Two strengths this close are told apart by the sensors' own courses: the equations are linear only nearly."""


@dataclass(frozen=True, eq=False)
class Wrong:
    """A sensor that the others contradict.

    Attributes:
        row: Of the frame.
        error: What it says too much, by moment, in its own unit; NaN where the others do not determine it.
        sigma: Standard error of that.
        rivals: Rows of sensors that would explain the contradiction as well, but for their own course.
    """

    row: int
    error: Floats
    sigma: Floats
    rivals: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Verdicts:
    """What the redundancy of a span says.

    Attributes:
        wrong: Sensors that the others contradict.
        doubted: Equations that no sensor's error explains: there the model of the grid is wrong.
        expected: Sensor by moment: what the others imply, in the sensor's own unit; NaN where they imply nothing.
        sigma: Standard error of ``expected`` less the reading.
        redundant: Sensors that the others determined for most of the span before any was found wrong.
        limit: Standard errors beyond which a run of errors is no chance.
        firm: Standard errors below which a run is for the record only.
    """

    wrong: tuple[Wrong, ...]
    doubted: tuple[tuple[str, str], ...]
    expected: Floats
    sigma: Floats
    redundant: Bools
    limit: float
    firm: float


class _Search:
    """One search; keeps the readings as corrected so far, because the equations are not quite linear."""

    def __init__(self, frame: Frame, model: BranchModel | None, excluded: Bools) -> None:
        self.frame, self.model = frame, model
        self.value = _filled(np.where(excluded, np.nan, frame.value))
        self.constraints = build_constraints(frame, self.value, model)
        self.possible = len(self.constraints.label) > 0
        if not self.possible:
            return
        self.redundancy = build_redundancy(self.constraints, frame.noise)
        self.excluded = np.zeros_like(self.redundancy.void)
        self.excluded[: len(frame.sensors)] = excluded | ~np.isfinite(frame.value)
        self.noise = np.concatenate([frame.noise, _equation_noise(self.constraints, frame.noise)])
        self.limit, self.firm = _limits(self.redundancy.pull)
        self.found: dict[int, tuple[int, ...]] = {}
        self.estimate = self.redundancy.estimate(self.excluded)
        if self.excluded.any():
            self._correct(self.excluded[: len(frame.sensors)])
        self.wide = spread(self.estimate.score)
        known = np.isfinite(self.estimate.sigma[: len(frame.sensors)])
        self.redundant = known.mean(axis=1) > _MOSTLY

    def _correct(self, where: Bools) -> None:
        """Put what the others imply in the place of readings, and take the residuals anew."""
        for row in np.flatnonzero(where.any(axis=1)):
            error = self.estimate.error(int(row))
            there = where[row] & np.isfinite(error)
            self.value[row, there] -= error[there]
        self.constraints = build_constraints(self.frame, self.value, self.model)
        self.redundancy = self.redundancy.with_residual(self.constraints.residual)
        self.estimate = self.redundancy.estimate(self.excluded)

    def run(self) -> None:
        """Take out the strongest contradiction until none is left."""
        sensors = len(self.frame.sensors)
        wide = self.wide[:, None]
        for _ in range(_MOST):
            # What is taken out has had its hearing.
            score = np.where(self.excluded | self.redundancy.void, 0.0, self.estimate.score)
            found = strongest_run(score / wide, _typical(self.estimate) / self.noise, self.limit)
            if found is None:
                return
            candidate, rivals = self._blame(found, score)
            self.found[candidate] = rivals
            self.excluded[candidate] = True
            if candidate < sensors and self.constraints.curved[candidate]:
                where = np.zeros((sensors, self.value.shape[1]), dtype=bool)
                where[candidate] = True
                self._correct(where)
            else:
                self.estimate = self.redundancy.estimate(self.excluded)

    def _blame(self, found: Run, score: Floats) -> tuple[int, tuple[int, ...]]:
        """The one that is wrong, and the sensors that it was told apart from by their own course.

        Likelihoods compare by the scores as they are, not by those over each candidate's own spread.
        """
        strength = np.abs(score[:, found.first : found.stop].sum(axis=1)) / np.sqrt(found.stop - found.first)
        best = strength.max()
        close = np.flatnonzero((strength**2 > best**2 - _DECISIVE) | (strength > _NEAR * best))
        sensors = [int(row) for row in close if row < len(self.frame.sensors)]
        models = [int(row) for row in close if row >= len(self.frame.sensors) and self._plausible(int(row), found)]
        if len(sensors) + len(models) == 1 or not sensors:
            return (sensors or [int(strength.argmax())])[0], ()
        shares = {row: own_share(self.frame, row, self._total_error(row), sensors) for row in sensors}
        guilty = max(sensors, key=lambda row: (shares[row], strength[row]))
        if models and shares[guilty] < _OWN:
            return max(models, key=lambda row: strength[row]), ()
        return guilty, tuple(row for row in sensors if row != guilty)

    def _plausible(self, candidate: int, found: Run) -> bool:
        """Whether a wrong model may explain a run: taps and unmetered injections move, impedances do not."""
        name, place = self.redundancy.labels[candidate - len(self.frame.sensors)]
        if not name.endswith("of branch") or (name.startswith("vm") and place.startswith("trafo")):
            return True
        score = self.estimate.score[candidate]
        inside = float(score[found.first : found.stop].mean())
        outside = np.delete(score, np.s_[found.first : found.stop])
        return not len(outside) or float(outside.mean()) * inside > _STEADY * inside**2

    def _total_error(self, row: int) -> Floats:
        error: Floats = self.frame.value[row] - self.value[row] + self.estimate.error(row)
        return error

    def verdicts(self) -> Verdicts:
        """What was found, with errors as they are once all that is wrong is taken out."""
        sensors = len(self.frame.sensors)
        error = np.array([self.value[row] - self.estimate.error(row) for row in range(sensors)])
        wrong = tuple(
            Wrong(row, self.frame.value[row] - error[row], self.estimate.sigma[row] * self.wide[row], rivals)
            for row, rivals in self.found.items()
            if row < sensors
        )
        doubted = tuple(self.redundancy.labels[row - sensors] for row in self.found if row >= sensors)
        return Verdicts(wrong, doubted, error, self.estimate.sigma[:sensors], self.redundant, self.limit, self.firm)


def identify(frame: Frame, model: BranchModel | None, excluded: Bools) -> Verdicts:
    """Find the sensors that contradict the physics of the others.

    Args:
        frame: Readings.
        model: The grid; None when there is none.
        excluded: Sensor by moment: readings that are known to be false, and are not to be explained.
    """
    search = _Search(frame, model, excluded)
    if not search.possible:
        nothing, none = np.full(frame.value.shape, np.nan), np.zeros(len(frame.value), dtype=bool)
        return Verdicts((), (), nothing, np.full(frame.value.shape, np.inf), none, *_limits(frame.value))
    search.run()
    return search.verdicts()


def _limits(candidates: Floats) -> tuple[float, float]:
    """Standard errors for a finding, and for one that is more than for the record: candidate by moment."""
    count, moments = candidates.shape
    return threshold(count, moments, FALSE_ALARMS), threshold(count, moments, FIRM)


def _typical(estimate: Estimate) -> Floats:
    """Standard error of each candidate at its best; one without any has an infinite one."""
    lowest: Floats = estimate.sigma.min(axis=1)
    return lowest


def _equation_noise(constraints: Constraints, noise: Floats) -> Floats:
    scaled = constraints.jacobian[constraints.model] * noise
    spread: Floats = np.sqrt((scaled**2).sum(axis=1))
    return spread


def _filled(value: Floats) -> Floats:
    """Gaps closed by straight lines, so that residuals stay near those of the readings; empty rows by zero."""
    filled = value.copy()
    moments = np.arange(value.shape[1])
    for row in np.flatnonzero(~np.isfinite(value).all(axis=1)):
        known = np.isfinite(value[row])
        if known.any():
            filled[row] = np.interp(moments, moments[known], value[row, known])
    return filled
