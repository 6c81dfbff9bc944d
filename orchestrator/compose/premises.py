"""What the question took for granted, held against the evidence."""

from collections.abc import Iterator

from agents.question import Premise, Resolved
from agents.statement import Draft, Token, TokenKind
from orchestrator.compose.answers.limits import violation
from orchestrator.compose.answers.security import screening_of
from orchestrator.compose.board import Board
from orchestrator.compose.phrases import draft, identifier
from tools.grid.schema.limit_check import LimitCheck


def corrected_premises(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """A sentence for each premise that the evidence contradicts or cannot confirm."""
    for premise in resolved.premises:
        yield from _of_element(board, premise) if premise.element else _of_grid(board, premise)


def _said(premise: Premise) -> Token:
    return Token(kind=TokenKind.USER, text=f"“{premise.text}”")


def _of_element(board: Board, premise: Premise) -> Iterator[Draft]:
    check = board.current(LimitCheck)
    if check is None or premise.element is None:
        return
    broken = [
        (position, row)
        for position, row in enumerate(check.result.violations)
        if str(row.element) == str(premise.element)
    ]
    if premise.claims_normal and broken:
        position, row = broken[0]
        yield draft(
            "The question assumes ", _said(premise), ", but: ", violation(check, row, "violations", position), "."
        )
    elif not premise.claims_normal and not broken:
        yield draft(
            "The question assumes ",
            _said(premise),
            ", but the limits that could be checked give no such finding for ",
            identifier(premise.element),
            ".",
        )


def _of_grid(board: Board, premise: Premise) -> Iterator[Draft]:
    screening, check = screening_of(board, 1), board.current(LimitCheck)
    if premise.claims_normal and screening is not None and screening.result.secure is False:
        yield draft(
            "The question assumes ",
            _said(premise),
            ", but outages that break a limit: ",
            screening.ref("insecure_outages"),
            ", outages that lose load: ",
            screening.ref("outages_with_load_lost"),
            ".",
        )
    elif premise.claims_normal and check is not None and check.result.violations:
        yield draft("The question assumes ", _said(premise), ", but the state is: ", check.ref("status"), ".")
