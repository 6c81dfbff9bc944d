"""Natural modes out of the random swinging of a quiet grid.

Covariances of the output of a system that noise drives decay as its free response does, so that the poles of their
Hankel matrix are its modes: covariance-driven stochastic subspace identification (B. Peeters and G. De Roeck,
"Reference-based stochastic subspace identification for output-only modal analysis", Mech. Syst. Signal Process. 13(6),
1999; for grids: S. A. N. Sarmadi and V. Venkatasubramanian, "Electromechanical mode estimation using recursive adaptive
stochastic subspace identification", IEEE Trans. Power Syst. 29(1), 2014). A mode counts when it is found again at most
model orders. The intervals are the jackknife's over blocks of time, and never below what theory allows: a damping ratio
z of a mode of angular frequency w cannot be known better than sqrt(z / (w T)) from a time T.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.linalg import eigh
from scipy.signal import welch
from scipy.stats import t as student

from tools.detection.oscillation.pencil import Floats, Poles, continuous, damping_ratio, shift_poles

BLOCKS = 10
LEAST_S = 180.0
"""A shorter time holds too few swings of an inter-area mode to tell its damping."""
_ORDERS = tuple(range(4, 25, 2))
_FOUND_AGAIN = 0.6
_NEAR_HZ, _NEAR_DAMPING = 0.03, 0.04
_SPAN_S, _MOST_LAGS = 8.0, 64
_REFERENCES = 6
_MOST_DAMPING = 0.25
_UNSURE = 0.06
_PROMINENT = 3.0
_NOTHING = 1e-14
"""Share of the largest squared singular value below which rounding is left."""
_CARRIES = 0.1
"""Share of its neighbours' covariance below which a pole only mends the shape of their peak."""
_NEIGHBOURS = 1.4


@dataclass(frozen=True)
class AmbientMode:
    """A mode with half widths at 95 %."""

    frequency_hz: float
    frequency_width_hz: float
    damping: float
    damping_width: float


def ambient_modes(channels: Floats, step_s: float, lowest_hz: float, highest_hz: float) -> list[AmbientMode]:
    """Modes of channels (channel by sample, without their slow course) that noise drives; none that is in doubt."""
    scaled = channels / np.maximum(channels.std(axis=1, keepdims=True), 1e-12)
    lags = max(8, min(_MOST_LAGS, round(_SPAN_S / step_s)))
    blocks = _covariances(scaled, 2 * lags)
    total = blocks.sum(axis=0)
    found = _stable(_orders(total, step_s, lags), lowest_hz, highest_hz)
    found = _carrying(total, step_s, [pole for pole in found if _prominent(scaled, step_s, pole)])
    if not found:
        return []
    partial = [_orders(total - block, step_s, lags) for block in blocks]
    length_s = channels.shape[1] * step_s
    modes = [mode for pole in found if (mode := _with_widths(pole, partial, length_s)) is not None]
    return _apart(modes)


def _covariances(scaled: Floats, lags: int) -> Floats:
    """Products at each lag from one on, by block of time: block, lag, channel, reference."""
    energy = np.argsort(-np.abs(np.corrcoef(scaled)).sum(axis=0)) if len(scaled) > 1 else np.zeros(1, dtype=int)
    references = scaled[energy[:_REFERENCES]]
    edges = np.linspace(0, scaled.shape[1] - lags, BLOCKS + 1).astype(int)
    sums = np.empty((BLOCKS, lags, len(scaled), len(references)))
    for block, (first, stop) in enumerate(pairwise(edges.tolist())):
        past = references[:, first:stop].T
        for lag in range(lags):
            sums[block, lag] = scaled[:, first + lag + 1 : stop + lag + 1] @ past
    return sums


def _orders(covariance: Floats, step_s: float, lags: int) -> list[Poles]:
    """Poles at each model order; one of each pair."""
    rows = [np.concatenate([covariance[row + column] for column in range(lags)], axis=1) for row in range(lags)]
    left = _leading(np.concatenate(rows), _ORDERS[-1])
    channels = covariance.shape[1]
    found = []
    for order in _ORDERS:
        if order <= left.shape[1]:
            poles = continuous(shift_poles(left[:, :order], channels), step_s)
            found.append(poles[poles.imag > 0])
    return found


def _leading(matrix: Floats, most: int) -> Floats:
    """The leading left singular vectors of a tall matrix, by its small Gram matrix: all of its are hundreds."""
    size = matrix.shape[1]
    strength, right = eigh(matrix.T @ matrix, subset_by_index=[max(0, size - most), size - 1])
    kept = strength > _NOTHING * strength[-1]
    leading: Floats = (matrix @ right[:, kept] / np.sqrt(strength[kept]))[:, ::-1]
    return leading


