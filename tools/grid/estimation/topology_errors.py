"""Elements whose assumed status conflicts with what is measured at them.

A wrong status makes many good measurements look bad. So a branch is suspected when the other status needs clearly
fewer rejections. Candidates are branches that read as open, and those without which the residuals would shrink to
first order, of those at whose ends several measurements were rejected (Abur and Exposito, chapter 8; the best of them
are fitted in full).
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind
from tools.errors import NotSolvedError
from tools.grid.estimation.bad_data import Cleaned, clean, judge
from tools.grid.estimation.equations import start_state
from tools.grid.estimation.gain import NotObservableError
from tools.grid.estimation.wls import Fit, Problem, fit
from tools.grid.schema.estimation import TopologyEvidence

if TYPE_CHECKING:
    from tools.grid.estimation.equations import Equations
    from tools.grid.estimation.network import Network
    from tools.grid.estimation.plan import Plan
    from tools.grid.estimation.readings import Readings

NEAR_ZERO_SIGMA = 4.0
"""Flows within so many standard errors of zero read as open."""
FAR_SIGMA = 6.0
"""A flow this far from zero, where nothing should flow, reads as closed."""
FEWER = 2
"""Rejections that the other status must save; one alone is as well the fault of a sensor."""
_TRIED = 8

Branch = tuple[str, int]


@dataclass(frozen=True)
class Suspicion:
    """One element.

    Attributes:
        kind, index: The element.
        in_service: Its status as assumed.
        evidence: What speaks against it.
        measured: Its largest measured flow, MW, Mvar or kA, with the unit; None without any.
        objective: Sum of squares with the other status; None where that has no solution.
        rejected: Rejections that the other status still needs.
    """

    kind: ElementKind
    index: int
    in_service: bool
    evidence: TopologyEvidence
    measured: tuple[float, str] | None = None
    objective: float | None = None
    rejected: int | None = None


def suspect(
    plan: Plan, read: Readings, problem: Problem, first: Fit, cleaned: Cleaned, limit: float
) -> tuple[Suspicion, ...]:
    """Compare the assumed topology with others, where the residuals give a reason.

    Args:
        plan: Where it was measured.
        read: What was measured.
        problem: The same as it was fitted.
        first: Fit to every measurement.
        cleaned: The same after the rejections.
        limit: Largest normalised residual taken for noise.
    """
    found = [*_idle(plan, read)]
    if len(cleaned.rejections) < FEWER and not cleaned.exhausted:
        return tuple(found)
    silent, touched = _silent(plan, read, cleaned), _touched(plan, cleaned)
    if not silent and not touched:
        return tuple(found)
    tried = list(dict.fromkeys([*silent, *_ranked(plan, problem, first, touched)]))[:_TRIED]
    outcomes = (_without(problem, first, limit, branch, silent=branch in silent) for branch in tried)
    better = [
        item
        for item in outcomes
        if item is not None
        and len(cleaned.rejections) - (item.rejected or 0)
        >= (1 if item.evidence is TopologyEvidence.READS_AS_OPEN else FEWER)
    ]
    if better:
        # neighbours of the wrong branch save some rejections as well; the best explanation is the one to tell
        best = min(better, key=lambda item: (item.rejected or 0, item.objective or 0.0))
        found.append(replace(best, measured=_largest(plan, read, (best.kind.value, best.index))))
    return tuple(found)


def _idle(plan: Plan, read: Readings) -> list[Suspicion]:
    """Elements out of service at which something flows all the same."""
    strongest: dict[tuple[ElementKind, int], tuple[float, str, float]] = {}
    for number, factor in plan.idle:
        sensor, said = plan.sensors[number], read.reading[number]
        if sensor.element is None or not np.isfinite(said) or not sensor.noise:
            continue
        size = abs(float(said)) / sensor.noise
        key = (sensor.element.kind, sensor.element.index)
        if size > FAR_SIGMA and size > strongest.get(key, (0.0, "", 0.0))[2]:
            unit = {"p": "mw", "q": "mvar", "i": "ka"}[sensor.quantity]
            strongest[key] = float(said) * factor, unit, size
    return [
        Suspicion(kind, index, in_service=False, evidence=TopologyEvidence.READS_AS_CLOSED, measured=(value, unit))
        for (kind, index), (value, unit, _) in sorted(strongest.items())
    ]


def _largest(plan: Plan, read: Readings, branch: Branch) -> tuple[float, str] | None:
    rows = [number for number in plan.rows_of_branch.get(branch, ()) if read.usable[number]]
    if not rows:
        return None
    best = max(rows, key=lambda number: abs(float(read.value[number])) / float(read.sigma[number]))
    return float(read.value[best] * plan.scale[best]), plan.measurements[best].unit


def _silent(plan: Plan, read: Readings, cleaned: Cleaned) -> list[Branch]:
    """Branches whose every flow reads as nothing, while one of them was rejected."""
    rejected = {item.number for item in cleaned.rejections}
    return [
        branch
        for branch, rows in plan.rows_of_branch.items()
        if rejected & set(rows)
        and all(
            abs(read.value[number]) < NEAR_ZERO_SIGMA * read.sigma[number] for number in rows if read.usable[number]
        )
    ]


def _touched(plan: Plan, cleaned: Cleaned) -> list[Branch]:
    """Branches at whose ends at least two rejected measurements are."""
    net = plan.net
    half = len(net.near) // 2
    count = np.zeros(half, dtype=np.int64)
    for item in cleaned.rejections:
        here = np.zeros(net.nodes, dtype=bool)
        here[list(plan.nodes_of(item.number))] = True
        count += here[net.near[:half]] | here[net.far[:half]]
    if not (count >= FEWER).any():
        return []
    return [branch for branch, ends in net.rows_of_branch.items() if (count[ends % half] >= FEWER).any()]


def _ranked(plan: Plan, problem: Problem, first: Fit, touched: list[Branch]) -> list[Branch]:
    """Those branches without which the fit would be better to first order, the best first.

    What the model lets through a branch is taken off its ends, and one step is made with the gain matrix at hand.
    """
    equations, constraints, state = problem.equations, problem.constraints, first.state
    weight = problem.weights(first.active)
    residual = np.where(first.active, first.residual, 0.0)
    present = float((weight * residual**2).sum())
    found = []
    for branch in touched:
        ends = plan.net.rows_of_branch[branch]
        left = residual + equations.through(state, ends)
        step = first.gain.step(equations.pull(first.slopes, weight * left), -constraints.through(state, ends))
        objective = float((weight * (left - equations.along(first.slopes, step)) ** 2).sum())
        if objective < present:
            found.append((objective, branch))
    return [branch for _, branch in sorted(found)]


def _without(problem: Problem, first: Fit, limit: float, branch: Branch, *, silent: bool) -> Suspicion | None:
    """The branch out of service, if the measurements fit that better."""
    net, place = _opened(problem.equations.net, branch), problem.equations.place
    other = replace(problem, equations=_on(problem.equations, net), constraints=_on(problem.constraints, net))
    try:
        found = fit(other, start_state(net, place), first.active)
        objective = judge(other, found).objective
        result = clean(other, found, limit)
    except (NotObservableError, NotSolvedError):
        return None
    assumed = float((problem.weights(first.active) * np.where(first.active, first.residual, 0.0) ** 2).sum())
    if result.exhausted or objective >= assumed:
        return None
    evidence = TopologyEvidence.READS_AS_OPEN if silent else TopologyEvidence.RESIDUAL_PATTERN
    return Suspicion(
        ElementKind(branch[0]),
        branch[1],
        in_service=True,
        evidence=evidence,
        objective=objective,
        rejected=len(result.rejections),
    )


def _opened(net: Network, branch: Branch) -> Network:
    """The same places, with no admittance left in one branch."""
    ends = net.rows_of_branch[branch]
    own, mutual = net.own.copy(), net.mutual.copy()
    own[ends], mutual[ends] = 0.0, 0.0
    return replace(net, own=own, mutual=mutual)


def _on(equations: Equations, net: Network) -> Equations:
    """The same pattern over other admittances."""
    moved = copy(equations)
    moved.net = net
    return moved
