"""Answers from the library, from records, and about the service itself."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft, Token, TokenKind
from knowledge.schema import StandardsSearch
from orchestrator.compose.board import Board
from orchestrator.compose.phrases import Piece, draft, listed
from orchestrator.record_schema import RecordExcerpt
from tools.grid.schema.drawing import Drawing


def answer_standards(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """The nearest passages, quoted, with document, edition and clause."""
    del resolved  # the query stands in the evidence
    found = board.first(StandardsSearch)
    if found is None:
        return
    if not found.result.hits:
        yield draft("The library has nothing near this question.")
    for position in range(min(len(found.result.hits), 3)):
        yield draft(
            found.ref("hits", position, "document"),
            " (",
            found.ref("hits", position, "edition"),
            "), ",
            found.ref("hits", position, "clause"),
            ", in our digest: ",
            found.ref("hits", position, "quote"),
        )


def answer_record(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """The head of an earlier report, as it was written then."""
    del resolved  # the record names itself
    record = board.first(RecordExcerpt)
    if record is None:
        return
    yield draft(
        "Report ",
        record.ref("identifier"),
        " on ",
        record.ref("grid"),
        ", written ",
        record.ref("created_at"),
        ", valid as of ",
        record.ref("as_of"),
        ", was asked: ",
        record.ref("question"),
    )
    for position in range(len(record.result.summary)):
        yield draft("It said: ", record.ref("summary", position))


def answer_draw(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """What the picture shows."""
    del resolved  # the drawing names its own centre
    drawing = board.first(Drawing)
    if drawing is None:
        return
    yield draft("The picture shows ", drawing.ref("buses_drawn"), " buses; left out: ", drawing.ref("buses_left_out"))
    places = drawing.result.places
    if places is None:
        return
    pieces: list[Piece] = ["Their places: ", drawing.ref("places", "kind")]
    if places.buses_without_coordinates:
        pieces += ["; without coordinates: ", drawing.ref("places", "buses_without_coordinates")]
        pieces += [", of these left out: ", drawing.ref("places", "buses_left_out")]
    if places.buses_moved_aside:
        pieces += ["; too near to another one, moved aside: ", drawing.ref("places", "buses_moved_aside")]
    yield draft(*pieces, ".")


EXAMPLES = (
    "What is the voltage at bus 5?",
    "Which lines are loaded most?",
    "Is the grid N-1 secure?",
    "What happens if line 14 trips?",
    "Which double outages are worst?",
    "Draw the N-1 heat map",
    "Does losing lines 3 and 5 cascade?",
    "The whole grid is black: how do we restore it starting from gen 3?",
    "Break down the losses",
    "Which ties should be closed to get the losses down?",
    "What is the optimal dispatch?",
    "How high is the short-circuit current at bus 5?",
    "What should I do about the overload on line 9?",
    "What if I reduce gen 2 by 10 MW?",
    "What does EN 50160 say on voltage?",
)


def answer_help(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """What can be asked, by example."""
    del board, resolved  # the same for every grid
    examples = [Token(kind=TokenKind.QUOTE, text=f"“{example}”") for example in EXAMPLES]
    yield draft("Ask in plain English about the state of the grid, for example: ", listed(list(examples)), ".")
