"""Safety, outages, open items, reliability: what the records say."""

from collections.abc import Iterator

from agents.report import Section, SectionState
from agents.statement import Draft
from orchestrator.compose.answers.reliability import answer_outages, answer_reliability
from orchestrator.compose.board import Exhibit
from orchestrator.compose.not_checked import reason_of
from orchestrator.compose.phrases import Piece, draft
from orchestrator.compose.shift.frame import Frame
from orchestrator.compose.tables import outage_record_table
from orchestrator.record_schema import RecordExcerpt, RecordKind
from tools.reliability.schema.indices import ReliabilityIndices

_SHOWN = 8


def _record(frame: Frame, kind: RecordKind) -> Exhibit[RecordExcerpt] | None:
    return next((item for item in frame.board.every(RecordExcerpt) if item.result.kind is kind), None)


def safety(frame: Frame) -> Section:
    """Active permits: where people are at work."""
    permits = _record(frame, RecordKind.PERMITS)
    if permits is None:
        return frame.without("safety", "Safety", reason_of(frame.board, "read_record", "permits"))
    active = any(row.lasts for row in permits.result.rows)
    return frame.section(
        "safety",
        "Safety",
        state=SectionState.FINDINGS if active else SectionState.NOTHING_FOUND,
        sentences=_permits(permits),
    )


def _permits(permits: Exhibit[RecordExcerpt]) -> Iterator[Draft]:
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


def outages(frame: Frame) -> Section:
    """Planned and forced outages with their expected return."""
    found = frame.board.first(ReliabilityIndices)
    if found is None:
        reason = reason_of(frame.board, "compute_reliability_indices", "outage records")
        return frame.without("outages", "Outages", reason)
    return frame.section(
        "outages",
        "Outages",
        state=SectionState.FINDINGS if found.result.rows else SectionState.NOTHING_FOUND,
        sentences=answer_outages(frame.board, frame.resolved),
        tables=tuple(outage_record_table(found, frame.say)),
    )


def open_items(frame: Frame) -> Section:
    """What earlier shifts left open, with its age, and what this one no longer found."""
    carried = frame.changes.carried
    if carried is None:
        return frame.without("open_items", "Open items", reason_of(frame.board, "read_record", "records"))
    rows = carried.result.rows
    return frame.section(
        "open_items",
        "Open items",
        state=SectionState.FINDINGS if rows else SectionState.NOTHING_FOUND,
        sentences=_carried(carried),
    )


def _carried(carried: Exhibit[RecordExcerpt]) -> Iterator[Draft]:
    if carried.result.as_of is None:
        yield draft("This is the first shift report of this grid: nothing is carried forward.")
        return
    if not carried.result.rows:
        yield draft("The report of ", carried.ref("as_of"), " left nothing open.")
    for place, row in enumerate(carried.result.rows[:_SHOWN]):
        age: Piece = [", open for ", carried.ref("rows", place, "age_h")] if row.age_h is not None else ""
        yield draft(carried.ref("rows", place, "id"), ": ", carried.ref("rows", place, "title"), age, ".")
    if carried.result.omitted:
        yield draft("Open items not shown: ", carried.ref("omitted"), ".")


def reliability(frame: Frame) -> Section:
    """SAIDI and SAIFI of the time."""
    found = frame.board.first(ReliabilityIndices)
    if found is None:
        reason = reason_of(frame.board, "compute_reliability_indices", "outage records")
        return frame.without("reliability", "Reliability", reason)
    known = found.result.customers_served is not None
    return frame.section(
        "reliability",
        "Reliability",
        state=SectionState.FINDINGS if known else SectionState.NOT_CHECKED,
        sentences=answer_reliability(frame.board, frame.resolved),
    )
