"""Answers on short circuits: the currents with what was assumed, or which data are missing."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft, Token, TokenKind
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, listed, state_name
from tools.grid.schema.short_circuit import FaultLevel, ShortCircuit, ShortCircuitStatus

_EXAMPLE = Token(kind=TokenKind.IDENTIFIER, text="ext_grid.s_sc_max_mva=5000")
_SHOWN = 3
_FEEDERS = 5


def answer_short_circuit(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Currents at the buses asked for or the highest ones, capacities, and what the currents rest on."""
    found = board.current(ShortCircuit)
    if found is None:
        return
    if found.result.status is ShortCircuitStatus.DATA_MISSING:
        yield from _missing(found)
        yield from _assumed(found)
        return
    yield from _currents(found, state_name(found, resolved.hypothesis))
    yield from _capacities(found)
    yield from _fed(found)
    yield from _dead(found)
    yield from _assumed(found)
    yield draft("Method: ", found.ref("method"), ".")


def _missing(found: Exhibit[ShortCircuit]) -> Iterator[Draft]:
    fields: list[Piece] = [
        [found.ref("missing", place, "field"), " (elements: ", found.ref("missing", place, "count"), ")"]
        for place in range(len(found.result.missing))
    ]
    yield draft("Not calculated: data on short circuits that the model lacks: ", listed(fields), ".")
    ratios: list[Piece] = [
        found.ref("missing", place, "assume", at)
        for place, row in enumerate(found.result.missing)
        for at, field in enumerate(row.assume)
        if field != row.field
    ]
    instead: Piece = ["; ratios can stand in: ", listed(ratios)] if ratios else ""
    yield draft("State them in the question, as in “", _EXAMPLE, "”; nothing is assumed unasked", instead, ".")


def _currents(found: Exhibit[ShortCircuit], state: Piece) -> Iterator[Draft]:
    result = found.result
    kind: Piece = [found.ref("current"), " current of a ", found.ref("fault"), " fault"]
    for place, row in enumerate(result.rows[:_SHOWN]):
        where: Piece = [" at ", found.ref("rows", place, "element"), ": "]
        lead: Piece = [state, ", ", kind] if place == 0 else ["The same"]
        yield draft(lead, where, _values(found, row, "rows", place), ".")
    if result.highest is not None and result.lowest is not None and result.omitted:
        yield draft(
            "Over all buses the initial current is highest at ",
            found.ref("highest", "element"),
            " with ",
            found.ref("highest", "ikss_ka"),
            " and lowest at ",
            found.ref("lowest", "element"),
            " with ",
            found.ref("lowest", "ikss_ka"),
            ".",
        )


def _values(found: Exhibit[ShortCircuit], row: FaultLevel, *keys: str | int) -> Piece:
    values: list[Piece] = [["initial ", found.ref(*keys, "ikss_ka")]]
    for field, words in (("ip_ka", "peak "), ("ith_ka", "thermal "), ("skss_mva", "short-circuit power ")):
        if getattr(row, field) is not None:
            values.append([words, found.ref(*keys, field)])
    return listed(values)


def _capacities(found: Exhibit[ShortCircuit]) -> Iterator[Draft]:
    result = found.result
    if result.breaking_capacity_ka is None:
        return
    first: Piece = ""
    if result.rows and result.rows[0].breaking_use_percent is not None:
        first = [
            "; ",
            found.ref("rows", 0, "element"),
            " uses ",
            found.ref("rows", 0, "breaking_use_percent"),
            " of it",
        ]
    yield draft(
        "Buses whose initial current exceeds the stated breaking capacity of ",
        found.ref("breaking_capacity_ka"),
        ": ",
        found.ref("above_breaking_capacity"),
        first,
        ".",
    )


def _fed(found: Exhibit[ShortCircuit]) -> Iterator[Draft]:
    for place, row in enumerate(found.result.rows[:_SHOWN]):
        parts: list[Piece] = [
            [
                "sources at the bus " if item.element == row.element else "",
                found.ref("rows", place, "contributions", at, "element"),
                " ",
                found.ref("rows", place, "contributions", at, "contribution_ka"),
            ]
            for at, item in enumerate(row.contributions[:_FEEDERS])
        ]
        if parts:
            yield draft("Fed at ", found.ref("rows", place, "element"), " by ", listed(parts), ".")


def _dead(found: Exhibit[ShortCircuit]) -> Iterator[Draft]:
    if found.result.dead:
        gone: list[Piece] = [found.ref("dead", place) for place in range(len(found.result.dead))]
        yield draft("Out of service or without supply, so without a fault current: ", listed(gone), ".")


def _assumed(found: Exhibit[ShortCircuit]) -> Iterator[Draft]:
    parts: list[Piece] = []
    for place, row in enumerate(found.result.assumed):
        value = found.ref("assumed", place, "text" if row.amount is None else "amount")
        parts.append(
            [
                found.ref("assumed", place, "field"),
                " ",
                value,
                " (elements: ",
                found.ref("assumed", place, "count"),
                ")",
            ]
        )
    if parts:
        yield draft("Assumed as the question states, not in the model: ", listed(parts), ".")
    if found.result.unused:
        unused: list[Piece] = [found.ref("unused", place) for place in range(len(found.result.unused))]
        yield draft("Stated, but the model has its own or does not need it: ", listed(unused), ".")
