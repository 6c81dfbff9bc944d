"""Sets after which no protection acts, told from all others at once: only the others are simulated step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.cascading.relays import Settings
    from tools.grid.cascading.subject import Initiating, Subject

# A set is quiet when everything stays this much below what would make a relay start.
CLEARANCE = 0.98
CLEARANCE_PU = 0.005
# Sets that the batch engine solves at a time, so that their voltages fit in memory; bytes of the linear screen.
AC_CHUNK, MOST_BYTES = 512, 600_000_000
# A determinant below it says that the outages together cut the grid in two.
SPLIT = 1e-6


class Screened:
    """State of the grid right after one set: loadings by rated circuit, and whether no relay starts."""

    def __init__(self, place: int, loading_percent: NDArray[np.float64], *, calm: bool) -> None:
        self.place = place
        self.loading_percent = loading_percent
        self.calm = calm

    def quiet(self, pickup_percent: NDArray[np.float64]) -> bool:
        """Whether no protection acts."""
        return self.calm and bool((self.loading_percent <= CLEARANCE * pickup_percent).all())


def screened(subject: Subject, settings: Settings, sets: Sequence[Initiating]) -> Iterator[Screened]:
    """The state after each set that leaves the grid in one piece and all units in; the others are passed over."""
    asked = [place for place, one in enumerate(sets) if one.circuits and not one.units]
    if subject.ac:
        yield from _by_batch(subject, settings, sets, asked)
    else:
        yield from _by_factors(subject, settings, sets, asked)


def _opened(subject: Subject, one: Initiating) -> NDArray[np.int64]:
    return np.concatenate([subject.state.opened[circuit] for circuit in one.circuits])


def _without(subject: Subject, one: Initiating, loading: NDArray[np.float64]) -> NDArray[np.float64]:
    loading[np.isin(subject.rated, one.circuits)] = 0.0
    return loading


def _by_batch(subject: Subject, settings: Settings, sets: Sequence[Initiating], asked: list[int]) -> Iterator[Screened]:
    """AC, by the batch engine, from the base solution; the reference takes the change of the losses."""
    if subject.state.model is None:
        return
    for first in range(0, len(asked), AC_CHUNK):
        chunk = asked[first : first + AC_CHUNK]
        # the engine knows an outage by its rows: equal ones only once
        rows = {tuple(sorted(_opened(subject, sets[place]).tolist())): place for place in chunk}
        same: dict[int, list[int]] = {}
        for place in chunk:
            same.setdefault(rows[tuple(sorted(_opened(subject, sets[place]).tolist()))], []).append(place)
        distinct = list(rows.values())
        solution = subject.state.model.solve([_opened(subject, sets[place]) for place in distinct])
        for row, at in enumerate(solution.outage.tolist()):
            voltage = solution.voltage[row]
            if not solution.converged[row] or (voltage == 0).any():
                continue
            one = sets[distinct[at]]
            loading = _without(subject, one, subject.loading_percent(voltage))
            calm = bool((np.abs(voltage) >= settings.undervoltage_pu + CLEARANCE_PU)[settings.load].all())
            calm = calm and _in_step(subject, settings, np.angle(voltage), _opened(subject, one))
            for place in same[distinct[at]]:
                yield Screened(place, loading, calm=calm)


def _in_step(subject: Subject, settings: Settings, angle_rad: NDArray[np.float64], opened: NDArray[np.int64]) -> bool:
    across = np.abs(np.rad2deg(subject.solver.across_rad(angle_rad)))
    across[opened] = 0.0
    return bool((across <= CLEARANCE * settings.protection.out_of_step_degree).all())


def _by_factors(
    subject: Subject, settings: Settings, sets: Sequence[Initiating], asked: list[int]
) -> Iterator[Screened]:
    """DC, by line outage distribution factors of all opened rows together (Guler, Gross, Liu 2007)."""
    arrays, solver = subject.arrays, subject.solver
    rows = arrays.circuits.rows
    size = 8 * len(rows) * (len(arrays.voltage) + len(arrays.start))
    if not asked or size > MOST_BYTES or len(arrays.reference) > 1:
        return
    angle = np.angle(subject.base_voltage)
    flow_mw = solver.row_flow_mw(angle)
    share = subject.transfer
    column = np.full(len(arrays.start), -1, dtype=np.int64)
    column[rows] = np.arange(len(rows))
    most_mw = np.deg2rad(CLEARANCE * settings.protection.out_of_step_degree) * arrays.base_mva
    stiff = np.abs(solver.susceptance) * most_mw
    for place in asked:
        opened = _opened(subject, sets[place])
        columns = column[opened]
        rest = np.eye(len(opened)) - share[np.ix_(opened, columns)]
        if abs(np.linalg.det(rest)) < SPLIT:
            continue
        flow = np.abs(flow_mw + share[:, columns] @ np.linalg.solve(rest, flow_mw[opened]))
        flow[opened] = 0.0
        loading = subject.loading_of_flows(flow)
        yield Screened(place, loading, calm=bool((flow <= stiff).all()))
