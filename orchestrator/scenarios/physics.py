"""What truly happens: loads by their curves, AC power flow of every step, oil by IEC 60076-7."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from orchestrator.simulation.curves import (
    AMBIENT_WANDER_KELVIN,
    AMBIENT_WANDER_MIN,
    LOAD_PER_KELVIN,
    Q_FLOOR,
    WANDER_MIN,
    mixed_curves,
    usual_celsius,
    wander,
)
from orchestrator.simulation.flows import Flows, Topology, flows_of, joined, solve_steps, topology
from orchestrator.simulation.injections import Injections
from orchestrator.simulation.nameplates import FORCED_AIR
from orchestrator.simulation.thermal import LostCooling, top_oil
from tools.errors import InvalidArgumentError, ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.random import Generator
    from numpy.typing import NDArray

    from orchestrator.scenarios.schema.scenario import Profiles
    from orchestrator.scenarios.timeline import Timeline
    from tools.grid.grid import Grid

MIXED = 12.0
"""How close the customers of single loads stay to the scenario's mix: concentration of the Dirichlet distribution."""


@dataclass(frozen=True)
class Outage:
    """Branches out from step ``start`` to ``end``, the end excluded."""

    start: int
    end: int
    branches: tuple[str, ...]


@dataclass(frozen=True)
class World:
    """Everything that the physics follows from.

    Attributes:
        grid: The grid.
        timeline: The steps.
        powers: What is drawn and fed in where everything has supply.
        ambient: Air, degrees Celsius, by step.
        outages: What is out of service, and when.
        lost: Transformers, by their place in the table, whose fans stand still.
    """

    grid: Grid
    timeline: Timeline
    powers: Injections
    ambient: NDArray[np.float64]
    outages: tuple[Outage, ...] = ()
    lost: Mapping[int, LostCooling] = field(default_factory=dict)


@dataclass(frozen=True)
class Physics:
    """True values by step.

    Attributes:
        powers: What is drawn and fed in, without what has no supply.
        flows: Voltages and flows.
        oil: Top oil of every transformer, by its place in the table.
    """

    powers: Injections
    flows: Flows
    oil: Mapping[int, NDArray[np.float64]]


def quiet_world(grid: Grid, timeline: Timeline, profiles: Profiles, chance: Generator) -> World:
    """The time without any trouble; units follow the usual load in proportion, the external grid takes the rest."""
    net, hour = grid.net, timeline.hours()
    unusual = wander(chance, (timeline.steps, 1), AMBIENT_WANDER_KELVIN, AMBIENT_WANDER_MIN, step_min=timeline.step_min)
    ambient = usual_celsius(hour) + unusual[:, 0]
    concentration = np.maximum(np.array(profiles.mix) * MIXED, 1e-3)
    mix = chance.dirichlet(concentration, size=len(net.load))
    curves = np.ones((timeline.steps, len(net.load))) if profiles.flat else mixed_curves(hour, mix)
    colder = 1 + LOAD_PER_KELVIN * unusual
    moved = wander(chance, curves.shape, profiles.wander_percent / 100, WANDER_MIN, step_min=timeline.step_min)
    share = curves * colder * (1 + moved)
    peak_p, peak_q = net.load.p_mw.to_numpy(dtype=float), net.load.q_mvar.to_numpy(dtype=float)
    usual = curves @ peak_p / peak_p.sum()
    powers = Injections(
        load_p_mw=share * peak_p,
        load_q_mvar=(Q_FLOOR + (1 - Q_FLOOR) * share) * peak_q,
        gen_p_mw=usual[:, None] * net.gen.p_mw.to_numpy(dtype=float),
    )
    return World(grid, timeline, powers, ambient)


def solve(world: World) -> Physics:
    """All true values of a world.

    Raises:
        InvalidArgumentError: when the grid has no power flow at some step.
    """
    powers = _supplied(world)
    parts = []
    for first, last, out in pieces(world):
        steps = np.arange(first, last)
        try:
            of = topology(world.grid, out)
            _refuse_lost_slack(of)
            parts.append((steps, flows_of(of, powers, steps, solve_steps(of, powers, steps))))
        except (ArithmeticError, ToolError) as error:
            raise InvalidArgumentError(
                f"{world.grid.name} at {world.timeline.at(first).isoformat()} with {', '.join(out) or 'nothing'} out: "
                f"{error}; a lower grid.load_percent or another element would be right"
            ) from error
    flows = joined(parts)
    oil = {
        at: top_oil(
            FORCED_AIR, flows.trafo_load[:, at], world.ambient, world.lost.get(at), step_min=world.timeline.step_min
        )
        for at in range(len(world.grid.net.trafo))
    }
    return Physics(powers, flows, oil)


def _refuse_lost_slack(of: Topology) -> None:
    """The external grid takes the balance: without it the grid would be an island whose frequency nobody simulates.

    Raises:
        ArithmeticError: when it is cut off.
    """
    if of.solved.state.moved_slack is not None:
        raise ArithmeticError("the external grid is cut off")


def pieces(world: World) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Begin, end (excluded) and branches out of service of every time in which they stay the same."""
    steps = world.timeline.steps
    marks = sorted({0, steps, *(mark for one in world.outages for mark in (one.start, one.end) if 0 < mark < steps)})
    for first, last in pairwise(marks):
        out = {branch for one in world.outages if one.start <= first < one.end for branch in one.branches}
        yield first, last, tuple(sorted(out))


def _supplied(world: World) -> Injections:
    """The powers, zero where a bus has no supply."""
    powers = world.powers
    if not world.outages:
        return powers
    net = world.grid.net
    load_p, load_q, gen = powers.load_p_mw.copy(), powers.load_q_mvar.copy(), powers.gen_p_mw.copy()
    for first, last, out in pieces(world):
        dead = net.bus.index[topology(world.grid, out).dead] if out else net.bus.index[:0]
        for table, arrays in ((net.load, (load_p, load_q)), (net.gen, (gen,))):
            gone = np.flatnonzero(table.bus.isin(dead))
            for array in arrays:
                array[first:last, gone] = 0.0
    return replace(powers, load_p_mw=load_p, load_q_mvar=load_q, gen_p_mw=gen)
