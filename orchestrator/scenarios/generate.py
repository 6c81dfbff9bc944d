"""From a scenario and a seed to everything measured, logged and recorded: the same every time."""

from __future__ import annotations

from datetime import timedelta
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import numpy as np

from orchestrator.scenarios.detectability import sigma_of
from orchestrator.scenarios.drawing import draw_readings, draw_world
from orchestrator.scenarios.generated import Generated
from orchestrator.scenarios.grids import scenario_grid
from orchestrator.scenarios.physics import Physics, World, quiet_world, solve
from orchestrator.scenarios.telling import falsified, tell
from orchestrator.scenarios.timeline import Timeline
from orchestrator.scenarios.unknown_course import unknown_course
from orchestrator.simulation.book import Book
from orchestrator.simulation.habits import HABIT_DAYS, Routine, write_habits
from orchestrator.simulation.measuring import measure
from orchestrator.simulation.messages import ordinary
from orchestrator.simulation.nameplates import FORCED_AIR
from orchestrator.simulation.sensors import Accuracy, Channel, Temperatures, asset_name, channels
from tools.element import ElementKind
from tools.errors import InvalidArgumentError
from tools.grid.elements import element_ref
from tools.telemetry.schema.operations import Asset

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator

    from orchestrator.scenarios.effects.drawn import Drawn
    from orchestrator.scenarios.schema.scenario import Measurement, Scenario
    from orchestrator.scenarios.unknown_course import UnknownCourse
    from orchestrator.simulation.messages import Message
    from tools.grid.grid import Grid
    from tools.telemetry.schema.log import LogEntry
    from tools.telemetry.schema.operations import OutageRecord

_ENTROPY = 20_260_411
_STREAMS = ("loads", "noise", "logs", "messages", "troubles")
_FLOOR_SHARE, _FLOOR = 1e-4, 5e-4
"""Least standard error of a power, of the grid's load; and MW or Mvar."""
_STALE_PERIODS = 5.0
_PLANNED_EVERY_DAYS = 4


