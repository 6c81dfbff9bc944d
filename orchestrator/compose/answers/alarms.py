"""Answers on alarms: rate, standing ones, floods, worst sources."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, interval, simulated
from tools.detection.schema.alarms import AlarmSummary

_SHOWN = 4


def answer_alarms(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Counts first, then floods, then the worst sources by name."""
    del resolved
    for found in board.every(AlarmSummary):
        busiest: Piece = ""
        if found.result.busiest is not None:
            busiest = ["; most from ", found.ref("busiest", "at"), ": ", found.ref("busiest", "alarms")]
        yield draft(
            "Alarms: ",
            found.ref("alarms"),
            ", standing: ",
            found.ref("standing"),
            ", mean rate: ",
            found.ref("rate_10min"),
            busiest,
            simulated(found),
            ".",
        )
        for place, flood in enumerate(found.result.floods[:_SHOWN]):
            alarms = found.ref("floods", place, "alarms")
            yield draft("Alarm flood ", interval(found, flood, "floods", place), ": ", alarms, " alarms.")
        for place in range(min(len(found.result.sources), _SHOWN)):
            yield draft(_source(found, place), ".")


def _source(found: Exhibit[AlarmSummary], place: int) -> Piece:
    row, here = found.result.sources[place], ("sources", place)
    who = found.ref(*here, "element" if row.element is not None else "subject")
    standing = ", standing" if row.standing else ""
    return [
        who,
        " raised ",
        found.ref(*here, "alarms"),
        ", last ",
        found.ref(*here, "last"),
        standing,
        ": ",
        found.ref(*here, "message"),
    ]
