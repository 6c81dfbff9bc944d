"""Answers on logs: who guesses passwords, and which commands are not the usual work."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, interval, listed, simulated
from tools.security.schema.access import AccessReview
from tools.security.schema.commands import CommandReview

_SHOWN = 5


def answer_access(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Counts of the access log, then each origin that does not look like work."""
    del resolved
    for review in board.every(AccessReview):
        yield draft(
            "Access log: lines ",
            review.ref("events"),
            ", log-in attempts ",
            review.ref("attempts"),
            ", of these failed ",
            review.ref("failures"),
            simulated(review),
            ".",
        )
        for position in range(min(len(review.result.issues), _SHOWN)):
            yield draft(access_words(review, position), ".")
        if not review.result.issues:
            yield draft("Origins that guess passwords: none found in this log.")


def access_words(review: Exhibit[AccessReview], position: int) -> Piece:
    """One origin: kind, time, failures, accounts, whether it came in."""
    row, here = review.result.issues[position], ("issues", position)
    pieces: list[Piece] = [
        review.ref(*here, "subject"),
        ": ",
        review.ref(*here, "kind"),
        " ",
        interval(review, row, *here),
        ", failures ",
        review.ref(*here, "failures"),
    ]
    if row.accounts:
        names: list[Piece] = [review.ref(*here, "accounts", number) for number in range(len(row.accounts[:_SHOWN]))]
        pieces += [", on ", listed(names)]
    if row.succeeded_at is not None:
        pieces += ["; a log-in from there succeeded at ", review.ref(*here, "succeeded_at")]
    return pieces


def answer_commands(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Counts of the command log, then each sequence that is not the usual work."""
    del resolved
    for review in board.every(CommandReview):
        yield draft(
            "Command log: commands ",
            review.ref("commands"),
            ", compared with the ",
            review.ref("habit_commands"),
            " before them",
            simulated(review),
            ".",
        )
        if review.result.not_compared is not None:
            yield draft("The habit is not checked: ", review.ref("not_compared"), ".")
        for position in range(min(len(review.result.issues), _SHOWN)):
            yield draft(command_words(review, position), ".")
        if not review.result.issues:
            yield draft("Commands that are not the usual work: none found in this log.")


def command_words(review: Exhibit[CommandReview], position: int) -> Piece:
    """One sequence: who, when, what, and why it is unusual."""
    row, here = review.result.issues[position], ("issues", position)
    pieces: list[Piece] = [
        review.ref(*here, "subject"),
        ": ",
        review.ref(*here, "kind"),
        " ",
        interval(review, row, *here),
        ", commands ",
        review.ref(*here, "commands"),
    ]
    if row.elements:
        names: list[Piece] = [review.ref(*here, "elements", number) for number in range(len(row.elements[:_SHOWN]))]
        pieces += [", on ", listed(names)]
    reasons: list[Piece] = [review.ref(*here, "reasons", number) for number in range(len(row.reasons))]
    return [*pieces, "; ", listed(reasons)]
