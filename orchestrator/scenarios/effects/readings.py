"""Sensors that err, and sensors whose readings somebody falsifies: the grid is as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import numpy as np

from orchestrator.scenarios.effects.drawn import Drawn, Magnitude, When, draw_time, pick, pick_count
from orchestrator.scenarios.effects.traces import draw_traces
from orchestrator.scenarios.schema.troubles import (
    ANY,
    AtSensor,
    Drift,
    Dropout,
    FalseData,
    Falsified,
    Replay,
    Spike,
    Step,
    TroubleKind,
)
from orchestrator.simulation.sensor_faults import add, hold, lose, repeat
from tools.errors import InvalidArgumentError, close_names

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.random import Generator

    from orchestrator.scenarios.timeline import Timeline
    from orchestrator.simulation.measuring import Fault
    from orchestrator.simulation.sensors import Channel

_ABLE = {"p", "q", "vm"}
_CAUSES = {
    TroubleKind.DRIFT: "the transducer ages",
    TroubleKind.STEP: "wrong calibration",
    TroubleKind.SPIKE: "interference",
    TroubleKind.STUCK: "the last value is held",
    TroubleKind.DROPOUT: "the link is lost",
    TroubleKind.FALSE_DATA: "somebody adds to the measurement",
    TroubleKind.REPLAY: "somebody plays earlier readings again",
}
_Effect = tuple["Fault", Magnitude]


def draw_reading_trouble(
    trouble: AtSensor, channels: Sequence[Channel], timeline: Timeline, taken: Collection[str], chance: Generator
) -> Drawn:
    """What befalls one sensor.

    Args:
        trouble: Names a sensor, or any.
        channels: All sensors with their true values.
        timeline: The steps.
        taken: Sensors that have a trouble already.
        chance: Source of chance.

    Raises:
        InvalidArgumentError: when there is no such sensor, or it has a trouble already.
    """
    when = draw_time(trouble, timeline, chance)
    channel = _channel(trouble, channels, taken, chance)
    kind = TroubleKind(str(getattr(trouble, "kind", "")))
    if isinstance(trouble, Spike):
        when = _spiked(trouble, when, chance)
    fault, magnitude = _EFFECTS[kind](trouble, channel, when, timeline, chance)
    traces = trouble.trace if isinstance(trouble, Falsified) else ()
    lines, people = draw_traces(traces, timeline.at(when.start), channel.sensor.element, chance)
    return Drawn(
        label=trouble.label,
        kind=kind,
        subject=f"sensor:{channel.sensor.name}",
        when=when,
        magnitude=magnitude,
        cause=_CAUSES[kind],
        fault=fault,
        lines=lines,
        touched=(*((str(channel.sensor.element),) if channel.sensor.element else ()), *people),
    )


def _channel(trouble: AtSensor, channels: Sequence[Channel], taken: Collection[str], chance: Generator) -> Channel:
    if trouble.sensor == ANY:
        able = [one for one in channels if one.sensor.quantity in _ABLE and one.sensor.name not in taken]
        able = [one for one in able if one.sensor.element is not None and np.any(one.true != 0)]
        if not able:
            raise InvalidArgumentError(f"{trouble.label}: no sensor of powers or voltages is left")
        return able[int(chance.integers(len(able)))]
    found = {one.sensor.name: one for one in channels}
    if trouble.sensor not in found:
        near = close_names(trouble.sensor, found)
        raise InvalidArgumentError(f"{trouble.label}: sensor {trouble.sensor!r} does not exist. {near}")
    if trouble.sensor in taken:
        raise InvalidArgumentError(f"{trouble.label}: sensor {trouble.sensor!r} has a trouble already")
    return found[trouble.sensor]


def _drift(trouble: AtSensor, channel: Channel, when: When, timeline: Timeline, chance: Generator) -> _Effect:
    rate = _either(chance) * pick(chance, cast(Drift, trouble).rate_sigma_per_h)
    offset = np.zeros(timeline.steps)
    hours = np.arange(1, when.end - when.start + 1) * timeline.step_s / 3600
    offset[when.start : when.end] = rate * _sigma(channel) * hours
    return add(offset), Magnitude(rate, "sigma_per_h")


def _shift(trouble: AtSensor, channel: Channel, when: When, timeline: Timeline, chance: Generator) -> _Effect:
    size = _either(chance) * pick(chance, cast("Step | Spike | FalseData", trouble).size_sigma)
    offset = np.zeros(timeline.steps)
    offset[when.start : when.end] = size * _sigma(channel)
    return add(offset), Magnitude(size, "sigma")


def _spiked(trouble: Spike, when: When, chance: Generator) -> When:
    """As many readings in a row as are off."""
    return When(when.start, min(when.start + pick_count(chance, trouble.readings), when.end))


def _stuck(trouble: AtSensor, channel: Channel, when: When, timeline: Timeline, chance: Generator) -> _Effect:
    del trouble, timeline, chance
    moved = float(np.ptp(channel.true[when.start - 1 : when.end]))
    return hold(when.start, when.end), Magnitude(moved / _sigma(channel), "sigma")


def _dropout(trouble: AtSensor, channel: Channel, when: When, timeline: Timeline, chance: Generator) -> _Effect:
    del channel
    share = pick(chance, cast(Dropout, trouble).missing_percent) / 100
    gone = np.zeros(timeline.steps, dtype=bool)
    due = when.end - when.start
    others = chance.choice(np.arange(1, due), size=max(0, round(share * due) - 1), replace=False)
    gone[when.start] = True
    gone[when.start + others.astype(np.int64)] = True
    return lose(gone, np.zeros_like(gone)), Magnitude(float(100 * gone.sum() / due), "percent")


def _replay(trouble: AtSensor, channel: Channel, when: When, timeline: Timeline, chance: Generator) -> _Effect:
    back = max(1, round(pick(chance, cast(Replay, trouble).from_earlier_min) * 60 / timeline.step_s))
    if back > when.start:
        raise InvalidArgumentError(
            f"{trouble.label}: {back} steps before its begin there are no readings; "
            f"from_earlier_min of at most {when.start * timeline.step_s / 60:g} would be right"
        )
    before = channel.true[when.start - back : when.end - back]
    apart = np.sqrt(np.mean((before - channel.true[when.start : when.end]) ** 2))
    return repeat(when.start, when.end, back), Magnitude(float(apart / _sigma(channel)), "sigma")


def _sigma(channel: Channel) -> float:
    return float(channel.sensor.noise or 1.0)


def _either(chance: Generator) -> float:
    return float(chance.choice((-1.0, 1.0)))


_EFFECTS: dict[TroubleKind, Callable[[AtSensor, Channel, When, Timeline, Generator], _Effect]] = {
    TroubleKind.DRIFT: _drift,
    TroubleKind.STEP: _shift,
    TroubleKind.SPIKE: _shift,
    TroubleKind.STUCK: _stuck,
    TroubleKind.DROPOUT: _dropout,
    TroubleKind.FALSE_DATA: _shift,
    TroubleKind.REPLAY: _replay,
}
