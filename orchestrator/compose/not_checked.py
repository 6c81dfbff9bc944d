"""What was not checked, and why: left-out elements, calls that failed, sources that are missing."""

from collections.abc import Iterator

from agents.statement import Draft, Statement, Token, TokenKind
from orchestrator.compose.board import Board, Exhibit, R
from orchestrator.compose.phrases import Say, draft
from tools.grid.schema.common import Coverage
from tools.grid.schema.contingencies import ContingencyScreening
from tools.grid.schema.limit_check import LimitCheck
from tools.grid.schema.power_flow import PowerFlow


def list_not_checked(board: Board, say: Say) -> tuple[Statement, ...]:
    """One sentence for each gap; what several tools left out is said once."""
    said = (say(sentence) for sentence in _gaps(board))
    return tuple({item.text: item for item in said}.values())


def _gaps(board: Board) -> Iterator[Draft]:
    for call in board.failed:
        yield draft(
            Token(kind=TokenKind.IDENTIFIER, text=call.tool),
            " gave no result: ",
            Token(kind=TokenKind.QUOTE, text=call.reason),
        )
    for check in board.every(LimitCheck):
        for place in ("buses", "branches", "units"):
            yield from _left_out(check, getattr(check.result, place), place)
    for screening in board.every(ContingencyScreening):
        yield from _left_out(screening, screening.result.coverage, "coverage")
        if screening.result.diverged_outages:
            yield draft("Outages whose power flow diverged: ", screening.ref("diverged_outages"), ".")
    for flow in board.every(PowerFlow):
        yield from _left_out(flow, flow.result.branches_covered, "branches_covered")


def _left_out(exhibit: Exhibit[R], coverage: Coverage, place: str) -> Iterator[Draft]:
    for position in range(len(coverage.left_out)):
        here = (place, "left_out", position)
        yield draft(
            exhibit.ref(*here, "what"),
            " not checked: ",
            exhibit.ref(*here, "count"),
            " (",
            exhibit.ref(*here, "reason"),
            ").",
        )
