"""Figures of equipment over the last hour: loadings, voltages, and heat that the load does not explain."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

import numpy as np

from tools.assets.schema.transformer import AssessTransformerArguments
from tools.assets.transformer import assess_transformer
from tools.context import ToolContext
from tools.detection.diagnosis import Diagnosis
from tools.element import ElementKind
from tools.errors import ToolError
from tools.telemetry.moments import to_us

_NEWEST_COLUMNS = 10


def grid_figures(
    ctx: ToolContext, diagnosis: Diagnosis, times: tuple[datetime, datetime, datetime]
) -> tuple[dict[str, float], tuple[str, ...]]:
    """Figures, and the sources that were not there.

    Args:
        ctx: For the grid and its transformers.
        diagnosis: The look at the readings.
        times: Begin of the look, begin of the hour, its end.
    """
    begin, window, end = times
    found: dict[str, float] = {}
    missing = []
    inside = diagnosis.frame.at_us >= to_us(window)
    try:
        excess = _excess(ctx, begin, end)
    except ToolError as error:
        missing.append(f"oil temperatures: {error}")
    else:
        found["oil_excess_kelvin"] = excess
    voltage = _voltage(diagnosis, inside)
    if voltage is None:
        missing.append("voltages in pu: no sensor")
    else:
        found["voltage_departure_pu"] = voltage
    try:
        loading = _loading(ctx, diagnosis, inside)
    except ToolError as error:
        missing.append(f"loadings: {error}")
    else:
        if loading is not None:
            found["loading_percent"] = loading
    return found, tuple(missing)


def _excess(ctx: ToolContext, begin: datetime, end: datetime) -> float:
    """Largest excess among transformers; zero where none is above what is expected."""
    rows = assess_transformer(ctx, AssessTransformerArguments(start=begin, end=end, limit=100)).rows
    return max((row.deviation_kelvin or 0.0 for row in rows), default=0.0)


def _voltage(diagnosis: Diagnosis, inside: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> float | None:
    frame = diagnosis.frame
    rows = [row for row, sensor in enumerate(frame.sensors) if sensor.quantity == "vm" and sensor.unit == "pu"]
    value = frame.value[rows][:, inside]
    return float(np.nanmax(np.abs(value - 1.0))) if np.isfinite(value).any() else None


def _loading(
    ctx: ToolContext, diagnosis: Diagnosis, inside: np.ndarray[tuple[int], np.dtype[np.bool_]]
) -> float | None:
    """Apparent power at a terminal over the rating at nominal voltage, the newest minutes' median; None without any."""
    net, frame = ctx.loaded_grid().net, diagnosis.frame
    terminals: dict[tuple[ElementKind, int, str], dict[str, int]] = defaultdict(dict)
    for row, sensor in enumerate(frame.sensors):
        if sensor.element is not None and sensor.side and sensor.unit in {"mw", "mvar"}:
            terminals[sensor.element.kind, sensor.element.index, sensor.side.value][sensor.quantity] = row
    highest: float | None = None
    for (kind, index, _), pair in terminals.items():
        if not {"p", "q"} <= pair.keys() or kind not in {ElementKind.LINE, ElementKind.TRAFO}:
            continue
        table = net[kind.value]
        if index not in table.index:
            continue
        if kind is ElementKind.LINE:
            kv = float(net.bus.vn_kv.at[table.from_bus.at[index]])
            rating = float(np.sqrt(3) * kv * table.max_i_ka.at[index])
        else:
            rating = float(table.sn_mva.at[index])
        value = frame.value[[pair["p"], pair["q"]]][:, inside][:, -_NEWEST_COLUMNS:]
        power = np.hypot(*value)
        if np.isfinite(power).any() and np.isfinite(rating) and rating > 0:
            loading = 100.0 * float(np.nanmedian(power)) / rating
            highest = loading if highest is None else max(highest, loading)
    return highest
