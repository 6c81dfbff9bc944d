"""Course of one transformer over a span: measured, expected, hot spot, ageing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.assets.ageing import Insulation, ageing_rate
from tools.assets.signals import runs
from tools.assets.thermal import hot_spot_rise, top_oil

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.assets.nameplate import ThermalPlate
    from tools.assets.signals import Clock

    Values = NDArray[np.float64]

_START_MIN = 10


@dataclass(frozen=True, eq=False)
class Course:
    """Values at the steps of a clock, NaN where unknown; None where a thing cannot be known at all."""

    clock: Clock
    load: Values | None = None
    ambient: Values | None = None
    measured: Values | None = None
    expected: Values | None = None
    hot_spot: Values | None = None
    ageing: Values | None = None

    @property
    def deviation(self) -> Values | None:
        """Measured minus expected, kelvin."""
        return None if self.measured is None or self.expected is None else self.measured - self.expected


def course_of(
    clock: Clock,
    plate: ThermalPlate | None,
    insulation: Insulation | None,
    known: tuple[Values | None, Values | None, Values | None],
) -> Course:
    """The course by IEC 60076-7.

    Args:
        clock: Steps.
        plate: Characteristics; None when they are not known.
        insulation: Kind of paper; None when it is not known.
        known: Load factor, ambient and measured top oil.
    """
    load, ambient, measured = known
    if plate is None or load is None:
        return Course(clock, load, ambient, measured)
    expected = None if ambient is None else _expected(clock, plate, load, ambient, measured)
    oil = expected if measured is None else measured
    rise = _rise(clock, plate, load)
    hot_spot = None if oil is None or rise is None else oil + rise
    ageing = None if hot_spot is None or insulation is None else ageing_rate(hot_spot, insulation)
    return Course(clock, load, ambient, measured, expected, hot_spot, ageing)


def _expected(clock: Clock, plate: ThermalPlate, load: Values, ambient: Values, measured: Values | None) -> Values:
    """Expected top oil; after each gap it starts anew from what is measured, else from the steady state."""
    found = np.full(clock.count, np.nan)
    steps = max(_START_MIN // clock.step_min, 1)
    for begin, end in runs(np.isfinite(load) & np.isfinite(ambient)):
        start = None
        if measured is not None and np.isfinite(measured[begin : begin + steps]).any():
            start = float(np.nanmedian(measured[begin : begin + steps]))
        found[begin:end] = top_oil(plate, load[begin:end], ambient[begin:end], clock.step_min, start)
    return found


def _rise(clock: Clock, plate: ThermalPlate, load: Values) -> Values | None:
    found = np.full(clock.count, np.nan)
    for begin, end in runs(np.isfinite(load)):
        rise = hot_spot_rise(plate, load[begin:end], clock.step_min)
        if rise is None:
            return None
        found[begin:end] = rise
    return found
