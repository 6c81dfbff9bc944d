"""Who works on a simulated grid, when, and at which machines."""

from __future__ import annotations

from dataclasses import dataclass

SCADA = "scada-1"
HISTORIAN_HOST, HISTORIAN = "srv-hist-1", "svc.historian"


@dataclass(frozen=True)
class Person:
    """A person with an account.

    Attributes:
        account: Name of the account.
        desks: Workstations that the person sits at.
        begin_h, end_h: Working hours, UTC; an end not after the begin lies on the next day.
        units: Generating units that the person dispatches, by index.
        every_day: Whether weekends are worked as well.
    """

    account: str
    desks: tuple[str, ...]
    begin_h: float
    end_h: float
    units: tuple[int, ...] = ()
    every_day: bool = True


def _crew(names: tuple[str, ...], begin_h: float, units: tuple[tuple[int, ...], ...]) -> tuple[Person, ...]:
    desks = ("ws-ctl-1", "ws-ctl-2")
    return tuple(
        Person(f"op.{name}", desks, begin_h, (begin_h + 8.0) % 24, own) for name, own in zip(names, units, strict=True)
    )


_UNITS = ((0, 1, 2, 3), (4, 5, 6), (6, 7, 8, 0))
OPERATORS = (
    _crew(("adams", "berg", "chen"), 6.0, _UNITS),
    _crew(("diaz", "evans", "frey"), 14.0, _UNITS),
    _crew(("gupta", "haas", "ito"), 22.0, _UNITS),
)
"""Three crews of three; two of each are on duty on a day."""
ENGINEERS = (
    Person("eng.novak", ("ws-eng-1",), 7.5, 16.0, every_day=False),
    Person("eng.okoro", ("ws-eng-2",), 8.0, 16.5, every_day=False),
    Person("eng.silva", ("ws-eng-1", "ws-eng-2"), 7.0, 15.5, every_day=False),
)


def on_duty(day: int, weekday: int = 1) -> tuple[Person, ...]:
    """Who works on a day counted from day 0, which is a ``weekday``: Monday 0, Tuesday 1."""
    operators = [crew[place] for crew in OPERATORS for place in range(3) if place != day % 3]
    weekend = (day + weekday) % 7 >= 5  # noqa: PLR2004 - Saturday and Sunday
    return (*operators, *(person for person in ENGINEERS if not weekend))
