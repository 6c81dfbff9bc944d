"""Modes of a ring-down with their uncertainty: matrix pencil first, then least squares over all samples.

The refinement is the variable projection method: A. R. Borden and B. C. Lesieutre, "Variable projection method for
power system modal identification", IEEE Trans. Power Syst. 29(6), 2014. Its covariance gives the intervals; a residual
that is stronger near a mode than elsewhere widens them, because then the noise is not white.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import least_squares
from scipy.signal import periodogram

from tools.detection.oscillation.pencil import Floats, Poles, damping_ratio, pencil_poles
from tools.robust import MAD_TO_SIGMA

_MOST_POLES = 16
_MOST_SAMPLES = 400
"""More samples tell the pencil no more of some cycles; longer records are thinned for it, not for the least squares."""
_LEAST_SHARE = 0.03
_SURE = 4.0
"""Standard errors by which the amplitude of a mode must differ from nothing."""
_LEAST_CYCLES = 1.5
_MOST_DAMPING = 0.35
EXPLAINED = 0.6
_FASTEST_DECAY, _FASTEST_GROWTH = 60.0, 5.0
"""Powers of e over the record beyond which an exponential is a spike at one of its ends."""
_LEAST_TURN = 1e-6


@dataclass(frozen=True, eq=False)
class Mode:
    """One mode with standard errors.

    Attributes:
        frequency_hz, frequency_error_hz: Damped frequency.
        damping, damping_error: Ratio, as a fraction.
        shape: Complex peak amplitude by channel; its phase is that of a cosine at the begin.
    """

    frequency_hz: float
    frequency_error_hz: float
    damping: float
    damping_error: float
    shape: np.ndarray[tuple[int], np.dtype[np.complex128]]


def fit_ringdown(
    channels: Floats, step_s: float, lowest_hz: float, highest_hz: float, needed: float = 0.0
) -> list[Mode]:
    """The modes of channels that swing freely; empty when they cannot be told from noise.

    Args:
        channels: Channel by sample, from just after the disturbance.
        step_s: Time between samples.
        lowest_hz: Slower modes are the course of the frequency, and are not told.
        highest_hz: Faster ones cannot be seen.
        needed: Share of the energy that modes must explain, where it is more than the usual.
    """
    length_s = channels.shape[1] * step_s
    level = channels.mean(axis=1, keepdims=True)
    centred = channels - level
    noise = _noise(centred)
    scaled = centred / noise
    poles = _start(scaled, step_s, highest_hz)
    if not len(poles):
        return []
    fit = _Fit(scaled, step_s, poles)
    if fit.explained < max(EXPLAINED, needed):
        return []
    return [
        mode
        for mode in fit.modes(noise[:, 0])
        if max(lowest_hz, _LEAST_CYCLES / length_s) <= mode.frequency_hz <= highest_hz and mode.damping < _MOST_DAMPING
    ]


def _noise(centred: Floats) -> Floats:
    """Level of the fastest changes of each channel, so that channels of all units weigh alike."""
    bend = np.diff(centred, n=2, axis=1)
    level = MAD_TO_SIGMA * np.median(np.abs(bend), axis=1, keepdims=True) / np.sqrt(6.0)
    floor: Floats = np.maximum(level, np.maximum(1e-3 * centred.std(axis=1, keepdims=True), 1e-12))
    return floor


def _start(scaled: Floats, step_s: float, highest_hz: float) -> Poles:
    """Poles of the pencil that carry a share of the energy: one of each pair, real ones too, slow ones included."""
    thin = max(1, int(0.5 / (2.5 * highest_hz * step_s)), scaled.shape[1] // _MOST_SAMPLES)
    whole = scaled.shape[1] // thin * thin
    means = scaled[:, :whole].reshape(len(scaled), -1, thin).mean(axis=2) if thin > 1 else scaled
    poles = pencil_poles(means, step_s * thin, _MOST_POLES)
    length_s = scaled.shape[1] * step_s
    poles = poles[(poles.imag >= 0) & (np.abs(poles.imag) < np.pi / (step_s * thin))]
    poles = poles[(np.abs(poles.real) * length_s < _FASTEST_DECAY) & (poles.real * length_s < _FASTEST_GROWTH)]
    if not len(poles):
        return np.zeros(0, dtype=np.complex128)
    share = _Fit(scaled, step_s, poles, refine=False).shares()
    return np.asarray(poles[share > _LEAST_SHARE**2], dtype=np.complex128)


class _Fit:
    """Channels as sums of damped cosines, a constant and a straight line.

    Args:
        channels: Channel by sample, scaled to like noise.
        step_s: Time between samples.
        poles: One of each conjugate pair.
        refine: Whether the poles are moved to the least squares.
    """

    def __init__(self, channels: Floats, step_s: float, poles: Poles, refine: bool = True) -> None:
        self._channels, self._step_s = channels, step_s
        self._time = np.arange(channels.shape[1]) * step_s
        if refine:
            start = np.concatenate([poles.real, poles.imag])
            found = least_squares(self._residual, start, method="trf", x_scale="jac", max_nfev=60)
            poles = np.asarray(found.x[: len(poles)] + 1j * found.x[len(poles) :], dtype=np.complex128)
        self._poles = poles
        self._base = self._columns(poles)
        self._weights, *_ = np.linalg.lstsq(self._base, channels.T, rcond=1e-10)
        self._left = channels.T - self._base @ self._weights

    @property
    def explained(self) -> float:
        """Share of the energy beside a straight line that the modes explain."""
        line = np.column_stack([np.ones_like(self._time), self._time])
        straight, *_ = np.linalg.lstsq(line, self._channels.T, rcond=None)
        swing = float(((self._channels.T - line @ straight) ** 2).sum())
        return 1.0 - float((self._left**2).sum()) / swing if swing > 0 else 0.0

    def shares(self) -> Floats:
        """Energy of each pole over that of the channels."""
        total = float((self._channels**2).sum())
        parts = [self._part(place) for place in range(len(self._poles))]
        return np.array([float((part**2).sum()) / total for part in parts])

    def modes(self, unit: Floats) -> list[Mode]:
        """The oscillating ones, with standard errors; those whose amplitude is in doubt are left out."""
        covariance = self._covariance()
        count, found = len(self._poles), []
        for place, pole in enumerate(self._poles):
            omega = float(abs(pole.imag))
            # A real pole does not swing, and one past the last frequency of the samples is none.
            if not _LEAST_TURN < omega < np.pi / self._step_s or self._strength(place) < _SURE:
                continue
            wider = self._colour(omega / (2 * np.pi))
            sigma_error = wider * float(np.sqrt(max(covariance[place, place], 0.0)))
            omega_error = wider * float(np.sqrt(max(covariance[count + place, count + place], 0.0)))
            ratio = float(damping_ratio(np.array([pole]))[0])
            found.append(
                Mode(
                    frequency_hz=omega / (2 * np.pi),
                    frequency_error_hz=omega_error / (2 * np.pi),
                    damping=ratio,
                    damping_error=(sigma_error + abs(ratio) * omega_error) / omega,
                    shape=(self._weights[2 + 2 * place] - 1j * self._weights[3 + 2 * place]) * unit,
                )
            )
        return found

    def _columns(self, poles: Poles) -> Floats:
        columns = [np.ones_like(self._time), self._time / self._time[-1]]
        for pole in poles:
            envelope = np.exp(np.clip(pole.real * self._time, -50, 50))
            columns += [envelope * np.cos(pole.imag * self._time), envelope * np.sin(pole.imag * self._time)]
        return np.column_stack(columns)

    def _residual(self, unknown: Floats) -> Floats:
        half = len(unknown) // 2
        base = self._columns(unknown[:half] + 1j * unknown[half:])
        weights, *_ = np.linalg.lstsq(base, self._channels.T, rcond=1e-10)
        left: Floats = (self._channels.T - base @ weights).ravel()
        return left

    def _part(self, place: int) -> Floats:
        columns = slice(2 + 2 * place, 4 + 2 * place)
        part: Floats = self._base[:, columns] @ self._weights[columns]
        return part

    def _strength(self, place: int) -> float:
        """Root of the energy of one mode over that which noise puts into as many weights."""
        noise = self._left.var(axis=0) + 1e-12
        energy = (self._part(place) ** 2).sum(axis=0)
        return float(np.sqrt((energy / noise).max() / 2.0))

    def _covariance(self) -> Floats:
        """Of damping constants and angular frequencies, the weights projected out (Kaufman's approximation)."""
        normal = np.zeros((2 * len(self._poles), 2 * len(self._poles)))
        project, _ = np.linalg.qr(self._base)
        for channel, noise in enumerate(self._left.var(axis=0)):
            slopes = []
            for turn in (False, True):
                for place in range(2, self._base.shape[1], 2):
                    a, b = self._weights[place, channel], self._weights[place + 1, channel]
                    cos, sin = self._base[:, place], self._base[:, place + 1]
                    slopes.append(self._time * ((b * cos - a * sin) if turn else (a * cos + b * sin)))
            slope = np.column_stack(slopes)
            slope -= project @ (project.T @ slope)
            normal += slope.T @ slope / max(float(noise), 1e-12)
        return np.asarray(np.linalg.pinv(normal, hermitian=True), dtype=np.float64)

    def _colour(self, frequency_hz: float) -> float:
        """Root of the residual's power near a frequency over its mean; one where it is white."""
        frequency, power = periodogram(self._left.T, fs=1 / self._step_s)
        near = np.abs(frequency - frequency_hz) <= max(0.3 * frequency_hz, 2 * frequency[1])
        mean = power[:, 1:].mean() + 1e-300
        return float(np.sqrt(max(1.0, power[:, near].mean() / mean)))
