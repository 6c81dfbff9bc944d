"""Preventive security: after each chosen outage no rated branch is overloaded, without any action.

An optimum is solved, each outage is solved from it (AC: by the batch engine; DC: by LODF), and each branch that is
overloaded becomes a constraint on its post-outage active flow, ``p_m + LODF_mk p_k``, for the next solution. In AC the
limit of that flow is set by what the solved outage exceeded, so that reactive flows, losses and voltages count: the
LODF only gives the direction. What is left is reported, never assumed.

Sources: Wood, Wollenberg, Sheble, Power Generation, Operation and Control, 3rd ed., sections 7.4 (LODF) and 8.11
(security-constrained OPF); Capitanescu et al., Electric Power Systems Research 81 (2011), section 3 (iterative
contingency selection).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tools.coverage import Coverage, LeftOut
from tools.element import ElementKind
from tools.errors import NotSolvedError
from tools.grid.case import outage_label
from tools.grid.elements import element_ref
from tools.grid.opf.alternating import branch_powers, limited_flow, solve_ac
from tools.grid.opf.check import as_grid, dispatched
from tools.grid.opf.direct import solve_dc
from tools.grid.opf.optimum import NoOptimum, Optimum
from tools.grid.opf.problem import Cut, Problem, cut_name
from tools.grid.schema.optimal_dispatch import DispatchSecurity, PostOutageOverload
from tools.grid.schema.power_flow import FlowModel
from tools.grid.screening.linear import LinearGrid
from tools.grid.screening.resident import Resident, resident
from tools.grid.screening.screen import Screened, screen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tools.limits import LimitTable

MAX_ROUNDS = 15
SHOWN = 20
# Overloads below this share of the limit are none; constraints aim below the limit by the second share.
TOLERANCE, MARGIN = 1e-4, 1e-3
# A branch whose flow is nearly all reactive cannot be relieved by active power.
LEAST_ACTIVE_SHARE = 0.2
# An outage that carries nearly the whole transfer between its ends is a bridge: its LODF has no value.
_BRIDGE = 1e-6


@dataclass(frozen=True)
class _Overload:
    """A branch row beyond its limit after an outage; flows in pu."""

    outage: int
    branch: int
    row: int
    size: float
    limit: float
    active: float


@dataclass(frozen=True)
class Secured:
    """The last optimum, the problem it belongs to, and what its outages showed."""

    problem: Problem
    optimum: Optimum
    rounds: int


@dataclass(frozen=True)
class Unsolved:
    """Why there is no optimum, and the problem that has none, its security constraints included."""

    problem: Problem
    why: NoOptimum


def solve_secured(problem: Problem, asked: Sequence[int], model: FlowModel, table: LimitTable) -> Secured | Unsolved:
    """The optimum that keeps the asked outages from overloading anything, as far as that is found.

    Args:
        problem: Without security constraints.
        asked: Circuits whose outage is secured, each once.
        model: AC or DC.
        table: Limits after an outage.
    """
    solver = solve_ac if model is FlowModel.AC else solve_dc
    held: dict[tuple[int, int], Cut] = {}
    for step in range(1, MAX_ROUNDS + 1):
        optimum = solver(problem)
        if isinstance(optimum, NoOptimum) or not asked:
            break
        found = _linear_overloads(problem, optimum, asked)
        if model is FlowModel.AC:
            found = _solved_overloads(problem, optimum, asked, table)
        cuts = _tightened(problem, optimum, found, held, MARGIN if model is FlowModel.AC else 0.0)
        if not cuts or step == MAX_ROUNDS:
            break
        held |= cuts
        problem = replace(problem, cuts=tuple(held.values()))
    return Unsolved(problem, optimum) if isinstance(optimum, NoOptimum) else Secured(problem, optimum, step)


def _tightened(
    problem: Problem,
    optimum: Optimum,
    found: Sequence[_Overload],
    held: dict[tuple[int, int], Cut],
    margin: float,
) -> dict[tuple[int, int], Cut]:
    """Constraints that the overloads ask for, where they are tighter than those that hold."""
    linear = LinearGrid(problem.arrays)
    rows = sorted({item.row for item in found} | {_only_row(problem, item.outage) for item in found} - {-1})
    share = dict(zip(rows, linear.flow_shares(rows), strict=True)) if rows else {}
    made: dict[tuple[int, int], Cut] = {}
    for item in found:
        out = _only_row(problem, item.outage)
        if out < 0 or abs(item.active) < LEAST_ACTIVE_SHARE * item.size:
            continue
        factor = _lodf(problem, share, item.row, out)
        if factor is None:
            continue
        sign = 1.0 if item.active > 0 else -1.0
        flow = sign * float(optimum.start_flow[item.row].real + factor * optimum.start_flow[out].real)
        relief = (item.size - item.limit) * item.size / abs(item.active) + margin * item.limit
        key = (item.outage, item.row)
        most = min(flow - relief, held[key].most) if key in held else flow - relief
        made[key] = Cut((item.row, out), (sign, sign * factor), most, item.branch, item.outage)
    return made


def _lodf(problem: Problem, share: dict[int, NDArray[np.float64]], row: int, out: int) -> float | None:
    """What part of the flow through ``out`` moves to ``row``; None where the outage cuts the grid apart."""
    start, end = problem.arrays.start[out], problem.arrays.end[out]
    through = float(share[row][start] - share[row][end])
    itself = float(share[out][start] - share[out][end])
    return None if abs(1.0 - itself) < _BRIDGE else through / (1.0 - itself)


def _only_row(problem: Problem, circuit: int) -> int:
    """The branch row of a circuit; -1 for a three-winding transformer, which has three."""
    rows = problem.arrays.circuits.rows_of(circuit)
    return int(rows[0]) if len(rows) == 1 else -1


def _linear_overloads(problem: Problem, optimum: Optimum, asked: Sequence[int]) -> list[_Overload]:
    """Overloads after each outage by LODF, on active flows alone."""
    limit = np.fmin(problem.start_limit_after, problem.end_limit_after)
    rated = np.flatnonzero(np.isfinite(limit))
    linear, flow = LinearGrid(problem.arrays), optimum.start_flow.real
    outages = [(circuit, row) for circuit in asked if (row := _only_row(problem, circuit)) >= 0]
    rows = sorted({*rated.tolist(), *(row for _, row in outages)})
    shares = dict(zip(rows, linear.flow_shares(rows), strict=True)) if rows else {}
    found = []
    for circuit, out in outages:
        for row in rated.tolist():
            factor = None if row == out else _lodf(problem, shares, row, out)
            if factor is None:
                continue
            after = float(flow[row] + factor * flow[out])
            if abs(after) > limit[row] * (1.0 + TOLERANCE):
                branch = problem.circuit_of(row)
                found.append(_Overload(circuit, branch, row, abs(after), float(limit[row]), after))
    return found


def _solved_overloads(problem: Problem, optimum: Optimum, asked: Sequence[int], table: LimitTable) -> list[_Overload]:
    """Overloads after each outage that solves and cuts nothing off, by AC power flow."""
    state = _state(problem, optimum, FlowModel.AC, table)
    if state is None:
        return []
    screened = screen(state, asked)
    return [
        item
        for place, circuit in enumerate(asked)
        if screened.figures["solved"][place] and not len(state.dead[circuit])
        for item in _after(problem, screened.voltage(place), circuit)
    ]


def _state(problem: Problem, optimum: Optimum, model: FlowModel, table: LimitTable) -> Resident | None:
    """The dispatched state, ready to be screened; None when it does not solve."""
    try:
        return resident(as_grid(problem, dispatched(problem, optimum, model), optimum), (), (), table)
    except NotSolvedError:
        return None


def _after(problem: Problem, voltage: NDArray[np.complex128], circuit: int) -> list[_Overload]:
    """Overloads in one solved outage, the worse end of each branch row."""
    arrays = problem.arrays
    opened = arrays.circuits.rows_of(circuit)
    start, end = branch_powers(problem, voltage)
    vm = np.maximum(np.abs(voltage), 1e-9)  # zero where cut off: nothing flows there
    sizes = limited_flow(problem, start, vm[arrays.start]), limited_flow(problem, end, vm[arrays.end])
    limits = problem.start_limit_after, problem.end_limit_after
    ratio = np.fmax(*(size / limit for size, limit in zip(sizes, limits, strict=True)))
    ratio[opened] = 0.0
    found = []
    for row in np.flatnonzero(ratio > 1.0 + TOLERANCE).tolist():
        at_start = not sizes[1][row] / limits[1][row] > sizes[0][row] / limits[0][row]
        size, limit = (float(part[0 if at_start else 1][row]) for part in (sizes, limits))
        active = float(start[row].real if at_start else -end[row].real)
        found.append(_Overload(circuit, problem.circuit_of(row), row, size, limit, active))
    return found


def report_security(secured: Secured, asked: Sequence[int], model: FlowModel, table: LimitTable) -> DispatchSecurity:
    """What the AC solution of each asked outage says about the optimum."""
    problem, optimum = secured.problem, secured.optimum
    state = _state(problem, optimum, model, table)
    if state is None:
        reason = "the dispatched state has no AC solution"
        left = (LeftOut(what="outages", count=len(asked), reason=reason),)
        covered = Coverage(checked=0, solved=0, left_out=left)
        return _report(secured, None, covered, [], 0)
    screened = screen(state, asked)
    solved, islanding = screened.figures["solved"], [len(state.dead[circuit]) > 0 for circuit in asked]
    found = [
        item
        for place, circuit in enumerate(asked)
        if solved[place]
        for item in _after(problem, screened.voltage(place), circuit)
    ]
    diverged = int((~solved).sum())
    kept = False if found else None if diverged else True
    left_out = [
        LeftOut(what="outages", count=count, reason=reason)
        for count, reason in (
            (sum(islanding), "it cuts buses off, so no constraint holds it; solved and checked all the same"),
            (
                sum(_only_row(problem, circuit) < 0 for circuit in asked),
                "a three-winding transformer has no LODF, so no constraint holds it; solved and checked all the same",
            ),
        )
        if count
    ]
    covered = Coverage(
        checked=len(asked),
        solved=len(asked) - diverged,
        diverged=diverged,
        islanding=sum(islanding),
        left_out=tuple(left_out),
    )
    return _report(secured, kept, covered, found, _voltage_broken(screened, state))


def _voltage_broken(screened: Screened, state: Resident) -> int:
    """Outages after which a voltage is beyond the limit that holds after an outage."""
    band, broken = state.monitor.contingency, 0
    for place in np.flatnonzero(screened.figures["solved"]).tolist():
        vm_pu = np.abs(screened.voltage(place))[state.monitor.bus_place]
        broken += bool(((vm_pu > 0) & (band.low(vm_pu) | band.high(vm_pu))).any())
    return broken


def _report(
    secured: Secured, kept: bool | None, covered: Coverage, found: list[_Overload], voltages: int
) -> DispatchSecurity:
    problem = secured.problem
    ranked = sorted(found, key=lambda item: (-item.size / item.limit, item.outage, item.row))
    rows = tuple(_row(problem, item) for item in ranked[:SHOWN])
    return DispatchSecurity(
        kept=kept,
        constraints=len(problem.cuts),
        rounds=secured.rounds,
        outages_covered=covered,
        overloads=rows,
        overloads_omitted=len(ranked) - len(rows),
        outages_with_voltage_violations=voltages,
    )


def _row(problem: Problem, item: _Overload) -> PostOutageOverload:
    (kind, index), (out_kind, out_index) = cut_name(problem, item.branch), cut_name(problem, item.outage)
    outage = element_ref(problem.net, ElementKind(out_kind), out_index)
    return PostOutageOverload(
        element=element_ref(problem.net, ElementKind(kind), index),
        case=outage_label(problem.state.case, outage),
        outage=outage,
        loading_percent=item.size / item.limit * 100.0,
    )
