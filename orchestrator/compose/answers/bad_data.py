"""Answers on readings that stand out: falsified, replayed, faulty or true, and by which evidence."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.answers.cyber import meaning
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, interval, listed, simulated
from orchestrator.compose.rest import rest
from tools.security.schema.bad_data import BadDataAssessment, BadDataKind

_SHOWN = 5
_SENSORS = 4


def answer_bad_data(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """What stands out first, bad before real, then what was looked at, then what was not."""
    del resolved
    for found in board.every(BadDataAssessment):
        for position, row in enumerate(found.result.issues[:_SHOWN]):
            known: Piece = "" if row.kind is BadDataKind.REAL_EVENT else meaning(found, position)
            yield draft(bad_data_words(found, position), known, ".")
        yield from rest(found, "doubtful readings", "issues", range(_SHOWN, len(found.result.issues)))
        yield draft(_looked_at(found), simulated(found), ".")
        if not found.result.issues:
            yield draft("Readings that are falsified, replayed or faulty: none found among those looked at.")
        for number in range(len(found.result.not_seen)):
            yield draft("Not seen: ", found.ref("not_seen", number), ".")


def bad_data_in_brief(board: Board) -> Iterator[Draft]:
    """How many of each, and those that are false or undecided; real events stand elsewhere in a report."""
    for found in board.every(BadDataAssessment):
        yield draft(
            "False data: readings that are falsified, replayed or faulty ",
            found.ref("bad"),
            ", undecided ",
            found.ref("undecided"),
            ", real events ",
            found.ref("real"),
            simulated(found),
            ".",
        )
        untrue = [place for place, row in enumerate(found.result.issues) if row.kind is not BadDataKind.REAL_EVENT]
        for position in untrue[:_SHOWN]:
            yield draft(bad_data_words(found, position), meaning(found, position), ".")
        yield from rest(found, "doubtful readings", "issues", untrue[_SHOWN:])


def bad_data_words(found: Exhibit[BadDataAssessment], position: int) -> Piece:
    """One issue: sensor, kind, time, value against what is expected, what decides, what the logs say."""
    row, here = found.result.issues[position], ("issues", position)
    pieces: list[Piece] = [found.ref(*here, "subject")]
    if row.element is not None:
        pieces += [" (", found.ref(*here, "element"), ")"]
    pieces += [": ", found.ref(*here, "kind")]
    if row.shape is not None:
        pieces += [" (", found.ref(*here, "shape"), ")"]
    pieces += [", confidence ", found.ref(*here, "confidence"), ", ", interval(found, row, *here)]
    if row.value is not None:
        pieces += [", value ", found.ref(*here, "value")]
    if row.expected is not None:
        pieces += [", expected ", found.ref(*here, "expected")]
    if row.repetition is not None:
        again = (*here, "repetition")
        pieces += [", repeats ", found.ref(*again, "readings"), " readings from ", found.ref(*again, "start")]
    others: list[Piece] = [found.ref(*here, "sensors", number) for number in range(1, len(row.sensors[: _SENSORS + 1]))]
    if others:
        pieces += [", with ", listed(others)]
    reasons: list[Piece] = [
        found.ref(*here, "evidence", number, "discriminator") for number in range(len(row.evidence))
    ]
    pieces += ["; ", listed(reasons)]
    for number in range(len(row.traces[:1])):
        trace = (*here, "traces", number)
        pieces += [
            "; in the logs: ",
            found.ref(*trace, "subject"),
            ", ",
            found.ref(*trace, "kind"),
            " at ",
            found.ref(*trace, "start"),
        ]
    return pieces


def _looked_at(found: Exhibit[BadDataAssessment]) -> Piece:
    return [
        "Readings looked at: ",
        found.ref("readings"),
        " of sensors ",
        found.ref("sensors"),
        ", held against equations of the grid ",
        found.ref("equations"),
        ", compared with their own past ",
        found.ref("compared_for_repetition"),
    ]
