"""Sections of a report that a grid alone can fill."""

from collections.abc import Iterator
from itertools import islice

from agents.question import Resolved
from agents.report import Figure, Section, SectionState
from agents.statement import Draft, Statement
from knowledge.schema import StandardsSearch
from orchestrator.compose.answers.cascade import answer_cascade, spread
from orchestrator.compose.answers.limits import answer_limits
from orchestrator.compose.answers.losses import answer_losses
from orchestrator.compose.answers.model import answer_model
from orchestrator.compose.answers.reading import answer_draw, answer_standards
from orchestrator.compose.answers.restoration import answer_restoration
from orchestrator.compose.answers.security import answer_security
from orchestrator.compose.answers.short_circuit import answer_short_circuit
from orchestrator.compose.answers.state import answer_totals
from orchestrator.compose.board import Board
from orchestrator.compose.charts.heat_map import heat_map
from orchestrator.compose.phrases import Say, draft
from orchestrator.compose.tables import (
    FAULTS,
    LOSSES,
    RESTORATION,
    cascade_tables,
    flow_tables,
    outage_tables,
    table,
    violation_table,
)
from tools.grid.schema.cascade import CascadeSimulation
from tools.grid.schema.cascade_drawing import CascadeDrawing
from tools.grid.schema.contingencies import ContingencyScreening
from tools.grid.schema.drawing import Drawing
from tools.grid.schema.limit_check import LimitCheck, SecurityState
from tools.grid.schema.losses import LossBreakdown
from tools.grid.schema.model_check import ModelCheck
from tools.grid.schema.power_flow import PowerFlow
from tools.grid.schema.restoration import RestorationPlan
from tools.grid.schema.short_circuit import ShortCircuit, ShortCircuitStatus

_LONGEST_SECTION = 12
"""Statements; tables carry the rest."""


def _said(sentences: Iterator[Draft], say: Say) -> tuple[Statement, ...]:
    return tuple(say(sentence) for sentence in islice(sentences, _LONGEST_SECTION))


def not_checked(key: str, title: str, source: str, say: Say) -> Section:
    """A section without its source."""
    return Section(
        key=key,
        title=title,
        state=SectionState.NOT_CHECKED,
        statements=(say(draft(f"not checked: no {source}")),),
    )


def state_section(board: Board, resolved: Resolved, say: Say) -> Section:
    """Totals, extremes and the rows asked for."""
    flows = list(board.every(PowerFlow))
    if not flows:
        return not_checked("state", "State of the grid", "solved power flow", say)
    return Section(
        key="state",
        title="State of the grid",
        state=SectionState.FINDINGS,
        statements=_said(answer_totals(board, resolved), say),
        tables=tuple(item for flow in flows for item in flow_tables(flow, say)),
        figures=_figures(board, say),
    )


def _figures(board: Board, say: Say) -> tuple[Figure, ...]:
    return tuple(
        Figure(
            title="The grid",
            caption=say(draft(drawing.ref("title"), [". ", drawing.ref("note")] if drawing.result.note else "")),
            svg=drawing.result.svg,
            evidence=(drawing.evidence.id,),
        )
        for drawing in board.every(Drawing)
    )


def picture_section(board: Board, resolved: Resolved, say: Say) -> Section:
    """The grid where nothing but a picture was asked for; beside a solved state the picture stands there."""
    return Section(
        key="picture",
        title="Picture of the grid",
        state=SectionState.FINDINGS,
        statements=_said(answer_draw(board, resolved), say),
        figures=_figures(board, say),
    )


def exceedances_section(board: Board, resolved: Resolved, say: Say) -> Section:
    """Every broken limit; partly checked is not the same as nothing found."""
    checks = list(board.every(LimitCheck))
    if not checks:
        return not_checked("exceedances", "Broken limits", "limit check", say)
    statuses = {check.result.status for check in checks}
    if statuses & {SecurityState.VIOLATION, SecurityState.SUPPLY_LOST} or any(c.result.violations for c in checks):
        state = SectionState.FINDINGS
    elif statuses == {SecurityState.NO_VIOLATION}:
        state = SectionState.NOTHING_FOUND
    else:
        state = SectionState.NOT_CHECKED
    return Section(
        key="exceedances",
        title="Broken limits",
        state=state,
        statements=_said(answer_limits(board, resolved), say),
        tables=tuple(item for check in checks for item in violation_table(check, say)),
    )


