"""All troubles of a scenario, decided: those of the grid first, for the readings of the others follow from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from orchestrator.scenarios.effects.cooling import draw_cooling_loss
from orchestrator.scenarios.effects.intrusion import draw_command_sequence, draw_guessing, draw_protocol_scan
from orchestrator.scenarios.effects.outages import draw_breaker_failure, draw_line_trip
from orchestrator.scenarios.effects.power import draw_oscillation, draw_overload
from orchestrator.scenarios.effects.readings import draw_reading_trouble
from orchestrator.scenarios.schema.troubles import (
    ANY,
    AtSensor,
    BreakerFailure,
    CommandSequence,
    CoolingLoss,
    Guessing,
    LineTrip,
    Oscillation,
    Overload,
    ProtocolScan,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator

    from orchestrator.scenarios.effects.drawn import Drawn
    from orchestrator.scenarios.physics import World
    from orchestrator.scenarios.schema.troubles import AnyTrouble
    from orchestrator.scenarios.timeline import Timeline
    from orchestrator.simulation.sensors import Channel

_DRAW: Mapping[type, Callable[[Any, World, Generator], Drawn]] = {
    BreakerFailure: draw_breaker_failure,
    CommandSequence: draw_command_sequence,
    CoolingLoss: draw_cooling_loss,
    Guessing: draw_guessing,
    LineTrip: draw_line_trip,
    Oscillation: draw_oscillation,
    Overload: draw_overload,
    ProtocolScan: draw_protocol_scan,
}


def draw_world(troubles: Sequence[AnyTrouble], world: World, each: Sequence[Generator]) -> tuple[Drawn, ...]:
    """Troubles of the grid, and those that logs and messages tell of.

    Args:
        troubles: As the scenario has them.
        world: Without any.
        each: A source of chance for each trouble.
    """
    return tuple(
        _DRAW[type(trouble)](trouble, world, chance)
        for trouble, chance in zip(troubles, each, strict=True)
        if not isinstance(trouble, AtSensor)
    )


def draw_readings(
    troubles: Sequence[AnyTrouble], channels: Sequence[Channel], timeline: Timeline, each: Sequence[Generator]
) -> tuple[Drawn, ...]:
    """Troubles of sensors, no two of them on one sensor; those with a name come before those that take any."""
    mine = [(one, chance) for one, chance in zip(troubles, each, strict=True) if isinstance(one, AtSensor)]
    drawn: list[Drawn] = []
    for trouble, chance in sorted(mine, key=lambda pair: pair[0].sensor == ANY):
        taken = {one.subject.removeprefix("sensor:") for one in drawn}
        drawn.append(draw_reading_trouble(trouble, channels, timeline, taken, chance))
    return tuple(drawn)
