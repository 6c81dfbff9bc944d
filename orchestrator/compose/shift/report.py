"""The fifteen sections of a shift report, in their fixed order; what has no source says so."""

from collections.abc import Callable

from agents.finding import Finding
from agents.question import Resolved
from agents.report import Section, SectionState
from orchestrator.compose.board import Board
from orchestrator.compose.not_checked import list_not_checked
from orchestrator.compose.phrases import Say, draft
from orchestrator.compose.sections import model_section
from orchestrator.compose.shift.alarms import alarms
from orchestrator.compose.shift.changes import changes_since
from orchestrator.compose.shift.clocks import clocks
from orchestrator.compose.shift.crew import cyber, forecast, maintenance
from orchestrator.compose.shift.frame import Frame
from orchestrator.compose.shift.grid import exceedances, security, state
from orchestrator.compose.shift.records import open_items, outages, reliability, safety
from orchestrator.compose.shift.summary import shift_summary


def shift_sections(board: Board, resolved: Resolved, say: Say, findings: tuple[Finding, ...]) -> tuple[Section, ...]:
    """All sections; the summary is composed last and stands first."""
    frame = Frame(board, resolved, say, findings, changes_since(board, findings))
    rest = tuple(make(frame) for make in _AFTER_SUMMARY)
    summary = Section(
        key="summary",
        title="Summary",
        state=SectionState.FINDINGS,
        statements=frame.said(shift_summary(board, resolved, findings)),
    )
    return (summary, *rest)


def _not_analysed(frame: Frame) -> Section:
    """What nobody looked at, with the defects of the model that are the reason."""
    gaps = list_not_checked(frame.board, frame.say)
    model = model_section(frame.board, frame.resolved, frame.say)
    return Section(
        key="not_analysed",
        title="Not analysed, and why",
        state=SectionState.FINDINGS if gaps else model.state,
        statements=(*gaps, *model.statements),
    )


def _acknowledgement(frame: Frame) -> Section:
    """Both shifts sign after the report is written; who did stands beside it."""
    return Section(
        key="acknowledgement",
        title="Acknowledgement",
        state=SectionState.NOT_CHECKED,
        statements=(
            frame.say(draft("Not acknowledged when this was written; the outgoing and the incoming shift sign it.")),
        ),
    )


_AFTER_SUMMARY: tuple[Callable[[Frame], Section], ...] = (
    safety,
    state,
    exceedances,
    security,
    outages,
    forecast,
    open_items,
    maintenance,
    cyber,
    alarms,
    reliability,
    clocks,
    _not_analysed,
    _acknowledgement,
)
