"""Deadlines that run: expected returns of outages and ends of permits."""

from collections.abc import Iterator

from agents.report import Section, SectionState
from agents.statement import Draft
from orchestrator.compose.answers.records import record_of
from orchestrator.compose.not_checked import reason_of
from orchestrator.compose.phrases import draft
from orchestrator.compose.shift.frame import Frame
from orchestrator.record_schema import RecordExcerpt, RecordKind
from tools.reliability.schema.indices import ReliabilityIndices


def clocks(frame: Frame) -> Section:
    """What has to happen by when, from the records that carry a time."""
    outages = frame.gaps([(ReliabilityIndices, "compute_reliability_indices", "Outage records")])
    permits = record_of(frame.board, RecordKind.PERMITS)
    unread = "Permits not checked: ", reason_of(frame.board, "read_record", "permits"), "."
    gaps = [*outages, *([draft(*unread)] if permits is None else [])]
    if outages and permits is None:
        reason = reason_of(frame.board, "compute_reliability_indices", "outage records")
        return frame.without("clocks", "Deadlines that run", reason)
    sentences = list(_deadlines(frame))
    state = SectionState.NOT_CHECKED if gaps else SectionState.NOTHING_FOUND
    return frame.section(
        "clocks",
        "Deadlines that run",
        state=SectionState.FINDINGS if sentences else state,
        sentences=[*gaps, *(sentences or [draft("Deadlines that run: none on record.")])],
    )


def _deadlines(frame: Frame) -> Iterator[Draft]:
    for found in frame.board.every(ReliabilityIndices):
        for place, row in enumerate(found.result.rows):
            if row.lasts and row.expected_end is not None:
                who = found.ref("rows", place, "element" if row.element is not None else "id")
                late = " (overdue)" if row.overdue else ""
                yield draft("Return of ", who, " is expected ", found.ref("rows", place, "expected_end"), late, ".")
    for permits in frame.board.every(RecordExcerpt):
        if permits.result.kind is RecordKind.PERMITS:
            for place, permit in enumerate(permits.result.rows):
                if permit.lasts and permit.end is not None:
                    ends = permits.ref("rows", place, "end")
                    yield draft("Permit ", permits.ref("rows", place, "id"), " ends ", ends, ".")
