"""Answers on messages of telecontrol and substation protocols: what does not belong to the traffic, and since when."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.answers.cyber import meaning
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, interval, listed, simulated
from orchestrator.compose.rest import rest
from tools.security.schema.protocol import ProtocolCheck

_SHOWN = 5


def answer_protocol(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Odd messages first, then what was looked at and compared with, then what was not."""
    del resolved
    for check in board.every(ProtocolCheck):
        for position in range(min(len(check.result.issues), _SHOWN)):
            yield draft(protocol_words(check, position), meaning(check, position), ".")
        yield from rest(check, "messages of this sort", "issues", range(_SHOWN, len(check.result.issues)))
        yield draft(_looked_at(check), simulated(check), ".")
        if not check.result.issues:
            yield draft("Messages that do not belong to the traffic: none found in this log.")
        if check.result.not_compared is not None:
            yield draft("The profile is not checked: ", check.ref("not_compared"), ".")
        for number in range(len(check.result.not_seen)):
            yield draft("Not seen: ", check.ref("not_seen", number), ".")


def protocol_words(check: Exhibit[ProtocolCheck], position: int) -> Piece:
    """One issue: station, kind, time, what was found, which breakers opened."""
    row, here = check.result.issues[position], ("issues", position)
    pieces: list[Piece] = [
        check.ref(*here, "subject"),
        ": ",
        check.ref(*here, "kind"),
        " (",
        check.ref(*here, "protocol"),
        ") ",
        interval(check, row, *here),
        ", messages ",
        check.ref(*here, "messages"),
        ", alerted at ",
        check.ref(*here, "alerted_at"),
    ]
    if row.peer is not None:
        pieces += [", with ", check.ref(*here, "peer")]
    if row.breakers:
        names: list[Piece] = [check.ref(*here, "breakers", number) for number in range(len(row.breakers))]
        pieces += [", opened: ", listed(names)]
    return [*pieces, "; ", check.ref(*here, "detail")]


def _looked_at(check: Exhibit[ProtocolCheck]) -> Piece:
    pieces: list[Piece] = ["Protocol log: messages ", check.ref("messages")]
    names: list[Piece] = [check.ref("protocols", number) for number in range(len(check.result.protocols))]
    if names:
        pieces += [" of ", listed(names)]
    if check.result.profile is not None:
        pieces += [
            ", compared with the ",
            check.ref("profile", "messages"),
            " from ",
            check.ref("profile", "start"),
            " to ",
            check.ref("profile", "end"),
        ]
    return pieces
