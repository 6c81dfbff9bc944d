"""Where a disturbance makes channels swing freely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tools.detection.oscillation.pencil import Floats

_BLOCK_S = 1.0
_TIMES = 25.0
"""Energy of a second over its median that is a disturbance: five times the usual amplitude."""
_SHORT_S, _SHORT_TIMES = 120.0, 8.0
_LENGTH_S, _LEAST_S = 20.0, 4.0
_OVER = 2.0
_PAST_S = 2.0
RECOVERED_S = 40.0
"""Time after a disturbance in which neither another one nor the usual swinging is looked for."""
_EXPLAINED = 0.85


@dataclass(frozen=True)
class Transient:
    """A free swing.

    Attributes:
        columns: From its largest deviation to where it has died down.
        sudden: Whether its energy stands out; else the record is short and perhaps all of it a free swing.
        needed: Share of its energy that modes must explain to be believed where it does not stand out.
    """

    columns: slice
    sudden: bool
    needed: float = _EXPLAINED


def find_transients(channels: Floats, step_s: float) -> list[Transient]:
    """Disturbances in order; of a short quiet record, the record."""
    quick = _against_past(channels, step_s)
    size = np.median(np.abs(quick), axis=1, keepdims=True)
    energy = ((quick / np.maximum(size, 1e-12)) ** 2).mean(axis=0)
    block = max(1, round(_BLOCK_S / step_s))
    count = quick.shape[1] // block
    blocks = energy[: count * block].reshape(count, block).mean(axis=1)
    short = quick.shape[1] * step_s < _SHORT_S
    limit = (_SHORT_TIMES if short else _TIMES) * float(np.median(blocks))
    found: list[Transient] = []
    least = round(_LEAST_S / step_s)
    place = 0
    while place < count:
        if blocks[place] > limit:
            columns = _columns(energy, blocks, place, block, step_s)
            if columns.stop - columns.start >= least:
                found.append(Transient(columns, sudden=True))
            place = max(place + 1, -(-(columns.start + round(RECOVERED_S / step_s)) // block))
        else:
            place += 1
    if not found and short:
        columns = _columns(energy, blocks, int(blocks.argmax()), block, step_s)
        if columns.stop - columns.start >= least:
            found.append(Transient(columns, sudden=False))
    return found


def _against_past(channels: Floats, step_s: float) -> Floats:
    """Each value less the mean of the two seconds before it: nothing of a disturbance shows before it happens."""
    length = max(1, round(_PAST_S / step_s))
    sums = np.cumsum(channels, axis=1)
    past = (sums[:, length:] - sums[:, :-length]) / length
    quick = np.zeros_like(channels)
    quick[:, length + 1 :] = channels[:, length + 1 :] - past[:, :-1]
    return quick


def _columns(energy: Floats, blocks: Floats, place: int, block: int, step_s: float) -> slice:
    """From the largest deviation near a block to where the energy is that of the quiet time, twenty seconds at most."""
    near = slice(max(0, (place - 1) * block), (place + 3) * block)
    start = near.start + int(energy[near].argmax())
    loud = np.flatnonzero(blocks[place:] > _OVER * np.median(blocks))
    calm = np.flatnonzero(np.diff(loud) > 3)  # noqa: PLR2004 - three quiet seconds end it
    last = int(loud[calm[0]] if len(calm) else loud[-1]) if len(loud) else 0
    length = min(_LENGTH_S, max(2 * _LEAST_S, (last + 1) * block * step_s))
    return slice(start, min(len(energy), start + round(length / step_s)))