def generate(scenario: Scenario, seed: int | None = None, name: str | None = None) -> Generated:
    """Generate a scenario.

    Args:
        scenario: As loaded.
        seed: What is drawn from; the scenario's own when absent.
        name: Name of the grid; the scenario's when absent.

    Raises:
        GridUnavailableError: when the grid cannot be had.
        InvalidArgumentError: when the grid cannot be simulated, or a trouble cannot befall it.
    """
    seed = scenario.seed if seed is None else seed
    if seed < 0:
        raise InvalidArgumentError(f"seed = {seed}: a whole number from zero on would be right")
    chance = _streams(seed)
    grid, timeline = scenario_grid(scenario.grid, name or scenario.name), Timeline.of(scenario.period)
    quiet = quiet_world(grid, timeline, scenario.profiles, chance["loads"])
    each = chance["troubles"].spawn(len(scenario.troubles))  # so that one trouble's draws never move another's
    changed = draw_world(scenario.troubles, quiet, each)
    world = _world(quiet, changed)
    accuracy = _accuracy(scenario.measurement, grid, timeline)
    measured = _measured(world, solve(world), scenario.measurement, accuracy)
    drawn = (*changed, *draw_readings(scenario.troubles, world, measured, each))
    messages = _messages(chance["messages"], timeline, drawn)
    kept = messages if any(one.messages for one in drawn) else ()
    faults = {name: fault for one in drawn for name, fault in one.falsified.items()}

    def without(one: Drawn) -> tuple[Channel, ...]:
        other = _world(quiet, [item for item in changed if item is not one])
        return _measured(other, solve(other), scenario.measurement, accuracy)

    def unknown(one: Drawn) -> UnknownCourse:
        sigma = {channel.sensor.name: sigma_of(channel.sensor) for channel in measured}
        return unknown_course(quiet, scenario.profiles, sigma, (one.when.start + one.when.end) // 2)

    return Generated(
        scenario=scenario,
        seed=seed,
        grid=grid,
        timeline=timeline,
        series=measure(chance["noise"], measured, timeline.times_us(), {}, faults),
        logs=_logs(chance["logs"], grid, timeline, drawn, kept) if scenario.logs else (),
        outages=_records(drawn, grid.name),
        assets=_assets(grid),
        messages=messages,
        truth=tell(drawn, measured, without, unknown, timeline, logs=scenario.logs),
        true={channel.sensor.name: channel.true for channel in measured},
        shown=falsified(drawn, measured, timeline),
    )


def _world(quiet: World, drawn: Sequence[Drawn]) -> World:
    """The time with the troubles in it."""
    world = quiet
    for one in drawn:
        world = one.change(world) if one.change is not None else world
    return world


def _measured(world: World, physics: Physics, said: Measurement, accuracy: Accuracy) -> tuple[Channel, ...]:
    """The sensors that exist, with their true values."""
    temperatures = Temperatures(physics.oil, world.ambient)
    found = channels(world.grid, physics.powers, physics.flows, temperatures, accuracy)
    net = world.grid.net
    return tuple(
        one
        for one in found
        if (not said.only or _any_fits(one.sensor.name, said.only))
        and not _any_fits(one.sensor.name, said.without)
        and (
            one.sensor.element is None
            or bool(net[one.sensor.element.kind.value].in_service.at[one.sensor.element.index])
        )
    )


def _any_fits(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _accuracy(said: Measurement, grid: Grid, timeline: Timeline) -> Accuracy:
    return Accuracy(
        noise_share=said.noise_percent / 100,
        noise_floor=max(_FLOOR, _FLOOR_SHARE * float(grid.net.load.p_mw.sum())),
        noise_digits=5,
        noise_vm_pu=said.voltage_noise_pu,
        noise_kelvin=said.temperature_noise_kelvin,
        lowest_vm_pu=0.0,
        period_s=timeline.step_s,
        stale_after_s=_STALE_PERIODS * timeline.step_s,
    )


def _logs(
    chance: Generator, grid: Grid, timeline: Timeline, drawn: Sequence[Drawn], messages: Sequence[Message]
) -> tuple[LogEntry, ...]:
    """Weeks of habit, and what the troubles leave in the logs.

    Messages are many, so they are logged only where a trouble sends some, with those of the day before as the normal.
    """
    book = Book(timeline.last + timedelta(seconds=timeline.step_s), grid.name)
    lines = grid.net.line.index[grid.net.line.in_service]
    days = range(-HABIT_DAYS + 2, 0, _PLANNED_EVERY_DAYS)
    planned = tuple((day, int(chance.choice(lines))) for day in days)
    last_day = (timeline.last.date() - timeline.midnight.date()).days
    write_habits(chance, book, Routine(timeline.midnight, grid.net, planned, last_day))
    for one in drawn:
        book.take(one.lines)
    before = ordinary(timeline.start - timedelta(days=1), timeline.start, chance) if messages else ()
    traffic = sorted((*before, *messages), key=lambda one: one.at)
    entries = (*book.entries(), *(one.as_entry(grid.name, number) for number, one in enumerate(traffic)))
    return tuple(sorted(entries, key=lambda one: one.at))


def _records(drawn: Sequence[Drawn], name: str) -> tuple[OutageRecord, ...]:
    found = [one.record for one in drawn if one.record is not None]
    found.sort(key=lambda one: one.start)
    return tuple(one.model_copy(update={"id": f"{name}-outage-{number:04d}"}) for number, one in enumerate(found))


def _assets(grid: Grid) -> tuple[Asset, ...]:
    """Every transformer, cooled by fans, with the model's rating."""
    return tuple(
        Asset(
            name=asset_name(int(index)),
            kind="transformer",
            grid=grid.name,
            element=element_ref(grid.net, ElementKind.TRAFO, int(index)),
            nameplate=FORCED_AIR.model_copy(update={"rated_power_mva": float(mva)}),
            simulated=True,
        )
        for index, mva in grid.net.trafo.sn_mva.items()
    )


def _messages(chance: Generator, timeline: Timeline, drawn: Sequence[Drawn]) -> tuple[Message, ...]:
    found = [*ordinary(timeline.start, timeline.last, chance), *(message for one in drawn for message in one.messages)]
    return tuple(sorted(found, key=lambda one: one.at))


def _streams(seed: int) -> dict[str, Generator]:
    """A source of chance for each part, so that one part's draws never move another's."""
    parts = np.random.SeedSequence([_ENTROPY, seed]).spawn(len(_STREAMS))
    return {name: np.random.default_rng(part) for name, part in zip(_STREAMS, parts, strict=True)}
