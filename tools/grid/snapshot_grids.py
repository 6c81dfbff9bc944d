"""A source of grids at any time of a run, from a model and what is known of its inputs."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING

from tools.grid.snapshot import snapshot

if TYPE_CHECKING:
    from tools.grid.grid import Grid
    from tools.telemetry.sources import LogSource, OutageSource, TelemetrySource

KEPT = 32


class SnapshotGrids:
    """A ``TimedGridSource``: the grid at a time, each time made once.

    The sources are bound to what the run may see, so a kept state never becomes wrong.
    """

    def __init__(
        self,
        grid: Grid,
        telemetry: TelemetrySource | None,
        logs: LogSource | None,
        outages: OutageSource | None,
        default_at: datetime,
    ) -> None:
        self._model = grid.model
        self._sources = telemetry, logs, outages
        self._default_at = default_at
        self._kept: OrderedDict[datetime, Grid] = OrderedDict()
        self._lock = Lock()

    def model(self) -> Grid:
        """The grid as loaded."""
        return self._model

    def grid(self, at: datetime | None = None) -> Grid:
        """The grid at a time; at the run's own when none is named.

        Raises:
            NoReadingsError: when the readings do not reach the time.
        """
        moment = at or self._default_at
        with self._lock:
            if moment in self._kept:
                self._kept.move_to_end(moment)
                return self._kept[moment]
        made = snapshot(self._model, *self._sources, moment)
        with self._lock:
            self._kept[moment] = made
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made
