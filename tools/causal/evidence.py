"""What the deterministic tools say of a time, gathered before any cause is named."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from tools.assets.schema.transformer import AssessTransformerArguments, TransformerAssessment
from tools.assets.transformer import assess_transformer
from tools.causal.powers import Powers, powers_of
from tools.causal.sensitivities import Sensitivities, sensitivities_of
from tools.coverage import LeftOut
from tools.detection.anomalies import detect_anomalies
from tools.detection.data_quality import check_data_quality
from tools.detection.diagnosis import Diagnosis, diagnose
from tools.detection.frame import LONGEST
from tools.detection.schema.anomalies import Anomaly, DetectAnomaliesArguments
from tools.detection.schema.quality import CheckDataQualityArguments, QualityIssue
from tools.errors import SourceMissingError
from tools.security.access import review_access_events
from tools.security.commands import review_commands
from tools.security.schema.access import AccessIssue, ReviewAccessEventsArguments
from tools.security.schema.commands import CommandIssue, ReviewCommandsArguments
from tools.telemetry.schema.log import LogEntry, LogKind

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from tools.context import ToolContext
    from tools.coverage import Coverage

_R = TypeVar("_R")
_ROWS = 100
_USUAL = timedelta(hours=24)
_LOGS = (LogKind.SWITCHING, LogKind.COMMAND, LogKind.ALARM)


@dataclass(frozen=True, eq=False)
class Evidence:
    """What was found of a time, by whom, and who did not look.

    Attributes:
        start: From when readings were looked at: earlier than asked, where what is usual would not be known else.
        diagnosis: All sensors side by side; None without telemetry.
        power, reactive: Of every element; None without a grid model.
        sensitivities: Of flows; None without a grid model.
        coverage: Of ``detect_anomalies``.
    """

    start: datetime
    end: datetime
    diagnosis: Diagnosis | None = None
    power: Powers | None = None
    reactive: Powers | None = None
    sensitivities: Sensitivities | None = None
    anomalies: tuple[Anomaly, ...] = ()
    issues: tuple[QualityIssue, ...] = ()
    transformers: TransformerAssessment | None = None
    access: tuple[AccessIssue, ...] = ()
    commands: tuple[CommandIssue, ...] = ()
    log: tuple[LogEntry, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    coverage: Coverage | None = None
    simulated: bool = False


@dataclass
class _Gathering:
    left_out: list[LeftOut] = field(default_factory=list)

    def ask(self, what: str, question: Callable[[], _R]) -> _R | None:
        """What a tool says; None, and a line on what was not looked at, where its source is missing."""
        try:
            return question()
        except SourceMissingError as error:
            self.left_out.append(LeftOut(what=what, count=1, reason=str(error)))
            return None


def gather(ctx: ToolContext, start: datetime, end: datetime) -> Evidence:
    """Ask every tool that may find a cause.

    Raises:
        SourceMissingError: when there is neither telemetry nor any log.
    """
    if ctx.telemetry is None and ctx.logs is None:
        raise SourceMissingError("telemetry and no logs")
    asked = _Gathering()
    since = looked_from(ctx, start, end)
    page = {"start": since, "end": end, "limit": _ROWS}
    log_page = {**page, "start": start}
    diagnosis = asked.ask("readings", lambda: diagnose(ctx, since, end))
    anomalies = asked.ask("anomalies", lambda: detect_anomalies(ctx, DetectAnomaliesArguments(**page)))
    quality = asked.ask("data quality", lambda: check_data_quality(ctx, CheckDataQualityArguments(**page)))
    heat = asked.ask("transformers", lambda: assess_transformer(ctx, AssessTransformerArguments(**page)))
    access = asked.ask("accesses", lambda: review_access_events(ctx, ReviewAccessEventsArguments(**log_page)))
    commands = asked.ask("commands", lambda: review_commands(ctx, ReviewCommandsArguments(**log_page)))
    model = diagnosis.model if diagnosis is not None else None
    if diagnosis is not None and model is None:
        asked.left_out.append(LeftOut(what="flows of the grid", count=1, reason="no grid model"))
    return Evidence(
        start=since,
        end=end,
        diagnosis=diagnosis,
        power=powers_of(diagnosis, model) if diagnosis is not None and model is not None else None,
        reactive=powers_of(diagnosis, model, "q") if diagnosis is not None and model is not None else None,
        sensitivities=sensitivities_of(model) if model is not None else None,
        anomalies=anomalies.anomalies if anomalies else (),
        issues=quality.issues if quality else (),
        transformers=heat,
        access=access.issues if access else (),
        commands=commands.issues if commands else (),
        log=_entries(ctx, start, end),
        left_out=tuple(asked.left_out),
        coverage=anomalies.coverage if anomalies else None,
        simulated=any(result.simulated for result in (anomalies, quality, heat, access, commands) if result),
    )


def looked_from(ctx: ToolContext, start: datetime, end: datetime) -> datetime:
    """From when readings are looked at: what is usual takes a day, or as much as can be held reading by reading."""
    periods = Counter(sensor.period_s for sensor in (ctx.telemetry.sensors() if ctx.telemetry else ()))
    period_s = next((float(period) for period, _ in periods.most_common() if period), 60.0)
    return min(start, end - min(_USUAL, timedelta(seconds=period_s * LONGEST)))


def _entries(ctx: ToolContext, start: datetime, end: datetime) -> tuple[LogEntry, ...]:
    """What was switched, commanded and alarmed."""
    if ctx.logs is None:
        return ()
    kinds = ctx.logs.kinds()
    found = [entry for kind in _LOGS if kind in kinds for entry in ctx.logs.stream(kind, start, end)]
    return tuple(sorted(found, key=lambda entry: entry.at))
