"""``plan_load_shedding``: the least MW that restores limits, the least important first, checked in AC."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.coverage import Coverage, LeftOut
from tools.element import ElementKind, ElementRef
from tools.errors import NotSolvedError
from tools.grid.elements import element_ref, resolve_element
from tools.grid.remedies.barred import barred_elements
from tools.grid.remedies.descent import Descender, Descent
from tools.grid.remedies.levers import Lever, load_levers
from tools.grid.remedies.point import Base, Point, point_of
from tools.grid.remedies.programme import FULL, Problem, solve_programme
from tools.grid.remedies.watch import Watch
from tools.grid.schema.actions import Action, ShedLoad
from tools.grid.schema.shedding import LoadSheddingPlan, PlanLoadSheddingArguments, PriorityRow, ShedRow
from tools.grid.schema.simulation import ActionSimulation, SimulateActionsArguments
from tools.grid.screening.screen import screen
from tools.grid.screening.security import security
from tools.grid.simulation import simulate

if TYPE_CHECKING:
    from tools.context import ToolContext
    from tools.grid.screening.resident import Resident

ORDINARY = 5
FIRST, LAST = 9, 1
ROWS = 100
# A class weighs so much more than the one below it; those further below weigh alike.
CLASS_RATIO, CLASSES_APART = 20.0, 2
# Points that limits are kept off: little, for every point costs load; more where that does not hold in AC.
MARGINS = (0.02, 0.2, 1.0)
# Outages watched with ``secure``.
OUTAGES = 80


def plan_load_shedding(ctx: ToolContext, args: PlanLoadSheddingArguments) -> LoadSheddingPlan:
    """Plan the least load to shed; classes are opened one after the other, the least important first.

    Raises:
        NotSolvedError: when the state does not solve.
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: for loads or steps that cannot be.
    """
    grid = ctx.grids.grid(args.at)
    watched = None if args.secure else frozenset[str]()
    base = Base(grid, ctx.limits, args.outages, args.actions, watched)
    state = base.state()
    start = point_of(base, state)
    shed = _Shedding(state, args, barred_elements(ctx, args.at or ctx.clock.as_of))
    needed = start is not None and not start.clean
    end = shed.plan(base) if needed else None
    proven = None
    if end is not None:
        arguments = SimulateActionsArguments(outages=args.outages, actions=args.actions, proposed=end.actions)
        proven = simulate(grid, ctx.limits, arguments)
    every = list(range(len(state.refs)))
    claim = security(state, screen(state, every), ctx.limits, all_kinds=True)
    left = claim.left_out
    if not args.secure:
        left = (*left, LeftOut(what="outages", count=len(every), reason="limits after outages were not asked for"))
    return shed.answer(base, needed, end, proven, Coverage(checked=1, solved=1, left_out=left))


@dataclass(frozen=True)
class _Shedding:
    """The loads of a state with their classes and steps."""

    state: Resident
    args: PlanLoadSheddingArguments
    at_work: frozenset[str]

    def plan(self, base: Base) -> _Made | None:
        """The best plan with as few classes as restore the limits; with all of them where none does."""
        priority, levers = self.priority(), self.levers()
        classes = sorted({priority[lever.element] for lever in levers}, reverse=True)
        best: _Made | None = None
        for highest in classes:
            for margin in MARGINS:
                end = self._descender(base, highest, margin).run()
                made = None if end is None else _made(base, end)
                if made is not None and (best is None or made.point.depth < best.point.depth):
                    best = made
                if made is None or made.point.clean:
                    break
            if best is not None and best.point.clean:
                break
        return best

    def _descender(self, base: Base, highest: int, margin: float) -> Descender:
        """Sheds the classes from one on; the most important of them is the dearest."""
        priority, levers = self.priority(), self.levers()
        classes = sorted({priority[lever.element] for lever in levers})

        def open_levers(_: Resident) -> list[Lever]:
            return [one for one in levers if priority[one.element] >= highest]

        def price_of(lever: Lever) -> float:
            return _weight(classes.index(priority[lever.element]) - classes.index(highest))

        return Descender(base, open_levers, price_of, FULL.wider(margin), Watch(OUTAGES), thrifty=True)

    def levers(self) -> tuple[Lever, ...]:
        """Loads that may be shed."""
        barred = self.at_work | {str(self._load(text)) for text in self.args.barred}
        steps = {str(self._load(one.element)): one.step_p_mw for one in self.args.steps}
        return tuple(lever for lever in load_levers(self.state, steps) if lever.element not in barred)

    def priority(self) -> dict[str, int]:
        """Class of every load: as asked, else as the model has it."""
        load = self.state.solved.net.load
        found = {f"load:{index}": ORDINARY for index in load.index}
        if "priority" in load:
            on_record = load.priority.dropna()
            found |= {f"load:{index}": int(np.clip(value, LAST, FIRST)) for index, value in on_record.items()}
        return found | {str(self._load(one.element)): one.priority for one in self.args.priorities}

    def _load(self, text: str) -> ElementRef:
        return resolve_element(self.state.solved.net, text, (ElementKind.LOAD,))

    def answer(
        self, base: Base, needed: bool, end: _Made | None, proven: ActionSimulation | None, coverage: Coverage
    ) -> LoadSheddingPlan:
        """The result."""
        levers, priority = self.levers(), self.priority()
        actions = tuple(action for action in (end.actions if end else ()) if isinstance(action, ShedLoad))
        shed = {action.element: action.p_mw for action in actions}
        before, after = (proven.security_before, proven.security_after) if proven else (None, None)
        violated = self.state.monitor.base_violations
        left = proven.after.violation_count if proven else violated
        insecure_after = after.insecure_outages + after.diverged_outages if after else None
        return LoadSheddingPlan(
            case=self.state.solved.case,
            needed=needed,
            restored=left == 0 and not (self.args.secure and (insecure_after if proven else needed)),
            violations_before=violated,
            violations_after=left,
            insecure_before=before.insecure_outages + before.diverged_outages if before and self.args.secure else None,
            insecure_after=insecure_after if self.args.secure else None,
            demand_p_mw=sum(lever.most for lever in levers),
            shed_p_mw=sum(shed.values()),
            lower_bound_p_mw=_lower_bound(end.point, levers, shed) if end and end.point.clean else None,
            rows=self._rows(levers, priority, shed),
            omitted=max(sum(p_mw > 0 for p_mw in shed.values()) - ROWS, 0),
            by_priority=_by_priority(levers, priority, shed),
            actions=actions,
            remaining=proven.after.violations if proven else (),
            verdict=proven.verdict if proven else None,
            reasons=proven.reasons if proven else (),
            coverage=coverage,
            basis=base.grid.basis,
        )

    def _rows(
        self, levers: Sequence[Lever], priority: Mapping[str, int], shed: Mapping[str, float]
    ) -> tuple[ShedRow, ...]:
        net, case = self.state.solved.net, self.state.solved.case
        given = [lever for lever in levers if shed.get(lever.element, 0.0) > 0]
        order = sorted(given, key=lambda one: (-priority[one.element], -shed[one.element], one.element))
        return tuple(
            ShedRow(
                element=element_ref(net, ElementKind.LOAD, int(lever.element.partition(":")[2])),
                case=case,
                priority=priority[lever.element],
                demand_p_mw=lever.most,
                shed_p_mw=shed[lever.element],
            )
            for lever in order[:ROWS]
        )


def _weight(classes_below: int) -> float:
    """Price of a MW: the class opened last costs one, what is less important a twentieth and less."""
    return CLASS_RATIO ** -min(classes_below, CLASSES_APART)


@dataclass(frozen=True)
class _Made:
    """A plan as it would be ordered, rounding included, with the state that pandapower finds then."""

    actions: tuple[Action, ...]
    point: Point


def _made(base: Base, end: Descent) -> _Made | None:
    try:
        point = point_of(base, base.state(end.actions))
    except NotSolvedError:
        return None
    return None if point is None else _Made(end.actions, point)


def _lower_bound(point: Point, levers: Sequence[Lever], shed: Mapping[str, float]) -> float | None:
    """Least MW by the linear equations at the plan, from nothing shed."""
    free = [Lever(one.kind, one.element, one.sign, one.most, one.feeds) for one in levers]
    most = np.array([one.most for one in free])
    at = np.array([min(shed.get(one.element, 0.0), one.most) for one in free])
    problem = Problem(free, np.ones(len(free)), at, np.zeros(len(free)), most)
    found = solve_programme(problem, Watch(OUTAGES).rows(point), FULL.wider(0.0))
    return None if found is None or found.remains > 0 else float(found.amounts.sum())


def _by_priority(
    levers: Sequence[Lever], priority: Mapping[str, int], shed: Mapping[str, float]
) -> tuple[PriorityRow, ...]:
    rows = []
    for rank in sorted({priority[lever.element] for lever in levers}, reverse=True):
        mine = [lever for lever in levers if priority[lever.element] == rank]
        rows.append(
            PriorityRow(
                priority=rank,
                loads=len(mine),
                demand_p_mw=sum(lever.most for lever in mine),
                shed_p_mw=sum(shed.get(lever.element, 0.0) for lever in mine),
            )
        )
    return tuple(rows)
