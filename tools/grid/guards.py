"""What a plan must not harm: loadings near or beyond their limits, before and after every outage, in linear terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.screening.linear import LinearGrid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.screening.monitor import Band
    from tools.grid.screening.resident import Resident
    from tools.grid.screening.screen import Screened

# Loadings further below their limit than this many points are not watched, and at most so many are.
NEAR_POINTS = 25.0
MOST_WATCHED = 600


@dataclass(frozen=True)
class Guards:
    """Watched loadings; the rows of all arrays belong together.

    Attributes:
        room: Points left to the limit; negative by how much it is exceeded.
        per_mw: Points that one MW fed in at each bus of the matrix adds; the slack takes the balance.
        per_mvar: Points that one Mvar fed in at each bus adds.
        after_outage: Whether the loading is one after an outage.
    """

    room: NDArray[np.float64]
    per_mw: NDArray[np.float64]
    per_mvar: NDArray[np.float64]
    after_outage: NDArray[np.bool_]


@dataclass(frozen=True)
class _Watched:
    """One loading: a branch row, the outage after which it stands (a branch row too), and what flows."""

    row: int
    outage: int | None
    room: float
    loading_percent: float
    flow_mva: complex


def guards(state: Resident, screened: Screened) -> Guards:
    """The loadings worth watching, the tightest first; outages that cut buses off are left to the simulation."""
    watched = sorted(_watched(state, screened), key=lambda item: item.room)[:MOST_WATCHED]
    linear, size = LinearGrid(state.arrays), len(state.arrays.voltage)
    rows = sorted({item.row for item in watched} | {item.outage for item in watched if item.outage is not None})
    place = {row: at for at, row in enumerate(rows)}
    active = linear.flow_shares(rows) if rows else np.zeros((0, size))
    reactive = linear.flow_shares(rows, reactive=True) if rows else np.zeros((0, size))
    per_mw, per_mvar = np.zeros((len(watched), size)), np.zeros((len(watched), size))
    for at, item in enumerate(watched):
        share = active[place[item.row]]
        if item.outage is not None:
            share = share + _taken_over(state, share, item.outage, active[place[item.outage]])
        points = item.loading_percent / max(abs(item.flow_mva), 1e-9) ** 2
        per_mw[at] = points * item.flow_mva.real * share
        per_mvar[at] = points * item.flow_mva.imag * reactive[place[item.row]]
    return Guards(
        room=np.array([item.room for item in watched]),
        per_mw=per_mw,
        per_mvar=per_mvar,
        after_outage=np.array([item.outage is not None for item in watched], dtype=bool),
    )


def _taken_over(
    state: Resident, share: NDArray[np.float64], outage: int, of_outage: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What a branch takes over of each bus's share in the branch that is out."""
    start, end = int(state.arrays.start[outage]), int(state.arrays.end[outage])
    rest = 1.0 - float(of_outage[start] - of_outage[end])
    factor = float(share[start] - share[end]) / rest if rest > 1e-9 else 0.0  # noqa: PLR2004 - zero is a bridge
    return factor * of_outage


def _watched(state: Resident, screened: Screened) -> Iterator[_Watched]:
    yield from _near(state, state.arrays.voltage, state.monitor.normal, None)
    for place in np.flatnonzero(screened.figures["solved"]).tolist():
        circuit = int(screened.asked[place])
        opened = state.opened[circuit]
        if len(opened) == 1 and not len(state.dead[circuit]):
            yield from _near(state, screened.voltage(place), state.monitor.contingency, int(opened[0]))


def _near(state: Resident, voltage: NDArray[np.complex128], band: Band, outage: int | None) -> Iterator[_Watched]:
    thermal, arrays = state.monitor.thermal, state.arrays
    if not len(thermal.circuits):
        return
    loading = thermal.loading_percent(voltage[None, :])[0]
    room = band.loading_percent - loading
    first_row = arrays.circuits.rows[arrays.circuits.first[thermal.circuits]]
    for column in np.flatnonzero(room < NEAR_POINTS).tolist():
        row = int(first_row[column])
        if row != outage:
            start, end = voltage[arrays.start[row]], voltage[arrays.end[row]]
            flow = start * np.conj(arrays.yff[row] * start + arrays.yft[row] * end) * arrays.base_mva
            yield _Watched(row, outage, float(room[column]), float(loading[column]), complex(flow))
