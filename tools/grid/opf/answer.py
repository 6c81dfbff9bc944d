"""The result of ``optimize_dispatch`` from a secured optimum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.coverage import Coverage, LeftOut
from tools.element import ElementKind
from tools.grid.elements import element_ref
from tools.grid.opf.binding import binding_limits
from tools.grid.opf.check import check_optimum, dispatched
from tools.grid.schema.optimal_dispatch import (
    BindingKind,
    BranchLimit,
    BusPrice,
    DispatchObjective,
    DispatchSecurity,
    OptimalDispatch,
    OptimalityResiduals,
    OptimizeDispatchArguments,
    UnitDispatch,
)
from tools.grid.schema.power_flow import FlowModel
from tools.grid.solve import SolvedState
from tools.grid.supply import supply_of
from tools.grid.violations import find_violations

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.opf.security import Secured
    from tools.grid.schema.basis import StateBasis

COST_UNIT, POWER_UNIT = "cost of the grid model per hour", "MW"
_CONGESTING = frozenset({BindingKind.RATING, BindingKind.SECURITY, BindingKind.ANGLE})


@dataclass(frozen=True)
class Answer:
    """What the result is made of."""

    secured: Secured
    args: OptimizeDispatchArguments
    security: DispatchSecurity | None
    basis: StateBasis | None

    def build(self) -> OptimalDispatch:
        """The result."""
        problem, optimum, args = self.secured.problem, self.secured.optimum, self.args
        base, page = problem.arrays.base_mva, slice(args.offset, args.offset + args.limit)
        binding, units, prices = binding_limits(problem, optimum), self._units(), self._prices()
        ac = args.model is FlowModel.AC
        losses = float((optimum.start_flow + optimum.end_flow).real.sum()) * base
        before = self._before_objective()
        moved = [abs(unit.change_p_mw) for unit in units if unit.change_p_mw is not None]
        reference = float(optimum.price[problem.arrays.reference[0]]) / base
        headroom = (problem.units.p_max - optimum.p)[problem.reserving]
        residuals = optimum.residuals
        return OptimalDispatch(
            case=problem.state.case,
            model=args.model,
            objective=args.objective,
            converged=True,
            solver=optimum.solver,
            iterations=optimum.iterations,
            supply=supply_of(problem.state, problem.topology),
            optimal_objective=optimum.objective,
            objective_unit=COST_UNIT if args.objective is DispatchObjective.LEAST_COST else POWER_UNIT,
            before_objective=before,
            saved_objective=None if before is None else before - optimum.objective,
            before_violations=self._before_violations(),
            branch_limit=BranchLimit.APPARENT_POWER if problem.apparent else BranchLimit.CURRENT,
            load_p_mw=float(problem.demand.real.sum()) * base,
            optimal_generation_p_mw=float(optimum.p.sum()) * base,
            optimal_loss_p_mw=losses if ac else None,
            before_loss_p_mw=self._before_loss() if ac else None,
            optimal_reserve_p_mw=float(headroom.sum()) * base,
            required_reserve_p_mw=args.reserve_mw,
            moved_p_mw=sum(moved) / 2.0 if problem.before else None,
            reference_price=reference,
            lowest_price=prices[-1],
            highest_price=prices[0],
            congested=any(item.kind in _CONGESTING for item in binding),
            surplus=float(optimum.price @ (problem.demand.real - self._fed())),
            binding=binding[page],
            binding_omitted=len(binding) - len(binding[page]),
            units=units[page],
            units_omitted=len(units) - len(units[page]),
            prices=prices[page],
            prices_omitted=len(prices) - len(prices[page]),
            check=check_optimum(problem, optimum, dispatched(problem, optimum, args.model), args.model),
            residuals=OptimalityResiduals(
                balance_p_mw=residuals.balance * base,
                feasibility_pu=residuals.feasibility,
                stationarity=residuals.stationarity,
                complementarity=residuals.complementarity,
            ),
            security=self.security,
            limits_covered=self._coverage(),
            basis=self.basis,
        )

    def _fed(self) -> NDArray[np.float64]:
        """Injection of the units at each bus, pu."""
        problem = self.secured.problem
        fed: NDArray[np.float64] = np.zeros(problem.size)
        np.add.at(fed, problem.units.bus, self.secured.optimum.p)
        return fed

    def _units(self) -> tuple[UnitDispatch, ...]:
        problem, optimum = self.secured.problem, self.secured.optimum
        units, base, ac = problem.units, problem.arrays.base_mva, self.args.model is FlowModel.AC
        costs = problem.costs
        rows = []
        for at, ref in enumerate(units.refs):
            p_mw, before = float(optimum.p[at]) * base, float(units.p_set[at]) * base if problem.before else None
            smooth = self.args.objective is DispatchObjective.LEAST_COST and at not in costs.pieced
            rows.append(
                UnitDispatch(
                    element=ref,
                    case=problem.state.case,
                    before_p_mw=before,
                    optimal_p_mw=p_mw,
                    change_p_mw=None if before is None else p_mw - before,
                    optimal_q_mvar=float(optimum.q[at]) * base if ac else None,
                    optimal_vm_pu=float(optimum.vm[units.bus[at]]) if ac else None,
                    min_p_mw=_known(units.p_min[at] * base),
                    max_p_mw=_known(units.p_max[at] * base),
                    marginal_cost=float(costs.c1[at] + 2.0 * costs.c2[at] * optimum.p[at]) / base if smooth else None,
                    dispatchable=bool(units.movable[at]),
                )
            )
        return tuple(sorted(rows, key=lambda row: (-abs(row.change_p_mw or 0.0), -row.optimal_p_mw)))

    def _prices(self) -> tuple[BusPrice, ...]:
        """Of every bus with supply, highest first."""
        problem, optimum = self.secured.problem, self.secured.optimum
        base, arrays = problem.arrays.base_mva, problem.arrays
        reference = float(optimum.price[arrays.reference[0]]) / base
        live = arrays.bus_place >= 0
        rows = [
            BusPrice(
                element=element_ref(problem.net, ElementKind.BUS, index),
                case=problem.state.case,
                price=float(optimum.price[place]) / base,
                difference_price=float(optimum.price[place]) / base - reference,
                reactive_price=None if optimum.reactive_price is None else float(optimum.reactive_price[place]) / base,
            )
            for index, place in zip(arrays.bus_index[live].tolist(), arrays.bus_place[live].tolist(), strict=True)
        ]
        return tuple(sorted(rows, key=lambda row: (-row.price, row.element.index)))

    def _before_objective(self) -> float | None:
        """What the state before costs or loses; nothing moves in it."""
        problem = self.secured.problem
        if not problem.before or self.args.model is FlowModel.DC:
            return None  # the state before is an AC one: its losses would count as saved
        if self.args.objective is DispatchObjective.LEAST_REDISPATCH:
            return 0.0
        return problem.costs.of(problem.units.p_set, problem.units.q_set)

    def _before_violations(self) -> int | None:
        problem = self.secured.problem
        if not problem.before:
            return None
        return len(find_violations(self._solved_before(), problem.limits))

    def _before_loss(self) -> float | None:
        if not self.secured.problem.before:
            return None
        return float(np.nansum(self._solved_before().flows.loss_p_mw))

    def _solved_before(self) -> SolvedState:
        return SolvedState(self.secured.problem.state, FlowModel.AC, enforce_q_lims=False)

    def _coverage(self) -> Coverage:
        """What bounded the optimum, and which limits the model lacks."""
        problem, ac = self.secured.problem, self.args.model is FlowModel.AC
        rated = np.isfinite(problem.start_limit) | np.isfinite(problem.end_limit)
        circuits = problem.arrays.circuits
        unrated = len(circuits) - len(np.unique(circuits.owner[rated[circuits.rows]]))
        live, limits = problem.topology.energised, problem.limits
        unbounded = live & (np.isnan(limits.vm_min_pu.value) | np.isnan(limits.vm_max_pu.value))
        units = problem.units
        voltages = int(live.sum()) if ac else 0
        left = (
            ("branches", unrated, "the rating is missing or a placeholder, so it limits nothing"),
            ("buses", int(unbounded.sum()) if ac else 0, "no voltage limit on at least one side"),
            ("buses", 0 if ac else int(live.sum()), "the DC equations have no voltages, losses or reactive power"),
            ("units", int(units.unlimited.sum()), "no active power limit on at least one side: free there"),
            ("units", int((~units.movable).sum()), "held: not controllable, no range, or no active power limits"),
            ("loads", _voltage_dependent(self), "voltage-dependent: the optimum takes their power as constant"),
        )
        left_out = tuple(LeftOut(what=what, count=count, reason=reason) for what, count, reason in left if count)
        checked = len(circuits) - unrated + voltages - (int(unbounded.sum()) if ac else 0) + int(units.movable.sum())
        return Coverage(checked=checked, solved=checked, left_out=left_out)


def _voltage_dependent(answer: Answer) -> int:
    load = answer.secured.problem.net.load
    columns = [name for name in load if str(name).startswith(("const_z", "const_i"))]
    return int((load[columns].fillna(0.0) != 0.0).any(axis=1).sum()) if columns else 0


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
