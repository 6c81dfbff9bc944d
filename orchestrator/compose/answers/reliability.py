"""Answers on outages and on what they mean for customers."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, simulated
from orchestrator.compose.rest import rest
from tools.reliability.schema.indices import ReliabilityIndices

_SHOWN = 6


def answer_reliability(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """The indices of the time, of all outages and of forced ones."""
    del resolved
    for found in board.every(ReliabilityIndices):
        whole = found.result.all_outages
        if whole.saidi_min is None or whole.saifi is None:
            yield draft("SAIDI and SAIFI are not checked: nobody said how many customers are served.")
        else:
            yield draft(
                "From ",
                found.ref("start"),
                " to ",
                found.ref("end"),
                ": SAIDI ",
                found.ref("all_outages", "saidi_min"),
                ", SAIFI ",
                found.ref("all_outages", "saifi"),
                " (forced alone: ",
                found.ref("forced", "saidi_min"),
                " and ",
                found.ref("forced", "saifi"),
                "), customers served ",
                found.ref("customers_served"),
                simulated(found),
                ".",
            )
        yield draft(
            "Sustained interruptions: ",
            found.ref("all_outages", "interruptions"),
            ", customers interrupted ",
            found.ref("all_outages", "customers_interrupted"),
            ".",
        )


def answer_outages(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Each outage of the time: planned or forced, since when, expected return."""
    del resolved
    for found in board.every(ReliabilityIndices):
        if not found.result.rows:
            yield draft("Outages on record in this time: none.")
        for position in range(min(len(found.result.rows), _SHOWN)):
            yield draft(outage_words(found, position), ".")
        yield from rest(found, "outages", "rows", range(_SHOWN, len(found.result.rows)))


def outage_words(found: Exhibit[ReliabilityIndices], position: int) -> Piece:
    """One outage: element, kind, times, customers, recorded cause."""
    row, here = found.result.rows[position], ("rows", position)
    who = found.ref(*here, "element") if row.element is not None else found.ref(*here, "id")
    pieces: list[Piece] = [who, ": ", found.ref(*here, "kind"), " outage from ", found.ref(*here, "start")]
    if row.end is not None:
        pieces += [" to ", found.ref(*here, "end")]
    elif row.expected_end is not None:
        pieces += [", lasting, expected back ", found.ref(*here, "expected_end"), " (overdue)" if row.overdue else ""]
    else:
        pieces.append(", lasting, expected return not recorded")
    if row.customers:
        pieces += [", customers ", found.ref(*here, "customers")]
    if row.cause:
        pieces += [", recorded cause: ", found.ref(*here, "cause")]
    return pieces
