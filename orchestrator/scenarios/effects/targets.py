"""Which element a trouble befalls: the one that is named, or one that the seed chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestrator.scenarios.schema.troubles import ANY
from orchestrator.simulation.flows import meshed_branches, topology
from tools.element import ElementKind, ElementRef, parse_canonical
from tools.errors import InvalidArgumentError
from tools.grid.elements import element_ref

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.random import Generator

    from orchestrator.scenarios.physics import World
    from orchestrator.scenarios.schema.troubles import AtElement

BRANCHES = (ElementKind.LINE, ElementKind.TRAFO)
ENDS = {ElementKind.LINE: ("from_bus", "to_bus"), ElementKind.TRAFO: ("hv_bus", "lv_bus")}


def choose(trouble: AtElement, world: World, chance: Generator, kinds: Collection[ElementKind]) -> ElementRef:
    """The element of a trouble.

    Args:
        trouble: Names an element, or any.
        world: Where.
        chance: Source of chance.
        kinds: What the trouble can befall; the first is chosen from for any.

    Raises:
        InvalidArgumentError: when the grid has no such element in service, or the trouble cannot befall it.
    """
    net = world.grid.net
    if trouble.element == ANY:
        able = in_service(world, tuple(kinds)[:1] if tuple(kinds) != BRANCHES else BRANCHES)
        if not able:
            raise InvalidArgumentError(f"{trouble.label}: grid {world.grid.name} has no {next(iter(kinds))} in service")
        return able[int(chance.integers(len(able)))]
    named = parse_canonical(trouble.element)
    if named is None or named[0] not in kinds:
        raise InvalidArgumentError(
            f"{trouble.label}: element {trouble.element!r} cannot have this trouble; "
            f"a {' or '.join(dict.fromkeys(kinds))} would be right"
        )
    element = element_ref(net, *named)
    if not net[element.kind.value].in_service.at[element.index]:
        raise InvalidArgumentError(f"{trouble.label}: {element} is out of service in the model; another would be right")
    return element


def in_service(world: World, kinds: Sequence[ElementKind]) -> list[ElementRef]:
    """Elements in service, of branches those whose outage cuts nothing off, where there are such."""
    net = world.grid.net
    if tuple(kinds) == BRANCHES and (meshed := meshed_branches(topology(world.grid))):
        return meshed
    return [
        element_ref(net, kind, int(index))
        for kind in kinds
        for index in net[kind.value].index[net[kind.value].in_service]
    ]
