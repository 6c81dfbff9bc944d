"""What a run may look at besides its grid, and which moment is now for it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from orchestrator.store.open_sources import Sources, open_sources
from tools.telemetry.schema.sensor import Sensor


@dataclass(frozen=True)
class RunSources:
    """The stored sources of one grid at one time.

    Attributes:
        stored: Telemetry, logs and records.
        measured: Whether sensors sit at elements of this very grid, so that its state has a past.
        simulated_until: Last moment of a simulated day; None when the readings are real, or there are none.
    """

    stored: Sources
    measured: bool
    simulated_until: datetime | None

    def as_of(self, asked: datetime | None, now: datetime) -> datetime:
        """The moment that a run is about: as asked, of a simulated day its last, else the time of day."""
        return asked or self.simulated_until or now


def open_run_sources(engine: Engine, grid: str, known_until: datetime) -> RunSources:
    """Open what is stored of a grid."""
    stored = open_sources(engine, grid, known_until)
    if stored.telemetry is None:
        return RunSources(stored, measured=False, simulated_until=None)
    mine = [item for item in stored.telemetry.sensors() if item.grid == grid]
    extent = stored.telemetry.extent([item.name for item in mine]) if _simulated(mine) else None
    return RunSources(
        stored, measured=any(item.element is not None for item in mine), simulated_until=extent[1] if extent else None
    )


def _simulated(sensors: list[Sensor]) -> bool:
    return bool(sensors) and all(item.simulated for item in sensors)
