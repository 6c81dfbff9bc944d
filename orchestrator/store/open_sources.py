"""The doors to what is stored, opened for one run."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from orchestrator.store.operations import StoredAssets, StoredOutages, StoredPermits
from orchestrator.store.stored_logs import StoredLogs
from orchestrator.store.stored_telemetry import StoredTelemetry
from tools.telemetry.sources import AssetSource, LogSource, OutageSource, PermitSource, TelemetrySource


@dataclass(frozen=True)
class Sources:
    """Fields of a ``ToolContext`` by the same names; None where nothing of the kind is known of the grid."""

    telemetry: TelemetrySource | None = None
    logs: LogSource | None = None
    outages: OutageSource | None = None
    permits: PermitSource | None = None
    assets: AssetSource | None = None


def open_sources(engine: Engine, grid: str | None, known_until: datetime) -> Sources:
    """What is stored about a grid and had arrived by a time.

    Args:
        engine: The store.
        grid: Name of the run's grid; what belongs to no grid belongs to every one.
        known_until: What arrived later is not seen.
    """
    telemetry = StoredTelemetry(engine, grid, known_until)
    logs = StoredLogs(engine, grid, known_until)
    outages = StoredOutages(engine, grid, known_until)
    permits = StoredPermits(engine, grid, known_until)
    assets = StoredAssets(engine, grid, known_until)
    return Sources(
        telemetry=telemetry if telemetry.has_readings() else None,
        logs=logs if logs.kinds() else None,
        outages=outages if outages.has_records() else None,
        permits=permits if permits.has_records() else None,
        assets=assets if assets.assets() else None,
    )
