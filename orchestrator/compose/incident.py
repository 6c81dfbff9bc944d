"""The sections that explain an incident: sequence, what was affected, cause, and what nobody looked at."""

from collections.abc import Sequence

from agents.finding import Finding
from agents.question import Resolved
from agents.report import Section, SectionState
from agents.statement import Draft, Token, TokenKind
from orchestrator.belonging import section_of
from orchestrator.compose.answers.records import incident_step, record_of
from orchestrator.compose.answers.reliability import answer_outages
from orchestrator.compose.answers.trust import answer_telemetry
from orchestrator.compose.board import Board
from orchestrator.compose.charts.temperatures import temperature_figure
from orchestrator.compose.not_checked import list_not_checked
from orchestrator.compose.phrases import Piece, Say, draft
from orchestrator.compose.tables import sequence_table
from orchestrator.record_schema import RecordKind
from tools.grid.schema.limit_check import LimitCheck
from tools.vocabulary import Severity

_SHOWN = 12
_DECIDES = {
    "exceedances": "The relay and fault records of the branch would decide.",
    "security": "The switching log and the records of the protection would decide.",
    "outages": "The records of the protection would decide.",
    "maintenance": "An inspection of fans, pumps and valves at the transformer would decide.",
    "cyber": "A look at the sensor, and the word of the account's owner, would decide.",
}


def incident_sections(board: Board, resolved: Resolved, say: Say, findings: Sequence[Finding]) -> tuple[Section, ...]:
    """All sections, in the order in which an incident is told."""
    return (
        _sequence(board, say),
        _affected(board, resolved, say),
        _cause(say, findings),
        _not_analysed(board, say),
    )


def _sequence(board: Board, say: Say) -> Section:
    """What happened, in order of time."""
    record = record_of(board, RecordKind.INCIDENT)
    if record is None:
        return _without("sequence", "Sequence", "no record of the incident", say)
    sentences = [incident_step(record, place) for place in range(min(len(record.result.rows), _SHOWN))]
    return Section(
        key="sequence",
        title="Sequence",
        state=SectionState.FINDINGS,
        statements=tuple(say(item) for item in sentences),
        tables=tuple(sequence_table(record, say)),
        figures=temperature_figure(board, say),
    )


def _affected(board: Board, resolved: Resolved, say: Say) -> Section:
    """Who was without supply, which limits were broken, which sensors said what."""
    sentences: list[Draft] = []
    for check in board.every(LimitCheck):
        supply = check.result.supply
        lost: Piece = [check.ref("supply", "unserved_p_mw"), " of load"] if supply.dead_buses else "nobody"
        sentences.append(draft("Without supply at the end of the time that was looked at: ", lost, "."))
    sentences += [*answer_outages(board, resolved), *answer_telemetry(board, resolved)]
    if not sentences:
        return _without("affected", "What was affected", "no grid state, outage record or reading of its time", say)
    return Section(
        key="affected",
        title="What was affected",
        state=SectionState.FINDINGS,
        statements=tuple(say(item) for item in list(dict.fromkeys(sentences))[:_SHOWN]),
    )


def _cause(say: Say, findings: Sequence[Finding]) -> Section:
    """The causes that the evidence names, how far each is established, and what would decide."""
    told = [item for item in findings if item.cause is not None and item.severity is not Severity.INFORMATION]
    if not told:
        return _without("cause", "Cause", "no tool names a cause for what was found", say)
    statements = []
    for item in told[:_SHOWN]:
        statements += [item.title, *((item.cause,) if item.cause else ())]
        verdict = item.verdict.value if item.verdict else "inconclusive"
        about = Token(kind=TokenKind.IDENTIFIER, text=f"{item.id}: {verdict}, confidence {item.confidence.value}")
        decides = _DECIDES.get(section_of(item.kind), "A look at the equipment would decide.")
        statements.append(say(draft(about, ". ", decides)))
    return Section(key="cause", title="Cause", state=SectionState.FINDINGS, statements=tuple(statements))


def _not_analysed(board: Board, say: Say) -> Section:
    gaps = list_not_checked(board, say)
    state = SectionState.FINDINGS if gaps else SectionState.NOTHING_FOUND
    return Section(key="not_analysed", title="Not analysed, and why", state=state, statements=gaps)


def _without(key: str, title: str, reason: str, say: Say) -> Section:
    statements = (say(draft(f"not checked: {reason}")),)
    return Section(key=key, title=title, state=SectionState.NOT_CHECKED, statements=statements)
