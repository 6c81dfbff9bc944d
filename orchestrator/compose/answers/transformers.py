"""Answers on transformers: temperatures, ageing, and what load and air do not explain."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, interval, simulated
from tools.assets.schema.transformer import TransformerAssessment

_SHOWN = 5


def answer_transformers(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Each issue, then the hottest transformer, then what was not checked."""
    del resolved
    for found in board.every(TransformerAssessment):
        result = found.result
        for position, row in enumerate(result.rows):
            for number in range(len(row.issues)):
                yield draft(transformer_issue(found, position, number), ".")
        for position, row in enumerate(result.rows[:_SHOWN]):
            if known := _known(found, position):
                yield draft(_head(found, position), known, simulated(found), ".")
            for number in range(len(row.not_checked)):
                gap = ("rows", position, "not_checked", number)
                yield draft(
                    found.ref("rows", position, "subject"), ": ", found.ref(*gap, "what"), " not checked: ",
                    found.ref(*gap, "reason"), ".",
                )  # fmt: skip
        if result.omitted:
            yield draft("Transformers not shown: ", found.ref("omitted"), ".")


def name(found: Exhibit[TransformerAssessment], position: int) -> Piece:
    """The transformer as the grid and as the records call it."""
    subject = found.ref("rows", position, "subject")
    if found.result.rows[position].element is None:
        return subject
    return [found.ref("rows", position, "element"), " (", subject, ")"]


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
    """One issue: kind, time, measured against expected, cause."""
    row, here = found.result.rows[position].issues[number], ("rows", position, "issues", number)
    return [
        name(found, position),
        ": ",
        found.ref(*here, "kind"),
        " ",
        interval(found, row, *here),
        ", top oil ",
        found.ref(*here, "top_oil_celsius"),
        ", expected from load and air ",
        found.ref(*here, "expected_celsius"),
        ", difference ",
        found.ref(*here, "deviation_kelvin"),
        "; ",
        found.ref(*here, "cause"),
    ]
