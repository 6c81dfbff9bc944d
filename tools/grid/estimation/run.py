"""One estimation from readings to cleaned fit: observability, fit, rejection, suspicion."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tools.errors import InvalidArgumentError, NotSolvedError
from tools.grid.estimation.bad_data import Cleaned, Judged, clean, judge, residual_limit
from tools.grid.estimation.equations import CURRENT, Equations, start_state
from tools.grid.estimation.gain import NotObservableError
from tools.grid.estimation.observability import Observability, determines, observe
from tools.grid.estimation.placing import make_plan, plan
from tools.grid.estimation.plan import Plan
from tools.grid.estimation.readings import Readings, readings
from tools.grid.estimation.topology_errors import Suspicion, suspect
from tools.grid.estimation.wls import Fit, Problem, fit

if TYPE_CHECKING:
    from datetime import datetime

    from tools.grid.estimation.network import Network
    from tools.telemetry.sources import TelemetrySource

MOST_NODES = 3000
"""Beyond this the dense matrices of the tests do not fit into the memory of a worker."""
LEAST_CURRENT_SIGMA = 5.0
SMALL_CURRENT = "current too small to tell its direction"


@dataclass(frozen=True, eq=False)
class Estimation:
    """Everything that the rows of the result are made of; without a fit, nothing is observable.

    Attributes:
        plan, read: What was measured.
        problem: The measurements as they were fitted.
        seen: What is observable.
        flows: Equations of the flows at all branch ends.
        before: Test of the fit to every usable measurement.
        cleaned: The fit that was kept.
        limit: Largest normalised residual taken for noise.
        suspicions: Elements whose status is doubted.
        small_currents: Currents that could not be used.
    """

    plan: Plan
    read: Readings
    problem: Problem
    seen: Observability
    flows: Equations
    before: Judged | None
    cleaned: Cleaned | None
    iterations: int | None
    limit: float
    suspicions: tuple[Suspicion, ...] = ()
    small_currents: int = 0


def estimate(
    net: Network, telemetry: TelemetrySource, at: datetime, confidence_percent: float, limit: float | None
) -> Estimation:
    """Estimate the state of a network from the readings of a time.

    Raises:
        NotSolvedError: when the estimate does not converge.
        InvalidArgumentError: for a grid that is too large.
    """
    if net.nodes > MOST_NODES:
        raise InvalidArgumentError(
            f"grid: {net.nodes} buses are too many for a state estimation with tests of every residual; up to "
            f"{MOST_NODES} would be right"
        )
    held = plan(net, telemetry.sensors())
    read = readings(held, telemetry, at)
    problem = Problem(held.equations, held.constraints, read.value, read.sigma)
    seen, fitted = Observability.full(held.net, held.place), _at_once(problem, read)
    if fitted is None:
        held, problem, seen = _observed(held, read)
    nothing = Estimation(held, read, problem, seen, held.flows, None, None, None, limit or 0.0)
    if not seen.node.any() and not seen.end.any():
        return replace(nothing, limit=limit or residual_limit(confidence_percent, 1))
    found, small = fitted or _fitted(problem, read, seen)
    before = judge(problem, found)
    bound = limit or residual_limit(confidence_percent, int(np.isfinite(before.normalised).sum()))
    first = replace(found, gain=copy(found.gain))
    cleaned = clean(problem, found, bound, ridge=seen.ridge, free=seen.columns)
    suspicions = suspect(held, read, problem, first, cleaned, bound) if not seen.ridge else ()
    return replace(
        nothing,
        before=before,
        cleaned=cleaned,
        iterations=found.iterations,
        limit=bound,
        suspicions=suspicions,
        small_currents=small,
    )


def _at_once(problem: Problem, read: Readings) -> tuple[Fit, int] | None:
    """The fit where everything is observable, which is the usual case; None where it is not."""
    try:
        found = _fitted(problem, read, Observability.full(problem.equations.net, problem.equations.place))
    except (NotObservableError, NotSolvedError):
        return None
    return found if determines(found[0].gain) else None


def _observed(held: Plan, read: Readings) -> tuple[Plan, Problem, Observability]:
    """What is observable, with a reference that is."""
    problem, seen = _seen(held, read)
    if not np.array_equal(seen.reference, held.net.reference):
        held = make_plan(held.net.referred_to(seen.reference), held.sensors)
        problem, seen = _seen(held, read)
    return held, problem, seen


def _seen(held: Plan, read: Readings) -> tuple[Problem, Observability]:
    problem = Problem(held.equations, held.constraints, read.value, read.sigma)
    # a current's magnitude has no direction before the others give it one
    directed = read.usable & (held.equations.kind != CURRENT)
    return problem, observe(problem, start_state(held.net, held.place), directed, held.flows)


def _fitted(problem: Problem, read: Readings, seen: Observability) -> tuple[Fit, int]:
    """The fit to all that can be used; currents join once the others have told their directions."""
    held = problem.equations
    start = start_state(held.net, held.place)
    current = held.kind == CURRENT
    found = fit(problem, start, read.usable & ~current, ridge=seen.ridge, free=seen.columns)
    if not (current & read.usable).any():
        return found, 0
    estimated = np.abs(problem.value - found.residual)
    large = current & read.usable & (estimated > LEAST_CURRENT_SIGMA * np.where(read.usable, read.sigma, np.inf))
    small = int((current & read.usable & ~large).sum())
    if not large.any():
        return found, small
    active = (read.usable & ~current) | large
    return fit(problem, found.state, active, ridge=seen.ridge, free=seen.columns), small
