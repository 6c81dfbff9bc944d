"""A feeder as plain arrays in per unit: what the compiled search works on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Network(NamedTuple):
    """Buses and branch rows of the solved matrix with every tie closed; a configuration says which rows are closed.

    Attributes:
        base_mva: Power base.
        root: Whether a bus is a source.
        source: Voltage of the sources; 1 elsewhere.
        load: Constant power drawn at each bus.
        shunt: Admittance to ground at each bus.
        start, end: Buses of each row.
        yff, yft, ytf, ytt: Two-port admittances of each row.
        first, touching: Rows at each bus: ``touching[first[b]:first[b + 1]]``.
        dangling_bus: Bus that keeps a row charged while it is open at its other end only; -1 for none.
        dangling_y: Admittance of the row seen from there.
        vm_min, vm_max: Voltage limits of each bus, pu; infinite where there is none.
        start_percent, end_percent: Loading of each row by one pu of current at either end; 0 without a rating.
        loading_limit: Limit of that loading, percent; infinite where there is none.
        demand_mw: Load at each bus that a failure interrupts.
        failures: Failures of each row in a year.
        z_floor: Series impedance for the bound, pu; 0 where a row is no plain line.
    """

    base_mva: float
    root: NDArray[np.bool_]
    source: NDArray[np.complex128]
    load: NDArray[np.complex128]
    shunt: NDArray[np.complex128]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    yff: NDArray[np.complex128]
    yft: NDArray[np.complex128]
    ytf: NDArray[np.complex128]
    ytt: NDArray[np.complex128]
    first: NDArray[np.int64]
    touching: NDArray[np.int64]
    dangling_bus: NDArray[np.int64]
    dangling_y: NDArray[np.complex128]
    vm_min: NDArray[np.float64]
    vm_max: NDArray[np.float64]
    start_percent: NDArray[np.float64]
    end_percent: NDArray[np.float64]
    loading_limit: NDArray[np.float64]
    demand_mw: NDArray[np.float64]
    failures: NDArray[np.float64]
    z_floor: NDArray[np.complex128]


class Aim(NamedTuple):
    """What makes one configuration better than another.

    Attributes:
        closed: Rows that are closed now, by which switchings are counted.
        interruption_price_kw: Losses in kW that one MW of load interrupted in a year is worth.
        switching_price_kw: Losses in kW that one switching is worth.
        most_switchings: More switchings are not allowed.
        keep_limits: Whether configurations that keep all limits come first.
        square_ceiling: Square of the highest voltage that can be, pu, for the bound; 0 where no bound holds.
        reactive: Whether reactive power counts in the bound.
    """

    closed: NDArray[np.bool_]
    interruption_price_kw: float
    switching_price_kw: float
    most_switchings: int
    keep_limits: bool
    square_ceiling: float
    reactive: bool


def rows_at(size: int, start: NDArray[np.int64], end: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows at each bus, as ``first`` and ``touching``."""
    rows = np.arange(len(start), dtype=np.int64)
    bus, row = np.concatenate((start, end)), np.concatenate((rows, rows))
    order = np.argsort(bus, kind="stable")
    first = np.searchsorted(bus[order], np.arange(size + 1)).astype(np.int64)
    return first, row[order]
