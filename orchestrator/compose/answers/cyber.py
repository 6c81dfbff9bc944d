"""Answers on logs: who guesses passwords, which commands are not the usual work, and what that means."""

from __future__ import annotations

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, interval, listed, simulated
from orchestrator.compose.rest import rest
from tools.security.schema.access import AccessReview
from tools.security.schema.bad_data import BadDataAssessment
from tools.security.schema.commands import CommandOutcomes, CommandReview, IssuedCommand
from tools.security.schema.context import FindingContext
from tools.security.schema.protocol import ProtocolCheck

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
            yield draft(access_words(review, position), meaning(review, position), ".")
        yield from rest(review, "origins", "issues", range(_SHOWN, len(review.result.issues)))
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
    if row.reasons:
        said: list[Piece] = [review.ref(*here, "reasons", number) for number in range(len(row.reasons))]
        pieces += ["; ", listed(said)]
    return pieces


def answer_commands(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Counts of the command log, then each sequence that is not the usual work."""
    del resolved
    for review in board.every(CommandReview):
        yield draft(
            "Command log: commands ",
            review.ref("commands"),
            outcome_words(review, review.result.outcomes, "outcomes"),
            ", compared with the ",
            review.ref("habit_commands"),
            " before them",
            simulated(review),
            ".",
        )
        if review.result.not_compared is not None:
            yield draft("The habit is not checked: ", review.ref("not_compared"), ".")
        for position in range(min(len(review.result.issues), _SHOWN)):
            yield draft(command_words(review, position), meaning(review, position), ".")
        yield from rest(review, "commands of this sort", "issues", range(_SHOWN, len(review.result.issues)))
        yield from _refused(review)
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
        outcome_words(review, row.outcomes, *here, "outcomes"),
    ]
    if row.elements:
        names: list[Piece] = [review.ref(*here, "elements", number) for number in range(len(row.elements[:_SHOWN]))]
        pieces += [", on ", listed(names)]
    reasons: list[Piece] = [review.ref(*here, "reasons", number) for number in range(len(row.reasons))]
    return [*pieces, "; ", listed(reasons)]


def outcome_words(review: Exhibit[CommandReview], outcomes: CommandOutcomes, *keys: str | int) -> Piece:
    """``of these refused 5 and carried out 6 (moving no equipment: 6)``, and how many have no outcome in the log."""
    unknown: Piece = [", with no outcome in the log ", review.ref(*keys, "unknown")] if outcomes.unknown else ""
    return [
        ", of these refused ",
        review.ref(*keys, "refused"),
        " and carried out ",
        review.ref(*keys, "carried_out"),
        " (moving no equipment: ",
        review.ref(*keys, "still"),
        ")",
        unknown,
    ]


def _refused(review: Exhibit[CommandReview]) -> Iterator[Draft]:
    """Every refused command by name, up to as many as a line takes."""
    rows = review.result.refused
    said: list[Piece] = [_refusal(review, row, "refused", place) for place, row in enumerate(rows[:_SHOWN])]
    if said:
        yield draft("Refused commands: ", listed(said), ".")
    yield from rest(review, "refused commands", "refused", range(_SHOWN, len(rows)), "refused_omitted")


def _refusal(review: Exhibit[CommandReview], row: IssuedCommand, *here: str | int) -> Piece:
    """``open of line:3 at 2026-03-10 17:34 UTC by account:eng.okoro from host:10.44.7.234``."""
    pieces: list[Piece] = [review.ref(*here, "action")]
    if row.element is not None:
        pieces += [" of ", review.ref(*here, "element")]
    pieces += [" at ", review.ref(*here, "at")]
    if row.account is not None:
        pieces += [" by ", review.ref(*here, "account")]
    if row.origin is not None:
        pieces += [" from ", review.ref(*here, "origin")]
    return pieces


Review = Exhibit[AccessReview] | Exhibit[CommandReview] | Exhibit[ProtocolCheck] | Exhibit[BadDataAssessment]


def meaning(review: Review, position: int) -> Piece:
    """What a finding means: its techniques and its risk."""
    around, here = _around(review, position)
    named = [technique(review, *here, "techniques", number) for number in range(len(around.techniques))]
    return ["; ATT&CK ", listed(named) if named else "names none", "; risk ", review.ref(*here, "risk")]


def surroundings(review: Review, position: int) -> Piece:
    """All that surrounds a finding: techniques, clauses, risk, and the records that it rests on."""
    around, here = _around(review, position)
    clauses: list[Piece] = [clause(review, *here, "clauses", number) for number in range(len(around.clauses))]
    rests: Piece = [
        "; it rests on records ",
        review.ref(*here, "custody", "records"),
        " of the ",
        review.ref(*here, "custody", "source"),
        " from ",
        review.ref(*here, "custody", "first_at"),
        " to ",
        review.ref(*here, "custody", "last_at"),
        ", hash ",
        review.ref(*here, "custody", "sha256"),
    ]
    concerned: Piece = ["; concerns ", listed(clauses)] if clauses else ""
    return [meaning(review, position), concerned, rests]


def response(review: Review, position: int) -> Piece | None:
    """What a person should do, and the clause that says more; None without the table of threats."""
    around, here = _around(review, position)
    if around.response is None:
        return None
    return [review.ref(*here, "response", "text"), " (", clause(review, *here, "response", "source"), ")"]


def technique(review: Review, *keys: str | int) -> Piece:
    """``T0855 Unauthorized Command Message``."""
    return [review.ref(*keys, "id"), " ", review.ref(*keys, "name")]


def clause(review: Review, *keys: str | int) -> Piece:
    """``NERC CIP-007 Requirement R5``."""
    return [review.ref(*keys, "document"), " ", review.ref(*keys, "clause")]


def _around(review: Review, position: int) -> tuple[FindingContext, tuple[str | int, ...]]:
    return review.result.issues[position].context, ("issues", position, "context")
