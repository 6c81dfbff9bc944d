"""What the risk of an hour is judged by: figures of the last hour, from readings and from the other tools' results.

Each figure grows with what is wrong, and none tells one grid from another: loadings and voltages as such are left to
the limits, for what is usual differs by grid. A figure without a source is NaN and takes no part.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from threadpoolctl import threadpool_limits

from tools.context import ToolContext
from tools.detection.diagnosis import diagnose
from tools.detection.risk.heat_figures import heat_figures
from tools.detection.risk.log_figures import log_figures
from tools.detection.risk.reading_figures import reading_figures

LOOK = timedelta(hours=12)
"""How far back readings are held against each other; the hour that is judged is the last of it."""
WINDOW = timedelta(hours=1)

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True)
class Feature:
    """One figure.

    Attributes:
        name: With its unit as suffix, where it has one.
        meaning: In a few words.
    """

    name: str
    meaning: str


FEATURES = (
    Feature("contradiction_sigma", "strongest lasting contradiction of a sensor by all others"),
    Feature("spike_sigma", "strongest contradiction of a single reading"),
    Feature("faulty_sensors", "sensors that are frozen, drifting, false or late"),
    Feature("frozen_min", "longest time for which a sensor repeats itself"),
    Feature("missing_percent", "missing readings of the sensor that misses most"),
    Feature("doubted_percent", "readings that are suspect, bad or out of range"),
    Feature("jump_ratio", "largest change of level against the usual changes of the same sensor"),
    Feature("swing_ratio", "strongest single swing against all others of the same sensor"),
    Feature("dead_branches", "branches whose flows went to zero"),
    Feature("oil_excess_kelvin", "top oil above what load and air explain"),
    Feature("failed_logins", "failed log-ins"),
    Feature("access_warnings", "findings on accesses graver than information"),
    Feature("commands", "commands sent"),
    Feature("command_warnings", "findings on commands graver than information"),
    Feature("alarms", "alarms raised"),
)
NAMES = tuple(feature.name for feature in FEATURES)


@dataclass(frozen=True, eq=False)
class Figures:
    """The figures of one hour.

    Attributes:
        value: In the order of ``FEATURES``; NaN where there is no source.
        reasons: Sources that were not there.
        simulated: Whether any reading was made up.
    """

    value: Floats
    reasons: tuple[str, ...]
    simulated: bool


def figures_at(ctx: ToolContext, at: datetime) -> Figures:
    """The figures of the hour that ends at a moment; nothing later is looked at.

    Raises:
        SourceMissingError: without telemetry.
    """
    telemetry = ctx.need_telemetry()
    start = at - LOOK
    extent = telemetry.extent()
    if extent is not None:
        start = max(start, min(extent[0], at - WINDOW))
    with threadpool_limits(limits=1, user_api="blas"):
        diagnosis = diagnose(ctx, start, at)
        found = reading_figures(diagnosis, at - WINDOW)
        heat, missing_heat = heat_figures(ctx, start, at)
    logs, missing_logs = log_figures(ctx, at - WINDOW, at)
    found |= heat | logs
    return Figures(
        value=np.array([found.get(name, np.nan) for name in NAMES], dtype=np.float64),
        reasons=(*missing_heat, *missing_logs),
        simulated=any(sensor.simulated for sensor in diagnosis.frame.sensors),
    )