def _stable(orders: list[Poles], lowest_hz: float, highest_hz: float) -> list[complex]:
    """Poles that most orders agree on, as the median over the orders."""
    left = [list(poles) for poles in orders]
    found: list[complex] = []
    for order in range(len(left)):
        for pole in list(left[order]):
            mine = [_nearest(pole, poles) for poles in left]
            agreeing = [item for item in mine if item is not None]
            if len(agreeing) < _FOUND_AGAIN * len(orders):
                continue
            for poles, item in zip(left, mine, strict=True):
                if item is not None:
                    poles.remove(item)
            found.append(complex(np.median(np.real(agreeing)), np.median(np.imag(agreeing))))
    return [
        pole for pole in found if lowest_hz <= pole.imag / (2 * np.pi) <= highest_hz and _ratio(pole) < _MOST_DAMPING
    ]


def _nearest(pole: complex, poles: list[complex]) -> complex | None:
    near = [
        item
        for item in poles
        if abs(item.imag - pole.imag) < _NEAR_HZ * pole.imag and abs(_ratio(item) - _ratio(pole)) < _NEAR_DAMPING
    ]
    return min(near, key=lambda item: abs(item - pole)) if near else None


def _prominent(scaled: Floats, step_s: float, pole: complex) -> bool:
    """Whether the spectrum has a peak there: three times its surroundings in one channel at least."""
    frequency_hz = pole.imag / (2 * np.pi)
    pieces = min(scaled.shape[1], max(64, int(scaled.shape[1] // BLOCKS * 2)))
    frequency, power = welch(scaled, fs=1 / step_s, nperseg=pieces, axis=1)
    half = max(frequency[1], _ratio(pole) * frequency_hz)
    peak = np.abs(frequency - frequency_hz) <= half
    around = (np.abs(frequency - frequency_hz) > 2 * half) & (frequency > frequency_hz / 2)
    around &= frequency < 2 * frequency_hz
    if not around.any():
        return False
    return bool((power[:, peak].mean(axis=1) > _PROMINENT * np.median(power[:, around], axis=1)).any())


def _apart(modes: list[AmbientMode]) -> list[AmbientMode]:
    """Of modes whose frequencies cannot be told apart the one that is known best, by frequency."""
    kept: list[AmbientMode] = []
    for mode in sorted(modes, key=lambda item: item.frequency_width_hz):
        if all(
            abs(mode.frequency_hz - other.frequency_hz) > mode.frequency_width_hz + other.frequency_width_hz
            for other in kept
        ):
            kept.append(mode)
    return sorted(kept, key=lambda item: item.frequency_hz)


def _carrying(covariance: Floats, step_s: float, poles: list[complex]) -> list[complex]:
    """Without poles that carry little beside a neighbour: chance and the noise of sensors make such."""
    if len(poles) < 2:  # noqa: PLR2004 - a pole alone has no neighbour
        return poles
    time = np.arange(1, len(covariance) + 1) * step_s
    swings = [np.exp(pole * time) for pole in poles]
    base = np.column_stack([part for swing in swings for part in (swing.real, swing.imag)])
    flat = covariance.reshape(len(covariance), -1)
    weights, *_ = np.linalg.lstsq(base, flat, rcond=None)
    energy = [
        float(((base[:, 2 * place : 2 * place + 2] @ weights[2 * place : 2 * place + 2]) ** 2).sum())
        for place in range(len(poles))
    ]
    return [
        pole
        for place, pole in enumerate(poles)
        if all(
            energy[place] >= _CARRIES * energy[other]
            for other, rival in enumerate(poles)
            if 1 / _NEIGHBOURS < rival.imag / pole.imag < _NEIGHBOURS
        )
    ]


def _with_widths(pole: complex, partial: list[list[Poles]], length_s: float) -> AmbientMode | None:
    """Half widths by the jackknife; None where a part of the time does not show the mode or its frequency is unsure."""
    again = []
    for orders in partial:
        near = [item for poles in orders if (item := _nearest(pole, list(poles))) is not None]
        if near:
            again.append((np.median([item.imag for item in near]), np.median([_ratio(item) for item in near])))
    if len(again) < BLOCKS - 1:
        return None
    values = np.array(again)
    spread = np.sqrt((len(values) - 1) / len(values) * ((values - values.mean(axis=0)) ** 2).sum(axis=0))
    omega, ratio = pole.imag, _ratio(pole)
    theory = np.sqrt(max(abs(ratio), 0.001) / (omega * length_s))
    factor = float(student.ppf(0.975, len(values) - 1))
    frequency_width = factor * max(float(spread[0]), theory * omega) / (2 * np.pi)
    if frequency_width > _UNSURE * 2 * omega / (2 * np.pi):
        return None
    return AmbientMode(
        frequency_hz=omega / (2 * np.pi),
        frequency_width_hz=frequency_width,
        damping=ratio,
        damping_width=factor * max(float(spread[1]), theory),
    )


def _ratio(pole: complex) -> float:
    return float(damping_ratio(np.array([pole]))[0])
