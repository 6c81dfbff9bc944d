"""Answers on what-if questions: a hypothesis against the base, proposed actions with their verdict."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.answers.limits import answer_limits, violation_words
from orchestrator.compose.answers.state import answer_state, supply_lost
from orchestrator.compose.board import Board, Exhibit, R
from orchestrator.compose.phrases import N_MINUS_ONE, Piece, branch, bus, draft, listed, reasons, state_name
from tools.grid.schema.actions import Action
from tools.grid.schema.limit_check import Violation
from tools.grid.schema.power_flow import PowerFlow
from tools.grid.schema.simulation import ActionSimulation


def answer_what_if(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """What the hypothesis or the proposed actions change."""
    simulations = list(board.every(ActionSimulation))
    for simulation in simulations[:1]:
        yield from _simulated(simulation)
    if simulations:
        return
    flow = board.hypothetical(PowerFlow)
    if flow is None:
        yield from answer_state(board, resolved)
        return
    yield from supply_lost(flow, state_name(flow, resolved.hypothesis))
    yield from answer_limits(board, resolved)
    yield from _extremes(flow, board.base(PowerFlow), state_name(flow, resolved.hypothesis))


def _extremes(flow: Exhibit[PowerFlow], base: Exhibit[PowerFlow] | None, state: Piece) -> Iterator[Draft]:
    lowest, highest = flow.result.lowest_voltage, flow.result.highest_loading
    if lowest is not None:
        before = base.result.lowest_voltage if base else None
        against: Piece = ["; base case ", bus(base, before, "lowest_voltage")] if base and before else ""
        yield draft(state, ", the lowest voltage is ", bus(flow, lowest, "lowest_voltage"), against, ".")
    if highest is not None:
        loaded = base.result.highest_loading if base else None
        against = ["; base case ", branch(base, loaded, "highest_loading")] if base and loaded else ""
        yield draft(state, ", the highest loading is ", branch(flow, highest, "highest_loading"), against, ".")


def _simulated(simulation: Exhibit[ActionSimulation]) -> Iterator[Draft]:
    yield draft(
        described(simulation), ": ", simulation.ref("verdict"), reasons(simulation, len(simulation.result.reasons)), "."
    )
    yield draft(supply_words(simulation))
    if simulation.result.after.solved:
        yield draft(violations_words(simulation))
        yield from _worst(simulation)
    for position, row in enumerate(simulation.result.new_violations[:3]):
        yield draft("New: ", _violation(simulation, row, "new_violations", position), ".")
    yield from _focus(simulation)
    if simulation.result.security_after is not None:
        yield draft(security_words(simulation))


def _worst(simulation: Exhibit[ActionSimulation]) -> Iterator[Draft]:
    """The extremes of the grid and its losses, before and after."""
    before, after = simulation.result.before, simulation.result.after
    if before.lowest_voltage and after.lowest_voltage:
        yield draft(
            "Lowest voltage before: ",
            bus(simulation, before.lowest_voltage, "before", "lowest_voltage"),
            ", after: ",
            bus(simulation, after.lowest_voltage, "after", "lowest_voltage"),
            ".",
        )
    if before.highest_loading and after.highest_loading:
        yield draft(
            "Highest loading before: ",
            branch(simulation, before.highest_loading, "before", "highest_loading"),
            ", after: ",
            branch(simulation, after.highest_loading, "after", "highest_loading"),
            ".",
        )
    if before.loss_p_mw is not None and after.loss_p_mw is not None:
        yield draft(
            "Losses before: ",
            simulation.ref("before", "loss_p_mw"),
            ", after: ",
            simulation.ref("after", "loss_p_mw"),
            ".",
        )


def supply_words(simulation: Exhibit[ActionSimulation]) -> Piece:
    """Unserved load before and after; or that one of the states does not solve."""
    if not simulation.result.after.solved:
        return "The power flow after the action does not solve; no number is shown for it."
    return [
        "Unserved load before: ",
        simulation.ref("before", "supply", "unserved_p_mw"),
        ", after: ",
        simulation.ref("after", "supply", "unserved_p_mw"),
        ".",
    ]


def violations_words(simulation: Exhibit[ActionSimulation]) -> Piece:
    """Counts of broken limits before and after."""
    return [
        "Broken limits before: ",
        simulation.ref("before", "violation_count"),
        ", after: ",
        simulation.ref("after", "violation_count"),
        ", of these new: ",
        simulation.ref("new_violation_count"),
        ".",
    ]


def security_words(simulation: Exhibit[ActionSimulation]) -> Piece:
    """Outages that break a limit, before and after, and how many become worse."""
    pieces: list[Piece] = ["Outages that break a limit"]
    if simulation.result.security_before is not None:
        pieces += [", before: ", simulation.ref("security_before", "insecure_outages")]
    pieces += [", after: ", simulation.ref("security_after", "insecure_outages")]
    pieces += ["; outages made worse: ", simulation.ref("security_after", "worse_outages")]
    if simulation.result.security_after is not None and simulation.result.security_after.secure is not None:
        pieces += ["; by the ", N_MINUS_ONE, " criterion after: ", simulation.ref("security_after", "secure")]
    else:
        pieces += ["; the ", N_MINUS_ONE, " criterion is not checked in full after the action"]
    return [*pieces, "."]


def described(simulation: Exhibit[ActionSimulation]) -> Piece:
    """The proposed actions in words, with their values as references."""
    return described_actions(simulation, simulation.result.proposed, "proposed")


def described_actions(exhibit: Exhibit[R], actions: Sequence[Action], *keys: str | int) -> Piece:
    """Actions at a place of a result, in words."""
    return listed([_action(action, partial(exhibit.ref, *keys, position)) for position, action in enumerate(actions)])


def _action(action: Action, ref: Callable[[str], Piece]) -> Piece:
    element = ref("element")
    match action.type:
        case "switch_branch" | "switch_shunt":
            return ["Closing " if action.closed else "Opening ", element]
        case "redispatch":
            return ["Redispatch of ", element, " by ", ref("delta_p_mw")]
        case "set_tap":
            return ["Setting the tap of ", element, " to position ", ref("tap_pos")]
        case "transfer_load":
            return ["Moving ", ref("p_mw"), " of ", element, " to ", ref("to_bus")]
        case "shed_load":
            return ["Shedding ", ref("p_mw"), " at ", element]


def _violation(simulation: Exhibit[ActionSimulation], row: Violation, *keys: str | int) -> Piece:
    return violation_words(row, lambda field: simulation.ref(*keys, field))


def _focus(simulation: Exhibit[ActionSimulation]) -> Iterator[Draft]:
    """The elements asked for, before and after; pairs are matched by element, as a lost one has no row after."""
    before, after = simulation.result.before, simulation.result.after
    bus_after = {str(row.element): position for position, row in enumerate(after.buses)}
    for position, bus_row in enumerate(before.buses):
        there = bus_after.get(str(bus_row.element))
        late: Piece = (
            bus(simulation, after.buses[there], "after", "buses", there) if there is not None else "without supply"
        )
        yield draft("Before: ", bus(simulation, bus_row, "before", "buses", position), "; after: ", late, ".")
    branch_after = {str(row.element): position for position, row in enumerate(after.branches)}
    for position, branch_row in enumerate(before.branches):
        there = branch_after.get(str(branch_row.element))
        late = (
            branch(simulation, after.branches[there], "after", "branches", there)
            if there is not None
            else "out of service"
        )
        yield draft("Before: ", branch(simulation, branch_row, "before", "branches", position), "; after: ", late, ".")
