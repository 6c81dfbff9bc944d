"""Answers on two outages at once: how many pairs break limits or lose load, and the worst of them."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft, Token, TokenKind
from orchestrator.compose.answers.security import counts, outage, screening_of
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, branch, bus, draft, state_name
from tools.grid.schema.contingencies import ContingencyScreening

_SHOWN = 3
_N_1_1 = Token(kind=TokenKind.IDENTIFIER, text="N-1-1")


def answer_double_outages(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """The counts over all pairs, then the worst pairs and the most load lost."""
    screening = screening_of(board, 2)
    if screening is None:
        return
    together = screening.result.sequence == "simultaneous"
    words: Piece = ", elements out together. " if together else [", elements out one after the other (", _N_1_1, "). "]
    yield draft(state_name(screening, resolved.hypothesis), words, *counts(screening))
    if resolved.screening is not None and resolved.screening.sequential and not resolved.screening.adjustment:
        yield draft("Between the outages nothing is done: no adjustment was named.")
    yield from _picked(screening)
    if not screening.result.loading_meaningful:
        yield draft("Loadings were not checked: the ratings of the model are placeholders.")
    for position, row in enumerate(screening.result.rows[:_SHOWN]):
        yield draft(outage(screening, row, "rows", position), ".")
    if screening.result.largest_loss is not None and screening.result.largest_loss.unserved_p_mw > 0:
        yield draft(
            "Most load is lost with ",
            screening.ref("largest_loss", "case"),
            ": ",
            screening.ref("largest_loss", "unserved_p_mw"),
            ".",
        )
    yield from _extremes(screening)


def _picked(screening: Exhibit[ContingencyScreening]) -> Iterator[Draft]:
    """Where too many could go out together to solve them all: what was solved, and what that may have missed."""
    report = screening.result.screening
    if report is None:
        return
    parts: list[Piece] = [
        "Of ",
        screening.ref("screening", "pairs"),
        " that were looked at, only those were solved that may break a limit: ",
        screening.ref("screening", "flagged"),
        ". Of the others a random sample was solved (",
        screening.ref("screening", "sample"),
        "), with new overloads after all in ",
        screening.ref("screening", "sample_missed_overloads"),
    ]
    if report.overload_recall_percent is not None:
        parts += ["; estimated recall of new overloads ", screening.ref("screening", "overload_recall_percent")]
    yield draft(*parts, ".")


def _extremes(screening: Exhibit[ContingencyScreening]) -> Iterator[Draft]:
    result, worst = screening.result, " over all connected outages: "
    found: list[tuple[str, Piece, str]] = []
    if result.lowest_voltage is not None:
        found.append(("Lowest voltage", bus(screening, result.lowest_voltage, "lowest_voltage"), "lowest_voltage"))
    if result.highest_loading is not None:
        piece = branch(screening, result.highest_loading, "highest_loading")
        found.append(("Highest loading", piece, "highest_loading"))
    for words, piece, place in found:
        yield draft(words, worst, piece, " (", screening.ref(place, "case"), ").")
