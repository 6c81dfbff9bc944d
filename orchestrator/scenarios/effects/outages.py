"""A branch that trips, and a breaker that does not open: what stays in service carries the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from orchestrator.scenarios.effects.drawn import Drawn, Magnitude, When, draw_time
from orchestrator.scenarios.effects.targets import BRANCHES, ENDS, choose
from orchestrator.scenarios.physics import Outage
from orchestrator.simulation.staff import SCADA
from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError
from tools.grid.elements import element_ref
from tools.telemetry.schema.log import LogKind
from tools.telemetry.schema.operations import OutageKind, OutageRecord

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator
    from pandapower import pandapowerNet

    from orchestrator.scenarios.physics import World
    from orchestrator.scenarios.schema.troubles import BreakerFailure, LineTrip
    from orchestrator.simulation.log_lines import Line

_CAUSES = ("lightning", "flashover", "tree contact", "protection operated")
_EXPECTED_BACK = timedelta(minutes=120)


def draw_line_trip(trouble: LineTrip, world: World, chance: Generator) -> Drawn:
    """A branch is open from the trip until it is back."""
    when = draw_time(trouble, world.timeline, chance)
    element = choose(trouble, world, chance, BRANCHES)
    cause = str(chance.choice(_CAUSES))
    return Drawn(
        label=trouble.label,
        kind=trouble.kind,
        subject=str(element),
        when=when,
        magnitude=Magnitude(1, "branches"),
        cause=cause,
        change=_opened(when, (element,)),
        lines=_lines(world, when, (element,), cause) if trouble.logged else (),
        record=_record(world, when, (element, cause)) if trouble.logged else None,
    )


def draw_breaker_failure(trouble: BreakerFailure, world: World, chance: Generator) -> Drawn:
    """A branch has a fault, one of its breakers stays closed, and backup protection opens all others at that bus.

    Raises:
        InvalidArgumentError: when the bus is the external grid's, so that nothing would be left.
    """
    net, when = world.grid.net, draw_time(trouble, world.timeline, chance)
    element = choose(trouble, world, chance, BRANCHES)
    bus = int(net[element.kind.value].at[element.index, ENDS[element.kind][trouble.end == "to"]])
    if bus in set(net.ext_grid.bus):
        raise InvalidArgumentError(
            f"{trouble.label}: {element} ends at bus {bus}, the external grid's; the other end, or another branch, "
            "would be right"
        )
    cleared = tuple(branches_at(net, bus))
    dead = element_ref(net, ElementKind.BUS, bus)
    cause = f"fault on {element}, its breaker at bus:{bus} failed to open, backup protection cleared the bus"
    return Drawn(
        label=trouble.label,
        kind=trouble.kind,
        subject=str(dead),
        when=when,
        magnitude=Magnitude(len(cleared), "branches"),
        cause=cause,
        culprit=f"breaker of {element} at {dead}",
        change=_opened(when, cleared),
        lines=_lines(world, when, cleared, "backup protection operated") if trouble.logged else (),
        record=_record(world, when, (element, cause)) if trouble.logged else None,
        touched=tuple(str(branch) for branch in cleared),
    )


def branches_at(net: pandapowerNet, bus: int) -> list[ElementRef]:
    """Branches in service that end at a bus."""
    return [
        element_ref(net, kind, int(index))
        for kind in BRANCHES
        for index in net[kind.value].index[
            net[kind.value].in_service & (net[kind.value][list(ENDS[kind])] == bus).any(axis=1)
        ]
    ]


def _opened(when: When, branches: tuple[ElementRef, ...]) -> Callable[[World], World]:
    outage = Outage(when.start, when.end, tuple(str(branch) for branch in branches))

    def change(before: World) -> World:
        return replace(before, outages=(*before.outages, outage))

    return change


def _lines(world: World, when: When, branches: tuple[ElementRef, ...], cause: str) -> tuple[Line, ...]:
    """The switching log and the alarms of the trips, and of the return where it lies in the time."""
    lines: list[Line] = []
    for step, action, told, why in (
        (when.start, "open", "raise", f"tripped, {cause}"),
        (when.end, "close", "return", "back in service"),
    ):
        if step >= world.timeline.steps:
            continue
        at = world.timeline.at(step)
        for element in branches:
            common = {"host": SCADA, "element": element, "closed": action == "close"}
            origin = "protection" if action == "open" else None
            text = f"{element} {action}: {why}"
            lines.append((at, LogKind.SWITCHING, {**common, "origin": origin, "action": action, "text": text}))
            text = f"circuit breakers of {element}: {action}"
            lines.append((at, LogKind.ALARM, {**common, "action": told, "text": text}))
    return tuple(lines)


def _record(world: World, when: When, what: tuple[ElementRef, str]) -> OutageRecord:
    """The outage as the control room records it; open while it reaches beyond the time."""
    start = world.timeline.at(when.start)
    return OutageRecord(
        id="",
        element=what[0],
        kind=OutageKind.FORCED,
        start=start,
        end=world.timeline.at(when.end) if when.end < world.timeline.steps else None,
        expected_end=start + _EXPECTED_BACK,
        cause=what[1],
        simulated=True,
    )
