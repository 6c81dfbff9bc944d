"""The whole day: made from a seed, the same every time, without any store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from orchestrator.demoday.clock import DAY, END, MINUTES, YESTERDAY, history_times_us, minute_times_us
from orchestrator.demoday.grid import NAME, demo_grid
from orchestrator.demoday.injections import draw_injections
from orchestrator.demoday.nameplates import transformers
from orchestrator.demoday.profile import draw_history, draw_weather
from orchestrator.demoday.records import PLANNED, customers_served, permits, year_of_outages
from orchestrator.demoday.troubles.cooling import HotTransformer, draw_cooling
from orchestrator.demoday.troubles.evening import EveningOutage, draw_evening
from orchestrator.demoday.troubles.faults import SensorFault, draw_faults
from orchestrator.demoday.troubles.intrusion import Intrusion, draw_intrusion
from orchestrator.simulation.book import Book
from orchestrator.simulation.flows import Flows, flows_of, joined, solve_steps, topology
from orchestrator.simulation.habits import Routine, write_habits
from orchestrator.simulation.measuring import measure
from orchestrator.simulation.messages import ordinary
from orchestrator.simulation.sensors import AMBIENT, SYSTEM_LOAD, Temperatures, channels
from orchestrator.simulation.thermal import top_oil

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.random import Generator
    from numpy.typing import NDArray

    from orchestrator.demoday.profile import Weather
    from orchestrator.demoday.truth import Truth
    from orchestrator.simulation.injections import Injections
    from tools.grid.grid import Grid
    from tools.telemetry.schema.log import LogEntry
    from tools.telemetry.schema.operations import Asset, OutageRecord, Permit
    from tools.telemetry.series import Series

_ENTROPY = 20_260_310
_STREAMS = (
    "weather",
    "loads",
    "history",
    "noise",
    "logs",
    "records",
    "evening",
    "cooling",
    "sensors",
    "intrusion",
    "protocol",
)
_STATIONS, _POLL_S = 2, 1800.0
"""Few stations that are seldom asked: some thousand messages, which cost no time to store."""


@dataclass(frozen=True, eq=False)
class Day:
    """Everything that is known of the demo day; all of it is simulated.

    Attributes:
        seed: What the troubles were drawn from; None for a day without any.
        grid: The grid, registered as ``demo``.
        series: Readings of every sensor, by name.
        logs: Entries of all logs but the protocol log, in order of time.
        protocol: IEC 60870-5-104 messages that the probe kept, of the day before and of the day, in order of time.
        outages: Outage records of the year before and of the day.
        customers_served: Customers of the grid.
        permits: Permits to work.
        assets: Transformers with their nameplates.
        truth: The troubles; only tests read it.
        true: Value that each sensor would show without any error, by minute; only tests read it.
    """

    seed: int | None
    grid: Grid
    series: tuple[Series, ...]
    logs: tuple[LogEntry, ...]
    protocol: tuple[LogEntry, ...]
    outages: tuple[OutageRecord, ...]
    customers_served: int
    permits: tuple[Permit, ...]
    assets: tuple[Asset, ...]
    truth: tuple[Truth, ...]
    true: Mapping[str, NDArray[np.float64]]


def make_day(seed: int | None = None) -> Day:
    """Make the day.

    Args:
        seed: Number that weather, noise, logs and troubles are drawn from; None for the day without troubles.

    Raises:
        ValueError: for a negative seed.
    """
    chance = _streams(seed)
    weather = draw_weather(chance["weather"])
    powers = draw_injections(chance["loads"], weather)
    outage = None if seed is None else draw_evening(chance["evening"], topology(demo_grid()), powers)
    flows = _flows(powers, outage)
    hot = None if seed is None else draw_cooling(chance["cooling"], flows.trafo_load, weather.minute)
    measured = channels(demo_grid(), powers, flows, Temperatures(_oil(flows, weather, hot), weather.minute))
    troubles = None
    if outage is not None and hot is not None:
        faults = draw_faults(chance["sensors"], measured, outage.buses, hot.trafo)
        troubles = Troubles(outage, hot, faults, draw_intrusion(chance["intrusion"], outage.branch))
    peak = demo_grid().net.load.p_mw.to_numpy(dtype=float)
    hours = history_times_us()
    history = {
        SYSTEM_LOAD: (hours, draw_history(chance["history"], peak, weather)),
        AMBIENT: (hours, weather.hour),
    }
    faulty = {fault.sensor: fault.apply for fault in troubles.faults} if troubles else {}
    earlier = year_of_outages(chance["records"])
    return Day(
        seed=seed,
        grid=demo_grid(),
        series=measure(chance["noise"], measured, minute_times_us(), history, faulty),
        logs=_logs(chance["logs"], troubles),
        protocol=_protocol(chance["protocol"]),
        outages=(*earlier, *((troubles.outage.record(len(earlier)),) if troubles else ())),
        customers_served=customers_served(),
        permits=permits(),
        assets=transformers(),
        truth=troubles.truth() if troubles else (),
        true={channel.sensor.name: channel.true for channel in measured},
    )


@dataclass(frozen=True)
class Troubles:
    """All that goes wrong on one seeded day."""

    outage: EveningOutage
    hot: HotTransformer
    faults: tuple[SensorFault, ...]
    intrusion: Intrusion

    def truth(self) -> tuple[Truth, ...]:
        """One entry each, in order of time."""
        found = [self.outage.truth(), self.hot.truth(), *(fault.truth() for fault in self.faults)]
        return tuple(sorted((*found, *self.intrusion.truths()), key=lambda one: one.start))


def _flows(powers: Injections, outage: EveningOutage | None) -> Flows:
    """The flows of the whole day, without the branch while it is out."""
    whole, minutes = topology(demo_grid()), np.arange(MINUTES)
    if outage is None:
        return flows_of(whole, powers, minutes, solve_steps(whole, powers, minutes))
    rest = np.setdiff1d(minutes, outage.minutes)
    return joined(
        (
            (rest, flows_of(whole, powers, rest, solve_steps(whole, powers, rest))),
            (outage.minutes, flows_of(outage.of, powers, outage.minutes, outage.voltage)),
        )
    )


def _oil(flows: Flows, weather: Weather, hot: HotTransformer | None) -> dict[int, NDArray[np.float64]]:
    """Top oil of every transformer."""
    oil = {
        index: top_oil(asset.nameplate, flows.trafo_load[:, index], weather.minute)
        for index, asset in enumerate(transformers())
        if asset.nameplate is not None
    }
    return oil if hot is None else {**oil, hot.trafo: hot.oil}


def _logs(chance: Generator, troubles: Troubles | None) -> tuple[LogEntry, ...]:
    book = Book(END, NAME)
    write_habits(chance, book, Routine(DAY, demo_grid().net, PLANNED))
    if troubles is not None:
        troubles.outage.write(book)
        book.take(troubles.intrusion.lines)
    return book.entries()


def _protocol(chance: Generator) -> tuple[LogEntry, ...]:
    """Ordinary traffic, whatever else goes wrong; that of the day before is what the day's is held against."""
    seen = sorted(ordinary(YESTERDAY, END, chance, _STATIONS, _POLL_S), key=lambda one: one.at)
    return tuple(one.as_entry(NAME, number) for number, one in enumerate(seen) if one.at <= END)


def _streams(seed: int | None) -> dict[str, Generator]:
    """A source of chance for each part, so that one part's draws never move another's."""
    if seed is not None and seed < 0:
        raise ValueError(f"seed = {seed}: a whole number from zero on would be right")
    parts = np.random.SeedSequence([_ENTROPY, 0 if seed is None else seed + 1]).spawn(len(_STREAMS))
    return {name: np.random.default_rng(part) for name, part in zip(_STREAMS, parts, strict=True)}
