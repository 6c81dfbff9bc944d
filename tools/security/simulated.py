"""Whether what a run looks at was made up; log entries do not say it themselves, the records beside them do."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tools.context import ToolContext


def is_simulated(ctx: ToolContext, start: datetime, end: datetime) -> bool:
    """Whether any sensor, asset, permit or outage of the time is declared as simulated."""
    if ctx.telemetry is not None and any(sensor.simulated for sensor in ctx.telemetry.sensors()):
        return True
    if ctx.assets is not None and any(asset.simulated for asset in ctx.assets.assets()):
        return True
    if ctx.permits is not None and any(permit.simulated for permit in ctx.permits.permits(start, end)):
        return True
    return ctx.outages is not None and any(outage.simulated for outage in ctx.outages.outages(start, end))
