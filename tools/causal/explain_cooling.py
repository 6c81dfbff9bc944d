"""What lost cooling explains: oil that runs above what load and air explain, and rises as slowly as oil does.

A sensor that is wrong jumps or drifts as it likes; oil follows an extra heating with its own time constant
(IEC 60076-7, clause 8.2), and so it is told whether the transformer or its sensor is at fault.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.signal import lfilter

from tools.assets.course import course_of
from tools.assets.loading import load_of, voltage_sensors
from tools.assets.nameplate import thermal_plate
from tools.assets.schema.transformer import TransformerIssueKind
from tools.assets.signals import clock_of, mean_on_clock
from tools.assets.terminals import terminals_of
from tools.assets.thermal import oil_lag_min
from tools.assets.unit import TOP_OIL, units_of
from tools.assets.unit import chosen as chosen_units
from tools.causal.candidate import Candidate
from tools.causal.contrasts import gapless
from tools.causal.explained import LEAST_ROWS, Explained, Role, assembled, chosen, tried
from tools.causal.schema.causes import CauseKind
from tools.detection.smoothing import running_mean
from tools.robust import MAD_TO_SIGMA
from tools.telemetry.moments import from_us, to_us
from tools.vocabulary import Confidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.assets.course import Course
    from tools.assets.unit import Unit
    from tools.causal.evidence import Evidence
    from tools.context import ToolContext
    from tools.detection.frame import Floats
    from tools.telemetry.schema.sensor import Sensor

HEAT, COOLING, OIL = "heat", "cooling", "oil"
_SMOOTH_MIN = 10
_DEPARTED = 8
_JUMPED = 0.5
_JUMP_MIN = 10
_SETTLED_LAGS = 3


def overheated(evidence: Evidence) -> Iterator[Candidate]:
    """Transformers of which ``assess_transformer`` says that their cooling, or their thermometer, is at fault."""
    for state in evidence.transformers.rows if evidence.transformers else ():
        for issue in state.issues:
            if issue.kind is TransformerIssueKind.COOLING_LOSS:
                yield Candidate(
                    kind=CauseKind.COOLING_LOST,
                    start=issue.start,
                    end=issue.end,
                    strength=abs(issue.deviation_kelvin or 0.0),
                    observed=True,
                    sure=issue.confidence is not Confidence.LOW,
                    element=state.element,
                    subject=state.subject,
                    severity=issue.severity,
                    note=issue.cause,
                )


def explain_cooling(ctx: ToolContext, evidence: Evidence, candidate: Candidate) -> tuple[Candidate, Explained | None]:
    """The model of one transformer's oil; the candidate becomes its thermometer when the oil jumped.

    The strength becomes that of the rise in usual sizes of what the thermal model leaves open.
    """
    found = _course(ctx, evidence, candidate)
    if found is None:
        return candidate, None
    unit, course, lag = found
    deviation = course.deviation
    if deviation is None or course.expected is None or course.measured is None:
        return candidate, None
    begin, end = _steps(course, candidate)
    known = np.isfinite(deviation)
    outside, inside = known.copy(), np.zeros(len(known), dtype=bool)
    outside[begin : end + round(_SETTLED_LAGS * lag / course.clock.step_min)] = False
    inside[begin:end] = known[begin:end]
    ordinary = chosen(outside, _SMOOTH_MIN // 2)
    if len(ordinary) < LEAST_ROWS or not inside.any():
        return candidate, None
    length = max(1, _SMOOTH_MIN // course.clock.step_min)
    extra = running_mean(gapless(deviation - float(np.nanmedian(deviation[outside]))), length)
    rise = _response(len(known), (begin, end), lag / course.clock.step_min)
    part = rise * float(rise[inside] @ extra[inside] / (rise[inside] @ rise[inside]))
    places = np.flatnonzero(inside)
    worst = places[np.argsort(-extra[places])]
    clear = float(extra[worst[0]]) / max(MAD_TO_SIGMA * float(np.median(np.abs(extra[ordinary]))), 1e-3)
    sensor = unit.of(TOP_OIL)[0]
    made = replace(candidate, strength=max(0.0, clear))
    if _jumped(extra, begin, float(extra[worst[0]]), course.clock.step_min):
        made = replace(made, kind=CauseKind.SENSOR_FAULT, subject=sensor.ref, sure=False)
    heat = _hourly(course, length)
    trial_rows = np.unique(np.concatenate([ordinary, chosen(inside, _SMOOTH_MIN // 2)]))
    at = int(worst[0])
    return made, Explained(
        mechanism=assembled(
            {HEAT: heat, COOLING: part, OIL: extra + heat},
            [(HEAT, OIL), (COOLING, OIL)],
            (ordinary, worst[:_DEPARTED]),
        ),
        trial=tried((part, extra + heat, heat), trial_rows),
        node=COOLING if made.kind is CauseKind.COOLING_LOST else OIL,
        roles=_roles(candidate, sensor),
        target=sensor,
        at=from_us(int(course.clock.at_us[at])),
        value=float(course.measured[at]),
        without=float(course.measured[at] - part[at]),
        factor=1.0,
        clear=clear,
    )


def _roles(candidate: Candidate, sensor: Sensor) -> dict[str, Role]:
    return {
        HEAT: Role("load and air, by the thermal model", element=candidate.element),
        COOLING: Role("cooling that is missing, by the thermal model", element=candidate.element),
        OIL: Role("error of the thermometer, or of the thermal model", subject=sensor.ref),
    }


def _hourly(course: Course, length: int) -> Floats:
    """How the expected temperature moves about its own mean of hours."""
    expected = gapless(course.expected if course.expected is not None else np.zeros(course.clock.count))
    return np.asarray(expected - running_mean(expected, 12 * length))


def _course(ctx: ToolContext, evidence: Evidence, candidate: Candidate) -> tuple[Unit, Course, float] | None:
    """Measured and expected oil over the time, as ``assess_transformer`` has them."""
    telemetry = ctx.need_telemetry()
    sensors = telemetry.sensors()
    units = units_of(ctx.assets.assets() if ctx.assets else (), sensors)
    [unit] = chosen_units(units, [str(candidate.element or candidate.subject)])
    plate, _ = thermal_plate(unit.nameplate)
    if plate is None or not unit.of(TOP_OIL):
        return None
    clock = clock_of(to_us(evidence.start), to_us(min(evidence.end, ctx.clock.as_of)))
    voltages = voltage_sensors(sensors)
    names = {item.name for item in (*unit.sensors, *unit.surroundings)}
    names |= {item.name for group in voltages.values() for item in group}
    readings = telemetry.series(sorted(names), evidence.start, evidence.end)
    ends = terminals_of(ctx.grids, evidence.end, [unit.element])
    load = load_of(unit, readings, voltages, ends.get(str(unit.element), {}), clock)
    measured = mean_on_clock([readings[item.name] for item in unit.of(TOP_OIL)], clock)
    ambient = mean_on_clock([readings[item.name] for item in unit.surroundings], clock)
    course = course_of(clock, plate, None, (load.factor, ambient, measured))
    return unit, course, oil_lag_min(plate)


def _steps(course: Course, candidate: Candidate) -> tuple[int, int]:
    """First and last step of the excess on the course's clock, the last not included."""
    clock = course.clock
    begin = int(np.searchsorted(clock.at_us, to_us(candidate.start)))
    end = clock.count if candidate.end is None else int(np.searchsorted(clock.at_us, to_us(candidate.end))) + 1
    return min(begin, clock.count - 2), max(min(end, clock.count), begin + 1)


def _response(count: int, span: tuple[int, int], lag: float) -> Floats:
    """Share of its final rise that oil has after an extra heating began, and what is left of it after its end."""
    on = np.zeros(count)
    on[span[0] : span[1]] = 1.0
    keep = float(np.exp(-1 / max(lag, 1e-6)))
    return np.asarray(lfilter([1 - keep], [1, -keep], on))


def _jumped(extra: Floats, begin: int, height: float, step_min: int) -> bool:
    """Whether most of the rise came faster than oil can."""
    side = max(1, _JUMP_MIN // step_min)
    before, after = extra[max(0, begin - side) : begin], extra[begin : begin + side]
    return bool(len(before) and len(after) and float(after.max() - before.mean()) > _JUMPED * height)
