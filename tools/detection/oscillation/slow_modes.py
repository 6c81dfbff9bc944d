"""Slow swings as rows of the report: which unit or load swings, and which sensors show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from tools.amount import Amount
from tools.detection.diagnosis import diagnose
from tools.detection.frame import Floats, Frame
from tools.detection.oscillation.slow import SLOWEST_S, SlowSwing, amplitudes, fastest_hz, slow_swings
from tools.detection.reconciled import reconciled
from tools.detection.schema.oscillations import Band, Origin, OscillationMode, Participant
from tools.element import ElementKind
from tools.vocabulary import Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Collection

    from tools.context import ToolContext

FASTEST_S = 10.0
"""Readings that come more often are looked at for faster modes."""
_INJECTING = frozenset({ElementKind.GEN, ElementKind.SGEN, ElementKind.LOAD, ElementKind.EXT_GRID, ElementKind.STORAGE})
_MOST_MISSING = 0.1
_SHOWN = 12
_SHOWS_SIGMA = 5.0
_SMALL = 0.01
"""Share of the usual power below which a swing is for the record only."""
_STEADY = 0.3
_SURE = 1.96
_METHOD = "periodogram over the median of all windows, of powers reconciled with all flows"


@dataclass(frozen=True)
class SlowLook:
    """What was looked through for swings of minutes, and what was found.

    Attributes:
        modes: The clearest first.
        sensors: Powers of units and loads that were looked through.
        visible_to_hz: Faster swings cannot be seen in them; None where none was looked through.
    """

    modes: tuple[OscillationMode, ...] = ()
    sensors: int = 0
    visible_to_hz: float | None = None


def slow_modes(ctx: ToolContext, names: Collection[str], start: datetime, end: datetime) -> SlowLook:
    """Swings of the power of units and loads with cycles of minutes, the clearest first.

    Args:
        ctx: Sources.
        names: Sensors that were asked for.
        start: Begin of the time.
        end: Its end.
    """
    if all((sensor.period_s or 0.0) < FASTEST_S for sensor in ctx.need_telemetry().sensors()):
        return SlowLook()
    diagnosis = diagnose(ctx, start, end)
    frame = diagnosis.frame
    if not FASTEST_S <= frame.step_s <= SLOWEST_S:
        return SlowLook()
    rows = [
        row
        for row, sensor in enumerate(frame.sensors)
        if sensor.name in names
        and sensor.quantity == "p"
        and sensor.element is not None
        and sensor.element.kind in _INJECTING
        and np.isfinite(frame.value[row]).mean() > 1 - _MOST_MISSING
    ]
    visible_to_hz = fastest_hz(frame.value.shape[1], frame.step_s)
    if not rows or visible_to_hz is None:
        return SlowLook()
    told = [reconciled(frame, diagnosis.verdicts, row) for row in rows]
    channels, noise = np.array([item[0] for item in told]), np.array([item[1] for item in told])
    modes = tuple(
        _mode(frame, rows[swing.channel], channels[swing.channel], swing)
        for swing in slow_swings(channels, noise, frame.step_s)
    )
    return SlowLook(modes, len(rows), visible_to_hz)


def _mode(frame: Frame, row: int, values: Floats, swing: SlowSwing) -> OscillationMode:
    sensor, window = frame.sensors[row], slice(swing.first, swing.stop)
    frequency, length_s = swing.frequency_hz, (swing.stop - swing.first) * frame.step_s
    [shape] = amplitudes(values[None, window], frequency, frame.step_s)
    middle = (swing.first + swing.stop) // 2
    halves = [
        float(np.abs(amplitudes(values[None, part], frequency, frame.step_s)[0]))
        for part in (slice(swing.first, middle), slice(middle, swing.stop))
    ]
    growth = float(np.log(max(halves[1], 1e-12) / max(halves[0], 1e-12))) / (length_s / 2)
    damping = -100.0 * growth / (2 * np.pi * frequency)
    width = 100.0 * _SURE * float(np.sqrt(16.0 / swing.strength)) / length_s / (2 * np.pi * frequency)
    error = _SURE * float(np.sqrt(12.0 / swing.strength)) / length_s / (2 * np.pi)
    steady = abs(halves[1] - halves[0]) <= _STEADY * max(halves)
    small = abs(shape) < _SMALL * float(np.abs(np.median(values)))
    participants = _participants(frame, row, window, frequency)
    return OscillationMode(
        quantity=sensor.quantity,
        origin=Origin.FORCED if steady else Origin.UNCLEAR,
        band=Band.COMMON,
        severity=Severity.INFORMATION if small else Severity.WARNING,
        confidence=Confidence.MEDIUM if steady else Confidence.LOW,
        start=frame.at(swing.first),
        end=frame.at(min(swing.stop, len(frame.at_us)) - 1),
        frequency_hz=frequency,
        frequency_low_hz=frequency - error,
        frequency_high_hz=frequency + error,
        damping_percent=damping,
        damping_low_percent=damping - width,
        damping_high_percent=damping + width,
        resolution_hz=1.0 / length_s,
        amplitude=Amount(value=float(abs(shape)), unit=sensor.unit),
        opposed=None,
        participants=participants[:_SHOWN],
        participants_omitted=max(0, len(participants) - _SHOWN),
        method=_METHOD,
    )


def _participants(frame: Frame, lead: int, window: slice, frequency_hz: float) -> tuple[Participant, ...]:
    """The sensors of the same quantity that show the swing themselves; the one at its source leads."""
    rows = [
        row
        for row, sensor in enumerate(frame.sensors)
        if sensor.quantity == frame.sensors[lead].quantity and np.isfinite(frame.value[row, window]).all()
    ]
    rows = [lead, *(row for row in rows if row != lead)]
    filled = frame.value[rows, window]
    filled = np.where(np.isfinite(filled), filled, np.nanmedian(filled, axis=1, keepdims=True))
    shapes = amplitudes(filled, frequency_hz, frame.step_s)
    error = frame.noise[rows] * np.sqrt(2.0 / filled.shape[1])
    ratio = shapes / shapes[0]
    order = sorted(range(1, len(rows)), key=lambda place: -abs(shapes[place]))
    shown = [0, *(place for place in order if abs(shapes[place]) > _SHOWS_SIGMA * error[place])]
    return tuple(
        Participant(
            subject=frame.sensors[rows[place]].ref,
            element=frame.sensors[rows[place]].element,
            amplitude=Amount(value=float(abs(shapes[place])), unit=frame.sensors[rows[place]].unit),
            share_percent=min(100.0, 100.0 * float(abs(ratio[place]))),
            phase_degree=float(np.degrees(np.angle(ratio[place]))),
        )
        for place in shown
    )
