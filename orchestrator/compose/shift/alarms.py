"""Alarms: how many, which stand, who raises most."""

from collections.abc import Iterator

from agents.report import Section, SectionState
from agents.statement import Draft
from orchestrator.compose.answers.alarms import answer_alarms
from orchestrator.compose.charts.alarms import alarm_figure
from orchestrator.compose.not_checked import reason_of
from orchestrator.compose.shift.frame import Frame
from tools.detection.schema.alarms import AlarmSummary


def alarms(frame: Frame) -> Section:
    """The alarm log of the time."""
    found = frame.board.first(AlarmSummary)
    if found is None:
        return frame.without("alarms", "Alarms", reason_of(frame.board, "summarize_alarms", "alarm log"))
    return frame.section(
        "alarms",
        "Alarms",
        state=_state(found.result),
        sentences=_said(frame),
        figures=alarm_figure(found, frame.say),
    )


def _state(summary: AlarmSummary) -> SectionState:
    if summary.not_seen:
        return SectionState.NOT_CHECKED
    return SectionState.FINDINGS if summary.alarms else SectionState.NOTHING_FOUND


def _said(frame: Frame) -> Iterator[Draft]:
    yield from answer_alarms(frame.board, frame.resolved)
