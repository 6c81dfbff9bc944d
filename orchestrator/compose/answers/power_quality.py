"""Answers on power quality: each limit with its verdict, events, what is not judged."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, simulated
from orchestrator.compose.rest import rest
from tools.detection.schema.power_quality import PowerQuality, QualityVerdict

_SHOWN, _EVENTS = 6, 3
_WORDS = {
    QualityVerdict.KEPT_SO_FAR: "; no verdict on the whole time of the standard, of which were seen ",
    QualityVerdict.BROKEN_SO_FAR: "; the whole time of the standard may still bring it back, of which were seen ",
}


def answer_power_quality(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """How many limits are broken, kept or open; then the worst with clause, then events and power factor."""
    del resolved
    for found in board.every(PowerQuality):
        result = found.result
        yield draft(*_counts(found), "; from ", found.ref("start"), " to ", found.ref("end"), simulated(found), ".")
        for place in range(min(len(result.assessments), _SHOWN)):
            yield draft(quality_words(found, place), ".")
        yield from rest(found, "limits", "assessments", range(_SHOWN, len(result.assessments)))
        for place in range(min(len(result.events), _EVENTS)):
            yield draft(_event(found, place), ".")
        yield from rest(found, "voltage events", "events", range(_EVENTS, len(result.events)), "events_omitted")
        if result.power_factors:
            yield draft(_power_factor(found), ".")


def _counts(found: Exhibit[PowerQuality]) -> list[Piece]:
    """How many limits are broken, kept or open; that none was judged, where none was."""
    if not found.result.assessments:
        return ["Power quality: not checked against any limit"]
    return [
        "Limits of power quality broken: ",
        found.ref("broken"),
        ", kept: ",
        found.ref("kept"),
        ", open (the time is shorter than that of the standard): ",
        found.ref("undecided"),
    ]


def quality_words(found: Exhibit[PowerQuality], place: int) -> Piece:
    """One limit at one place: verdict, bounds, share inside, extremes, clause."""
    row, here = found.result.assessments[place], ("assessments", place)
    who: Piece = [found.ref(*here, "subject")]
    if row.element is not None:
        who = [found.ref(*here, "element"), " by ", who]
    pieces: list[Piece] = [who, ": ", found.ref(*here, "quantity")]
    if row.order is not None:
        pieces += [" of order ", found.ref(*here, "order")]
    pieces += [": ", found.ref(*here, "verdict"), "; inside ", *_bounds(found, place)]
    pieces += [": ", found.ref(*here, "inside_percent"), " of the means, needed ", found.ref(*here, "share_percent")]
    pieces += [", lowest ", found.ref(*here, "lowest"), ", highest ", found.ref(*here, "highest")]
    if row.outside_s:
        pieces += [
            ", outside for ",
            found.ref(*here, "outside_s"),
            ", at the longest ",
            found.ref(*here, "longest_outside_s"),
        ]
    if row.verdict in _WORDS:
        pieces += [_WORDS[row.verdict], found.ref(*here, "seen_percent")]
    source = (*here, "source")
    clause: list[Piece] = [found.ref(*source, "document"), ", ", found.ref(*source, "clause")]
    return [*pieces, " (", clause, ")"]


def _bounds(found: Exhibit[PowerQuality], place: int) -> list[Piece]:
    row, here = found.result.assessments[place], ("assessments", place)
    if row.low is None:
        return ["up to ", found.ref(*here, "high")]
    return [found.ref(*here, "low"), " to ", found.ref(*here, "high")]


def _event(found: Exhibit[PowerQuality], place: int) -> Piece:
    row, here = found.result.events[place], ("events", place)
    pieces: list[Piece] = [
        found.ref(*here, "subject"),
        ": ",
        found.ref(*here, "kind"),
        " at ",
        found.ref(*here, "start"),
        ", residual voltage ",
        found.ref(*here, "residual_pu"),
        " for ",
        found.ref(*here, "duration_s"),
        " (give or take ",
        found.ref(*here, "duration_error_s"),
        ")",
    ]
    if row.tolerated is None:
        return [*pieces, "; whether equipment tolerates it is open at this sampling"]
    return [*pieces, "; tolerated by the ITI curve: ", found.ref(*here, "tolerated")]


def _power_factor(found: Exhibit[PowerQuality]) -> Piece:
    row, here = found.result.power_factors[0], ("power_factors", 0)
    pieces: list[Piece] = ["Power factor, lowest: ", found.ref(*here, "subject")]
    pieces += [
        " ",
        found.ref(*here, "lowest"),
        " at ",
        found.ref(*here, "lowest_at"),
        ", mean ",
        found.ref(*here, "mean"),
    ]
    if row.limit is None:
        return [*pieces, "; not judged: the library has no limit of it"]
    return [*pieces, "; means below the stated limit: ", found.ref(*here, "below")]
