"""Answers on limits: one word for the state, the counts, the worst of them."""

from collections.abc import Callable, Iterator
from typing import TypeAlias

from agents.question import Intent, Resolved
from agents.statement import Draft, Ref
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, listed, state_name
from orchestrator.compose.spans import left_out, limits_over_time, time_of
from tools.grid.schema.limit_check import LimitCheck, Violation

RefOf: TypeAlias = Callable[[str], Ref]


def answer_limits(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Times beyond a limit, then status and counts of the state asked for, and its worst violations."""
    check = board.current(LimitCheck)
    if check is None:
        return
    yield from limits_over_time(check)
    yield draft(_state(check, resolved))
    if check.result.branches.left_out and not check.result.branches.checked:
        yield draft("Loadings were not checked: no branch has a rating that can be used.")
    for position, row in enumerate(check.result.violations[:3]):
        yield draft(violation(check, row, "violations", position), ".")


def limits_line(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Status of the whole span where there is one, then status and counts of the state itself, as one line."""
    check = board.current(LimitCheck)
    if check is not None:
        whole: Piece = ""
        if check.result.span is not None:
            states: Piece = ["; states looked at: ", check.ref("span", "states")] if left_out(check) else ""
            whole = [time_of(check), check.ref("span_status"), states, left_out(check), ". "]
        yield draft(whole, _state(check, resolved))


def _state(check: Exhibit[LimitCheck], resolved: Resolved) -> Piece:
    return [state_name(check, resolved.hypothesis), ": ", check.ref("status"), _counts(check, resolved), "."]


_COUNTS = (
    ("undervoltages", "buses below their limit"),
    ("overvoltages", "buses above their limit"),
    ("overloads", "branches above their rating"),
    ("unit_violations", "units beyond a limit"),
)


def _counts(check: Exhibit[LimitCheck], resolved: Resolved) -> Piece:
    """What is without supply, then how many limits of each kind are broken; what is not broken is not listed."""
    found: list[Piece] = []
    if check.result.supply.dead_buses or Intent.LIMITS in resolved.intents:
        found.append(["buses without supply ", check.ref("supply", "dead_buses")])
    if check.result.supply.dead_buses:
        found.append(["unserved ", check.ref("supply", "unserved_p_mw")])
    found += [[words, " ", check.ref(field)] for field, words in _COUNTS if getattr(check.result, field)]
    return ["; ", listed(found, last=", ")] if found else ""


def violation(check: Exhibit[LimitCheck], row: Violation, *keys: str | int) -> Piece:
    """One broken limit with its value, its limit and where the limit comes from."""
    return violation_words(row, lambda field: check.ref(*keys, field))


def violation_words(row: Violation, ref: RefOf) -> Piece:
    """The words for a violation, whatever result it stands in; ``ref`` makes the reference to one of its fields."""
    if row.vm_pu is not None:
        pieces: list[Piece] = [ref("vm_pu")]
        if row.vm_kv is not None:
            pieces += [" (", ref("vm_kv"), ")"]
        pieces += [", limit ", ref("limit_pu")]
    elif row.loading_percent is not None:
        pieces = [ref("loading_percent")]
        if row.i_ka is not None and row.rating_ka is not None:
            pieces += [" (", ref("i_ka"), " of ", ref("rating_ka"), ")"]
        pieces += [", limit ", ref("limit_percent")]
    elif row.p_mw is not None:
        pieces = [ref("p_mw"), ", limit ", ref("limit_p_mw")]
    else:
        pieces = [ref("q_mvar"), ", limit ", ref("limit_q_mvar")]
    return [ref("element"), ": ", ref("kind"), ", ", pieces, " (", ref("basis"), ")"]
