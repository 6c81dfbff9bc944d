"""A generated scenario on its way into the store: whole, or as a stream through the door of real readings."""

from __future__ import annotations

from dataclasses import dataclass
from time import monotonic, sleep
from typing import TYPE_CHECKING

import numpy as np

from orchestrator.grids import load_grid
from orchestrator.home import utc_now
from orchestrator.service.reading_writer import StoredReadingWriter
from orchestrator.service.readings import take_readings
from orchestrator.store.operations import write_assets, write_outages
from orchestrator.store.stored_logs import write_log
from orchestrator.store.write_series import write_series
from orchestrator.workbench import Workbench
from tools.context import Clock
from tools.errors import InvalidArgumentError
from tools.grid.importing import grid_to_json, known_cases
from tools.telemetry.moments import from_us, to_us
from tools.telemetry.series import QUALITIES, Series

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pydantic import JsonValue

    from orchestrator.home import Home
    from orchestrator.scenarios.generated import Generated
    from tools.context import Passage, ToolContext

BATCH = 500
"""Readings in one post."""


@dataclass(frozen=True)
class Streamed:
    """What became of a stream's readings."""

    taken: int = 0
    duplicates: int = 0
    rejected: int = 0


def store(generated: Generated, home: Home) -> None:
    """Register the grid and store readings, logs and records; the same scenario again changes nothing.

    Raises:
        InvalidArgumentError: when the name is a shipped case's, or holds something else already.
    """
    _register(generated, home)
    write_series(home.engine, (_renamed(one, generated) for one in generated.series))
    _write_records(generated, home)
    write_log(home.engine, generated.grid.name, generated.logs)


def stream(generated: Generated, home: Home, speed: float, waiting: Callable[[float], None] = sleep) -> Streamed:
    """Post the readings in order of time, as a source would; each carries the scenario's own time.

    Args:
        generated: What to stream.
        home: Where to.
        speed: Seconds of the scenario in one second; above zero.
        waiting: Sleeps; tests hand in their own.

    Raises:
        InvalidArgumentError: as ``store``, and for a speed that is not above zero.
    """
    if speed <= 0:
        raise InvalidArgumentError(f"--speed {speed:g}: a number above 0 would be right")
    _register(generated, home)
    write_series(home.engine, [_empty(_renamed(one, generated)) for one in generated.series])  # declares the sensors
    _write_records(generated, home)
    writer, total, begun = StoredReadingWriter(home.engine), Streamed(), monotonic()
    logs = list(generated.logs)
    first_us = to_us(generated.timeline.start)
    for at_us, batch in _in_time(generated):
        due = (at_us - first_us) / 1e6 / speed - (monotonic() - begun)
        if due > 0:
            waiting(due)
        for start in range(0, len(batch), BATCH):
            done = take_readings(writer, batch[start : start + BATCH])
            total = Streamed(
                total.taken + done.taken, total.duplicates + done.duplicates, total.rejected + len(done.rejected)
            )
        now = from_us(at_us)
        told = [entry for entry in logs if entry.at <= now]
        logs = logs[len(told) :]
        write_log(home.engine, generated.grid.name, told)
    write_log(home.engine, generated.grid.name, logs)
    return total


class NoPassages:
    """The tools that look at a scenario cite nothing: no library of standards is opened for them."""

    def search(self, query: str, limit: int) -> Sequence[Passage]:
        """Nothing."""
        del query, limit
        return ()

    def __len__(self) -> int:
        return 0


def stored_context(generated: Generated, home: Home) -> ToolContext:
    """What the tools see of a stored scenario, at the last moment of its time."""
    last = generated.timeline.last
    grid = load_grid(generated.grid.name, home.grids)
    clock = Clock(as_of=last, known_until=max(last, utc_now()))
    return Workbench(home.engine, NoPassages()).context(grid, clock, generated.seed)


def stored_name(grid: str, sensor: str) -> str:
    """Name of a sensor in the store, where every name exists once for all grids."""
    return f"{grid}/{sensor}"


def _renamed(series: Series, generated: Generated) -> Series:
    sensor = series.sensor.model_copy(update={"name": stored_name(generated.grid.name, series.sensor.name)})
    return Series(sensor, series.at_us, series.value, series.quality)


def _register(generated: Generated, home: Home) -> None:
    """Register the grid under its name; readings of two scenarios would be mixed."""
    grid = generated.grid
    if grid.name.lower() in {case.lower() for case in known_cases()}:
        raise InvalidArgumentError(f"--into {grid.name!r}: a shipped case's name; one of your own would be right")
    source = f"scenario {generated.scenario.name}, seed {generated.seed}"
    held = {item.name: item.source for item in home.grids.list()}.get(grid.name, source)
    if held != source:
        raise InvalidArgumentError(
            f"the grid {grid.name!r} holds the {held}, and the {source} would mix with it; "
            "another --into would be right"
        )
    home.grids.register(grid.name, grid_to_json(grid), grid.fingerprint, source, grid.notes)


def _write_records(generated: Generated, home: Home) -> None:
    write_outages(home.engine, generated.grid.name, generated.outages)
    write_assets(home.engine, generated.assets, generated.timeline.start)


def _empty(series: Series) -> Series:
    return Series(series.sensor, series.at_us[:0], series.value[:0], series.quality[:0])


def _in_time(generated: Generated) -> Iterator[tuple[int, list[JsonValue]]]:
    """All readings of one moment after the other."""
    places = {one.sensor.name: 0 for one in generated.series}
    for at_us in generated.timeline.times_us().tolist():
        batch: list[JsonValue] = []
        for one in generated.series:
            place = places[one.sensor.name]
            if place < len(one) and int(one.at_us[place]) == at_us:
                places[one.sensor.name] = place + 1
                value = float(one.value[place])
                batch.append(
                    {
                        "sensor": stored_name(generated.grid.name, one.sensor.name),
                        "at": from_us(at_us).isoformat(),
                        "value": None if np.isnan(value) else value,
                        "quality": str(QUALITIES[int(one.quality[place])]),
                    }
                )
        yield at_us, batch
