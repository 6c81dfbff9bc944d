"""Forecast, maintenance and cyber: what the other specialists found."""

from agents.report import Section, SectionState
from orchestrator.compose.answers.cyber import answer_access, answer_commands
from orchestrator.compose.answers.forecast import ahead, answer_forecast
from orchestrator.compose.answers.transformers import answer_transformers
from orchestrator.compose.answers.trust import answer_anomalies, answer_quality
from orchestrator.compose.charts.load import ahead_figure
from orchestrator.compose.charts.temperatures import temperature_figure
from orchestrator.compose.not_checked import reason_of
from orchestrator.compose.phrases import draft
from orchestrator.compose.shift.frame import Frame
from orchestrator.compose.tables import forecast_table, transformer_table
from tools.assets.schema.transformer import TransformerAssessment
from tools.detection.schema.anomalies import AnomalyReport
from tools.detection.schema.quality import DataQuality
from tools.security.schema.access import AccessReview
from tools.security.schema.commands import CommandReview


def forecast(frame: Frame) -> Section:
    """The load ahead with its uncertainty, and the thinnest hour."""
    found = ahead(frame.board)
    if found is None:
        return frame.without("forecast", "Forecast", reason_of(frame.board, "forecast_load", "telemetry"))
    return frame.section(
        "forecast",
        "Forecast",
        state=SectionState.FINDINGS,
        sentences=answer_forecast(frame.board, frame.resolved),
        tables=tuple(forecast_table(found, frame.say)),
        figures=ahead_figure(frame.board, frame.say),
    )


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
        sentences=answer_transformers(frame.board, frame.resolved),
        tables=tuple(transformer_table(found, frame.say)),
        figures=temperature_figure(frame.board, frame.say),
    )


def cyber(frame: Frame) -> Section:
    """Who came in, which commands were sent, and which telemetry cannot be trusted.

    Without logs the section is not checked, whatever is known of the telemetry; that is said all the same.
    """
    logs = frame.board.has(AccessReview, CommandReview)
    trust = frame.board.has(DataQuality, AnomalyReport)
    title = "Cyber and trust in telemetry"
    if not logs and not trust:
        return frame.without("cyber", title, reason_of(frame.board, "review_access_events", "access and command logs"))
    sentences = [
        *answer_access(frame.board, frame.resolved),
        *answer_commands(frame.board, frame.resolved),
        *answer_quality(frame.board, frame.resolved),
        *answer_anomalies(frame.board, frame.resolved),
    ]
    if logs is None:
        sentences.append(draft("Logs not checked: ", reason_of(frame.board, "review_access_events", "logs"), "."))
    if trust is None:
        sentences.append(
            draft("Trust in telemetry not checked: ", reason_of(frame.board, "detect_anomalies", "telemetry"), ".")
        )
    state = SectionState.NOT_CHECKED if logs is None else frame.state_of("cyber")
    return frame.section("cyber", title, state=state, sentences=sentences)
