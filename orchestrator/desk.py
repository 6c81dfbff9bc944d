"""What a way needs beside its two doors."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Desk:
    """How to show times, how much a model may add, how to stamp the report.

    Attributes:
        zone: The control room's time zone.
        calls: Tool calls that each agent may add to the plan.
        now: Time of day, timezone-aware; frozen in a replay.
        new_id: Makes an identifier with a prefix.
    """

    zone: ZoneInfo
    calls: int
    now: Callable[[], datetime]
    new_id: Callable[[str], str]
