"""Ordinary access and command logs: shifts that log in, mistype, dispatch units and switch what was planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from orchestrator.simulation.staff import HISTORIAN, HISTORIAN_HOST, SCADA, Person, on_duty
from tools.element import ElementKind, ElementRef
from tools.grid.elements import element_ref
from tools.telemetry.schema.log import LogKind

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.random import Generator
    from pandapower import pandapowerNet

    from orchestrator.simulation.book import Book

HABIT_DAYS = 28
"""Days of ordinary logs before the day."""
_MISTYPED, _MISTYPED_TWICE = 0.08, 0.02
_BLOCKS_H = (0.5, 3.0, 5.5)
"""When in a shift units are dispatched, hours after its begin."""
_INTERROGATIONS_H = (0.25, 4.25, 8.25, 12.25, 16.25, 20.25)
_NUISANCES = (2, 7)
_NUISANCE_TEXTS = ("station door", "battery charger", "link to the control centre", "fire panel self-test")
_OUT_H, _IN_H = 8.5, 13.0


@dataclass(frozen=True)
class Routine:
    """What is usual at a grid.

    Attributes:
        midnight: Begin of day 0; days before it have negative numbers.
        net: Whose units are dispatched and whose branches are switched.
        planned: Switching that was planned: day, and index of the line.
        last_day: The last day that is written.
    """

    midnight: datetime
    net: pandapowerNet
    planned: tuple[tuple[int, int], ...]
    last_day: int = 0

    def moment(self, day: int, hour: float) -> datetime:
        """A time of a day, to the second."""
        return self.midnight + timedelta(days=day, seconds=round(hour * 3600))

    def on_duty(self, day: int) -> tuple[Person, ...]:
        """Who works on a day."""
        return on_duty(day, self.midnight.weekday())

    def units_of(self, person: Person) -> tuple[int, ...]:
        """Units that a person dispatches, of those that the grid has."""
        return tuple(unit for unit in person.units if unit in self.net.gen.index)

    @property
    def days(self) -> range:
        """Days that are written."""
        return range(-HABIT_DAYS, self.last_day + 1)


def write_habits(chance: Generator, book: Book, routine: Routine) -> None:
    """Write the weeks before day 0, and the days from it on."""
    for day in routine.days:
        for person in routine.on_duty(day):
            begin = _log_in(chance, book, person, (routine, day))
            for block in _BLOCKS_H if routine.units_of(person) else ():
                _dispatch(chance, book, person, (routine, begin + timedelta(hours=block)))
        for hour in _INTERROGATIONS_H:
            _interrogate(chance, book, routine.moment(day, hour))
    for day, line in routine.planned:
        _switch_planned(chance, book, (routine, day), element_ref(routine.net, ElementKind.LINE, line))
    for day in routine.days:
        for _ in range(int(chance.integers(*_NUISANCES))):
            _nuisance(chance, book, (routine, day))


def _nuisance(chance: Generator, book: Book, on: tuple[Routine, int]) -> None:
    """An alarm that nobody needs: it is raised, and it returns."""
    routine, day = on
    told, at = str(chance.choice(_NUISANCE_TEXTS)), routine.moment(day, chance.uniform(0.0, 23.5))
    station = f"rtu-{int(chance.integers(1, 40)):02d}"
    for action, time in (("raise", at), ("return", at + timedelta(seconds=int(chance.integers(20, 1200))))):
        book.add(LogKind.ALARM, time, host=station, action=action, text=f"{station}: {told}")


def _log_in(chance: Generator, book: Book, person: Person, on: tuple[Routine, int]) -> datetime:
    """Log a person in at the begin of the work and out at its end; returns when the work begins."""
    routine, day = on
    length = (person.end_h - person.begin_h) % 24
    at = routine.moment(day, person.begin_h + chance.uniform(-0.15, 0.1))
    desk = str(chance.choice(person.desks))
    drawn = chance.random()
    mistyped = 2 if drawn < _MISTYPED_TWICE else 1 if drawn < _MISTYPED else 0
    who = {"host": SCADA, "origin": desk, "account": person.account}
    if mistyped:
        text = f"{SCADA}: authentication failure for {person.account} from {desk}"
        book.add(LogKind.ACCESS, at, action="login", success=False, count=mistyped, text=text, **who)
        at += timedelta(seconds=int(chance.integers(12, 50)))
    text = f"{SCADA}: session opened for {person.account} from {desk}"
    book.add(LogKind.ACCESS, at, action="login", success=True, text=text, **who)
    out = at + timedelta(hours=length + chance.uniform(0.0, 0.3))
    text = f"{SCADA}: session closed for {person.account} from {desk}"
    book.add(LogKind.ACCESS, out, action="logout", success=True, text=text, **who)
    return at


def _dispatch(chance: Generator, book: Book, person: Person, when: tuple[Routine, datetime]) -> None:
    """Give some of the person's units their set-points, each selected, set and confirmed."""
    routine, due = when
    units = routine.units_of(person)
    at = due + timedelta(minutes=chance.uniform(-12, 12))
    desk = str(chance.choice(person.desks))
    for unit in sorted(chance.choice(units, size=min(2, len(units)), replace=False).tolist()):
        at = _commands(
            chance, book, at, (person.account, desk), element_ref(routine.net, ElementKind.GEN, unit), "set_point"
        )


