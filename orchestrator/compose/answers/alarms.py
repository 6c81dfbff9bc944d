"""Answers on alarms: rate, floods with their disturbances, standing and chattering ones, worst sources."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, interval, simulated
from orchestrator.compose.rest import rest
from tools.detection.schema.alarms import AlarmSummary, Grouping

_SHOWN = 4


def answer_alarms(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Counts first, then floods and what is behind them, then chattering and stale alarms and the worst sources."""
    del resolved
    for found in board.every(AlarmSummary):
        if found.result.not_seen:
            yield draft("Alarms: not checked: ", found.ref("not_seen", 0), ".")
            continue
        busiest: Piece = ""
        if found.result.busiest is not None:
            busiest = ["; most from ", found.ref("busiest", "at"), ": ", found.ref("busiest", "alarms")]
        yield draft(
            "Alarms: ",
            found.ref("alarms"),
            ", standing: ",
            found.ref("standing"),
            ", mean rate: ",
            found.ref("rate_10min"),
            busiest,
            _classes(found),
            simulated(found),
            ".",
        )
        for family in (_floods, _behind, _habits, _none_of, _worst):
            yield from family(found)


def _none_of(found: Exhibit[AlarmSummary]) -> Iterator[Draft]:
    """What there was none of, for whoever asked for it."""
    if not found.result.floods:
        yield draft("Alarm floods: none in the time looked at.")
    if not found.result.chattering:
        yield draft("Alarms that chatter: none among those looked at.")


def _floods(found: Exhibit[AlarmSummary]) -> Iterator[Draft]:
    for place, flood in enumerate(found.result.floods[:_SHOWN]):
        alarms = found.ref("floods", place, "alarms")
        yield draft("Alarm flood ", interval(found, flood, "floods", place), ": ", alarms, " alarms.")
    yield from rest(found, "floods", "floods", range(_SHOWN, len(found.result.floods)), None)


def _behind(found: Exhibit[AlarmSummary]) -> Iterator[Draft]:
    """What is behind the floods, as far as sequence and neighbourhood tell."""
    for place in range(min(len(found.result.disturbances), _SHOWN)):
        yield draft(_disturbance(found, place), ".")
    beyond = range(_SHOWN, len(found.result.disturbances))
    yield from rest(found, "disturbances", "disturbances", beyond, "disturbances_omitted")
    if found.result.disturbances and found.result.grouping is Grouping.SOURCE_AND_TIME:
        yield draft("Alarms were grouped by source and time alone: no grid tells which elements are neighbours.")


def _habits(found: Exhibit[AlarmSummary]) -> Iterator[Draft]:
    """Alarms that chatter, that nobody ends, and how urgent the lines say they are."""
    for place in range(min(len(found.result.chattering), _SHOWN)):
        yield draft(_chattering(found, place), ".")
    beyond = range(_SHOWN, len(found.result.chattering))
    yield from rest(found, "alarms that chatter", "chattering", beyond, "chattering_omitted")
    for place in range(min(len(found.result.stale), _SHOWN)):
        yield draft(_stale(found, place), ".")
    yield from rest(found, "stale alarms", "stale", range(_SHOWN, len(found.result.stale)), "stale_omitted")
    if found.result.priorities:
        yield draft(_priorities(found), ".")


def _worst(found: Exhibit[AlarmSummary]) -> Iterator[Draft]:
    for place in range(min(len(found.result.sources), _SHOWN)):
        yield draft(_source(found, place), ".")
    yield from rest(found, "sources", "sources", range(_SHOWN, len(found.result.sources)))


def _source(found: Exhibit[AlarmSummary], place: int) -> Piece:
    row, here = found.result.sources[place], ("sources", place)
    who = found.ref(*here, "element" if row.element is not None else "subject")
    standing = ", standing" if row.standing else ""
    return [
        who,
        " raised ",
        found.ref(*here, "alarms"),
        ", last ",
        found.ref(*here, "last"),
        standing,
        ": ",
        found.ref(*here, "message"),
    ]


def _classes(found: Exhibit[AlarmSummary]) -> Piece:
    """What EEMUA 191 says of the rates."""
    pieces: list[Piece] = []
    if found.result.rate_class is not None:
        pieces += [", by EEMUA: ", found.ref("rate_class")]
    if found.result.peak_class is not None and found.result.floods:
        pieces += [", at the peak ", found.ref("peak_class")]
    return pieces


def _disturbance(found: Exhibit[AlarmSummary], place: int) -> Piece:
    """How many alarms, from when to when, and which one came before all others."""
    row, here = found.result.disturbances[place], ("disturbances", place)
    pieces: list[Piece] = [
        "Disturbance in the flood from ",
        found.ref(*here, "start"),
        " to ",
        found.ref(*here, "end"),
        ": ",
        found.ref(*here, "alarms"),
        " alarms of ",
        found.ref(*here, "sources"),
        " sources; the alarm before all others came from ",
        found.ref(*here, "element" if row.element is not None else "subject"),
        ": ",
        found.ref(*here, "message"),
    ]
    if row.tied:
        pieces += ["; other sources with the very same time: ", found.ref(*here, "tied")]
    return [*pieces, "; the order of alarms alone proves no cause"]


def _chattering(found: Exhibit[AlarmSummary], place: int) -> Piece:
    row, here = found.result.chattering[place], ("chattering", place)
    return [
        found.ref(*here, "element" if row.element is not None else "subject"),
        " chatters: at most ",
        found.ref(*here, "most_in_a_minute"),
        " in a minute, ",
        found.ref(*here, "alarms"),
        " in all: ",
        found.ref(*here, "message"),
    ]


def _stale(found: Exhibit[AlarmSummary], place: int) -> Piece:
    row, here = found.result.stale[place], ("stale", place)
    return [
        found.ref(*here, "element" if row.element is not None else "subject"),
        " is stale: standing for ",
        found.ref(*here, "standing_h"),
        " since ",
        found.ref(*here, "since"),
        ": ",
        found.ref(*here, "message"),
    ]


def _priorities(found: Exhibit[AlarmSummary]) -> Piece:
    pieces: list[Piece] = ["Priorities as the lines state them"]
    for place in range(min(len(found.result.priorities), _SHOWN)):
        here = ("priorities", place)
        pieces += ["; ", found.ref(*here, "priority"), ": ", found.ref(*here, "share_percent")]
    return [*pieces, "; lines that state none: ", found.ref("without_priority")]
