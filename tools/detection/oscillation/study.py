"""The oscillations of sensors of one quantity in one piece of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import hypot

import numpy as np
from scipy.signal import butter, csd, decimate, sosfiltfilt, welch

from tools.detection.oscillation.ambient import LEAST_S as AMBIENT_S
from tools.detection.oscillation.ambient import AmbientMode, ambient_modes
from tools.detection.oscillation.even import Floats, lay_even, whole_stretches
from tools.detection.oscillation.feeds import ANGLES, Live
from tools.detection.oscillation.lines import BANDWIDTH, Line, find_lines, without
from tools.detection.oscillation.lines import LEAST_S as LINES_S
from tools.detection.oscillation.passing import find_passing
from tools.detection.oscillation.ringdown import Mode, fit_ringdown
from tools.detection.oscillation.transients import RECOVERED_S, Transient, find_transients
from tools.detection.schema.oscillations import Origin
from tools.telemetry.moments import SECOND_US

LOWEST_HZ = 0.1
"""Slower swings are the work of governors and of frequency control."""
HIGHEST_MODE_HZ = 4.0
_AMBIENT_RATE_HZ = 8.0
_LEAST_S = 8.0
_LEAST_SAMPLES = 40
_PRESENT = 0.5
_SURE = 1.96
_BEFORE_S, _LEAST_TURNS, _AS_BEFORE = 20.0, 3.0, 0.5

Shape = np.ndarray[tuple[int], np.dtype[np.complex128]]


@dataclass(frozen=True, eq=False)
class Swing:
    """One oscillation that was found; half widths at 95 %.

    Attributes:
        origin: What keeps it going.
        start_us, stop_us: Time that it was found in.
        shape: Complex peak amplitude by sensor of the study.
        sure: Whether the time that it was found in begins with a disturbance, or shows harmonics.
    """

    origin: Origin
    start_us: int
    stop_us: int
    frequency_hz: float
    frequency_width_hz: float
    damping: float
    damping_width: float
    shape: Shape
    live: tuple[Live, ...]
    resolution_hz: float
    harmonics: int = 0
    sure: bool = False


@dataclass(frozen=True, eq=False)
class _Stretch:
    """Channels without gaps on even steps."""

    live: tuple[Live, ...]
    value: Floats
    step_s: float
    begin_us: int
    highest_hz: float

    @property
    def length_s(self) -> float:
        return float(self.value.shape[1] * self.step_s)

    def part(self, columns: slice) -> _Stretch:
        begin = self.begin_us + round(columns.start * self.step_s * SECOND_US)
        return _Stretch(self.live, self.value[:, columns], self.step_s, begin, self.highest_hz)

    @property
    def times_us(self) -> tuple[int, int]:
        return self.begin_us, self.begin_us + round((self.value.shape[1] - 1) * self.step_s * SECOND_US)


def study(live: Sequence[Live]) -> Iterator[Swing]:
    """All oscillations of sensors with like periods."""
    for stretch in _stretches(live):
        transients = find_transients(stretch.value, stretch.step_s)
        lasting = [swing for quiet in _quiet(stretch, transients) for swing in _lasting(quiet)]
        yield from lasting
        lines = [swing for swing in lasting if swing.origin is Origin.FORCED]
        for transient in transients:
            for swing in _ringdowns(stretch.part(transient.columns), transient):
                if not any(abs(swing.frequency_hz - line.frequency_hz) < line.resolution_hz for line in lines):
                    yield _if_new(swing, stretch, transient)


def _stretches(live: Sequence[Live]) -> Iterator[_Stretch]:
    step_s = float(np.median([item.sampled.period_s for item in live if item.sampled.period_s]))
    begin = min(int(item.sampled.at_us[0]) for item in live)
    end = max(int(item.sampled.at_us[-1]) for item in live)
    count = round((end - begin) / (step_s * SECOND_US)) + 1
    value = np.stack([lay_even(item.sampled, begin, step_s, count) for item in live])
    present = np.isfinite(value).mean(axis=1) >= _PRESENT
    kept = tuple(item for item, there in zip(live, present, strict=True) if there)
    if not kept:
        return
    value = value[present]
    if kept[0].sensor.quantity in ANGLES and len(kept) > 1:
        value = value - value.mean(axis=0)  # against the mean of all: the turning of the whole grid is no swing
    highest = min(item.sampled.visible_to_hz or 0.0 for item in kept)
    least = max(_LEAST_SAMPLES, round(_LEAST_S / step_s))
    for part in whole_stretches(value, least):
        first = begin + round(part.start * step_s * SECOND_US)
        yield _Stretch(kept, value[:, part], step_s, first, highest)


def _without_course(stretch: _Stretch) -> Floats:
    """The channels without what is slower than the modes looked for."""
    line = np.linspace(-1.0, 1.0, stretch.value.shape[1])
    slope = (stretch.value @ line / (line @ line))[:, None]
    level = stretch.value - stretch.value.mean(axis=1, keepdims=True) - slope * line
    sections = butter(2, LOWEST_HZ / 2, "highpass", fs=1 / stretch.step_s, output="sos")
    quick: Floats = sosfiltfilt(sections, level, axis=1)
    return quick


def _ringdowns(stretch: _Stretch, transient: Transient) -> Iterator[Swing]:
    highest = min(stretch.highest_hz, HIGHEST_MODE_HZ)
    modes: list[Mode] = fit_ringdown(
        stretch.value, stretch.step_s, LOWEST_HZ, highest, 0.0 if transient.sudden else transient.needed
    )
    for mode in modes:
        yield Swing(
            Origin.RINGDOWN,
            *stretch.times_us,
            mode.frequency_hz,
            _SURE * mode.frequency_error_hz,
            mode.damping,
            _SURE * mode.damping_error,
            mode.shape,
            stretch.live,
            resolution_hz=1.0 / stretch.length_s,
            sure=transient.sudden,
        )


def _if_new(swing: Swing, stretch: _Stretch, transient: Transient) -> Swing:
    """A swing that was as strong before the disturbance was not made by it, and is not told to be natural."""
    first = max(0, transient.columns.start - round(_BEFORE_S / stretch.step_s))
    before = stretch.value[:, first : transient.columns.start]
    lead = int(np.abs(swing.shape).argmax())
    if before.shape[1] * stretch.step_s < _LEAST_TURNS / swing.frequency_hz:
        return swing
    time = np.arange(before.shape[1]) * stretch.step_s
    turn = 2 * np.pi * swing.frequency_hz * time
    base = np.column_stack([np.ones_like(time), time, np.cos(turn), np.sin(turn)])
    weights, *_ = np.linalg.lstsq(base, before[lead], rcond=None)
    if hypot(weights[2], weights[3]) < _AS_BEFORE * float(abs(swing.shape[lead])):
        return swing
    return replace(swing, origin=Origin.UNCLEAR, sure=False)


def _quiet(stretch: _Stretch, transients: Sequence[Transient]) -> Iterator[_Stretch]:
    """What lies between disturbances."""
    pause = round(RECOVERED_S / stretch.step_s)
    first = 0
    for transient in [item for item in transients if item.sudden]:
        if transient.columns.start - first > 1:
            yield stretch.part(slice(first, transient.columns.start))
        first = max(transient.columns.stop, transient.columns.start + pause)
    if first < stretch.value.shape[1]:
        yield stretch.part(slice(first, stretch.value.shape[1]))


def _lasting(stretch: _Stretch) -> Iterator[Swing]:
    """Forced oscillations, and natural ones in what is left without them."""
    if stretch.length_s < LINES_S:
        return
    quick = _without_course(stretch)
    lines = find_lines(quick, stretch.step_s, LOWEST_HZ, stretch.highest_hz)
    for line in lines:
        yield _forced(line, stretch)
    rest = without(quick, stretch.step_s, lines)
    for passing in find_passing(rest, stretch.step_s, LOWEST_HZ, stretch.highest_hz):
        yield _forced(passing.line, stretch.part(passing.columns))
        rest[:, passing.columns] = without(rest[:, passing.columns], stretch.step_s, [passing.line])
    if stretch.length_s < AMBIENT_S:
        return
    slower = max(1, int(1.0 / stretch.step_s / _AMBIENT_RATE_HZ))
    thin = decimate(rest, slower, ftype="fir", axis=1) if slower > 1 else rest
    highest = min(stretch.highest_hz, 0.4 / (stretch.step_s * slower))
    for mode in ambient_modes(thin, stretch.step_s * slower, LOWEST_HZ, highest):
        yield _natural(mode, stretch, thin, stretch.step_s * slower)


def _forced(line: Line, stretch: _Stretch) -> Swing:
    return Swing(
        Origin.FORCED,
        *stretch.times_us,
        line.frequency_hz,
        line.frequency_width_hz,
        line.damping,
        # What is narrower than the time resolves may be a mode of as little damping.
        hypot(line.damping_width, 1.0 / (2.0 * line.frequency_hz * stretch.length_s)),
        line.shape,
        stretch.live,
        resolution_hz=2 * BANDWIDTH / stretch.length_s,
        harmonics=line.harmonics,
        sure=line.harmonics > 0,
    )


def _natural(mode: AmbientMode, stretch: _Stretch, quick: Floats, step_s: float) -> Swing:
    return Swing(
        Origin.AMBIENT,
        *stretch.times_us,
        mode.frequency_hz,
        mode.frequency_width_hz,
        mode.damping,
        mode.damping_width,
        _shape(quick, step_s, mode),
        stretch.live,
        resolution_hz=max(1.0 / stretch.length_s, 2 * mode.frequency_width_hz),
        sure=mode.damping_width < max(mode.damping, 0.0) / 2,
    )


def _shape(quick: Floats, step_s: float, mode: AmbientMode) -> Shape:
    """Amplitudes from the power within the mode's width, phases from cross spectra with the largest channel.

    D. J. Trudnowski, "Estimating electromechanical mode shape from synchrophasor measurements", IEEE Trans. Power
    Syst. 23(3), 2008.
    """
    piece = min(quick.shape[1], round(20.0 / (mode.frequency_hz * step_s)))
    frequency, power = welch(quick, fs=1 / step_s, nperseg=piece, axis=1)
    near = np.abs(frequency - mode.frequency_hz) <= max(mode.damping * mode.frequency_hz, frequency[1])
    size = np.sqrt(2.0 * power[:, near].sum(axis=1) * frequency[1])
    lead = int(size.argmax())
    _, cross = csd(quick[lead][None, :], quick, fs=1 / step_s, nperseg=piece, axis=1)
    turn = np.exp(1j * np.angle(cross[:, near].mean(axis=1)))
    return np.asarray(size * turn, dtype=np.complex128)
