"""Answers on a solved state: named elements, rankings, totals."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, branch, bus, draft, listed, state_name, unit
from tools.grid.schema.power_flow import PowerFlow, RankBy

_NAMED = 12
"""Buses without supply that one sentence names; the evidence has the others."""


def answer_state(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Voltage, flow, loading and output of the elements asked for, in each state that was solved."""
    for flow in board.every(PowerFlow):
        yield from supply_lost(flow, state_name(flow, resolved.hypothesis))
        yield from _rows(flow, state_name(flow, resolved.hypothesis))


def _rows(flow: Exhibit[PowerFlow], state: Piece) -> Iterator[Draft]:
    result = flow.result
    for position, bus_row in enumerate(result.buses):
        limits: Piece = ""
        if bus_row.limit_min_pu is not None and bus_row.limit_max_pu is not None:
            limits = [
                ", allowed ",
                flow.ref("buses", position, "limit_min_pu"),
                " to ",
                flow.ref("buses", position, "limit_max_pu"),
            ]
        yield draft(state, ": ", bus(flow, bus_row, "buses", position), limits, ".")
    for position, branch_row in enumerate(result.branches):
        yield draft(state, ": ", branch(flow, branch_row, "branches", position), ".")
    for position, unit_row in enumerate(result.units):
        yield draft(state, ": ", unit(flow, unit_row, "units", position), ".")
    for position in range(len(result.loads)):
        yield draft(
            state,
            ": ",
            flow.ref("loads", position, "element"),
            " draws ",
            flow.ref("loads", position, "p_mw"),
            " and ",
            flow.ref("loads", position, "q_mvar"),
            ".",
        )
    for position in range(len(result.dead)):
        yield draft(state, ": ", flow.ref("dead", position), " is out of service or without supply.")


def supply_lost(flow: Exhibit[PowerFlow], state: Piece) -> Iterator[Draft]:
    """The sentence on lost supply, which comes before voltages and loadings (rule 3)."""
    supply = flow.result.supply
    if supply.dead_buses or supply.islands:
        lost: Piece = [flow.ref("supply", "unserved_p_mw"), " of load"]
        if supply.lost_generation_p_mw:
            lost = [lost, " and ", flow.ref("supply", "lost_generation_p_mw"), " of generation"]
        islands: Piece = ["; energised islands beside the main one: ", flow.ref("supply", "islands")]
        yield draft(
            state,
            ": ",
            lost,
            " lost, de-energised buses: ",
            flow.ref("supply", "dead_buses"),
            _dead(flow),
            islands if supply.islands else "",
            ".",
        )
    if flow.result.moved_slack is not None:
        yield draft("The slack lost its connection; ", flow.ref("moved_slack"), " balances the grid instead.")


def _dead(flow: Exhibit[PowerFlow]) -> Piece:
    """Which buses these are: `` (bus:6, bus:7 and bus:8)``."""
    named: list[Piece] = [flow.ref("supply", "dead", place) for place in range(len(flow.result.supply.dead))[:_NAMED]]
    more: Piece = " and others" if flow.result.supply.dead_buses > len(named) else ""
    return [" (", listed(named, last=", " if more else " and "), more, ")"] if named else ""


def answer_ranking(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """The extreme asked for, in one line; the table follows in its section."""
    flow = _ranked(board)
    if flow is None:
        return
    state = state_name(flow, resolved.hypothesis)
    yield from supply_lost(flow, state)
    yield from _extreme(flow, state, resolved.ranking)
    yield from _runners_up(flow)


def _ranked(board: Board) -> Exhibit[PowerFlow] | None:
    """The exhibit of the ranking: the last power flow of the plan, made with the order asked for."""
    return next(reversed(list(board.every(PowerFlow))), None)


def _runners_up(flow: Exhibit[PowerFlow]) -> Iterator[Draft]:
    """The other rows that were ranked, in one sentence."""
    result = flow.result
    rows: list[Piece] = [bus(flow, row, "buses", place) for place, row in enumerate(result.buses)]
    rows += [branch(flow, row, "branches", place) for place, row in enumerate(result.branches)]
    rows += [unit(flow, row, "units", place) for place, row in enumerate(result.units)]
    if len(rows) > 1:
        yield draft("Ranked: ", listed(rows, last="; ", comma="; "), ".")


def _extreme(flow: Exhibit[PowerFlow], state: Piece, ranking: str | None) -> Iterator[Draft]:
    result = flow.result
    if ranking == RankBy.HIGH_VOLTAGE and result.highest_voltage:
        yield draft(state, ", the highest voltage is ", bus(flow, result.highest_voltage, "highest_voltage"), ".")
    elif ranking == RankBy.LOW_VOLTAGE and result.lowest_voltage:
        yield draft(state, ", the lowest voltage is ", bus(flow, result.lowest_voltage, "lowest_voltage"), ".")
    elif ranking == RankBy.LOSSES and result.branches:
        losses = flow.ref("branches", 0, "loss_p_mw")
        yield draft(state, ", most is lost in ", flow.ref("branches", 0, "element"), ": ", losses, ".")
    elif ranking == RankBy.GENERATION and result.units:
        yield draft(state, ", the largest output is ", unit(flow, result.units[0], "units", 0), ".")
    elif result.highest_loading:
        yield draft(state, ", the highest loading is ", branch(flow, result.highest_loading, "highest_loading"), ".")
    else:
        yield draft(state, ", loadings were not checked: the model has no usable ratings.")


def answer_totals(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Load, generation, losses and what the slack gives."""
    flow = board.current(PowerFlow)
    if flow is None:
        return
    state = state_name(flow, resolved.hypothesis)
    yield from supply_lost(flow, state)
    losses: Piece = "losses not computed by the linear model"
    if flow.result.loss_p_mw is not None:
        share: Piece = [" (", flow.ref("loss_percent"), " of the generation)"] if flow.result.loss_percent else ""
        losses = ["losses ", flow.ref("loss_p_mw"), share]
    yield draft(
        state,
        ": load ",
        flow.ref("load_p_mw"),
        ", generation ",
        flow.ref("generation_p_mw"),
        ", ",
        losses,
        ".",
    )
    for position, row in enumerate(flow.result.slack):
        yield draft("Slack: ", unit(flow, row, "slack", position), ".")
