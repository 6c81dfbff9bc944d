"""All troubles of a scenario, decided: those of the grid first, for the readings of the others follow from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from orchestrator.scenarios.effects.cooling import draw_cooling_loss
from orchestrator.scenarios.effects.coordinated import draw_station, draw_stealth
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
    CoordinatedFalseData,
    Guessing,
    LineTrip,
    Oscillation,
    Overload,
    ProtocolScan,
)
from tools.errors import InvalidArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator

    from orchestrator.scenarios.effects.drawn import Drawn
    from orchestrator.scenarios.physics import World
    from orchestrator.scenarios.schema.troubles import AnyTrouble
    from orchestrator.simulation.sensors import Channel

_DRAW: Mapping[type, Callable[[Any, World, Generator], Drawn]] = {
    BreakerFailure: draw_breaker_failure,
    CommandSequence: draw_command_sequence,
    CoolingLoss: draw_cooling_loss,
    CoordinatedFalseData: draw_stealth,
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
        if not _falsifies(trouble)
    )


def draw_readings(
    troubles: Sequence[AnyTrouble], world: World, channels: Sequence[Channel], each: Sequence[Generator]
) -> tuple[Drawn, ...]:
    """Troubles of sensors, no two of them on one sensor; those with a name come before those that take any.

    Raises:
        InvalidArgumentError: when two would befall one sensor.
    """
    mine = [(one, chance) for one, chance in zip(troubles, each, strict=True) if _falsifies(one)]
    drawn: list[Drawn] = []
    for trouble, chance in sorted(mine, key=lambda pair: isinstance(pair[0], AtSensor) and pair[0].sensor == ANY):
        taken = {name for one in drawn for name in one.falsified}
        if isinstance(trouble, AtSensor):
            drawn.append(draw_reading_trouble(trouble, channels, world.timeline, taken, chance))
        elif isinstance(trouble, CoordinatedFalseData):
            station = draw_station(trouble, world.grid.net, channels, world.timeline, chance)
            if both := taken.intersection(station.falsified):
                raise InvalidArgumentError(f"{trouble.label}: sensor {min(both)!r} has a trouble already")
            drawn.append(station)
    return tuple(drawn)


def _falsifies(trouble: AnyTrouble) -> bool:
    """Whether it befalls readings only, of one sensor or of a station."""
    return isinstance(trouble, AtSensor) or (isinstance(trouble, CoordinatedFalseData) and trouble.reach == "station")
