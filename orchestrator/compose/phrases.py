"""Turns of phrase that answers share: a bus with its voltage, a branch with its flow, a state by name."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

from agents.question import Hypothesis
from agents.statement import Draft, Part, Ref, Span, Statement, Text, Token, TokenKind, TokenSpan
from orchestrator.compose.board import Exhibit, R
from tools.element import ElementRef
from tools.grid.schema.common import BranchState, BusState, UnitState

Piece: TypeAlias = "str | Part | Sequence[Piece]"
Say: TypeAlias = Callable[[Draft], Statement]
"""Renders a draft against the run's evidence."""
N_MINUS_ONE = Token(kind=TokenKind.IDENTIFIER, text="N-1")
P10, P90 = (Token(kind=TokenKind.IDENTIFIER, text=name) for name in ("P10", "P90"))


def draft(*pieces: Piece) -> Draft:
    """One sentence out of plain words, references and tokens, however nested."""
    return Draft(parts=tuple(_flat(pieces)))


def _flat(pieces: Iterable[Piece]) -> Iterable[Part]:
    for piece in pieces:
        if isinstance(piece, str):
            yield Text(text=piece)
        elif isinstance(piece, Text | Ref | Token):
            yield piece
        else:
            yield from _flat(piece)


def again(statement: Statement) -> Piece:
    """What a statement says, to be said within another one: its references stay references."""
    pieces: list[Part] = []
    position = 0
    spans: list[Span | TokenSpan] = [*statement.spans, *statement.tokens]
    for span in sorted(spans, key=lambda item: item.start):
        pieces.append(Text(text=statement.text[position : span.start]))
        if isinstance(span, Span):
            pieces.append(Ref(evidence=span.evidence, path=span.path))
        else:
            pieces.append(Token(kind=span.kind, text=statement.text[span.start : span.end]))
        position = span.end
    pieces.append(Text(text=statement.text[position:]))
    return [piece for piece in pieces if not isinstance(piece, Text) or piece.text]


def identifier(element: ElementRef) -> Token:
    """An element that the question named, as opposed to one that evidence names."""
    name = f" ({element.name})" if element.name else ""
    return Token(kind=TokenKind.IDENTIFIER, text=f"{element}{name}")


def listed(items: Sequence[Piece], last: str = " and ", comma: str = ", ") -> Piece:
    """Pieces joined as in running text: a, b and c."""
    if len(items) < 2:  # noqa: PLR2004 - one item needs no joint
        return list(items)
    joined: list[Piece] = []
    for position, item in enumerate(items):
        joined += [item] if position == 0 else [last if position == len(items) - 1 else comma, item]
    return joined


def reasons(exhibit: Exhibit[R], count: int, *keys: str | int) -> Piece:
    """Why a verdict is as it is, in brackets behind it; nothing without a reason.

    Args:
        exhibit: With the verdict.
        count: How many reasons there are.
        keys: Where the object with its ``reasons`` stands.
    """
    said: list[Piece] = [exhibit.ref(*keys, "reasons", place) for place in range(count)]
    return [" (", listed(said, last=", "), ")"] if said else ""


def state_name(exhibit: Exhibit[R], hypothesis: Hypothesis) -> Piece:
    """Which state an exhibit speaks of, to begin a sentence with."""
    basis = getattr(exhibit.result, "basis", None)
    if exhibit.is_base:
        return "In the base case" if basis is None else ["In the state measured at ", exhibit.ref("basis", "at")]
    pieces: list[Piece] = []
    if hypothesis.outages:
        pieces += ["With ", listed([identifier(item) for item in hypothesis.outages]), " out of service"]
    if hypothesis.actions:
        pieces.append(" and the earlier actions in force" if pieces else "With the earlier actions in force")
    if basis is not None:
        pieces += [", the rest as measured at " if pieces else "In the state of ", exhibit.ref("basis", "at")]
    return pieces or "In the state asked for"


def bus(exhibit: Exhibit[R], row: BusState, *keys: str | int) -> Piece:
    """``bus:11 at 0.902 pu (124.5 kV)``."""
    del row  # every bus row has these fields
    return [
        exhibit.ref(*keys, "element"),
        " at ",
        exhibit.ref(*keys, "vm_pu"),
        " (",
        exhibit.ref(*keys, "vm_kv"),
        ")",
    ]


def branch(exhibit: Exhibit[R], row: BranchState, *keys: str | int) -> Piece:
    """``line:9 at 111.8 % of its rating, 289 A, 14.2 MW``; without a usable rating it says so."""
    flow: Piece = [exhibit.ref(*keys, "i_ka"), ", ", exhibit.ref(*keys, "p_from_mw")]
    if row.loading_percent is None:
        return [exhibit.ref(*keys, "element"), " carrying ", flow, " (loading not checked: no usable rating)"]
    return [
        exhibit.ref(*keys, "element"),
        " at ",
        exhibit.ref(*keys, "loading_percent"),
        " of its rating (",
        flow,
        ")",
    ]


def unit(exhibit: Exhibit[R], row: UnitState, *keys: str | int) -> Piece:
    """``gen:3 giving 250 MW and 83 Mvar (maximum 300 MW)``."""
    limit: Piece = [" (maximum ", exhibit.ref(*keys, "max_p_mw"), ")"] if row.max_p_mw is not None else ""
    return [
        exhibit.ref(*keys, "element"),
        " giving ",
        exhibit.ref(*keys, "p_mw"),
        " and ",
        exhibit.ref(*keys, "q_mvar"),
        limit,
    ]


class Timed(Protocol):
    """A row with a beginning and perhaps an end."""

    @property
    def start(self) -> datetime:
        """When it began."""
        ...

    @property
    def end(self) -> datetime | None:
        """When it ended; None while it lasts."""
        ...


def interval(exhibit: Exhibit[R], row: Timed, *keys: str | int) -> Piece:
    """``from 2026-03-10 18:12 UTC to 2026-03-10 19:40 UTC``, that it lasts, or ``at`` what lies within a minute.

    What has no end lasts only where the time looked at reaches to now: of what came later nothing is known.
    """
    begin = exhibit.ref(*keys, "start")
    if row.end is None:
        looked_to = getattr(exhibit.result, "end", None)
        if looked_to is not None and _minute(looked_to) < _minute(exhibit.evidence.as_of):
            return ["from ", begin, " until the end of the time looked at"]
        return ["from ", begin, ", lasting"]
    if _minute(row.end) == _minute(row.start):
        return ["at ", begin]
    return ["from ", begin, " to ", exhibit.ref(*keys, "end")]


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def simulated(exhibit: Exhibit[R]) -> Piece:
    """A remark behind values of a day that was made up."""
    return " (simulated)" if getattr(exhibit.result, "simulated", False) else ""
