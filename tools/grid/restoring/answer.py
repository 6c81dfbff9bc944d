"""A finished restoration as the result of the tool."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from tools.coverage import Coverage, LeftOut
from tools.grid.restoring.leftover import Leftover
from tools.grid.restoring.rows import RowMaker, counts, percent_of
from tools.grid.restoring.status import beginning
from tools.grid.schema.restoration import (
    PlanRestorationArguments,
    RefusalReason,
    RestorationAction,
    RestorationOutcome,
    RestorationPlan,
    RestorationStep,
)
from tools.grid.supply import demand_p_mw
from tools.vocabulary import ActionVerdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.grid.restoring.check import LimitCheck
    from tools.grid.restoring.course import Course
    from tools.grid.restoring.subject import Subject

ROWS, BUSES = 50, 100
SOLVER = (
    "lightsim2grid Newton-Raphson of each island on pandapower's matrix; units share by what is left of their range"
)
_SAME_MW = 1e-6


def nothing_dark(case: str, args: PlanRestorationArguments) -> RestorationPlan:
    """The answer where every bus has voltage."""
    return RestorationPlan(
        case=case,
        whole_grid=False,
        outcome=RestorationOutcome.NOTHING_DARK,
        sources=(),
        dark_buses=0,
        dark_load_p_mw=0.0,
        restored_p_mw=0.0,
        duration_min=0.0,
        steps_total=0,
        steps=(),
        branches_energised=0,
        units_synchronised=0,
        load_blocks=0,
        still_dark_buses=0,
        assumed_cranking=0,
        assumed_start_times=0,
        solver="topology alone",
        coverage=Coverage(checked=0, solved=0),
        **_rules(args),
    )


def answer(
    subject: Subject, course: Course, check: LimitCheck, args: PlanRestorationArguments, barred: int
) -> RestorationPlan:
    """Totals over the plan, one page of steps, and what remains.

    Args:
        subject: What was restored.
        course: How.
        check: Its limits.
        args: The question.
        barred: Elements with a permit or on record as out, left alone.
    """
    end = course.steps[-1].status if course.steps else beginning(subject)
    load_mw = demand_p_mw(subject.intended, subject.dark)
    maker, leftover, done = RowMaker(subject, check, load_mw), Leftover(subject, course, end), counts(course)
    rows = [maker.step(place, step) for place, step in enumerate(course.steps)]
    page = rows[args.offset : args.offset + args.limit]
    restored = float(end.served_mw.sum())
    loads, units, branches = leftover.loads(), leftover.units(), leftover.branches()
    whole = restored >= load_mw - _SAME_MW and not loads and bool(rows)
    refused, dark = maker.refused(course), maker.dark(course)
    cranked = [subject.units[step.move.at] for step in course.steps if step.move.action is RestorationAction.CRANK]
    return RestorationPlan(
        case=subject.case,
        whole_grid=not subject.live.buses.any(),
        outcome=_outcome(rows, whole=whole and not dark),
        verdict=ActionVerdict.BEST_AVAILABLE if rows else ActionVerdict.REJECTED,
        reasons=_reasons(whole=whole, dark=bool(dark)),
        sources=subject.sources,
        moved_slack=subject.moved_slack,
        dark_buses=len(subject.dark),
        dark_load_p_mw=load_mw,
        restored_p_mw=restored,
        restored_percent=percent_of(restored, load_mw) if load_mw > 0 else None,
        duration_min=rows[-1].time_min if rows else 0.0,
        capacity_p_mw=rows[-1].capacity_p_mw if rows else None,
        steps_total=len(rows),
        steps=tuple(page),
        omitted=len(rows) - len(page),
        branches_energised=done[RestorationAction.ENERGISE],
        units_synchronised=done[RestorationAction.SYNCHRONISE],
        load_blocks=done[RestorationAction.PICK_UP],
        lowest_voltage=min((row.lowest_voltage for row in rows), key=lambda one: one.vm_pu, default=None),
        highest_voltage=max((row.highest_voltage for row in rows), key=lambda one: one.vm_pu, default=None),
        highest_loading=max(
            (row.highest_loading for row in rows if row.highest_loading is not None),
            key=lambda one: one.loading_percent,
            default=None,
        ),
        still_dark_buses=len(dark),
        dark=tuple(dark[:BUSES]),
        dark_omitted=max(len(dark) - BUSES, 0),
        assumed_cranking=sum(unit.cranking_assumed for unit in cranked),
        assumed_start_times=sum(unit.start_assumed for unit in cranked),
        solver=SOLVER,
        coverage=_coverage(subject, course, barred),
        refused=tuple(refused[:ROWS]),
        refused_omitted=max(len(refused) - ROWS, 0),
        never_accepted=sum(not row.accepted for row in refused),
        dark_loads=tuple(loads[:ROWS]),
        dark_loads_omitted=max(len(loads) - ROWS, 0),
        loads_dark=len(loads),
        units_off=tuple(units[:ROWS]),
        units_off_omitted=max(len(units) - ROWS, 0),
        units_left_off=len(units),
        open_branches=tuple(branches[:ROWS]),
        open_branches_omitted=max(len(branches) - ROWS, 0),
        **_rules(args),
    )


def _rules(args: PlanRestorationArguments) -> dict[str, float]:
    return {
        "vm_min_pu": args.vm_min_pu,
        "vm_max_pu": args.vm_max_pu,
        "block_percent": args.block_percent,
        "reserve_percent": args.reserve_percent,
    }


def _outcome(rows: Sequence[RestorationStep], *, whole: bool) -> RestorationOutcome:
    if whole:
        return RestorationOutcome.RESTORED
    restored = bool(rows) and rows[-1].restored_p_mw > 0
    return RestorationOutcome.PARTLY if restored else RestorationOutcome.NOT_RESTORED


def _reasons(*, whole: bool, dark: bool) -> tuple[str, ...]:
    """What rule 4 of the design asks beyond what a plan shows."""
    told = ["every step is solved and holds its limits; outages during the restoration are not screened"]
    if not whole:
        told.append("load stays without supply")
    if dark:
        told.append("buses stay without voltage")
    return tuple(told)


def _coverage(subject: Subject, course: Course, barred: int) -> Coverage:
    steps, refused = len(course.steps), sum(one.tries for one in course.refused.values())
    diverged = sum(one.tries for one in course.refused.values() if one.broken.reason is RefusalReason.NOT_SOLVED)
    net, dark = subject.intended, subject.dark
    feeds = ((name, net[name]) for name in ("sgen", "storage", "motor", "ward", "xward"))
    other = {name: int((table.in_service.astype(bool) & table.bus.isin(dark)).sum()) for name, table in feeds}
    no_reactive = sum(not isfinite(unit.least_mvar) or not isfinite(unit.most_mvar) for unit in subject.units)
    unrated = len(subject.wiring.arrays.circuits) - len(subject.bounds.loading_percent)
    left = (
        ("steps", steps, "dynamics: frequency after a block, transient overvoltages, inrush, motor starting"),
        ("steps", steps, "protection settings, and security after outages on the way"),
        ("static generators", other["sgen"], "they hold no island and are not connected by the plan"),
        ("storages, motors, wards", sum(other.values()) - other["sgen"], "not connected by the plan"),
        ("branches", subject.wiring.not_switched, "direct current lines and impedances stay open"),
        ("reactive limits of units", no_reactive, "the model has none, so self-excitation is not checked there"),
        ("loadings", unrated, "no usable rating"),
        ("elements", barred, "with a permit or on record as out: never used"),
    )
    return Coverage(
        checked=steps + refused,
        solved=steps,
        diverged=diverged,
        left_out=tuple(LeftOut(what=what, count=count, reason=reason) for what, count, reason in left if count),
    )
