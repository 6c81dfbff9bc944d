"""Poles of several channels that share modes, by the matrix pencil.

Y. Hua and T. K. Sarkar, "Matrix pencil method for estimating parameters of exponentially damped/undamped sinusoids in
noise", IEEE Trans. Acoust., Speech, Signal Process. 38(5), 1990; several channels are stacked. The number of poles
is that of the singular values above the optimal hard threshold for white noise of unknown level: M. Gavish and
D. L. Donoho, "The optimal hard threshold for singular values is 4/sqrt(3)", IEEE Trans. Inf. Theory 60(8), 2014.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import svd

Floats = NDArray[np.float64]
Poles = NDArray[np.complex128]


def hankel(channels: Floats, width: int) -> Floats:
    """Channels of shape (channel, sample) as stacked Hankel matrices with ``width`` columns."""
    windows = np.lib.stride_tricks.sliding_window_view(channels, width, axis=1)
    stacked: Floats = windows.reshape(-1, width)
    return stacked


def pencil_poles(channels: Floats, step_s: float, most: int) -> Poles:
    """Poles in 1/s of channels that are sums of the same damped exponentials, in white noise.

    Args:
        channels: Channel by sample, each scaled to like noise.
        step_s: Time between samples.
        most: Poles at most.
    """
    width = max(2, channels.shape[1] // 2)
    _, strength, right = svd(hankel(channels, width), full_matrices=False)
    rows = (channels.shape[1] - width + 1) * len(channels)
    order = min(most, _significant(strength, rows, width), width - 1)
    return continuous(shift_poles(right[:order].T), step_s) if order else np.zeros(0, dtype=complex)


def shift_poles(basis: Floats, block: int = 1) -> Poles:
    """Eigenvalues of the shift by one block of rows that a signal subspace allows (least squares).

    Args:
        basis: With orthonormal columns, so that the normal equations lose nothing.
        block: Rows of a block.
    """
    here = basis[:-block]
    step = np.linalg.solve(here.T @ here, here.T @ basis[block:])
    return np.linalg.eigvals(step).astype(np.complex128)


def continuous(poles: Poles, step_s: float) -> Poles:
    """Poles per sample as poles in 1/s; those at zero or on the negative real axis have none and are left out."""
    known = poles[(np.abs(poles) > 0) & ~((poles.real < 0) & (np.abs(poles.imag) < 1e-9 * np.abs(poles)))]
    return np.asarray(np.log(known) / step_s, dtype=np.complex128)


def damping_ratio(poles: Poles) -> Floats:
    """Damping ratio of poles; 1 for a real decaying one."""
    return np.asarray(-poles.real / np.maximum(np.abs(poles), 1e-12), dtype=np.float64)


def _significant(strength: Floats, rows: int, columns: int) -> int:
    beta = min(rows, columns) / max(rows, columns)
    threshold = (0.56 * beta**3 - 0.95 * beta**2 + 1.82 * beta + 1.43) * float(np.median(strength))
    return int((strength > max(threshold, 1e-10 * float(strength[0]))).sum())
