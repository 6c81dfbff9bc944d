"""Safety, outages, open items, reliability: what the records say."""

from agents.report import Section, SectionState
from orchestrator.compose.answers.records import open_item_words, permit_words, record_of
from orchestrator.compose.answers.reliability import answer_outages, answer_reliability
from orchestrator.compose.not_checked import reason_of
from orchestrator.compose.phrases import draft
from orchestrator.compose.shift.frame import Frame
from orchestrator.compose.tables import outage_record_table
from orchestrator.record_schema import RecordKind
from tools.reliability.schema.indices import ReliabilityIndices


def safety(frame: Frame) -> Section:
    """Active permits: where people are at work."""
    permits = record_of(frame.board, RecordKind.PERMITS)
    if permits is None:
        return frame.without("safety", "Safety", reason_of(frame.board, "read_record", "permits"))
    active = any(row.lasts for row in permits.result.rows)
    return frame.section(
        "safety",
        "Safety",
        state=SectionState.FINDINGS if active else SectionState.NOTHING_FOUND,
        sentences=permit_words(permits),
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
    first = draft("This is the first shift report of this grid: nothing is carried forward.")
    return frame.section(
        "open_items",
        "Open items",
        state=SectionState.FINDINGS if rows else SectionState.NOTHING_FOUND,
        sentences=[first] if frame.changes.first else open_item_words(carried),
    )


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
