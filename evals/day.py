"""The simulated day of a suite: made once, and stored in a data directory of its own for a run."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from evals.planted import planted_logs, planted_series, planted_truths
from orchestrator.demoday.clock import LAST, MINUTES, at_minute, minute_times_us
from orchestrator.demoday.day import Day, make_day
from orchestrator.demoday.storing import store_day
from orchestrator.demoday.truth import Truth
from orchestrator.home import open_home
from orchestrator.runner import Runner
from orchestrator.simulation.measuring import DECIMALS, GOOD
from orchestrator.store.operations import write_assets
from orchestrator.store.stored_logs import write_log
from orchestrator.store.write_series import write_series
from tools.telemetry.schema.log import LogKind
from tools.telemetry.schema.operations import Asset
from tools.telemetry.series import Series

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from evals.case import Suite
    from evals.day_needs import DayNeeds, ExtraSensor
    from orchestrator.settings import Settings
    from tools.telemetry.schema.log import LogEntry

_STORED_AT = at_minute(-MINUTES)


@dataclass(frozen=True, eq=False)
class MadeDay:
    """A day with what a suite adds to it; all of it in memory, no store and no tool involved.

    Attributes:
        day: The day of the seed.
        extra: The added sensors' readings.
        logs: Alarms and messages that were added.
        series: Readings of every sensor, as they are stored, by name.
        true: What each sensor would show without any error, by minute.
        troubles: What is wrong: the day's own truth, and what the added sensors do.
        assets: The added assets.
    """

    day: Day
    extra: tuple[Series, ...]
    logs: tuple[LogEntry, ...]
    series: Mapping[str, Series]
    true: Mapping[str, NDArray[np.float64]]
    troubles: tuple[Truth, ...]
    assets: tuple[Asset, ...]


@lru_cache(maxsize=2)
def made_day(needs: DayNeeds) -> MadeDay:
    """Make the day that a suite needs; the same needs give the same day."""
    day = make_day(needs.seed)
    own = {item.sensor.name: item for item in day.series}
    alike = (_readings(one, own[one.like], day.true[one.like], needs.seed) for one in needs.sensors)
    extra = (*alike, *(planted_series(one, needs.seed) for one in needs.planted))
    return MadeDay(
        day=day,
        extra=extra,
        logs=planted_logs(needs),
        series=own | {item.sensor.name: item for item in extra},
        true={**day.true, **{one.name: day.true[one.like] for one in needs.sensors}},
        troubles=(*day.truth, *(truth for one in needs.sensors for truth in _truths(one)), *planted_truths(needs)),
        assets=tuple(
            Asset(name=name, kind="transformer", grid=day.grid.name, simulated=True) for name in needs.bare_transformers
        ),
    )


def _readings(extra: ExtraSensor, like: Series, true: NDArray[np.float64], seed: int) -> Series:
    sensor = like.sensor.model_copy(update={"name": extra.name})
    if extra.asset is not None:
        sensor = sensor.model_copy(update={"asset": extra.asset, "element": None})
    chance = np.random.default_rng([seed, crc32(extra.name.encode())])
    value = true + (sensor.noise or 0.0) * chance.standard_normal(MINUTES)
    value[extra.offset_from_min :] += extra.offset
    kept = slice(0, extra.until_min)
    value = np.round(value, DECIMALS.get(sensor.unit, 3))[kept]
    return Series(sensor, minute_times_us()[kept], value, np.full(len(value), GOOD, dtype=np.int8))


def _truths(extra: ExtraSensor) -> Iterator[Truth]:
    """What an added sensor does wrong, until the end of the day."""
    about = f"sensor:{extra.name}"
    if extra.offset:
        yield Truth("false_data", about, at_minute(extra.offset_from_min), LAST, "cyber")
    if extra.until_min < MINUTES:
        yield Truth("dropping_sensor", about, at_minute(extra.until_min), LAST, "cyber")


def store_made_day(made: MadeDay, settings: Settings) -> None:
    """Store the day and what was added, in the data directory of the settings.

    Planted traffic stands in for the day's own: one probe keeps one log.
    """
    home = open_home(settings)
    planted = any(one.kind is LogKind.PROTOCOL for one in made.logs)
    store_day(made.day, home, ("protocol",) if planted else ())
    write_series(home.engine, made.extra)
    write_log(home.engine, made.day.grid.name, made.logs)
    write_assets(home.engine, made.assets, _STORED_AT)
    home.engine.dispose()


@contextmanager
def runner_for(suite: Suite, settings: Settings) -> Iterator[Runner]:
    """The runner that a suite is asked through.

    A suite over a day gets a data directory of its own, which is gone afterwards, and UTC as the control room's zone:
    its questions and its gold name clock times. Every other suite is asked over the user's own.
    """
    if suite.day is None:
        yield Runner(settings)
        return
    with TemporaryDirectory(prefix="gridcrew-eval-", ignore_cleanup_errors=True) as folder:
        own = settings.with_home(Path(folder)).model_copy(update={"database_url": None, "timezone": "UTC"})
        store_made_day(made_day(suite.day), own)
        runner = Runner(own)
        try:
            yield runner
        finally:
            runner.engine.dispose()
