"""Answers on transformers: temperatures, ageing, and what load and air do not explain."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, interval, simulated
from orchestrator.compose.rest import rest
from tools.assets.schema.transformer import TransformerAssessment

_SHOWN = 5


def answer_transformers(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Each issue, then the hottest transformers, then what was not checked."""
    del resolved
    for found in board.every(TransformerAssessment):
        yield from _issues(found)
        for position in range(min(len(found.result.rows), _SHOWN)):
            if known := _known(found, position):
                yield draft(_head(found, position), known, simulated(found), ".")
            yield from _gaps(found, position)
        yield from rest(found, "transformers", "rows", range(_SHOWN, len(found.result.rows)))


def transformers_in_brief(board: Board) -> Iterator[Draft]:
    """Issues and gaps only, for where a table has the values."""
    for found in board.every(TransformerAssessment):
        yield from _issues(found)
        if not any(row.issues for row in found.result.rows):
            yield draft("Transformers that load and air do not explain: none among ", found.ref("transformers"), ".")
        for position in range(len(found.result.rows)):
            yield from _gaps(found, position)


def _issues(found: Exhibit[TransformerAssessment]) -> Iterator[Draft]:
    for position, row in enumerate(found.result.rows):
        for number in range(len(row.issues)):
            yield draft(transformer_issue(found, position, number), ".")


def _gaps(found: Exhibit[TransformerAssessment], position: int) -> Iterator[Draft]:
    for number in range(len(found.result.rows[position].not_checked)):
        gap = ("rows", position, "not_checked", number)
        reason = found.ref(*gap, "reason")
        yield draft(name(found, position), ": ", found.ref(*gap, "what"), " not checked: ", reason, ".")


def name(found: Exhibit[TransformerAssessment], position: int) -> Piece:
    """The transformer as the grid calls it, and as the records do where that is another name."""
    row, subject = found.result.rows[position], found.ref("rows", position, "subject")
    if row.element is None:
        return subject
    element = found.ref("rows", position, "element")
    return element if row.element.name == row.subject.name else [element, " (", subject, ")"]


def _head(found: Exhibit[TransformerAssessment], position: int) -> Piece:
    return [name(found, position), " at ", found.ref("rows", position, "at")]


def _known(found: Exhibit[TransformerAssessment], position: int) -> list[Piece]:
    """What is known of a transformer; empty where nothing is."""
    row, here = found.result.rows[position], ("rows", position)
    pieces: list[Piece] = []
    told = (
        ("top_oil_celsius", ", top oil "),
        ("expected_celsius", ", expected from load and air "),
        ("hot_spot_celsius", ", hot spot "),
        ("loading_percent", ", loading "),
        ("highest_hot_spot_celsius", ", highest hot spot over the time "),
        ("highest_hot_spot_at", " at "),
        ("ageing_rate", ", relative ageing over the time "),
        ("loss_of_life_h", ", life used over the time "),
    )
    for field, words in told:
        if getattr(row, field) is not None:
            pieces += [words, found.ref(*here, field)]
    return pieces


def transformer_issue(found: Exhibit[TransformerAssessment], position: int, number: int) -> Piece:
    """One issue: kind, time, measured against expected where that is known, cause."""
    row, here = found.result.rows[position].issues[number], ("rows", position, "issues", number)
    pieces: list[Piece] = [name(found, position), ": ", found.ref(*here, "kind"), " ", interval(found, row, *here)]
    told = (
        ("top_oil_celsius", ", top oil "),
        ("expected_celsius", ", expected from load and air "),
        ("deviation_kelvin", ", difference "),
    )
    for field, words in told:
        if getattr(row, field) is not None:
            pieces += [words, found.ref(*here, field)]
    if row.not_before is not None:
        pieces += [", begun not before ", found.ref(*here, "not_before")]
    return [*pieces, "; ", found.ref(*here, "cause")]
