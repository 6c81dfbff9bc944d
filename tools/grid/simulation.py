"""``simulate_actions``: a state with and without the proposed actions, N-1 of both, and the verdict of rule 4."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind, ElementRef, parse_canonical
from tools.errors import NotSolvedError
from tools.grid.comparison import ScreenedState, compare_violations, depth_points, worse_outages
from tools.grid.elements import element_ref
from tools.grid.flow_rows import asked_rows
from tools.grid.operating_limits import operating_limits, operating_state
from tools.grid.power_flow import highest_loading
from tools.grid.rows import bus_row, slack_rows
from tools.grid.schema.actions import Action, ShedLoad, TransferLoad
from tools.grid.schema.limit_check import Violation
from tools.grid.schema.simulation import ActionSimulation, ActionState, SecuritySummary, SimulateActionsArguments
from tools.grid.screening.resident import resident
from tools.grid.screening.screen import screen
from tools.grid.screening.security import security
from tools.grid.solve import SolvedState, solved_state
from tools.grid.state import State, hypothesis_net
from tools.grid.supply import supply_of
from tools.grid.verdict import ActionFacts, StateFacts, judge
from tools.grid.violations import UNIT_VIOLATIONS, find_violations
from tools.vocabulary import OutageOutcome

if TYPE_CHECKING:
    from pandapower import pandapowerNet

    from tools.context import ToolContext
    from tools.grid.grid import Grid
    from tools.limits import LimitTable

SHOWN = 10


@dataclass(frozen=True)
class Side:
    """The state on one side of the actions; ``solved`` is None where it does not converge."""

    label: str
    state: State
    solved: SolvedState | None
    violations: tuple[Violation, ...]
    screened: ScreenedState | None
    shown: ActionState

    @property
    def facts(self) -> StateFacts:
        """The state as the verdict sees it."""
        units = sum(item.kind in UNIT_VIOLATIONS for item in self.violations)
        return StateFacts(
            solved=self.solved is not None,
            lost_load_mw=self.shown.supply.unserved_p_mw,
            lost_generation_mw=self.shown.supply.lost_generation_p_mw,
            violations=len(self.violations) - units,
            unit_violations=units,
            depth=sum(depth_points(item) for item in self.violations),
        )


def simulate_actions(ctx: ToolContext, args: SimulateActionsArguments) -> ActionSimulation:
    """Carry out the proposed actions in simulation and prove them, or say what keeps them from being proven.

    Raises:
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: for a hypothesis or an action that cannot be.
    """
    return simulate(ctx.grids.grid(args.at), ctx.limits, args)


def state_before(grid: Grid, limits: LimitTable, args: SimulateActionsArguments) -> Side:
    """The state without the proposed actions, for whoever simulates many on the same."""
    return _side(grid, limits, args, "before", args.actions)


def simulate(
    grid: Grid, limits: LimitTable, args: SimulateActionsArguments, before: Side | None = None
) -> ActionSimulation:
    """``simulate_actions`` on a grid at hand.

    Args:
        grid: The grid.
        limits: Limits where the grid model has none.
        args: The hypothesis and what is proposed.
        before: Its ``state_before``, where it is known.
    """
    before = before or state_before(grid, limits, args)
    after = _side(grid, limits, args, "after", (*args.actions, *args.proposed))
    proposed = after.state.actions[len(before.state.actions) :]
    change = compare_violations(before.violations, after.violations)
    both = before.screened is not None and after.screened is not None
    worse = worse_outages(before.screened, after.screened) if before.screened and after.screened and both else ()
    verdict, reasons = judge(
        ActionFacts(
            before=before.facts,
            after=after.facts,
            new_violations=len(change.new),
            deeper_violations=change.deeper,
            security_before=before.screened.facts if before.screened else None,
            security_after=after.screened.facts if after.screened else None,
            worse_outages=len(worse),
        )
    )
    return ActionSimulation(
        proposed=proposed,
        elements=_touched(after.state.net, proposed),
        shed_p_mw=sum(action.p_mw for action in proposed if isinstance(action, ShedLoad)),
        before=before.shown,
        after=after.shown,
        new_violations=change.new[:SHOWN],
        new_violation_count=len(change.new),
        cleared_violation_count=change.cleared if after.solved else 0,
        security_before=_summary(before, ()),
        security_after=_summary(after, worse),
        verdict=verdict,
        reasons=reasons,
        basis=grid.basis,
    )


def _side(grid: Grid, table: LimitTable, args: SimulateActionsArguments, label: str, actions: Sequence[Action]) -> Side:
    try:
        found = solved_state(grid, args.outages, actions)
    except NotSolvedError:
        state = replace(hypothesis_net(grid, args.outages, actions), case=label)
        shown = ActionState(case=label, solved=False, supply=supply_of(state))
        return Side(label, state, None, (), None, shown)
    # the hypothesis is told in the arguments; rows carry the side they belong to
    solved = replace(found, state=replace(found.state, case=label))
    limits = operating_limits(solved.net, table, operating_state(solved.state))
    violations = find_violations(solved, limits)
    focus = asked_rows(solved, limits, args.focus)
    vm_pu = np.where(solved.topology.energised, solved.net.res_bus.vm_pu.to_numpy(dtype=float), np.nan)
    buses = solved.topology.buses
    shown = ActionState(
        case=label,
        solved=True,
        supply=supply_of(solved.state),
        loss_p_mw=float(np.nansum(solved.flows.loss_p_mw)),
        slack=slack_rows(solved),
        lowest_voltage=bus_row(solved, limits, int(buses[np.nanargmin(vm_pu)])),
        highest_voltage=bus_row(solved, limits, int(buses[np.nanargmax(vm_pu)])),
        highest_loading=highest_loading(solved, limits),
        violations=violations[:SHOWN],
        violation_count=len(violations),
        buses=focus.buses,
        branches=focus.branches,
        units=focus.units,
    )
    screened = _screened(grid, table, args.outages, actions) if args.with_security else None
    return Side(label, solved.state, solved, violations, screened, shown)


def _screened(grid: Grid, table: LimitTable, outages: Sequence[str], actions: Sequence[Action]) -> ScreenedState:
    state = resident(grid, outages, actions, table)
    screened = screen(state, range(len(state.refs)))
    return ScreenedState(state, screened, security(state, screened, table, all_kinds=True))


def _summary(side: Side, worse: tuple[ElementRef, ...]) -> SecuritySummary | None:
    if side.screened is None:
        return None
    return SecuritySummary(
        case=side.label,
        secure=side.screened.claim.secure,
        outages=len(side.screened.screened.asked),
        insecure_outages=side.screened.count(OutageOutcome.INSECURE),
        diverged_outages=side.screened.count(OutageOutcome.DIVERGED),
        islanding_outages=side.screened.count(OutageOutcome.ISLANDING),
        avoidable_losses=sum(side.screened.claim.avoidable),
        worse_outages=len(worse),
        worse=worse[:SHOWN],
    )


def _touched(net: pandapowerNet, actions: Sequence[Action]) -> tuple[ElementRef, ...]:
    """The elements that the actions name, each once; canonical forms, as the state gives them."""
    texts = [text for action in actions for text in _named(action)]
    known = (parse_canonical(text) for text in dict.fromkeys(texts))
    return tuple(element_ref(net, ElementKind(pair[0]), pair[1]) for pair in known if pair is not None)


def _named(action: Action) -> tuple[str, ...]:
    return (action.element, action.to_bus) if isinstance(action, TransferLoad) else (action.element,)
