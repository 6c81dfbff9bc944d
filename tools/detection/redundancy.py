"""Estimates of each sensor's error from all other measurements.

For equations with residuals e = A b + noise, W their covariance, the error b_j of one sensor is estimated as
``A_j' W^-1 e / A_j' W^-1 A_j``; divided by its standard error this is the largest-normalised-residual statistic of
bad-data identification (Abur and Exposito, Power System State Estimation, chapter 5), and the generalised likelihood
ratio of Narasimhan and Mah (AIChE Journal 33, 1987). A reading that is missing or known to be false is taken out by
projecting its column away, which is the same as giving it an infinite variance.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tools.detection.constraints import Constraints
from tools.detection.frame import Bools, Floats

WEAKEST = 0.01
"""Share of its redundancy that a candidate must keep once others are taken out, or it is not estimated at all."""
_RIDGE = 1e-6
"""Keeps the inverse finite when two that are taken out cannot be told apart; both then fall below ``WEAKEST``."""
_Numbers = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Estimate:
    """Errors of all candidates, moment by moment.

    Attributes:
        score: Error in its standard errors; zero where the others do not determine it.
        sigma: Standard error of the error, in the sensor's own unit; infinite where it is not determined.
    """

    score: Floats
    sigma: Floats

    def error(self, candidate: int) -> Floats:
        """Error of one candidate in its own unit; NaN where it is not determined."""
        known = np.isfinite(self.sigma[candidate])
        return np.where(known, self.score[candidate] * np.where(known, self.sigma[candidate], 0.0), np.nan)


@dataclass(frozen=True, eq=False)
class Redundancy:
    """The equations in the form that the estimates need.

    Candidates are the sensors of the frame, followed by those equations that a wrong model could break.

    Attributes:
        alike: ``B' W^-1 B`` over the candidates' columns B, scaled to ones on the diagonal: how far two candidates
            explain the same residuals.
        pull: ``B' W^-1 e`` in the same scale, candidate by moment.
        weights: What the pull is of the residuals: ``pull = weights' e``.
        scale: Standard error of each candidate with nothing taken out; zero when no equation holds it.
        sensors: How many candidates are sensors.
        labels: What each equation is that follows as a candidate.
        void: Candidate by moment: always taken out there.
    """

    alike: Floats
    pull: Floats
    weights: Floats
    scale: Floats
    sensors: int
    labels: tuple[tuple[str, str], ...]
    void: Bools

    def with_residual(self, residual: Floats) -> Redundancy:
        """The same equations over corrected readings."""
        return replace(self, pull=self.weights.T @ residual)

    def estimate(self, excluded: Bools) -> Estimate:
        """Errors of all candidates with some readings taken out.

        Args:
            excluded: Candidate by moment; one that is taken out is itself still estimated, from the rest.
        """
        score = np.zeros(self.pull.shape)
        sigma = np.full(self.pull.shape, np.inf)
        out = (excluded | self.void) & (self.scale > 0)[:, None]
        involved = np.flatnonzero(out.any(axis=1))
        patterns, where = np.unique(out[involved], axis=1, return_inverse=True)
        where = where.ravel()
        for number in range(patterns.shape[1]):
            moments = np.flatnonzero(where == number)
            taken = involved[patterns[:, number]]
            pull, weight = self._without(taken, moments)
            known = (weight > WEAKEST) & (self.scale > 0)
            root = np.sqrt(weight[known])[:, None]
            score[np.ix_(known, moments)] = pull[known] / root
            sigma[np.ix_(known, moments)] = self.scale[known, None] / root
        return Estimate(score, sigma)

    def _without(self, taken: _Numbers, moments: _Numbers) -> tuple[Floats, Floats]:
        """Pull and weight of every candidate once some are taken out, at moments that share them."""
        pull, weight = self.pull[:, moments], np.ones(len(self.scale))
        if not len(taken):
            return pull, weight
        inverse = np.linalg.inv(self.alike[np.ix_(taken, taken)] + _RIDGE * np.eye(len(taken)))
        gain = self.alike[:, taken] @ inverse
        own = pull[taken]
        pull = pull - gain @ own
        weight = 1 - np.einsum("ij,ij->i", gain, self.alike[:, taken])
        # Those taken out are estimated jointly: their weight is what the others taken out leave of it.
        weight[taken] = 1 / np.diag(inverse)
        pull[taken] = (inverse @ own) * weight[taken, None]
        return pull, weight


def build_redundancy(constraints: Constraints, noise: Floats) -> Redundancy:
    """Weigh the equations by the noise of the sensors in them.

    Args:
        constraints: At least one equation.
        noise: Standard error of each sensor, in its own unit.
    """
    scaled = constraints.jacobian * noise
    covariance = scaled @ scaled.T
    # Two equations over the same readings would make it singular; a trace of extra noise does no harm.
    covariance[np.diag_indices_from(covariance)] *= 1 + 1e-9
    equations = np.flatnonzero(constraints.model)
    columns = np.concatenate([constraints.jacobian, np.eye(len(constraints.label))[:, equations]], axis=1)
    weighted = np.linalg.solve(covariance, columns)
    information = np.einsum("ij,ij->j", columns, weighted)
    held = information > 0
    scale = np.zeros(len(held))
    scale[held] = 1 / np.sqrt(information[held])
    sensors = constraints.jacobian.shape[1]
    void = np.zeros((len(held), constraints.residual.shape[1]), dtype=bool)
    void[sensors:] = constraints.void[equations]
    return Redundancy(
        alike=(columns.T @ weighted) * np.outer(scale, scale),
        pull=(weighted * scale).T @ constraints.residual,
        weights=weighted * scale,
        scale=scale,
        sensors=sensors,
        labels=tuple(constraints.label[number] for number in equations),
        void=void,
    )
