"""``simulate_cascade``: what protection and balance make of initiating outages, step by step until it stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from tools.coverage import Coverage, LeftOut
from tools.errors import InvalidArgumentError
from tools.grid.cascading.rows import LOST_MW, RowMaker, risk_curve
from tools.grid.cascading.simulate import Cascade
from tools.grid.cascading.study import Study, ranked, study
from tools.grid.cascading.subject import Subject
from tools.grid.schema.cascade import CascadeOutcome, CascadePath, CascadeSimulation, SimulateCascadeArguments
from tools.grid.screening.resident import Resident, resident

if TYPE_CHECKING:
    from tools.context import ToolContext
    from tools.spreading import Spreading


def simulate_cascade(ctx: ToolContext, args: SimulateCascadeArguments) -> CascadeSimulation:
    """Follow every initiating set through trips, islands, governors and shedding until nothing acts any more.

    Power is conserved at each step and told with it. An island whose power flow does not solve sheds load until it
    does, or goes dark; no number comes from a flow that did not solve. docs/method.md explains the model, its sources
    and its limits.

    Raises:
        NotSolvedError: when the state before the outages does not solve.
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: for sets and settings that cannot be.
    """
    grid = ctx.grids.grid(args.at)
    state = resident(grid, args.outages, args.actions, ctx.limits)
    whole = _studied(_Key(state, ctx.spreading, _unpaged(args), ctx.seed))
    weights = _weights(args, len(whole.sets))
    return _Answer(whole, args, weights).build().model_copy(update={"basis": grid.basis})


@dataclass(frozen=True)
class _Key:
    """What a study depends on; the state is kept by ``resident`` and equals itself."""

    state: Resident = field(hash=False, compare=False)
    spreading: Spreading = field(hash=False, compare=False)
    args: SimulateCascadeArguments
    seed: int
    identity: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "identity", id(self.state))


@lru_cache(maxsize=4)
def _studied(key: _Key) -> Study:
    subject = Subject(key.state, key.args.model, key.args.frequency)
    return study(subject, key.args, key.seed, key.spreading)


def _unpaged(args: SimulateCascadeArguments) -> SimulateCascadeArguments:
    """The arguments without what only chooses rows, so that the next page is not simulated anew."""
    return args.model_copy(update={"limit": 10, "offset": 0, "paths": 1, "weights": (), "blackout_percent": 10.0})


def _weights(args: SimulateCascadeArguments, sets: int) -> Sequence[float]:
    if not args.weights:
        return [1.0] * sets
    if len(args.weights) != sets:
        raise InvalidArgumentError(f"weights: {len(args.weights)} given for {sets} initiating sets; give one for each")
    if min(args.weights) < 0 or sum(args.weights) <= 0:
        raise InvalidArgumentError("weights: none may be negative, and they must not all be zero")
    return args.weights


@dataclass(frozen=True)
class _Answer:
    """A study on its way into the result."""

    study: Study
    args: SimulateCascadeArguments
    weights: Sequence[float]

    def build(self) -> CascadeSimulation:
        """Totals over all sets, and the rows of one page."""
        whole, args = self.study, self.args
        courses, case = whole.courses, whole.subject.state.solved.case
        maker = RowMaker(whole, case, args.blackout_percent)
        order = ranked(courses, whole.subject.load_mw)
        page = order[args.offset : args.offset + args.limit]
        lost = [course.unserved_mw for course in courses]
        outcomes = [course.outcome for course in courses]
        return CascadeSimulation(
            case=case,
            model=args.model,
            loading_meaningful=bool(len(whole.subject.rated)),
            reactive_limits_enforced=False,
            coverage=self._coverage(),
            sets=len(courses),
            contained=outcomes.count(CascadeOutcome.CONTAINED),
            cascades=outcomes.count(CascadeOutcome.CASCADE),
            unfinished=outcomes.count(CascadeOutcome.UNFINISHED),
            blackouts=sum(maker.blackout(course) for course in courses),
            sets_with_load_lost=sum(mw > LOST_MW for mw in lost),
            load_p_mw=whole.subject.load_mw,
            blackout_percent=args.blackout_percent,
            horizon_s=args.horizon_s,
            mean_unserved_p_mw=float(np.average(lost, weights=self.weights)),
            single_outages_spared=whole.spared,
            raised_pickups=self._raised(),
            stages=whole.subject.control.stages,
            risk=risk_curve(lost, self.weights),
            rows=tuple(maker.row(place) for place in page),
            omitted=len(courses) - len(page),
            paths=tuple(self._path(maker, place) for place in page[: args.paths]),
            solver=self._solver(),
        )

    def _path(self, maker: RowMaker, place: int) -> CascadePath:
        """A set that the screen answered is walked through now, for its one step."""
        course = self.study.courses[place]
        if not course.steps:
            one = self.study.sets[place]
            course = Cascade(self.study.subject, self.study.settings, one).run(self.args.horizon_s)
        return maker.path(place, course)

    def _raised(self) -> int:
        settings = self.study.settings
        return int((settings.pickup_percent > settings.protection.pickup_percent).sum())

    def _coverage(self) -> Coverage:
        whole, subject = self.study, self.study.subject
        left = []
        unrated = len(subject.arrays.circuits) - len(subject.rated)
        if unrated:
            left.append(LeftOut(what="overcurrent protection", count=unrated, reason="no usable rating"))
        if not subject.ac:
            left.append(LeftOut(what="undervoltage protection", count=len(whole.sets), reason="no voltages in DC"))
        if whole.drawn_of is not None:
            left.append(LeftOut(what="sets", count=whole.drawn_of - len(whole.sets), reason="not in the sample"))
        unfinished = sum(course.outcome is CascadeOutcome.UNFINISHED for course in whole.courses)
        if unfinished:
            left.append(LeftOut(what="later steps", count=unfinished, reason="the bound on steps was reached"))
        return Coverage(
            checked=len(whole.sets),
            solved=len(whole.sets) - unfinished,
            diverged=sum(course.voltage_collapses > 0 for course in whole.courses),
            islanding=sum(course.islands != 1 or course.dead_buses > 0 for course in whole.courses),
            left_out=tuple(left),
        )

    def _solver(self) -> str:
        """Which equations and engines, without numbers."""
        if not self.study.subject.ac:
            return "linear DC equations, sparse factors of each island; sets screened by outage distribution factors"
        name = "lightsim2grid Newton-Raphson of each island, units balance by their droop"
        if self.study.screened:
            name += "; sets screened by the batch engine from the base solution"
        return name