def _interrogate(chance: Generator, book: Book, due: datetime) -> None:
    """The historian reads all stations."""
    at = due + timedelta(seconds=int(chance.integers(0, 120)))
    who = {"host": SCADA, "origin": HISTORIAN_HOST, "account": HISTORIAN}
    text = f"{SCADA}: session opened for {HISTORIAN} from {HISTORIAN_HOST}"
    book.add(LogKind.ACCESS, at, action="login", success=True, text=text, **who)
    text = f"{SCADA}: {HISTORIAN} interrogation of all stations"
    book.add(LogKind.COMMAND, at + timedelta(seconds=2), action="interrogate", success=True, text=text, **who)
    text = f"{SCADA}: session closed for {HISTORIAN} from {HISTORIAN_HOST}"
    book.add(LogKind.ACCESS, at + timedelta(seconds=40), action="logout", success=True, text=text, **who)


def _switch_planned(chance: Generator, book: Book, on: tuple[Routine, int], element: ElementRef) -> None:
    """Take an element out for work and bring it back, as the outage records say."""
    routine, day = on
    early = [person for person in routine.on_duty(day) if person.units and person.begin_h == 6.0]  # noqa: PLR2004 - crew of the morning
    person = early[int(chance.integers(len(early)))]
    for hour, action, closed in ((_OUT_H, "open", False), (_IN_H, "close", True)):
        desk = str(chance.choice(person.desks))
        due = routine.moment(day, hour + chance.uniform(-0.1, 0.1))
        _commands(chance, book, due, (person.account, desk), element, action)
        text = f"{element} {action} by {person.account}, planned"
        at = due + timedelta(seconds=30)
        book.add(
            LogKind.SWITCHING,
            at,
            host=SCADA,
            origin=desk,
            account=person.account,
            action=action,
            success=True,
            element=element,
            closed=closed,
            text=text,
        )


def _commands(
    chance: Generator, book: Book, at: datetime, who: tuple[str, str], element: ElementRef, action: str
) -> datetime:
    """Select, act, confirm; returns when the next command can follow."""
    account, desk = who
    for step in ("select", action, "confirm"):
        book.add(
            LogKind.COMMAND,
            at,
            host=SCADA,
            origin=desk,
            account=account,
            action=step,
            success=True,
            element=element,
            text=f"{SCADA}: {account}@{desk} {step} {element}",
        )
        at += timedelta(seconds=int(chance.integers(6, 20)))
    return at + timedelta(seconds=int(chance.integers(15, 60)))
