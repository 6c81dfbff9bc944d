"""What can be observed of a grid, and when is now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tools.telemetry.schema.operations import Asset
from tools.telemetry.schema.sensor import Sensor


@dataclass(frozen=True)
class Observable:
    """What can be observed of a grid, and when is now.

    Attributes:
        sensors: All sensors that the run may see.
        assets: All assets.
        as_of: The run's time.
        zone: The control room's zone.
        incident: Identifier of the newest incident; None when there is none.
    """

    sensors: Sequence[Sensor]
    assets: Sequence[Asset]
    as_of: datetime
    zone: ZoneInfo
    incident: str | None = None
