"""Answers on the optimal dispatch: what it costs, what moves, what binds, prices, and its proof by a power flow."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import N_MINUS_ONE, Piece, draft, listed, state_name
from tools.grid.schema.optimal_dispatch import BindingLimit, DispatchObjective, OptimalDispatch
from tools.grid.schema.power_flow import FlowModel

_AIMED = {
    DispatchObjective.LEAST_COST: "the least cost that the limits allow is ",
    DispatchObjective.LEAST_LOSSES: "the least that the limits allow to be lost is ",
    DispatchObjective.LEAST_REDISPATCH: "the least that units must move, up and down together, is ",
}
_MOVED, _BINDING = 3, 3
_LEAST_MW = 0.01


def answer_dispatch(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """The optimum first, then its outages, what moves, what binds, prices, and the power flow that checked it."""
    found = board.current(OptimalDispatch)
    if found is None:
        return
    yield _optimum(found, resolved)
    if found.result.required_reserve_p_mw is not None:
        kept, wanted = found.ref("optimal_reserve_p_mw"), found.ref("required_reserve_p_mw")
        yield draft("Reserve at the optimum: ", kept, ", required: ", wanted, ".")
    yield from _security(found)
    yield from _moves(found)
    yield from _binding(found)
    yield _prices(found)
    yield _check(found)


def _optimum(found: Exhibit[OptimalDispatch], resolved: Resolved) -> Draft:
    result = found.result
    pieces: list[Piece] = [state_name(found, resolved.hypothesis), ", ", _AIMED[result.objective]]
    pieces += [found.ref("optimal_objective"), " (", found.ref("objective_unit"), ")"]
    if result.saved_objective is not None and result.objective is not DispatchObjective.LEAST_REDISPATCH:
        pieces += ["; before it is ", found.ref("before_objective")]
    if result.before_violations:
        pieces += ["; limits broken before: ", found.ref("before_violations")]
    linear: Piece = ", by the linear DC equations, without losses and voltages" if result.model is FlowModel.DC else ""
    return draft(pieces, linear, ".")


def _security(found: Exhibit[OptimalDispatch]) -> Iterator[Draft]:
    security = found.result.security
    if security is None:
        yield draft("Outages were not secured: the optimum is that of the state itself.")
        return
    pieces: list[Piece] = ["Outages (", N_MINUS_ONE, ") checked by AC power flow at the optimum: "]
    pieces += [found.ref("security", "outages_covered", "checked")]
    if security.kept is not None:
        pieces += ["; ratings kept after them: ", found.ref("security", "kept")]
    if security.overloads:
        pieces += ["; worst ", found.ref("security", "overloads", 0, "element"), " at "]
        pieces += [found.ref("security", "overloads", 0, "loading_percent"), " of its limit with "]
        pieces += [found.ref("security", "overloads", 0, "outage"), " out"]
    if security.outages_covered.diverged:
        pieces += ["; diverged: ", found.ref("security", "outages_covered", "diverged")]
    yield draft(pieces, ".")


def _moves(found: Exhibit[OptimalDispatch]) -> Iterator[Draft]:
    units = found.result.units
    moves: list[Piece] = [
        [
            found.ref("units", at, "element"),
            " from ",
            found.ref("units", at, "before_p_mw"),
            " to ",
            found.ref("units", at, "optimal_p_mw"),
        ]
        for at, unit in enumerate(units[:_MOVED])
        if unit.change_p_mw is not None and abs(unit.change_p_mw) >= _LEAST_MW
    ]
    if moves:
        yield draft("Most moved: ", listed(moves, last="; ", comma="; "), ".")


def _binding(found: Exhibit[OptimalDispatch]) -> Iterator[Draft]:
    binding = found.result.binding
    if binding:
        said = [_limit(found, item, at) for at, item in enumerate(binding[:_BINDING])]
        yield draft("What holds the optimum back: ", listed(said, last="; ", comma="; "), ".")


def _limit(found: Exhibit[OptimalDispatch], item: BindingLimit, at: int) -> Piece:
    pieces: list[Piece] = [found.ref("binding", at, "kind")]
    if item.element is not None:
        pieces += [" of ", found.ref("binding", at, "element")]
    if item.outage is not None:
        pieces += [" with ", found.ref("binding", at, "outage"), " out"]
    return [pieces, ", shadow price ", found.ref("binding", at, "shadow_price")]


def _prices(found: Exhibit[OptimalDispatch]) -> Draft:
    return draft(
        "Marginal prices run from ",
        found.ref("lowest_price", "price"),
        " at ",
        found.ref("lowest_price", "element"),
        " to ",
        found.ref("highest_price", "price"),
        " at ",
        found.ref("highest_price", "element"),
        "; ",
        found.ref("reference_price"),
        " at the reference.",
    )


def _check(found: Exhibit[OptimalDispatch]) -> Draft:
    check = found.result.check
    if not check.solved:
        return draft("An independent AC power flow with these set-points: solved ", found.ref("check", "solved"), ".")
    return draft(
        "Under an independent AC power flow with these set-points, limits kept: ", found.ref("check", "kept"), "."
    )
