"""The limits that an optimum touches, each with what one unit more of it would save."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind
from tools.grid.case import outage_label
from tools.grid.elements import element_ref
from tools.grid.opf.alternating import limited_flow
from tools.grid.opf.problem import Problem, bus_refs_by_place, cut_name
from tools.grid.schema.optimal_dispatch import BindingKind, BindingLimit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.element import ElementRef
    from tools.grid.opf.optimum import Optimum

# A multiplier below this share of the highest bus price is what an interior point leaves of zero.
SEEN_SHARE = 1e-6
_ORDER = {kind: place for place, kind in enumerate(BindingKind)}


def binding_limits(problem: Problem, optimum: Optimum) -> tuple[BindingLimit, ...]:
    """By kind, then by shadow price; equal ones in the order of elements."""
    least = SEEN_SHARE * max(float(np.abs(optimum.price).max()), 1e-9) / problem.arrays.base_mva
    found = [
        *_cuts(problem, optimum),
        *_branches(problem, optimum),
        *_voltages(problem, optimum),
        *_reserve(problem, optimum),
        *_units(problem, optimum),
    ]
    seen = [item for item in found if item.shadow_price > least]
    return tuple(sorted(seen, key=lambda item: (_ORDER[item.kind], -item.shadow_price, str(item.element))))


def _circuit(problem: Problem, position: int) -> ElementRef:
    kind, index = cut_name(problem, position)
    return element_ref(problem.net, ElementKind(kind), index)


def _cuts(problem: Problem, optimum: Optimum) -> Iterator[BindingLimit]:
    base = problem.arrays.base_mva
    for cut, price in zip(problem.cuts, optimum.cut_prices.tolist(), strict=True):
        outage = _circuit(problem, cut.outage)
        yield BindingLimit(
            element=_circuit(problem, cut.branch),
            case=outage_label(problem.state.case, outage),
            kind=BindingKind.SECURITY,
            outage=outage,
            shadow_price=price / base,
        )


def _branches(problem: Problem, optimum: Optimum) -> Iterator[BindingLimit]:
    arrays, base = problem.arrays, problem.arrays.base_mva
    sizes = [
        limited_flow(problem, flow, optimum.vm[bus])
        for flow, bus in ((optimum.start_flow, arrays.start), (optimum.end_flow, arrays.end))
    ]
    limits, prices = (problem.start_limit, problem.end_limit), (optimum.start_price, optimum.end_price)
    # one rating limits both ends: a MVA more relieves both
    for row in np.flatnonzero(prices[0] + prices[1] > 0).tolist():
        end = int(prices[1][row] > prices[0][row])
        yield BindingLimit(
            element=_circuit(problem, problem.circuit_of(row)),
            case=problem.state.case,
            kind=BindingKind.RATING,
            s_mva=float(sizes[end][row]) * base,
            limit_s_mva=float(limits[end][row]) * base,
            shadow_price=float(prices[0][row] + prices[1][row]) / base,
        )
    across = optimum.va[arrays.start] - optimum.va[arrays.end]
    for row in np.flatnonzero(optimum.angle_price > 0).tolist():
        high = abs(across[row] - problem.angle_max[row]) < abs(across[row] - problem.angle_min[row])
        yield BindingLimit(
            element=_circuit(problem, problem.circuit_of(row)),
            case=problem.state.case,
            kind=BindingKind.ANGLE,
            difference_degree=float(np.rad2deg(across[row])),
            limit_difference_degree=float(np.rad2deg((problem.angle_max if high else problem.angle_min)[row])),
            shadow_price=float(optimum.angle_price[row]),
        )


def _voltages(problem: Problem, optimum: Optimum) -> Iterator[BindingLimit]:
    buses = bus_refs_by_place(problem)
    sides = (
        (BindingKind.LOW_VOLTAGE, optimum.v_low_price, problem.v_min),
        (BindingKind.HIGH_VOLTAGE, optimum.v_high_price, problem.v_max),
    )
    for kind, price, limit in sides:
        for place in np.flatnonzero((price > 0) & ~np.isfinite(problem.held_vm)).tolist():
            if place in buses:
                yield BindingLimit(
                    element=element_ref(problem.net, ElementKind.BUS, min(buses[place])),
                    case=problem.state.case,
                    kind=kind,
                    vm_pu=float(optimum.vm[place]),
                    limit_pu=float(limit[place]),
                    shadow_price=float(price[place]),
                )


def _reserve(problem: Problem, optimum: Optimum) -> Iterator[BindingLimit]:
    if problem.reserve is not None:
        kept, base = problem.reserving, problem.arrays.base_mva
        yield BindingLimit(
            case=problem.state.case,
            kind=BindingKind.RESERVE,
            p_mw=float((problem.units.p_max - optimum.p)[kept].sum()) * base,
            limit_p_mw=problem.reserve * base,
            shadow_price=optimum.reserve_price / base,
        )


def _units(problem: Problem, optimum: Optimum) -> Iterator[BindingLimit]:
    units, base = problem.units, problem.arrays.base_mva
    for price, limit in ((optimum.p_low_price, units.p_min), (optimum.p_high_price, units.p_max)):
        for at in np.flatnonzero((price > 0) & units.movable).tolist():
            yield BindingLimit(
                element=units.refs[at],
                case=problem.state.case,
                kind=BindingKind.ACTIVE_POWER,
                p_mw=float(optimum.p[at]) * base,
                limit_p_mw=float(limit[at]) * base,
                shadow_price=float(price[at]) / base,
            )
    for price, limit in ((optimum.q_low_price, units.q_min), (optimum.q_high_price, units.q_max)):
        for at in np.flatnonzero((price > 0) & (units.q_min < units.q_max)).tolist():
            yield BindingLimit(
                element=units.refs[at],
                case=problem.state.case,
                kind=BindingKind.REACTIVE_POWER,
                q_mvar=float(optimum.q[at]) * base,
                limit_q_mvar=float(limit[at]) * base,
                shadow_price=float(price[at]) / base,
            )
