"""The summary: one line that answers, then what supports it, each sentence once."""

from collections.abc import Callable, Iterator

from agents.question import Intent, ReportStatus, Resolved
from agents.statement import Draft, Token, TokenKind
from orchestrator.compose.advice import answer_advice
from orchestrator.compose.answers.alarms import answer_alarms
from orchestrator.compose.answers.bad_data import answer_bad_data
from orchestrator.compose.answers.basis import answer_basis
from orchestrator.compose.answers.cascade import answer_cascade
from orchestrator.compose.answers.causes import answer_causes
from orchestrator.compose.answers.cyber import answer_access, answer_commands
from orchestrator.compose.answers.dark import answer_dark
from orchestrator.compose.answers.dispatch import answer_dispatch
from orchestrator.compose.answers.double_outages import answer_double_outages
from orchestrator.compose.answers.estimation import answer_estimation
from orchestrator.compose.answers.forecast import answer_forecast
from orchestrator.compose.answers.limits import answer_limits
from orchestrator.compose.answers.losses import answer_losses
from orchestrator.compose.answers.model import answer_describe, answer_model, answer_path, answer_why
from orchestrator.compose.answers.oscillations import answer_frequency, answer_oscillations
from orchestrator.compose.answers.power_quality import answer_power_quality
from orchestrator.compose.answers.protocol import answer_protocol
from orchestrator.compose.answers.reading import answer_draw, answer_help, answer_record, answer_standards
from orchestrator.compose.answers.reconfiguration import answer_reconfiguration
from orchestrator.compose.answers.records import answer_incident, answer_open_items, answer_permits
from orchestrator.compose.answers.reliability import answer_outages, answer_reliability
from orchestrator.compose.answers.restoration import answer_restoration
from orchestrator.compose.answers.risk import answer_risk
from orchestrator.compose.answers.security import answer_security, security_overview
from orchestrator.compose.answers.shedding import answer_shedding
from orchestrator.compose.answers.short_circuit import answer_short_circuit
from orchestrator.compose.answers.simulation import answer_what_if
from orchestrator.compose.answers.state import answer_ranking, answer_state, answer_totals
from orchestrator.compose.answers.transformers import answer_transformers
from orchestrator.compose.answers.trust import answer_anomalies, answer_quality, answer_telemetry
from orchestrator.compose.board import Board
from orchestrator.compose.not_checked import failures
from orchestrator.compose.phrases import draft, listed
from orchestrator.compose.premises import corrected_premises
from tools.grid.schema.power_flow import PowerFlow

Answer = Callable[[Board, Resolved], Iterator[Draft]]
_FIRST = frozenset({Intent.RECONFIGURE, Intent.ADVICE, Intent.SHED})
"""Told before what the outage did."""
_LONGEST = 14
"""Sentences of a summary; tables carry the rest."""


