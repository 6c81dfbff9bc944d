"""Answers on who is without supply by switch state and readings, and which element is probably at fault."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, listed, simulated
from tools.grid.schema.outage_detection import OutageDetection

_AREAS, _NAMED = 4, 6


def answer_dark(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """The state of supply first, then each area with its suspects, then what disagrees and what nothing tells of."""
    del resolved
    for found in board.every(OutageDetection):
        yield draft(
            "At ",
            found.ref("at"),
            ": ",
            found.ref("status"),
            "; buses without supply: ",
            found.ref("dead_buses"),
            ", with a load in the model of ",
            found.ref("load_p_mw"),
            simulated(found),
            ".",
        )
        for place in range(min(len(found.result.areas), _AREAS)):
            yield draft(_area(found, place), ".")
            yield draft(_cause(found, place), ".")
        if len(found.result.areas) > _AREAS:
            yield draft("More areas without supply are in the evidence.")
        for place in range(min(len(found.result.disputed), _NAMED)):
            here = ("disputed", place)
            yield draft(
                found.ref(*here, "element"), ": ", found.ref(*here, "dispute"), "; nothing is concluded from it."
            )
        yield draft(
            "Buses of which a reading tells: ",
            found.ref("buses_told"),
            " of ",
            found.ref("buses"),
            "" if found.result.switch_state_known else "; not checked: switch states, for there is no log of them",
            ".",
        )


def _area(found: Exhibit[OutageDetection], place: int) -> Piece:
    """``Without supply by voltage: bus:6, bus:7, ...; load 1.075 MW; voltage last seen 10:29, gone 10:30``."""
    row, here = found.result.areas[place], ("areas", place)
    names: list[Piece] = [found.ref(*here, "buses", number) for number in range(min(len(row.buses), _NAMED))]
    pieces: list[Piece] = [
        "Without supply by ",
        found.ref(*here, "evidence"),
        ": ",
        listed(names),
        " and others, buses: " if row.dead_buses > _NAMED else ", buses: ",
        found.ref(*here, "dead_buses"),
        "; load ",
        found.ref(*here, "load_p_mw"),
    ]
    if row.possibly_dead_buses:
        pieces += ["; possibly more: ", found.ref(*here, "possibly_dead_buses")]
    if row.alive_until is not None:
        pieces += ["; voltage last read at ", found.ref(*here, "alive_until")]
    if row.dead_from is not None:
        pieces += [", none from ", found.ref(*here, "dead_from")]
    return pieces


def _cause(found: Exhibit[OutageDetection], place: int) -> Piece:
    row, here = found.result.areas[place], ("areas", place)
    if not row.suspects:
        return ["No single element explains this area; verdict ", found.ref(*here, "verdict")]
    names: list[Piece] = [
        found.ref(*here, "suspects", number, "element") for number in range(min(len(row.suspects), _NAMED))
    ]
    pieces: list[Piece] = ["Its outage would explain it: ", listed(names), "; verdict ", found.ref(*here, "verdict")]
    if row.suspects[0].opened_at is not None:
        pieces += ["; out since ", found.ref(*here, "suspects", 0, "opened_at"), " by log or record"]
    if len(row.suspects) > _NAMED:
        pieces.append("; more are in the evidence")
    return pieces
