"""A transformer whose fans stand still: its oil follows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from orchestrator.scenarios.effects.drawn import Drawn, Magnitude, draw_time, pick
from orchestrator.scenarios.effects.targets import choose
from orchestrator.simulation.thermal import LostCooling
from tools.element import ElementKind

if TYPE_CHECKING:
    from numpy.random import Generator

    from orchestrator.scenarios.physics import World
    from orchestrator.scenarios.schema.troubles import CoolingLoss


def draw_cooling_loss(trouble: CoolingLoss, world: World, chance: Generator) -> Drawn:
    """Nobody measures the fans: the loss is seen in the oil."""
    when = draw_time(trouble, world.timeline, chance)
    element = choose(trouble, world, chance, (ElementKind.TRAFO,))
    capability = pick(chance, trouble.capability_percent)
    place = world.grid.net.trafo.index.get_loc(element.index)
    lost = LostCooling(when.start, when.end, capability / 100)

    def change(before: World) -> World:
        return replace(before, lost={**before.lost, place: lost})

    return Drawn(
        label=trouble.label,
        kind=trouble.kind,
        subject=str(element),
        when=when,
        magnitude=Magnitude(capability, "percent"),
        cause="fans stand still",
        change=change,
        touched=(f"asset:T{element.index}",),
    )
