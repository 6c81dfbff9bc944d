"""Sensors that measure the same and contradict each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from math import hypot

from tools.amount import Amount
from tools.telemetry.moments import from_us
from tools.telemetry.schema.reading import Conflict
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.series import Series

ALLOWED_SIGMA = 4.0
"""Standard errors of the difference that two sensors of the same quantity may be apart."""
UNDECLARED_SHARE = 0.02
"""Standard error, as a share of the value, of a sensor that declares none."""


def find_conflicts(sensors: Iterable[Sensor], values: Mapping[str, Series]) -> tuple[Conflict, ...]:
    """Conflicts among values of one time, widest first by how far they exceed what is allowed.

    Args:
        sensors: Those to compare.
        values: One fresh and usable value each; sensors without one are left out by the caller.
    """
    groups: dict[tuple[object, ...], list[Sensor]] = {}
    for sensor in sensors:
        if sensor.name in values and (sensor.element is not None or sensor.asset is not None):
            place = str(sensor.element) if sensor.element else f"asset:{sensor.asset}"
            groups.setdefault((place, sensor.quantity, sensor.side, sensor.unit), []).append(sensor)
    found = [conflict for group in groups.values() if len(group) > 1 for conflict in _conflict(group, values)]
    return tuple(sorted(found, key=lambda item: -item.difference.value / item.allowed.value))


def _conflict(group: list[Sensor], values: Mapping[str, Series]) -> Iterable[Conflict]:
    said = {sensor.name: sensor.sign * float(values[sensor.name].value[-1]) for sensor in group}
    apart = [
        (first, second, allowed)
        for first, second in combinations(group, 2)
        if abs(said[first.name] - said[second.name]) > (allowed := _allowed(first, second, said))
    ]
    if not apart:
        return
    involved = {sensor.name: sensor for pair in apart for sensor in pair[:2]}
    worst = max(apart, key=lambda pair: abs(said[pair[0].name] - said[pair[1].name]) / pair[2])
    lowest, highest = sorted((said[worst[0].name], said[worst[1].name]))
    unit = group[0].unit
    yield Conflict(
        element=group[0].element,
        quantity=group[0].quantity,
        at=from_us(max(int(values[name].at_us[-1]) for name in involved)),
        sensors=tuple(sensor.ref for sensor in involved.values()),
        lowest=Amount(value=lowest, unit=unit),
        highest=Amount(value=highest, unit=unit),
        difference=Amount(value=highest - lowest, unit=unit),
        allowed=Amount(value=worst[2], unit=unit),
    )


def _allowed(first: Sensor, second: Sensor, said: Mapping[str, float]) -> float:
    # Without any declared error even a value of zero has some room, or rounding would be a conflict.
    errors = [sensor.noise or max(UNDECLARED_SHARE * abs(said[sensor.name]), 1e-6) for sensor in (first, second)]
    return ALLOWED_SIGMA * hypot(*errors)
