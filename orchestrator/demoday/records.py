"""Outages of the year before, permits of the day, and how many customers there are."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from orchestrator.demoday.clock import DAY, at_minute, moment
from orchestrator.demoday.grid import demo_grid, ref
from orchestrator.demoday.injections import customers_by_load
from tools.element import ElementKind, ElementRef
from tools.telemetry.schema.operations import OutageKind, OutageRecord, Permit

if TYPE_CHECKING:
    from numpy.random import Generator

PLANNED = ((-26, 11), (-23, 27), (-20, 18), (-16, 25), (-13, 7), (-9, 20), (-5, 30), (-2, 15))
"""Switching that was planned: day, counted from the demo day, and line."""
YEAR_DAYS = 365
FORCED_A_YEAR, PLANNED_A_YEAR, TRIPS_A_YEAR = 150, 45, 9
_MOMENTARY_SHARE = 0.2
_CAUSES = ("storm", "tree contact", "cable fault", "animal contact", "digging", "switchgear fault", "unknown")
_QUIET_H = 12
"""No ordinary outage reaches into the last hours before the day."""


def customers_served() -> int:
    """All customers of the grid."""
    return sum(customers_by_load())


def year_of_outages(chance: Generator) -> tuple[OutageRecord, ...]:
    """Ordinary outages of the year before the day, in order of time; all are over."""
    found = [_feeder(chance, OutageKind.FORCED) for _ in range(FORCED_A_YEAR)]
    found += [_feeder(chance, OutageKind.PLANNED) for _ in range(PLANNED_A_YEAR)]
    found += [_trip(chance) for _ in range(TRIPS_A_YEAR)]
    for day, line in PLANNED:
        start, end = moment(day, 8.5), moment(day, 13.0)
        element = ref(ElementKind.LINE, line)
        found.append(
            OutageRecord(
                id="",
                element=element,
                kind=OutageKind.PLANNED,
                start=start,
                end=end,
                expected_end=end,
                cause="maintenance",
                simulated=True,
            )
        )
    found.sort(key=lambda one: one.start)
    return tuple(one.model_copy(update={"id": f"demo-outage-{number:04d}"}) for number, one in enumerate(found))


def permits() -> tuple[Permit, ...]:
    """Two permits that are active at the end of the day, and one that was handed back.

    Nobody needs anything switched off for this work, so the grid is whole.
    """
    tower, oil, relay = ref(ElementKind.LINE, 30), ref(ElementKind.TRAFO, 3), ref(ElementKind.LINE, 5)
    return (
        _permit(1, tower, ("repair of a tower's foundation beside the live line", "crew Alder"), (-1020, 5340)),
        _permit(2, oil, ("treatment of the oil with the transformer in service", "crew Birch"), (780, 2220)),
        _permit(3, relay, ("inspection of the relay cubicle", "crew Cedar"), (480, 720), closed=655),
    )


UNDER_PERMIT = ("line:30", "trafo:3", "line:5")


def _permit(
    number: int, element: ElementRef, what: tuple[str, str], minutes: tuple[int, int], closed: int | None = None
) -> Permit:
    return Permit(
        id=f"demo-permit-{number}",
        element=element,
        work=what[0],
        holder=what[1],
        start=at_minute(minutes[0]),
        end=at_minute(minutes[1]),
        closed_at=None if closed is None else at_minute(closed),
        simulated=True,
    )


def _feeder(chance: Generator, kind: OutageKind) -> OutageRecord:
    """Part of the customers of one load."""
    behind = customers_by_load()
    load = int(chance.choice([index for index, count in enumerate(behind) if count > 1000]))  # noqa: PLR2004 - a town
    forced = kind is OutageKind.FORCED
    minutes = float(chance.lognormal(4.1, 0.7)) if forced else float(chance.uniform(60, 240))
    if forced and chance.random() < _MOMENTARY_SHARE:
        minutes = float(chance.uniform(0.5, 4.5))
    latest_h = YEAR_DAYS * 24 - _QUIET_H - minutes / 60
    hour = chance.uniform(0, latest_h)
    if not forced:  # work is planned for the morning of a day
        hour = min(hour // 24 * 24 + chance.uniform(7.5, 10.0), latest_h)
    start = DAY - timedelta(days=YEAR_DAYS) + timedelta(seconds=round(hour * 3600))
    end = start + timedelta(seconds=round(minutes * 60))
    customers = int(behind[load] * chance.uniform(0.02, 0.12))
    return OutageRecord(
        id="",
        element=ref(ElementKind.LOAD, load),
        kind=kind,
        start=start,
        end=end,
        expected_end=None if forced else end,
        customers=customers,
        cause=str(chance.choice(_CAUSES)) if forced else "work on the feeder",
        simulated=True,
    )


def _trip(chance: Generator) -> OutageRecord:
    """A line that tripped and lost nobody, because the grid is meshed."""
    line = int(chance.choice([index for index in demo_grid().net.line.index if index not in {21, 29}]))
    start = DAY - timedelta(days=int(chance.integers(30, YEAR_DAYS)), seconds=int(chance.integers(0, 86_400)))
    end = start + timedelta(minutes=int(chance.integers(8, 400)))
    cause = str(chance.choice(("lightning", "storm", "protection")))
    element = ref(ElementKind.LINE, line)
    return OutageRecord(
        id="", element=element, kind=OutageKind.FORCED, start=start, end=end, cause=cause, simulated=True
    )
