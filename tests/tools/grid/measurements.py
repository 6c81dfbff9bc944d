"""Measurements made of a solved pandapower net: sensors as a control room has them, without noise unless asked for."""

from datetime import UTC, datetime

import numpy as np

from tests.tools.memory_sources import MemoryTelemetry, series
from tools.element import ElementKind, ElementRef
from tools.telemetry.schema.sensor import Sensor

START = datetime(2026, 3, 10, tzinfo=UTC)
QUANTITIES = {
    "load": ("p", "q"),
    "gen": ("p",),
    "ext_grid": ("p",),
    "sgen": ("p", "q"),
    "bus": ("vm",),
    "shunt": ("q",),
}
UNITS = {"p": ("mw", "p_mw"), "q": ("mvar", "q_mvar"), "vm": ("pu", "vm_pu")}


def sensor(kind, index, quantity, **more) -> Sensor:
    element = ElementRef(kind=ElementKind(kind), index=index, name="")
    unit = more.pop("unit", UNITS.get(quantity, ("", ""))[0])
    name = more.pop("name", f"{kind}{index}.{quantity}")
    return Sensor(name=name, element=element, quantity=quantity, unit=unit, period_s=60, **more)


def measured(*nets, period_s=60.0, sign=1, skip=(), noise=None, start=START) -> MemoryTelemetry:
    """One reading of everything for each solved net, in their order."""
    found = []
    for kind, quantities in QUANTITIES.items():
        for index in nets[0][kind].index.tolist():
            for quantity in quantities:
                item = sensor(kind, index, quantity, sign=sign, noise=noise)
                if item.name in skip:
                    continue
                column = UNITS[quantity][1]
                values = np.array([net[f"res_{kind}"].at[index, column] for net in nets]) * sign
                found.append(series(item, start, period_s, values))
    return MemoryTelemetry(*found)
