"""Somebody who guesses, commands or scans: told by logs and by messages, the grid is as it was."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from orchestrator.scenarios.effects.drawn import Drawn, Magnitude, When, draw_start, pick, pick_count
from orchestrator.scenarios.effects.targets import BRANCHES
from orchestrator.scenarios.scanning import scanned
from orchestrator.simulation.log_lines import command_line, login_line
from orchestrator.simulation.messages import STATIONS
from orchestrator.simulation.staff import ENGINEERS, OPERATORS
from tools.grid.elements import element_ref

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.random import Generator

    from orchestrator.scenarios.physics import World
    from orchestrator.scenarios.schema.troubles import CommandSequence, Guessing, ProtocolScan

_ORIGINS = ("vpn-{}", "lap-{}", "10.44.7.{}")


def draw_guessing(trouble: Guessing, world: World, chance: Generator) -> Drawn:
    """Failed logins from one machine, every account at least once while attempts last."""
    start = draw_start(trouble, world.timeline, chance)
    attempts, within_s = pick_count(chance, trouble.attempts), pick(chance, trouble.within_s)
    accounts = accounts_of(chance, pick_count(chance, trouble.accounts))
    origin, begin = draw_origin(chance), world.timeline.at(start)
    seconds = np.sort(chance.uniform(0, within_s, size=attempts)).astype(int).tolist()
    lines = [
        login_line(begin + timedelta(seconds=second), origin, accounts[place % len(accounts)], success=False)
        for place, second in enumerate([0, *seconds[1:]])
    ]
    last = lines[-1][0]
    if trouble.succeeds:
        last += timedelta(seconds=int(chance.integers(20, 240)))
        lines.append(login_line(last, origin, accounts[0], success=True))
    return Drawn(
        label=trouble.label,
        kind=trouble.kind,
        subject=f"host:{origin}",
        when=_until(world, start, last),
        magnitude=Magnitude(attempts, "attempts"),
        cause="somebody tries passwords",
        lines=tuple(lines),
        touched=tuple(f"account:{account}" for account in accounts),
    )


def draw_command_sequence(trouble: CommandSequence, world: World, chance: Generator) -> Drawn:
    """Breakers are selected and told to open; interlocking refuses each time."""
    start, net = draw_start(trouble, world.timeline, chance), world.grid.net
    [account] = accounts_of(chance, 1)
    origin, at = draw_origin(chance), world.timeline.at(start)
    able = [
        element_ref(net, kind, int(index))
        for kind in BRANCHES
        for index in net[kind.value].index[net[kind.value].in_service]
    ]
    count = min(pick_count(chance, trouble.breakers), len(able))
    lines = []
    for place in chance.choice(len(able), size=count, replace=False).tolist():
        for action, success in (("select", True), ("open", False)):
            lines.append(command_line(at, (origin, account), action, able[place], success=success))
            at += timedelta(seconds=round(pick(chance, trouble.seconds_between)))
    return Drawn(
        label=trouble.label,
        kind=trouble.kind,
        subject=f"account:{account}",
        when=_until(world, start, lines[-1][0]),
        magnitude=Magnitude(count, "breakers"),
        cause="commands from a machine that never commands",
        culprit=f"host:{origin}",
        lines=tuple(lines),
        touched=(f"host:{origin}",),
    )


def draw_protocol_scan(trouble: ProtocolScan, world: World, chance: Generator) -> Drawn:
    """Message types and addresses that no station knows."""
    start = draw_start(trouble, world.timeline, chance)
    origin = f"10.44.7.{int(chance.integers(20, 250))}"
    stations = min(pick_count(chance, trouble.stations), STATIONS)
    plan = stations, pick_count(chance, trouble.messages), pick(chance, trouble.within_s)
    messages = scanned(world.timeline.at(start), origin, plan, chance)
    return Drawn(
        label=trouble.label,
        kind=trouble.kind,
        subject=f"host:{origin}",
        when=_until(world, start, messages[-1].at),
        magnitude=Magnitude(plan[1], "messages"),
        cause="somebody explores the stations",
        messages=messages,
    )


def _until(world: World, start: int, last: datetime) -> When:
    steps = int(np.ceil((last - world.timeline.at(start)) / timedelta(seconds=world.timeline.step_s)))
    return When(start, min(start + max(1, steps), world.timeline.steps))


def accounts_of(chance: Generator, count: int) -> list[str]:
    """Accounts of people who work here, each once."""
    people = [*(person for crew in OPERATORS for person in crew), *ENGINEERS]
    picked = chance.choice(len(people), size=min(count, len(people)), replace=False)
    return [people[place].account for place in picked.tolist()]


def draw_origin(chance: Generator) -> str:
    """A machine from which nobody ever came."""
    return str(chance.choice(_ORIGINS)).format(int(chance.integers(20, 250)))
