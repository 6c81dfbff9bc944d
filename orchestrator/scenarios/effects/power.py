"""Loads that draw too much, and units that swing: the flows follow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from orchestrator.scenarios.effects.drawn import Drawn, Magnitude, draw_time, pick
from orchestrator.scenarios.effects.targets import choose
from tools.element import ElementKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.random import Generator
    from numpy.typing import NDArray

    from orchestrator.scenarios.effects.drawn import When
    from orchestrator.scenarios.physics import World
    from orchestrator.scenarios.schema.troubles import Oscillation, Overload
    from orchestrator.simulation.injections import Injections

ALL = "all"


def draw_overload(trouble: Overload, world: World, chance: Generator) -> Drawn:
    """A load (or all) draws more, at its usual power factor."""
    when = draw_time(trouble, world.timeline, chance)
    extra = pick(chance, trouble.extra_percent)
    net = world.grid.net
    if trouble.element == ALL:
        subject, columns = "load:all", np.arange(len(net.load))
    else:
        element = choose(trouble, world, chance, (ElementKind.LOAD,))
        subject, columns = str(element), np.array([net.load.index.get_loc(element.index)])

    return Drawn(
        label=trouble.label,
        kind=trouble.kind,
        subject=subject,
        when=when,
        magnitude=Magnitude(extra, "percent"),
        cause="demand above the usual",
        change=scaled_load(when, columns, extra),
    )


def scaled_load(when: When, columns: NDArray[np.intp], percent: float) -> Callable[[World], World]:
    """Loads (by their place in the table) that draw more by some percent of the usual, at their usual power factor."""

    def change(before: World) -> World:
        load_p, load_q = before.powers.load_p_mw.copy(), before.powers.load_q_mvar.copy()
        for array in (load_p, load_q):
            array[when.start : when.end, columns] *= 1 + percent / 100
        return replace(before, powers=replace(before.powers, load_p_mw=load_p, load_q_mvar=load_q))

    return change


def draw_oscillation(trouble: Oscillation, world: World, chance: Generator) -> Drawn:
    """A unit's power swings; where the grid has no unit but the external grid, a load's."""
    net, when = world.grid.net, draw_time(trouble, world.timeline, chance)
    kind = ElementKind.GEN if len(net.gen) else ElementKind.LOAD
    element = choose(trouble, world, chance, (kind, ElementKind.GEN, ElementKind.LOAD))
    column = net[element.kind.value].index.get_loc(element.index)
    table = "gen_p_mw" if element.kind is ElementKind.GEN else "load_p_mw"
    share, cycle_s, damping = (
        pick(chance, span) for span in (trouble.amplitude_percent, trouble.cycle_s, trouble.damping_percent)
    )
    usual = float(np.median(np.abs(getattr(world.powers, table)[when.start : when.end, column])))
    swing = usual * share / 100 * _swing(when, world.timeline.step_s, cycle_s, damping / 100)

    def change(before: World) -> World:
        power = getattr(before.powers, table).copy()
        power[when.start : when.end, column] += swing
        powers: Injections = replace(before.powers, **{table: power})
        return replace(before, powers=powers)

    forced = damping == 0
    return Drawn(
        label=trouble.label,
        kind=trouble.kind,
        subject=str(element),
        when=when,
        magnitude=Magnitude(usual * share / 100, "mw"),
        cause="a controller forces a swing" if forced else "a disturbance that dies away",
        change=change,
    )


def _swing(when: When, step_s: float, cycle_s: float, damping: float) -> NDArray[np.float64]:
    """A sinusoid of amplitude one that begins at zero; with damping ratio zeta it decays by exp(-zeta w0 t)."""
    time_s = np.arange(when.end - when.start) * step_s
    natural = 2 * np.pi / cycle_s / np.sqrt(1 - min(damping, 0.99) ** 2)
    return np.asarray(np.exp(-damping * natural * time_s) * np.sin(2 * np.pi * time_s / cycle_s))
