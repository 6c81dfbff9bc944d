"""Forecast, maintenance and cyber: what the other specialists found."""

from collections.abc import Iterator

from agents.report import Section, SectionState
from agents.statement import Draft
from orchestrator.compose.answers.bad_data import bad_data_in_brief
from orchestrator.compose.answers.cyber import answer_access, answer_commands
from orchestrator.compose.answers.forecast import ahead, answer_deviation, answer_forecast
from orchestrator.compose.answers.protocol import answer_protocol
from orchestrator.compose.answers.transformers import transformers_in_brief
from orchestrator.compose.answers.trust import answer_anomalies, answer_quality
from orchestrator.compose.charts.load import ahead_figure
from orchestrator.compose.charts.temperatures import temperature_figure
from orchestrator.compose.not_checked import reason_of
from orchestrator.compose.shift.frame import Frame, Part
from orchestrator.compose.tables import forecast_table, transformer_table
from tools.assets.schema.transformer import TransformerAssessment
from tools.detection.schema.anomalies import AnomalyReport
from tools.grid.schema.power_flow import PowerFlow
from tools.security.schema.access import AccessReview
from tools.security.schema.bad_data import BadDataAssessment
from tools.security.schema.commands import CommandReview
from tools.security.schema.protocol import ProtocolCheck


def forecast(frame: Frame) -> Section:
    """The load ahead with its uncertainty, and the thinnest hour."""
    found = ahead(frame.board)
    if found is None:
        return frame.without("forecast", "Forecast", reason_of(frame.board, "forecast_load", "telemetry"))
    return frame.section(
        "forecast",
        "Forecast",
        state=SectionState.FINDINGS,
        sentences=_ahead_only(frame),
        tables=tuple(forecast_table(found, frame.say)),
        figures=ahead_figure(frame.board, frame.say),
    )


def _ahead_only(frame: Frame) -> Iterator[Draft]:
    """Where the load left its forecast stands in the state of the grid, where there is one."""
    told = set(answer_deviation(frame.board)) if frame.board.has(PowerFlow) else set()
    yield from (item for item in answer_forecast(frame.board, frame.resolved) if item not in told)


def maintenance(frame: Frame) -> Section:
    """Transformers: temperatures, ageing, what load and air do not explain."""
    found = frame.board.first(TransformerAssessment)
    if found is None:
        reason = reason_of(frame.board, "assess_transformer", "asset records")
        return frame.without("maintenance", "Maintenance", reason)
    return frame.section(
        "maintenance",
        "Maintenance",
        state=frame.state_of("maintenance"),
        sentences=transformers_in_brief(frame.board),
        tables=tuple(transformer_table(found, frame.say)),
        figures=temperature_figure(frame.board, frame.say),
    )


def cyber(frame: Frame) -> Section:
    """Who came in, which commands were sent, and which telemetry cannot be trusted.

    Without any log the section is not checked, whatever is known of the telemetry; that is said all the same.
    """
    parts: tuple[Part, ...] = (
        (AccessReview, "review_access_events", "Access log"),
        (CommandReview, "review_commands", "Command log"),
        (ProtocolCheck, "check_protocol", "Protocol log"),
        (BadDataAssessment, "assess_bad_data", "False data"),
        (AnomalyReport, "detect_anomalies", "Trust in telemetry"),
    )
    gaps = frame.gaps(parts)
    title = "Cyber and trust in telemetry"
    if len(gaps) == len(parts):
        return frame.without("cyber", title, reason_of(frame.board, "review_access_events", "access and command logs"))
    sentences = [
        *answer_access(frame.board, frame.resolved),
        *answer_commands(frame.board, frame.resolved),
        *answer_protocol(frame.board, frame.resolved),
        *bad_data_in_brief(frame.board),
        *_distrusted(frame),
        *answer_anomalies(frame.board, frame.resolved),
    ]
    logs = frame.board.has(AccessReview, CommandReview)
    state = frame.state_of("cyber", gaps) if logs else SectionState.NOT_CHECKED
    return frame.section("cyber", title, state=state, sentences=[*gaps, *sentences])


def _distrusted(frame: Frame) -> Iterator[Draft]:
    """Sensors that cannot be trusted; how many were looked at stands in the state of the grid, where there is one."""
    counted = frame.board.has(PowerFlow)
    for place, sentence in enumerate(answer_quality(frame.board, frame.resolved)):
        if place or not counted:
            yield sentence
