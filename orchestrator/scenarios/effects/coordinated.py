"""Readings of a whole station falsified so that they fit each other, or all readings so that they fit another load."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from orchestrator.scenarios.effects.drawn import Drawn, Magnitude, draw_time, pick
from orchestrator.scenarios.effects.power import scaled_load
from orchestrator.scenarios.effects.targets import BRANCHES, ENDS
from orchestrator.scenarios.effects.traces import draw_traces
from orchestrator.scenarios.schema.troubles import ANY
from orchestrator.simulation.sensor_faults import add
from tools.element import ElementKind, ElementRef, parse_canonical
from tools.errors import InvalidArgumentError
from tools.grid.elements import element_ref

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

    from orchestrator.scenarios.effects.drawn import When
    from orchestrator.scenarios.physics import World
    from orchestrator.scenarios.schema.troubles import CoordinatedFalseData
    from orchestrator.scenarios.timeline import Timeline
    from orchestrator.simulation.measuring import Fault
    from orchestrator.simulation.sensors import Channel

_CAUSE = "somebody falsifies the readings of a station so that they add up"
_STEALTH = "somebody falsifies all readings so that they fit another load"
_LEAST_ENDS = 2


def draw_stealth(trouble: CoordinatedFalseData, world: World, chance: Generator) -> Drawn:
    """Every reading is what another load would make it: told by nothing but what is left in the logs."""
    when, load = draw_time(trouble, world.timeline, chance), _load(trouble, world.grid.net, chance)
    percent = _percent(trouble, chance)
    lines, people = draw_traces(trouble.trace, world.timeline.at(when.start), load, chance)
    return Drawn(
        label=trouble.label,
        kind=trouble.kind,
        subject=str(load),
        when=when,
        magnitude=Magnitude(percent, "percent"),
        cause=_STEALTH,
        change=scaled_load(when, np.array([world.grid.net.load.index.get_loc(load.index)]), percent),
        lines=lines,
        touched=people,
    )


def draw_station(
    trouble: CoordinatedFalseData,
    net: pandapowerNet,
    channels: Sequence[Channel],
    timeline: Timeline,
    chance: Generator,
) -> Drawn:
    """The load of a bus and the near ends of its branches, by amounts that add up."""
    when, load = draw_time(trouble, timeline, chance), _load(trouble, net, chance)
    percent, faults = _percent(trouble, chance), {}
    ends = _ends(net, int(net.load.bus.at[load.index]))
    shares = chance.dirichlet(np.full(len(ends), 4.0))
    held = {channel.sensor.name: channel for channel in channels}
    for quantity in ("p", "q"):
        extra = _extra(held, f"{load.kind}{load.index}.{quantity}", when, percent)
        if extra is None:
            continue
        faults[f"{load.kind}{load.index}.{quantity}"] = add(extra)
        for (element, side), share in zip(ends, shares, strict=True):
            name = f"{element.kind}{element.index}.{quantity}_{side}"
            if name in held:
                faults[name] = add(-share * extra)
    lines, people = draw_traces(trouble.trace, timeline.at(when.start), load, chance)
    return Drawn(
        label=trouble.label,
        kind=trouble.kind,
        subject=_first(trouble, load, faults),
        when=when,
        magnitude=Magnitude(percent, "percent"),
        cause=_CAUSE,
        faults=tuple(faults.items()),
        lines=lines,
        touched=(str(load), *(f"sensor:{name}" for name in faults), *(str(end) for end, _ in ends), *people),
    )


def _percent(trouble: CoordinatedFalseData, chance: Generator) -> float:
    return float(chance.choice((-1.0, 1.0))) * pick(chance, trouble.change_percent)


def _extra(held: Mapping[str, Channel], name: str, when: When, percent: float) -> NDArray[np.float64] | None:
    if name not in held:
        return None
    extra = np.zeros_like(held[name].true)
    extra[when.start : when.end] = held[name].true[when.start : when.end] * percent / 100
    return extra


def _load(trouble: CoordinatedFalseData, net: pandapowerNet, chance: Generator) -> ElementRef:
    """A load at a bus with two branches or more, so that there is something to add up.

    Raises:
        InvalidArgumentError: when there is none, or the one named is no such load.
    """
    able = [
        int(index)
        for index, bus in net.load.bus[net.load.in_service].items()
        if len(_ends(net, int(bus))) >= _LEAST_ENDS
    ]
    if not able:
        raise InvalidArgumentError(f"{trouble.label}: the grid has no load at a bus with two branches")
    if trouble.element == ANY:
        return element_ref(net, ElementKind.LOAD, able[int(chance.integers(len(able)))])
    named = parse_canonical(trouble.element)
    if named is None or named[0] is not ElementKind.LOAD or named[1] not in able:
        known = ", ".join(f"load:{index}" for index in able[:10])
        raise InvalidArgumentError(
            f"{trouble.label}: element {trouble.element!r} is no load at a bus with two branches; right would be one "
            f"of {known}"
        )
    return element_ref(net, *named)


def _ends(net: pandapowerNet, bus: int) -> list[tuple[ElementRef, str]]:
    """Branches in service at a bus, each with the side that lies there."""
    return [
        (element_ref(net, kind, int(index)), column.removesuffix("_bus"))
        for kind in BRANCHES
        for column in ENDS[kind]
        for index in net[kind.value].index[net[kind.value].in_service & (net[kind.value][column] == bus)]
    ]


def _first(trouble: CoordinatedFalseData, load: ElementRef, faults: Mapping[str, Fault]) -> str:
    """The sensor that it is named after: the load's, else the first.

    Raises:
        InvalidArgumentError: when the station has no sensor.
    """
    if not faults:
        raise InvalidArgumentError(f"{trouble.label}: {load} has no sensor; another load would be right")
    return f"sensor:{next(iter(faults))}"
