"""What the tools of a run are given: its grid, its sources, its limits, its time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from knowledge.limits import standard_limits
from knowledge.threats import known_threats
from orchestrator.grids import grids_of
from orchestrator.runs.record_source import StoredRecords
from orchestrator.sources import RunSources, open_run_sources
from orchestrator.store.trained_models import KnownModels, TrainedModels
from tools.context import Clock, PassageSource, ToolContext
from tools.grid.grid import Grid
from tools.limits import LimitTable
from tools.spreading import HERE, Spreading


@dataclass(frozen=True)
class Workbench:
    """Opens the sources of a run.

    Attributes:
        engine: The store.
        library: Passages of standards.
        standard_limits: Whether the limits of the standards hold where a grid states none.
        spreading: Where large studies run.
    """

    engine: Engine
    library: PassageSource
    standard_limits: bool = True
    spreading: Spreading = HERE

    @property
    def limits(self) -> LimitTable:
        """Limits that hold where the grid model states none."""
        return standard_limits() if self.standard_limits else LimitTable(limits=())

    def sources(self, grid: str, known_until: datetime) -> RunSources:
        """What is stored of a grid and had arrived by a time."""
        return open_run_sources(self.engine, grid, known_until)

    def clock(self, grid: str, asked: datetime | None, now: datetime) -> Clock:
        """The run's time on a grid: as asked, of a simulated day its last moment, else now."""
        return Clock(as_of=self.sources(grid, now).as_of(asked, now), known_until=now)

    def context(self, grid: Grid, clock: Clock, seed: int = 0) -> ToolContext:
        """Everything that a tool may look at."""
        sources = self.sources(grid.name, clock.known_until)
        return ToolContext(
            grids=grids_of(grid, sources, clock.as_of),
            limits=self.limits,
            clock=clock,
            seed=seed,
            spreading=self.spreading,
            records=StoredRecords(self.engine, clock.known_until),
            models=KnownModels(TrainedModels(self.engine, lambda: clock.known_until), clock.known_until),
            passages=self.library,
            telemetry=sources.stored.telemetry,
            logs=sources.stored.logs,
            outages=sources.stored.outages,
            permits=sources.stored.permits,
            assets=sources.stored.assets,
            threats=known_threats(),
        )
