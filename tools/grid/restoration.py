"""``plan_restoration``: the sequence that brings a dark grid back, each step solved and within its limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from tools.grid.remedies.barred import barred_elements
from tools.grid.restoring.answer import answer, nothing_dark
from tools.grid.restoring.blocks import rule_of
from tools.grid.restoring.check import LimitCheck
from tools.grid.restoring.course import Course
from tools.grid.restoring.flow_solver import FlowSolver
from tools.grid.restoring.sequence import Sequence
from tools.grid.restoring.status import beginning
from tools.grid.restoring.subject import Subject, dark_buses, subject
from tools.grid.restoring.trial import Trial
from tools.grid.schema.restoration import PlanRestorationArguments, RestorationPlan

if TYPE_CHECKING:
    from tools.context import ToolContext
    from tools.grid.grid import Grid
    from tools.limits import LimitTable

KEPT = 4


def plan_restoration(ctx: ToolContext, args: PlanRestorationArguments) -> RestorationPlan:
    """Plan the steps from black-start units or live neighbours until all load is back or no further step holds.

    Cranking power for other units comes first, over the way with the least charging; then critical loads by class;
    then the rest by size. Every step is solved by AC power flow, each island on its own reference, and is in the plan
    only if no limit is broken with it carried out. docs/method.md explains the rules, their sources and their limits.

    Raises:
        NotSolvedError: when the live part does not solve, or the unloaded grid.
        UnknownElementError, AmbiguousElementError: for references that name nothing or several elements.
        InvalidArgumentError: without any source, and for references that do not fit the dark part.
    """
    grid = ctx.grids.grid(args.at)
    never = barred_elements(ctx, args.at or ctx.clock.as_of)
    made = _made(_Key(grid, grid.key, args.model_copy(update={"limit": 1, "offset": 0}), never, ctx.limits))
    if made is None:
        intended, _, _ = dark_buses(grid, args)
        return nothing_dark(intended.case, args).model_copy(update={"basis": grid.basis})
    what, course, check = made
    return answer(what, course, check, args, len(never)).model_copy(update={"basis": grid.basis})


@dataclass(frozen=True)
class _Key:
    """What a plan depends on; which rows are shown does not belong to it."""

    grid: Grid = field(compare=False)
    key: str
    args: PlanRestorationArguments
    never: frozenset[str]
    limits: LimitTable


@lru_cache(maxsize=KEPT)
def _made(key: _Key) -> tuple[Subject, Course, LimitCheck] | None:
    """The plan; None where nothing is dark."""
    args = key.args
    intended, solved, dark = dark_buses(key.grid, args)
    if not dark:
        return None
    what = subject(intended, solved, dark, args, key.never, key.limits)
    check = LimitCheck(what)
    trial = Trial(what, args, FlowSolver(what, args.unit_vm_pu, args.reserve_percent), check)
    course = Sequence(what, trial, rule_of(args), beginning(what), args.horizon_min).run()
    return what, course, check