def _overview(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """The state; over a time that was asked about also its outages, and what sensors and logs tell of it."""
    yield from answer_limits(board, resolved)
    yield from answer_outages(board, resolved)
    yield from answer_totals(board, resolved)
    yield from security_overview(board, resolved)
    yield from _cyber(board, resolved)
    yield from answer_quality(board, resolved)
    yield from answer_anomalies(board, resolved)
    yield from answer_alarms(board, resolved)


def _trust(board: Board, resolved: Resolved) -> Iterator[Draft]:
    """Sensors that cannot be trusted, readings that do not fit, and what the named ones say."""
    yield from answer_quality(board, resolved)
    yield from answer_anomalies(board, resolved)
    yield from answer_telemetry(board, resolved)


def _cyber(board: Board, resolved: Resolved) -> Iterator[Draft]:
    yield from answer_access(board, resolved)
    yield from answer_commands(board, resolved)


def _outages(board: Board, resolved: Resolved) -> Iterator[Draft]:
    yield from answer_reliability(board, resolved)
    yield from answer_outages(board, resolved)


ANSWERS: dict[Intent, Answer] = {
    Intent.OVERVIEW: _overview,
    Intent.STATE: answer_state,
    Intent.RECONFIGURE: answer_reconfiguration,
    Intent.RANKING: answer_ranking,
    Intent.TOTALS: answer_totals,
    Intent.LIMITS: answer_limits,
    Intent.SECURITY: answer_security,
    Intent.DOUBLE_OUTAGES: answer_double_outages,
    Intent.CASCADE: answer_cascade,
    Intent.RESTORE: answer_restoration,
    Intent.WHAT_IF: answer_what_if,
    Intent.ADVICE: answer_advice,
    Intent.SHED: answer_shedding,
    Intent.WHY: answer_why,
    Intent.DESCRIBE: answer_describe,
    Intent.PATH: answer_path,
    Intent.MODEL: answer_model,
    Intent.STANDARDS: answer_standards,
    Intent.RECORD: answer_record,
    Intent.LOSSES: answer_losses,
    Intent.SHORT_CIRCUIT: answer_short_circuit,
    Intent.DRAW: answer_draw,
    Intent.DISPATCH: answer_dispatch,
    Intent.HELP: answer_help,
    Intent.MEASURED: answer_telemetry,
    Intent.TRUST: _trust,
    Intent.ESTIMATE: answer_estimation,
    Intent.FORECAST: answer_forecast,
    Intent.TRANSFORMERS: answer_transformers,
    Intent.CYBER: _cyber,
    Intent.BAD_DATA: answer_bad_data,
    Intent.PROTOCOL: answer_protocol,
    Intent.RELIABILITY: _outages,
    Intent.DARK: answer_dark,
    Intent.OSCILLATIONS: answer_oscillations,
    Intent.FREQUENCY: answer_frequency,
    Intent.POWER_QUALITY: answer_power_quality,
    Intent.RISK: answer_risk,
    Intent.CAUSES: answer_causes,
    Intent.ALARMS: answer_alarms,
    Intent.PERMITS: answer_permits,
    Intent.OPEN_ITEMS: answer_open_items,
    Intent.INCIDENTS: answer_incident,
}


def summarise(board: Board, resolved: Resolved) -> tuple[Draft, ...]:
    """The sentences that answer, in order: a false premise first, then each intent, then failed calls.

    What to do comes before what the outage did: it is what was asked for.
    """
    if resolved.status is ReportStatus.REFUSED:
        return (_refusal(resolved),)
    sentences: list[Draft] = [*_untaken(resolved), *corrected_premises(board, resolved)]
    told_first = _FIRST if Intent.WHAT_IF in resolved.intents else {Intent.RECONFIGURE}
    for intent in sorted(resolved.intents, key=lambda intent: intent not in told_first):
        sentences += ANSWERS[intent](board, resolved)
    if resolved.reason and resolved.status is ReportStatus.QUALIFIED:
        sentences.append(_words(resolved.reason))
    sentences += [*_stand_ins(board), *failures(board)]
    unique = tuple(dict.fromkeys(sentences))
    if len(unique) > _LONGEST:
        unique = (*unique[:_LONGEST], draft("More was found: the sections and findings of the report have it in full."))
    return unique or (draft("No study was planned for this question."),)


def _stand_ins(board: Board) -> Iterator[Draft]:
    """What the measured state rests on, where something stands in for a reading or is out of service."""
    flow = board.first(PowerFlow)
    if flow is not None and flow.result.basis is not None:
        basis = flow.result.basis
        if basis.substituted or basis.outages:
            yield from answer_basis(board)


def _untaken(resolved: Resolved) -> Iterator[Draft]:
    """What of the question the answer leaves out, before the answer: it may be another than was hoped for."""
    if resolved.untaken:
        quoted = [Token(kind=TokenKind.USER, text=f"“{phrase}”") for phrase in resolved.untaken]
        yield draft("Not taken up from the question: ", listed(quoted), ".")


def _refusal(resolved: Resolved) -> Draft:
    return _words(resolved.reason or "The question was not understood.")


def _words(reason: str) -> Draft:
    """A reason of the resolver: our own words, with the names that it had to say."""
    return Draft(parts=(Token(kind=TokenKind.IDENTIFIER, text=reason),))
