"""Answers on causes: what it is laid to, how sure that is, what would have been, what would decide."""

from collections.abc import Callable, Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, interval, listed, simulated
from orchestrator.compose.rest import rest
from tools.causal.schema.causes import Cause, RootCauses
from tools.vocabulary import CauseVerdict

_SHOWN = 4
_EVENTS = 8


def answer_causes(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Each cause with its verdict, surest first; the sequence of events apart from it."""
    del resolved
    for found in board.every(RootCauses):
        if not found.result.causes:
            yield draft(
                "Nothing was found that departed from ",
                found.ref("start"),
                " to ",
                found.ref("end"),
                simulated(found),
                ": ",
                found.ref("verdict"),
                ".",
            )
    yield from cause_sentences(board)
    for found in board.every(RootCauses):
        if found.result.sequence:
            events: list[Piece] = [_event(found, place) for place in range(min(len(found.result.sequence), _EVENTS))]
            yield draft("In order of time, which makes none of them a cause: ", listed(events), ".")
        yield from rest(found, "events", "sequence", range(_EVENTS, len(found.result.sequence)), "sequence_omitted")


def cause_sentences(board: Board, wanted: Callable[[Cause], bool] = lambda _: True) -> Iterator[Draft]:
    """The causes themselves, surest first; of those that are wanted."""
    for found in board.every(RootCauses):
        places = [place for place, cause in enumerate(found.result.causes) if wanted(cause)]
        for place in places[:_SHOWN]:
            yield draft(cause_words(found, place), simulated(found), ".")
            yield from _deciding(found, place)
        yield from rest(found, "culprits", "causes", places[_SHOWN:])


def culprit(found: Exhibit[RootCauses], place: int) -> Piece:
    """What it is laid to."""
    row, here = found.result.causes[place], ("causes", place)
    named = [found.ref(*here, key) for key in ("element", "subject") if getattr(row, key) is not None]
    return [named[0], " (", named[1], ")"] if len(named) > 1 else named[0] if named else "not known"


def cause_words(found: Exhibit[RootCauses], place: int) -> Piece:
    """Culprit, kind, time, verdict with the rule that gave it, share by the model, what would have been without it."""
    row, here = found.result.causes[place], ("causes", place)
    pieces: list[Piece] = [
        "Cause: ",
        culprit(found, place),
        ", ",
        found.ref(*here, "kind"),
        " ",
        interval(found, row, *here),
        "; ",
        found.ref(*here, "verdict"),
        ", ranked ",
        found.ref(*here, "ranked_by"),
    ]
    if row.share_percent is not None:
        pieces += [" with ", found.ref(*here, "share_percent"), " of the departure"]
    pieces += [": ", found.ref(*here, "reason")]
    if row.counterfactual is not None:
        other = (*here, "counterfactual")
        pieces += ["; without it ", found.ref(*other, "subject"), " would have shown ", found.ref(*other, "without")]
        pieces += [" instead of ", found.ref(*other, "value"), " at ", found.ref(*other, "at")]
    return [*pieces, _tries(found, row, *here)]


def _tries(found: Exhibit[RootCauses], row: Cause, *here: str | int) -> Piece:
    """``; attempts to refute it, withstood: its course shuffled in time and …``; those not withstood last."""
    pieces: list[Piece] = []
    for outcome in (True, False):
        places = [place for place, one in enumerate(row.refutations) if one.withstood is outcome]
        if places:
            kinds: list[Piece] = [found.ref(*here, "refutations", place, "kind") for place in places]
            pieces += ["; attempts to refute it, ", found.ref(*here, "refutations", places[0], "withstood"), ": "]
            pieces.append(listed(kinds))
    return pieces


def _deciding(found: Exhibit[RootCauses], place: int) -> Iterator[Draft]:
    """What to inspect: it decides what is open, and where nothing is open it is where to begin."""
    checks: list[Piece] = []
    cause = found.result.causes[place]
    for number, check in enumerate(cause.inspect):
        here = ("causes", place, "inspect", number)
        about = found.ref(*here, "element") if check.element is not None else found.ref(*here, "subject")
        checks.append([about, ", ", found.ref(*here, "what")])
    if checks and cause.verdict is CauseVerdict.CONFIRMED:
        yield draft("Inspect: ", listed(checks), ".")
    elif checks:
        yield draft("To decide on ", culprit(found, place), ", inspect ", listed(checks), ".")


def _event(found: Exhibit[RootCauses], place: int) -> Piece:
    """When, where, told by whom, and the action as logged; the line itself stands in the evidence, as data."""
    row, here = found.result.sequence[place], ("sequence", place)
    key = "element" if row.element is not None else "subject"
    named = getattr(row, key) is not None
    where: Piece = [" ", found.ref(*here, key)] if named else ", by a line that names neither element nor machine"
    pieces: list[Piece] = [found.ref(*here, "at"), where, " (", found.ref(*here, "source")]
    if row.action is not None:
        pieces += [", logged as ", found.ref(*here, "action")]
    if row.success is False:
        pieces.append(", without success")
    if row.entries > 1:
        pieces += [", entries ", found.ref(*here, "entries")]
    if row.last_at is not None:
        pieces += [", the last at ", found.ref(*here, "last_at")]
    return [*pieces, ")"]
