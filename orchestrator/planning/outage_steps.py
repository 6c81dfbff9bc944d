"""Tool calls of a plan that follow outages: what they break, what helps, how far they spread, how supply comes back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from pydantic import JsonValue

from agents.plan import PlanStep
from agents.question import Hypothesis, RemedyWish, RestorationWish, ScreeningWish, SheddingWish
from orchestrator.planning.steps import MONITOR, Case, actions, filled, refs
from tools.element import ElementRef
from tools.grid.schema.actions import Action, SwitchBranch
from tools.grid.schema.remedies import ActionType

COMMON_MODE = "common mode"
"""Name of a group of outages that a question makes."""
_CIRCUITS = ("line", "trafo", "trafo3w")
_UNITS = ("gen", "sgen", "ext_grid")
_INITIATING = frozenset({*_CIRCUITS, *_UNITS})
_SINGLES = 500
"""Single outages that a question without a named one follows to their end; the coverage says what was left out."""
AFFECTED = 7
"""Branches, and buses, of a heat map: as many columns as stand side by side on a page."""
_LAST, _FIRST = 1, 9
"""Classes of loads that are shed last and first."""
_WHOLE_PLAN = 60
"""Steps of a restoration; the answer tells the first of them, the table has these."""


def screen(
    case: Case, overloading: Sequence[ElementRef] = (), limit: int | None = None, wish: ScreeningWish | None = None
) -> PlanStep:
    """Every single outage on top of the state; as wished of units instead, or beside them."""
    kinds: list[JsonValue] = [*(_CIRCUITS if wish.branches else ()), *_UNITS] if wish is not None and wish.units else []
    arguments = filled(case.swept, overloading=refs(overloading), kinds=kinds, affected=AFFECTED, limit=limit)
    return PlanStep(agent=MONITOR, tool="screen_contingencies", arguments=arguments, purpose="every single outage")


def screen_group(case: Case, group: Sequence[ElementRef]) -> PlanStep:
    """What one event takes out together, beside each of it alone."""
    together: list[JsonValue] = [{"name": COMMON_MODE, "elements": refs(group)}]
    arguments = filled(case.arguments, elements=refs(group), groups=together)
    return PlanStep(agent=MONITOR, tool="screen_contingencies", arguments=arguments, purpose="a common mode")


def screen_pairs(
    case: Case, elements: Sequence[ElementRef] = (), limit: int | None = None, wish: ScreeningWish | None = None
) -> PlanStep:
    """Two elements out on top of the state, at once or one after the other: those that are named, else all."""
    after: list[JsonValue] = []
    if wish is not None and wish.adjustment and elements:
        after = [{"after": str(elements[0]), "actions": actions(wish.adjustment)}]
    sequence = "sequential" if wish is not None and wish.sequential else None
    arguments = filled(
        case.arguments,
        order=2,
        elements=refs(elements),
        affected=None if sequence else AFFECTED,  # successive outages have no matrix
        limit=limit,
        sequence=sequence,
        adjustments=after,
    )
    purpose = "two outages at once" if sequence is None else "two outages one after the other"
    return PlanStep(agent=MONITOR, tool="screen_contingencies", arguments=arguments, purpose=purpose)


def find_remedies(case: Case, wish: RemedyWish) -> PlanStep:
    """What helps; a corrective remedy is for the state before its outage."""
    before = case
    if wish.mode == "corrective":
        outages = tuple(ref for ref in case.hypothesis.outages if ref not in wish.contingencies)
        before = Case(Hypothesis(outages=outages, actions=case.hypothesis.actions), case.at)
    kept: list[JsonValue] = [kind for kind in get_args(ActionType) if kind not in wish.without]
    arguments = filled(
        before.arguments,
        mode="corrective" if wish.mode == "corrective" else None,
        contingencies=refs(wish.contingencies),
        allowed=kept if wish.without else [],
        barred=refs(wish.barred),
        effort="quick",
    )
    return PlanStep(agent=MONITOR, tool="find_remedies", arguments=arguments, purpose="actions that help, each proven")


def plan_load_shedding(case: Case, wish: SheddingWish) -> PlanStep:
    """The least load that restores the limits of the state."""
    ranked = [*((ref, _LAST) for ref in wish.last), *((ref, _FIRST) for ref in wish.first)]
    priorities: list[JsonValue] = [{"element": str(ref), "priority": priority} for ref, priority in ranked]
    arguments = filled(case.arguments, priorities=priorities, barred=refs(wish.barred), secure=wish.secure or None)
    return PlanStep(agent=MONITOR, tool="plan_load_shedding", arguments=arguments, purpose="the least load to be shed")


def cascade(
    case: Case, proposed: Sequence[Action], focus: Sequence[ElementRef] = (), limit: int | None = None
) -> PlanStep:
    """What outages in force, and branches that are to be opened, lead to; else those in focus, else every single one.

    Outages of what no protection trips, and all other actions, are in force beforehand.
    """
    opened = [one.element for one in proposed if isinstance(one, SwitchBranch) and not one.closed]
    initiating: list[JsonValue] = [str(ref) for ref in case.hypothesis.outages if ref.kind in _INITIATING]
    initiating += [element for element in opened if element.split(":")[0] in _CIRCUITS and element not in initiating]
    initiating = initiating or [str(ref) for ref in focus if ref.kind in _INITIATING]
    before = Case(
        Hypothesis(
            outages=tuple(ref for ref in case.hypothesis.outages if ref.kind not in _INITIATING),
            actions=(*case.hypothesis.actions, *(one for one in proposed if one.element not in initiating)),
        ),
        case.at,
    )
    wanted: dict[str, JsonValue] = {"initiating": [initiating]} if initiating else {"order": 1, "sample": _SINGLES}
    arguments = filled(before.arguments | wanted, limit=limit)
    return PlanStep(agent=MONITOR, tool="simulate_cascade", arguments=arguments, purpose="how far outages spread")


def draw_cascade(simulated: PlanStep) -> PlanStep:
    """The picture of what was simulated."""
    arguments = {name: value for name, value in simulated.arguments.items() if name != "limit"}
    return PlanStep(agent=MONITOR, tool="draw_cascade", arguments=arguments, purpose="a picture of how outages spread")


def restore(case: Case, proposed: Sequence[Action], wish: RestorationWish, limit: int | None = None) -> PlanStep:
    """How what is dark comes back; what is opened beside the outages is open from the beginning."""
    state = Case(Hypothesis(outages=case.hypothesis.outages, actions=(*case.hypothesis.actions, *proposed)), case.at)
    arguments = filled(
        state.arguments,
        whole_grid=wish.whole_grid or None,
        dead=refs(wish.dead),
        black_start=[{"element": str(ref)} for ref in wish.black_start],
        critical=[{"element": str(ref), "priority": 1} for ref in wish.critical],
        limit=limit or _WHOLE_PLAN,
    )
    return PlanStep(agent=MONITOR, tool="plan_restoration", arguments=arguments, purpose="how what is dark comes back")
