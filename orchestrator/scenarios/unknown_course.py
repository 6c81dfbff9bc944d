"""The course of the loads that no detector knows, as a covariance over sensors and steps.

The simulator's loads follow curves whose mix of customers is drawn by chance (Dirichlet), and wander round them
(Ornstein and Uhlenbeck), each by itself. To first order every sensor follows the loads by its sensitivities, so what
the course adds to a reading's noise has the covariance ``S S' x K``: sensors by sensors, times steps by steps. In
the singular directions of S, whitened by the noise of the sensors, this falls apart into one scalar process each.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from orchestrator.scenarios.physics import MIXED, World, solve
from orchestrator.simulation.curves import Q_FLOOR, WANDER_MIN, mixed_curves
from orchestrator.simulation.injections import Injections
from orchestrator.simulation.sensors import Temperatures, channels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from orchestrator.scenarios.schema.scenario import Profiles

    Floats = NDArray[np.float64]

_NUDGE = 0.01
"""Share of a load by which it is moved to see what follows."""


@dataclass(frozen=True, eq=False)
class UnknownCourse:
    """What is not known of the quiet course.

    Attributes:
        follows: Change of each sensor with each load, a unit of the load's relative change; others do not change.
        wander: Standard deviation of a load round its curve, relative.
        keep: What is left of a deviation after one step.
        curves: Step by component: relative course of a load for one standard deviation of its mix.
    """

    follows: Mapping[str, Floats]
    wander: float
    keep: float
    curves: Floats

    def snr(self, apart: Mapping[str, Floats]) -> float:
        """SNR of a known signature in the noise of the sensors and this course.

        Args:
            apart: Signature by sensor and step, in standard errors of its sensor; the sensors' standard errors are
                those of ``follows``, which is in the same unit.
        """
        names = sorted(set(apart) | set(self.follows))
        steps = len(self.curves)
        loads = len(next(iter(self.follows.values()))) if self.follows else 0
        signature = np.array([apart.get(name, np.zeros(steps)) for name in names])
        follows = np.array([self.follows.get(name, np.zeros(loads)) for name in names])
        directions, gain, _ = np.linalg.svd(follows, full_matrices=False)
        along = directions.T @ signature
        rest = float((signature**2).sum() - (along**2).sum())
        white = self._whitened(np.concatenate([along[:, :, None], gain[:, None, None] * self.curves], axis=2), gain)
        seen, known = white[:, :, 0], white[:, :, 1:]
        # The mix of each direction is one draw for the whole time: the matrix inversion lemma takes it out.
        pull = np.einsum("mtk,mt->mk", known, seen)
        inner = np.eye(known.shape[2]) + np.einsum("mtk,mtl->mkl", known, known)
        lost = np.einsum("mk,mk->m", pull, np.linalg.solve(inner, pull[:, :, None])[:, :, 0])
        return float(np.sqrt(max(rest + (seen**2).sum() - lost.sum(), 0.0)))

    def _whitened(self, courses: Floats, gain: Floats) -> Floats:
        """Innovations of courses in white noise and a wandering one: a scalar Kalman filter in each direction."""
        size = (gain * self.wander)[:, None]
        state, spread = np.zeros((courses.shape[0], courses.shape[2])), np.ones_like(size)
        white = np.empty_like(courses)
        for step in range(courses.shape[1]):
            variance = size**2 * spread + 1
            error = courses[:, step] - size * state
            white[:, step] = error / np.sqrt(variance)
            pull = spread * size / variance
            state = self.keep * (state + pull * error)
            spread = self.keep**2 * spread * (1 - pull * size) + 1 - self.keep**2
        return white


def unknown_course(world: World, profiles: Profiles, sigma: Mapping[str, float], step: int) -> UnknownCourse:
    """What is unknown of a quiet course.

    The schedules of units, their voltages and the temperatures of oil and air count as known, which lets the ideal
    detector see more rather than less.

    Args:
        world: The time without trouble.
        profiles: How its loads move.
        sigma: Standard error of a reading, by sensor.
        step: The sensitivities are those of this step.
    """
    curves = np.zeros((world.timeline.steps, 0))
    if not profiles.flat:
        mix = np.array(profiles.mix)
        strength, axes = np.linalg.eigh((np.diag(mix) - np.outer(mix, mix)) / (MIXED + 1))
        each = mixed_curves(world.timeline.hours(), np.eye(len(mix)))
        curves = each @ axes * np.sqrt(np.maximum(strength, 0.0)) / float(each[step] @ mix)
    return UnknownCourse(
        follows={name: row / sigma[name] for name, row in _sensitivities(world, step).items() if name in sigma},
        wander=profiles.wander_percent / 100,
        keep=float(np.exp(-world.timeline.step_min / WANDER_MIN)),
        curves=curves,
    )


def _sensitivities(world: World, step: int) -> dict[str, Floats]:
    """Change of each sensor's true value with each load, a unit of the load's relative change."""
    net, powers = world.grid.net, world.powers
    loads = len(net.load)
    each = np.concatenate([np.zeros((1, loads)), _NUDGE * np.eye(loads)])
    load_p, load_q = powers.load_p_mw[step], powers.load_q_mvar[step]
    # part of the reactive demand does not follow the load
    moving_q = load_q - Q_FLOOR * net.load.q_mvar.to_numpy(dtype=float)
    nudged = Injections(
        load_p_mw=load_p * (1 + each),
        load_q_mvar=load_q + moving_q * each,
        gen_p_mw=np.tile(powers.gen_p_mw[step], (loads + 1, 1)),
    )
    air = np.full(loads + 1, world.ambient[step])
    moment = replace(world, timeline=replace(world.timeline, steps=loads + 1), powers=nudged, ambient=air)
    flows = solve(moment).flows
    found = channels(world.grid, nudged, flows, Temperatures({}, air))
    return {one.sensor.name: (one.true[1:] - one.true[0]) / _NUDGE for one in found}
