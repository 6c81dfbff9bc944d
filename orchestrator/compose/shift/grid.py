"""State, exceedances and security of the grid over the shift."""

from collections.abc import Iterator

from agents.report import Section, SectionState
from agents.statement import Draft
from orchestrator.compose.answers.basis import answer_basis
from orchestrator.compose.answers.forecast import answer_deviation
from orchestrator.compose.answers.security import security_in_brief
from orchestrator.compose.answers.trust import answer_quality
from orchestrator.compose.charts.load import load_figure
from orchestrator.compose.sections import exceedances_section, security_section, state_section
from orchestrator.compose.shift.frame import Frame


def state(frame: Frame) -> Section:
    """Load against forecast, generation, slack, islands, data quality."""
    section = state_section(frame.board, frame.resolved, frame.say)
    if section.state is SectionState.NOT_CHECKED:
        return section
    statements = (*frame.said(answer_basis(frame.board)), *section.statements, *frame.said(_measured(frame)))
    figures = (*load_figure(frame.board, frame.say), *section.figures)
    return section.model_copy(update={"statements": statements, "figures": figures})


def _measured(frame: Frame) -> Iterator[Draft]:
    yield from answer_deviation(frame.board)
    for sentence in answer_quality(frame.board, frame.resolved):
        yield sentence
        return  # the sensors by name stand under trust in telemetry


def exceedances(frame: Frame) -> Section:
    """Limits broken at the end of the shift, and the intervals of those broken during it."""
    return _changed(frame, exceedances_section(frame.board, frame.resolved, frame.say))


def security(frame: Frame) -> Section:
    """N-1 at the end of the shift, and the intervals in which it was not given; outages by name are in the tables."""
    sentences = security_in_brief(frame.board, frame.resolved)
    return _changed(frame, security_section(frame.board, frame.say, sentences))


def _changed(frame: Frame, section: Section) -> Section:
    """A section of the grid with the findings of the time before its end, and what changed."""
    known = {statement.text for statement in section.statements}
    named = [item for item in frame.found(section.key) if item.start is not None]
    checked = section.state is not SectionState.NOT_CHECKED
    found = SectionState.FINDINGS if named else section.state
    statements = (
        *(item.statement for item in named if item.statement.text not in known),
        *section.statements,
        *(frame.say(sentence) for sentence in frame.changes.of(section.key, checked=checked)),
    )
    return section.model_copy(update={"statements": statements, "state": found})
