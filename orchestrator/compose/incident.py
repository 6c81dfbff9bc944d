"""The sections that explain an incident: sequence, what was affected, cause, and what nobody looked at."""

from collections.abc import Iterator, Sequence

from agents.finding import Finding
from agents.question import Resolved
from agents.report import Section, SectionState
from agents.statement import Draft, Token, TokenKind
from orchestrator.belonging import section_of
from orchestrator.compose.answers.causes import cause_sentences, culprit
from orchestrator.compose.answers.departures import departures
from orchestrator.compose.answers.records import incident_step, record_of
from orchestrator.compose.answers.reliability import answer_outages
from orchestrator.compose.answers.trust import answer_telemetry
from orchestrator.compose.board import Board
from orchestrator.compose.charts.temperatures import temperature_figure
from orchestrator.compose.membership import concerning, is_grave, own
from orchestrator.compose.not_checked import list_not_checked
from orchestrator.compose.phrases import Piece, Say, again, draft, listed
from orchestrator.compose.rest import rest
from orchestrator.compose.tables import sequence_table
from orchestrator.record_schema import RecordKind
from tools.causal.schema.causes import RootCauses
from tools.detection.schema.anomalies import AnomalyKind, AnomalyReport
from tools.detection.schema.quality import QualityKind
from tools.detection.schema.statistical import EpisodeKind
from tools.grid.schema.limit_check import LimitCheck
from tools.security.schema.bad_data import BadDataKind
from tools.subject import SubjectKind

_SHOWN = 12
_DECIDES: dict[str, str] = {
    "exceedances": "The relay and fault records of the branch would decide.",
    "security": "The switching log and the records of the protection would decide.",
    "outages": "The records of the protection would decide.",
    "maintenance": "An inspection of fans, pumps and valves at the transformer would decide.",
    "cyber": "The word of the account's owner, and the logs of the host, would decide.",
    **dict.fromkeys((*QualityKind, *AnomalyKind, *BadDataKind, *EpisodeKind), "A look at the sensor would decide."),
    AnomalyKind.DEMAND: "A question to the customer would decide.",
    **dict.fromkeys(
        (BadDataKind.INJECTION, BadDataKind.REPLAY),
        "A reading by an independent channel, and the records of the station's own device, would decide.",
    ),
}


def incident_sections(board: Board, resolved: Resolved, say: Say, findings: Sequence[Finding]) -> tuple[Section, ...]:
    """All sections, in the order in which an incident is told."""
    return (
        _sequence(board, say),
        _affected(board, resolved, say),
        _cause(board, say, findings),
        _not_analysed(board, say),
    )


def _sequence(board: Board, say: Say) -> Section:
    """What happened, in order of time."""
    record = record_of(board, RecordKind.INCIDENT)
    if record is None:
        return _without("sequence", "Sequence", "no record of the incident", say)
    steps = [incident_step(record, place) for place in range(min(len(record.result.rows), _SHOWN))]
    steps += rest(record, "findings of it", "rows", range(_SHOWN, len(record.result.rows)))
    return Section(
        key="sequence",
        title="Sequence",
        state=SectionState.FINDINGS,
        statements=tuple(map(say, steps)),
        tables=tuple(sequence_table(record, say)),
        figures=temperature_figure(board, say),
    )


def _affected(board: Board, resolved: Resolved, say: Say) -> Section:
    """Who was without supply, which limits were broken, which sensors said what."""
    sentences: list[Draft] = []
    for check in board.every(LimitCheck):
        supply = check.result.supply
        lost: Piece = [check.ref("supply", "unserved_p_mw"), " of load"] if supply.dead_buses else "nobody"
        sentences.append(draft("Without supply at the end of the time looked at: ", lost, "."))
    sentences += [*answer_outages(board, resolved), *answer_telemetry(board, resolved), *_departed(board)]
    if not sentences:
        return _without("affected", "What was affected", "no grid state, outage record or reading of its time", say)
    return Section(
        key="affected",
        title="What was affected",
        state=SectionState.FINDINGS,
        statements=tuple(say(item) for item in dict.fromkeys(sentences)),
    )


def _departed(board: Board) -> Iterator[Draft]:
    """How the sensors of the incident left their own past; what others did at that time is no part of it."""
    record = record_of(board, RecordKind.INCIDENT)
    rows = record.result.rows if record is not None else ()
    named = [row.subject.name for row in rows if row.subject is not None and row.subject.kind is SubjectKind.SENSOR]
    if named:
        for report in board.every(AnomalyReport):
            yield from departures(report, named)


def _cause(board: Board, say: Say, findings: Sequence[Finding]) -> Section:
    """The causes that the evidence names, how far each is established, and what would decide."""
    told = [item for item in own(board, findings) if item.cause is not None]
    attributed = tuple(cause_sentences(board, concerning(board)))
    sentences = [*attributed, *(draft(*cause_words(item).parts, " ", _decides(item)) for item in told)]
    state = SectionState.FINDINGS if sentences else SectionState.NOT_CHECKED
    sentences = sentences or [draft("not checked: no tool names a cause for what was found")]
    if beside := list(_beside(board, findings)):
        sentences.append(draft("Found in the same time, and no part of this incident: ", listed(beside), "."))
    return Section(key="cause", title="Cause", state=state, statements=tuple(map(say, sentences)))


def _beside(board: Board, findings: Sequence[Finding]) -> Iterator[Piece]:
    """Other grave findings of the time, then other causes of which none of them tells."""
    mine, concerns = own(board, findings), concerning(board)
    others = [item for item in findings if item not in mine and is_grave(item) and item.cause is not None]
    yield from (again(item.title) for item in others)
    told = {str(asset) for item in others for asset in item.assets}
    for found in board.every(RootCauses):
        for place, cause in enumerate(found.result.causes):
            if not concerns(cause) and told.isdisjoint({str(cause.element), str(cause.subject)}):
                yield [culprit(found, place), ": ", found.ref("causes", place, "kind")]


def cause_words(finding: Finding) -> Draft:
    """A finding with its cause, and how far that is established."""
    verdict = finding.verdict.value if finding.verdict else "inconclusive"
    about = Token(kind=TokenKind.IDENTIFIER, text=f"cause {verdict}, confidence {finding.confidence.value}")
    cause: Piece = [": ", again(finding.cause)] if finding.cause is not None else ""
    return draft(again(finding.title), "; ", about, cause, ".")


def _decides(finding: Finding) -> str:
    by_section = _DECIDES.get(section_of(finding.kind), "A look at the equipment would decide.")
    return _DECIDES.get(finding.kind, by_section)


def _not_analysed(board: Board, say: Say) -> Section:
    gaps = list_not_checked(board, say)
    state = SectionState.FINDINGS if gaps else SectionState.NOTHING_FOUND
    statements = gaps or (say(draft("Everything that was planned was looked at, and nothing was left out.")),)
    return Section(key="not_analysed", title="Not analysed, and why", state=state, statements=statements)


def _without(key: str, title: str, reason: str, say: Say) -> Section:
    statements = (say(draft(f"not checked: {reason}")),)
    return Section(key=key, title=title, state=SectionState.NOT_CHECKED, statements=statements)