def security_section(board: Board, say: Say, sentences: Iterator[Draft]) -> Section:
    """N-1 with its coverage; the sentences say so, the tables name the outages."""
    screenings = list(board.every(ContingencyScreening))
    if not screenings:
        return not_checked("security", "Security against outages", "contingency screening", say)
    results = [screening.result for screening in screenings]
    if all(result.secure for result in results):
        state = SectionState.NOTHING_FOUND
    elif any(result.secure is False for result in results):
        state = SectionState.FINDINGS
    else:  # nothing that was looked at is insecure, but not everything was looked at
        state = SectionState.NOT_CHECKED
    return Section(
        key="security",
        title="Security against outages",
        state=state,
        statements=_said(sentences, say),
        tables=tuple(item for screening in screenings for item in outage_tables(screening, say)),
        figures=tuple(item for screening in screenings for item in heat_map(screening, say)),
    )


def _security(board: Board, resolved: Resolved, say: Say) -> Section:
    return security_section(board, say, answer_security(board, resolved))


def cascade_section(board: Board, resolved: Resolved, say: Say) -> Section:
    """What outages lead to; a cascade that is contained is a finding too: nothing else trips."""
    simulations = list(board.every(CascadeSimulation))
    return Section(
        key="cascade",
        title="How far outages spread",
        state=SectionState.FINDINGS,
        statements=_said(answer_cascade(board, resolved), say),
        tables=tuple(item for simulation in simulations for item in cascade_tables(simulation, say)),
        figures=_paths(board, say),
    )


def _paths(board: Board, say: Say) -> tuple[Figure, ...]:
    """Ways of cascades; none where nothing followed the outages that began it, which the statements say."""
    return tuple(
        Figure(
            title="The way of the outages",
            caption=say(draft(drawing.ref("title"), ". ", drawing.ref("note"))),
            svg=drawing.result.svg,
            evidence=(drawing.evidence.id,),
        )
        for drawing in board.every(CascadeDrawing)
        if spread(drawing.result.path)
    )


def restoration_section(board: Board, resolved: Resolved, say: Say) -> Section:
    """How what is dark comes back, step by step."""
    return Section(
        key="restoration",
        title="Restoration",
        state=SectionState.FINDINGS,
        statements=_said(answer_restoration(board, resolved), say),
        tables=tuple(
            item
            for plan in board.every(RestorationPlan)
            for item in table("Steps of the restoration", plan, plan.result.steps, "steps", RESTORATION, say)
        ),
    )


def model_section(board: Board, resolved: Resolved, say: Say) -> Section:
    """Defects of the model and what they make meaningless."""
    check = board.first(ModelCheck)
    if check is None:
        return not_checked("model", "The grid model", "model check", say)
    return Section(
        key="model",
        title="The grid model",
        state=SectionState.FINDINGS if check.result.defects else SectionState.NOTHING_FOUND,
        statements=_said(answer_model(board, resolved), say),
    )


def losses_section(board: Board, resolved: Resolved, say: Say) -> Section:
    """Where power is lost."""
    return Section(
        key="losses",
        title="Losses",
        state=SectionState.FINDINGS,
        statements=_said(answer_losses(board, resolved), say),
        tables=tuple(
            item
            for found in board.every(LossBreakdown)
            for item in table("Branches, most losses first", found, found.result.branches, "branches", LOSSES, say)
        ),
    )


def faults_section(board: Board, resolved: Resolved, say: Say) -> Section:
    """Fault currents; where data are missing nothing was checked."""
    found = list(board.every(ShortCircuit))
    calculated = any(item.result.status is ShortCircuitStatus.CALCULATED for item in found)
    return Section(
        key="short_circuit",
        title="Short circuits",
        state=SectionState.FINDINGS if calculated else SectionState.NOT_CHECKED,
        statements=_said(answer_short_circuit(board, resolved), say),
        tables=tuple(
            item for one in found for item in table("Fault currents", one, one.result.rows, "rows", FAULTS, say)
        ),
    )


def library_section(board: Board, resolved: Resolved, say: Say) -> Section:
    """Passages of the library that bear on the question."""
    return Section(
        key="library",
        title="What the library says",
        state=SectionState.FINDINGS,
        statements=_said(answer_standards(board, resolved), say),
    )


def answer_sections(board: Board, resolved: Resolved, say: Say) -> tuple[Section, ...]:
    """The sections of an answer: those whose study was part of the plan."""
    makers = (
        (PowerFlow, state_section) if board.has(PowerFlow) else (Drawing, picture_section),
        (LimitCheck, exceedances_section),
        (ContingencyScreening, _security),
        (LossBreakdown, losses_section),
        (ShortCircuit, faults_section),
        (CascadeSimulation, cascade_section),
        (RestorationPlan, restoration_section),
        (ModelCheck, model_section),
        (StandardsSearch, library_section),
    )
    return tuple(make(board, resolved, say) for studied, make in makers if board.first(studied) is not None)
