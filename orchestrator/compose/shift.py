"""The fifteen sections of a shift report, in their fixed order; what has no source says so."""

from collections.abc import Iterator

from agents.question import Resolved
from agents.report import Section, SectionState
from orchestrator.compose.board import Board
from orchestrator.compose.not_checked import list_not_checked
from orchestrator.compose.phrases import Say, draft
from orchestrator.compose.sections import (
    exceedances_section,
    model_section,
    not_checked,
    security_section,
    state_section,
)
from orchestrator.compose.summary import summarise

_SUMMARY_SENTENCES = 4
_WITHOUT_SOURCE = {
    "safety": ("Safety", "permits"),
    "outages": ("Outages", "outage records"),
    "forecast": ("Forecast", "telemetry"),
    "open_items": ("Open items", "records of earlier shifts"),
    "maintenance": ("Maintenance", "asset records"),
    "cyber": ("Cyber and trust in telemetry", "access and command logs"),
    "alarms": ("Alarms", "alarm log"),
    "reliability": ("Reliability", "outage records"),
    "clocks": ("Deadlines that run", "incident records"),
}
_ORDER = (
    "summary",
    "safety",
    "state",
    "exceedances",
    "security",
    "outages",
    "forecast",
    "open_items",
    "maintenance",
    "cyber",
    "alarms",
    "reliability",
    "clocks",
    "not_analysed",
    "acknowledgement",
)


def shift_sections(board: Board, resolved: Resolved, say: Say) -> tuple[Section, ...]:
    """All sections; the summary is composed last and stands first."""
    made = {section.key: section for section in _with_source(board, resolved, say)}
    for key, (title, source) in _WITHOUT_SOURCE.items():
        made[key] = not_checked(key, title, source, say)
    made["not_analysed"] = _not_analysed(board, resolved, say)
    made["acknowledgement"] = Section(
        key="acknowledgement",
        title="Acknowledgement",
        state=SectionState.NOT_CHECKED,
        statements=(say(draft("Not acknowledged yet.")),),
    )
    made["summary"] = Section(
        key="summary",
        title="Summary",
        state=SectionState.FINDINGS,
        statements=tuple(say(item) for item in summarise(board, resolved)[:_SUMMARY_SENTENCES]),
    )
    return tuple(made[key] for key in _ORDER)


def _with_source(board: Board, resolved: Resolved, say: Say) -> Iterator[Section]:
    yield state_section(board, resolved, say)
    yield exceedances_section(board, resolved, say)
    yield security_section(board, resolved, say)


def _not_analysed(board: Board, resolved: Resolved, say: Say) -> Section:
    """What nobody looked at, with the defects of the model that are the reason."""
    gaps = list_not_checked(board, say)
    defects = model_section(board, resolved, say).statements
    return Section(
        key="not_analysed",
        title="Not analysed, and why",
        state=SectionState.FINDINGS if gaps or defects else SectionState.NOTHING_FOUND,
        statements=(*gaps, *defects),
    )
