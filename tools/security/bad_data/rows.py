"""Issues as rows of the result: one builder, so that each carries the same surroundings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.amount import Amount
from tools.security.bad_data.custody import readings_custody
from tools.security.bad_data.verdict import Hand, Verdict
from tools.security.risk import finding_context
from tools.security.schema.bad_data import NAMED, BadDataIssue, BadDataKind, FaultShape, Repetition
from tools.telemetry.moments import from_us
from tools.vocabulary import Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tools.detection.frame import Frame
    from tools.security.bad_data.traces import Traces
    from tools.security.schema.context import ThreatTable
    from tools.telemetry.schema.sensor import Sensor
    from tools.telemetry.series import Series

TRACES_SHOWN = 5
_ATTACKS = frozenset({BadDataKind.INJECTION, BadDataKind.REPLAY})


@dataclass(frozen=True)
class Span:
    """When something stands out; ``lasting`` when it goes on to the end of what was looked at."""

    start_us: int
    end_us: int
    lasting: bool


@dataclass(frozen=True)
class Shown:
    """What a row shows of the leading sensor, in its own unit; each absent where it is not known.

    ``slight`` when the error is too small to matter, though it is sure.
    """

    value: float | None = None
    error: float | None = None
    strength: float | None = None
    shape: FaultShape | None = None
    repetition: Repetition | None = None
    missing: int | None = None
    slight: bool = False


@dataclass(frozen=True, eq=False)
class RowMaker:
    """Makes issues.

    Attributes:
        frame: Readings.
        held: All readings of the time and of the look back, by sensor.
        traces: Findings of the logs.
        table: What kinds of findings mean.
    """

    frame: Frame
    held: Mapping[str, Series]
    traces: Traces
    table: ThreatTable | None

    def span(self, first: int, stop: int, *, lasting: bool) -> Span:
        """The time of columns, the last not included."""
        at_us = self.frame.at_us
        return Span(int(at_us[first]), int(at_us[min(stop, len(at_us)) - 1]), lasting)

    def hand(self, rows: Sequence[int], span: Span) -> Hand:
        """What the logs say shortly before."""
        sensors = (self.frame.sensors[row] for row in rows)
        elements = {str(sensor.element) for sensor in sensors if sensor.element is not None}
        return Hand(tuple(self.traces.near(from_us(span.start_us), elements)), looked=bool(self.traces.seen))

    def row(self, rows: Sequence[int], span: Span, verdict: Verdict, shown: Shown) -> BadDataIssue | None:
        """One issue about some sensors, the leading one first; None when none of them has a reading at all."""
        sensors = [self.frame.sensors[row] for row in rows]
        leader = sensors[0]
        step_us = int(self.frame.step_s * 5e5)
        kept = [self.held[sensor.name] for sensor in sensors[:NAMED] if len(self.held[sensor.name])]
        if not kept:
            return None
        custody = readings_custody(kept, span.start_us - step_us, span.end_us + step_us)
        severity = _severity(verdict, shown)
        near = self.hand(rows, span).rows
        unit = leader.unit
        return BadDataIssue(
            subject=leader.ref,
            element=leader.element,
            quantity=leader.quantity,
            kind=verdict.kind,
            shape=shown.shape if verdict.kind is not BadDataKind.REAL_EVENT else None,
            severity=severity,
            start=from_us(span.start_us),
            end=None if span.lasting else from_us(span.end_us),
            readings=self._readings(leader, span) if shown.missing is None else shown.missing,
            sensors=tuple(sensor.ref for sensor in sensors[:NAMED]),
            sensors_omitted=max(0, len(sensors) - NAMED),
            value=None if shown.value is None else Amount(value=shown.value, unit=unit),
            expected=_amount(shown.value, shown.error, unit),
            deviation=None if shown.error is None else Amount(value=shown.error, unit=_difference(unit)),
            strength=shown.strength,
            repetition=shown.repetition,
            evidence=verdict.evidence,
            traces=near[:TRACES_SHOWN],
            traces_omitted=max(0, len(near) - TRACES_SHOWN),
            cause=verdict.cause,
            confidence=verdict.confidence,
            context=finding_context(self.table, verdict.kind, severity, verdict.confidence, custody),
        )

    def _readings(self, sensor: Sensor, span: Span) -> int:
        held = self.held[sensor.name]
        inside = (held.at_us >= span.start_us - int(self.frame.step_s * 5e5)) & (held.at_us <= span.end_us)
        return int((inside & np.isfinite(held.value)).sum())


def _severity(verdict: Verdict, shown: Shown) -> Severity:
    if shown.slight:
        return Severity.INFORMATION
    if verdict.kind in _ATTACKS:
        return Severity.WARNING if verdict.confidence is Confidence.LOW else Severity.CRITICAL
    if verdict.kind is BadDataKind.REAL_EVENT:
        return Severity.INFORMATION
    return Severity.INFORMATION if shown.shape is FaultShape.SPIKE else Severity.WARNING


def _amount(value: float | None, error: float | None, unit: str) -> Amount | None:
    return None if value is None or error is None else Amount(value=value - error, unit=unit)


def _difference(unit: str) -> str:
    """Unit of a difference; of temperatures in kelvin."""
    return "kelvin" if unit == "celsius" else unit
