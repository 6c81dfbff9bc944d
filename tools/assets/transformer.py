"""Temperatures and ageing of transformers, and heat that load and ambient do not explain: the tool.

The expected top oil follows the thermal model of IEC 60076-7, clause 8.2, from load and ambient, beginning at the
measured temperature; the hot spot stands on the measured top oil. What a nameplate or a sensor does not give is listed
as not checked and never assumed in silence.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from tools.assets.ageing import Insulation
from tools.assets.course import Course, course_of
from tools.assets.issues import issues_of, moment
from tools.assets.loading import Load, load_of, voltage_sensors
from tools.assets.nameplate import thermal_plate
from tools.assets.schema.transformer import AssessTransformerArguments, TransformerAssessment, TransformerState
from tools.assets.signals import Clock, clock_of, mean_on_clock
from tools.assets.terminals import terminals_of
from tools.assets.thermal import oil_lag_min
from tools.assets.unit import TOP_OIL, Unit, chosen, units_of
from tools.coverage import LeftOut
from tools.errors import SourceMissingError
from tools.telemetry.bounds import refuse_too_many

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from tools.assets.nameplate import ThermalPlate
    from tools.context import ToolContext
    from tools.telemetry.schema.sensor import Sensor
    from tools.telemetry.series import Series

    Values = NDArray[np.float64]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEMPERATURES = frozenset({"celsius", ""})


def assess_transformer(ctx: ToolContext, args: AssessTransformerArguments) -> TransformerAssessment:
    """Each transformer's temperatures, hot spot, ageing and issues over a span.

    Raises:
        SourceMissingError: without telemetry, or without any transformer that has a temperature or a nameplate.
        UnknownElementError: when a name is that of no such transformer.
    """
    telemetry = ctx.need_telemetry()
    start, end = args.span(ctx.clock)
    end = min(end, ctx.clock.as_of)
    sensors = telemetry.sensors()
    units = units_of(ctx.assets.assets() if ctx.assets else (), sensors)
    if not units:
        raise SourceMissingError("transformer with a temperature sensor or a nameplate")
    wanted = chosen(units, args.elements)
    clock = clock_of(_us(start), _us(end))
    voltages = voltage_sensors(sensors)
    names = {item.name for unit in wanted for item in (*unit.sensors, *unit.surroundings)}
    names |= {item.name for group in voltages.values() for item in group}
    refuse_too_many([item for item in sensors if item.name in names], start, end)
    readings = telemetry.series(sorted(names), start, end)
    ends = terminals_of(ctx.grids, end, [unit.element for unit in wanted])
    states = []
    for unit in wanted:
        load = load_of(unit, readings, voltages, ends.get(str(unit.element), {}), clock)
        states.append(_state(unit, load, readings, (clock, end), len(wanted)))
    ranked = sorted(states, key=_rank)
    shown = ranked[args.offset : args.offset + args.limit]
    return TransformerAssessment(
        start=start,
        end=end,
        transformers=len(states),
        rows=tuple(shown),
        omitted=len(ranked) - len(shown),
        left_out=_left_out(ranked),
        simulated=any(unit.simulated for unit in wanted),
    )


def _state(
    unit: Unit, load: Load, readings: Mapping[str, Series], until: tuple[Clock, datetime], judged: int
) -> TransformerState:
    clock, end = until
    measured = _temperature(unit.of(TOP_OIL), readings, clock)
    ambient = _temperature(unit.surroundings, readings, clock)
    plate, notes = thermal_plate(unit.nameplate)
    insulation = _insulation(unit)
    course = course_of(clock, plate, insulation, (load.factor, ambient, measured))
    lag = oil_lag_min(plate) if plate else None
    issues = issues_of(course, lag, next((item.noise for item in unit.of(TOP_OIL) if item.noise), None), judged)
    missing = _missing(course, plate, insulation)
    newest = _newest(course)
    hottest = _highest(course.hot_spot)
    ageing = _mean(course.ageing)
    return TransformerState(
        element=unit.element,
        subject=unit.subject,
        at=end if newest is None else moment(course, newest),
        loading_percent=_percent(_value(course.load, newest)),
        ambient_celsius=_value(course.ambient, newest),
        top_oil_celsius=_value(course.measured, newest),
        expected_celsius=_value(course.expected, newest),
        deviation_kelvin=_value(course.deviation, newest),
        hot_spot_celsius=_value(course.hot_spot, newest),
        highest_hot_spot_celsius=_value(course.hot_spot, hottest),
        highest_hot_spot_at=None if hottest is None else moment(course, hottest),
        highest_loading_percent=_percent(_value(course.load, _highest(course.load))),
        ageing_rate=ageing,
        loss_of_life_h=None if ageing is None else ageing * _known_h(course),
        issues=issues,
        not_checked=(*notes, *load.notes, *missing),
    )


def _temperature(sensors: Sequence[Sensor], readings: Mapping[str, Series], clock: Clock) -> Values | None:
    return mean_on_clock([readings[item.name] for item in sensors if item.unit in _TEMPERATURES], clock)


def _insulation(unit: Unit) -> Insulation | None:
    named = unit.nameplate.insulation if unit.nameplate else None
    return Insulation(named) if named in set(Insulation) else None


def _missing(course: Course, plate: ThermalPlate | None, insulation: Insulation | None) -> list[LeftOut]:
    """What cannot be told for want of a reading or of the kind of paper."""
    found = []
    if course.measured is None:
        found.append(LeftOut(what="cooling", count=1, reason="no reading of the top-oil temperature"))
    if course.ambient is None:
        found.append(LeftOut(what="expected top oil", count=1, reason="no reading of the ambient temperature"))
    if plate is not None and insulation is None:
        reason = "the nameplate says neither normal nor thermally_upgraded insulation"
        found.append(LeftOut(what="ageing, loss of life", count=1, reason=reason))
    if course.measured is not None and course.expected is not None:
        unknown = int((~np.isfinite(course.measured - course.expected)).sum()) * course.clock.step_min
        if unknown:
            reason = "minutes without a reading of top oil, load or ambient"
            found.append(LeftOut(what="measured against expected", count=unknown, reason=reason))
    return found


def _newest(course: Course) -> int | None:
    """Newest step at which anything of the transformer itself is known; the oil before the load."""
    for values in (course.measured, course.expected, course.load):
        if values is not None and np.isfinite(values).any():
            return int(np.flatnonzero(np.isfinite(values))[-1])
    return None


def _highest(values: Values | None) -> int | None:
    return None if values is None or not np.isfinite(values).any() else int(np.nanargmax(values))


def _value(values: Values | None, step: int | None) -> float | None:
    if values is None or step is None or not isfinite(values[step]):
        return None
    return float(values[step])


def _percent(factor: float | None) -> float | None:
    return None if factor is None else 100 * factor


def _mean(values: Values | None) -> float | None:
    return None if values is None or not np.isfinite(values).any() else float(np.nanmean(values))


def _known_h(course: Course) -> float:
    """Hours of which the ageing is known."""
    steps = 0 if course.ageing is None else int(np.isfinite(course.ageing).sum())
    return max(steps - 1, 0) * course.clock.step_min / 60


def _rank(state: TransformerState) -> tuple[int, float, str]:
    """With an issue first, the most severe of them before, then the hottest."""
    worst = max((item.severity.rank for item in state.issues), default=-1)
    hot = state.highest_hot_spot_celsius or state.top_oil_celsius or state.expected_celsius
    return -worst, -(hot if hot is not None else -1e9), state.subject.name


def _left_out(states: Sequence[TransformerState]) -> tuple[LeftOut, ...]:
    """What was not checked of how many transformers, by thing and reason."""
    counted: dict[tuple[str, str], int] = {}
    for state in states:
        for item in state.not_checked:
            counted[item.what, item.reason] = counted.get((item.what, item.reason), 0) + 1
    return tuple(LeftOut(what=what, count=count, reason=reason) for (what, reason), count in sorted(counted.items()))


def _us(when: datetime) -> int:
    return (when - _EPOCH) // timedelta(microseconds=1)
