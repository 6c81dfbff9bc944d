"""A scenario as generated: everything that a store would hold of it, and its truth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

    from orchestrator.scenarios.schema.scenario import Scenario
    from orchestrator.scenarios.timeline import Timeline
    from orchestrator.scenarios.truth import TroubleTruth
    from orchestrator.simulation.messages import Message
    from tools.grid.grid import Grid
    from tools.telemetry.schema.log import LogEntry
    from tools.telemetry.schema.operations import Asset, OutageRecord
    from tools.telemetry.series import Series


@dataclass(frozen=True, eq=False)
class Generated:
    """All of it is simulated.

    Attributes:
        scenario: What it was generated from.
        seed: Number that everything was drawn from.
        grid: The grid, under the name that readings and records carry.
        timeline: Its steps.
        series: Readings of every sensor, by name.
        logs: Entries of all logs, in order of time; empty where none are kept.
        outages: Outage records.
        assets: Transformers with their nameplates.
        messages: IEC 60870-5-104 messages, in order of time.
        truth: The troubles, in order of time; judges read it, tools never.
        true: What each sensor would show without any error, by step.
        shown: What sensors with a trouble would show without noise, by step; NaN where a reading lacks.
    """

    scenario: Scenario
    seed: int
    grid: Grid
    timeline: Timeline
    series: tuple[Series, ...]
    logs: tuple[LogEntry, ...]
    outages: tuple[OutageRecord, ...]
    assets: tuple[Asset, ...]
    messages: tuple[Message, ...]
    truth: tuple[TroubleTruth, ...]
    true: Mapping[str, NDArray[np.float64]]
    shown: Mapping[str, NDArray[np.float64]]

    @property
    def readings(self) -> int:
        """How many readings there are."""
        return sum(len(one) for one in self.series)
