"""Answers from lists on record: permits to work, open items, the findings of an incident."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.statement import Draft
from orchestrator.compose.board import Board, Exhibit
from orchestrator.compose.phrases import Piece, draft, interval
from orchestrator.compose.rest import rest
from orchestrator.record_schema import RecordExcerpt, RecordKind

_SHOWN = 8


def record_of(board: Board, kind: RecordKind) -> Exhibit[RecordExcerpt] | None:
    """The record of a kind that this run has read."""
    return next((item for item in board.every(RecordExcerpt) if item.result.kind is kind), None)


def answer_permits(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Where people are at work."""
    del resolved
    permits = record_of(board, RecordKind.PERMITS)
    if permits is not None:
        yield from permit_words(permits)


def permit_words(permits: Exhibit[RecordExcerpt]) -> Iterator[Draft]:
    """Each permit: where, what, who, until when."""
    if not any(row.lasts for row in permits.result.rows):
        yield draft("Permits in force: none on record.")
    for place, row in enumerate(permits.result.rows[:_SHOWN]):
        here = ("rows", place)
        where: Piece = [" at ", permits.ref(*here, "element")] if row.element is not None else ""
        until: Piece = [" until ", permits.ref(*here, "end")] if row.end is not None else ", no end recorded"
        state = "In force" if row.lasts else "Handed back"
        yield draft(
            f"{state}: permit ",
            permits.ref(*here, "id"),
            where,
            ", ",
            permits.ref(*here, "title"),
            ", held by ",
            permits.ref(*here, "holder"),
            ", from ",
            permits.ref(*here, "start"),
            until,
            ".",
        )
    yield from rest(permits, "permits", "rows", range(_SHOWN, len(permits.result.rows)))


def answer_open_items(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """What earlier shifts left open."""
    del resolved
    carried = record_of(board, RecordKind.OPEN_ITEMS)
    if carried is None:
        return
    if carried.result.as_of is None:
        yield draft("No shift report of this grid is on record, so nothing is carried forward.")
    yield from open_item_words(carried)


def open_item_words(carried: Exhibit[RecordExcerpt]) -> Iterator[Draft]:
    """Each open item with its age; nothing where no report could leave any."""
    if carried.result.as_of is None:
        return
    if not carried.result.rows:
        yield draft("The report of ", carried.ref("as_of"), " left nothing open.")
    for place, row in enumerate(carried.result.rows[:_SHOWN]):
        age: Piece = [", open for ", carried.ref("rows", place, "age_h")] if row.age_h is not None else ""
        yield draft(carried.ref("rows", place, "id"), ": ", carried.ref("rows", place, "title"), age, ".")
    yield from rest(carried, "open items", "rows", range(_SHOWN, len(carried.result.rows)))


def answer_incident(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """An incident in one line, then its findings in order of time."""
    del resolved
    record = record_of(board, RecordKind.INCIDENT)
    if record is None:
        return
    yield incident_line(record)
    yield from incident_feedback(record)
    for place in range(min(len(record.result.rows), _SHOWN)):
        yield incident_step(record, place)
    yield from rest(record, "findings of it", "rows", range(_SHOWN, len(record.result.rows)))


def incident_line(record: Exhibit[RecordExcerpt]) -> Draft:
    """What it was, how grave, since when."""
    return draft(
        "Incident ",
        record.ref("identifier"),
        ": ",
        record.ref("question"),
        ", severity ",
        record.ref("status"),
        ", begun ",
        record.ref("as_of"),
        ", findings ",
        record.ref("findings"),
        ".",
    )


def incident_feedback(record: Exhibit[RecordExcerpt]) -> Iterator[Draft]:
    """What a person last said that it truly was; nothing where nobody judged it."""
    said = record.result.feedback
    if said is not None:
        cause: Piece = [", cause “", record.ref("feedback", "cause"), "”"] if said.cause else ""
        who, verdict = record.ref("feedback", "by"), record.ref("feedback", "verdict")
        yield draft("Judged by ", who, " at ", record.ref("feedback", "at"), ": ", verdict, cause, ".")


def incident_step(record: Exhibit[RecordExcerpt], place: int) -> Draft:
    """One finding of an incident with its time."""
    row, here = record.result.rows[place], ("rows", place)
    times: Piece = interval(record, row, *here)
    return draft(record.ref(*here, "title"), " ", times, ".")
