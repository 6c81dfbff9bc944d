"""The demo grid's transformers as assets; the ratings are the grid model's."""

from __future__ import annotations

from functools import lru_cache

from orchestrator.demoday.grid import NAME, demo_grid, ref
from orchestrator.simulation.nameplates import FORCED_AIR, FORCED_OIL
from orchestrator.simulation.sensors import asset_name
from tools.element import ElementKind
from tools.telemetry.schema.operations import Asset

FORCED_OIL_UNITS = (1, 10)
"""The two largest transformers are cooled by pumps and fans, the others by fans alone."""


@lru_cache(maxsize=1)
def transformers() -> tuple[Asset, ...]:
    """All transformers, in table order."""
    trafo = demo_grid().net.trafo
    return tuple(_asset(int(index), float(mva)) for index, mva in trafo.sn_mva.items())


def _asset(index: int, rated_mva: float) -> Asset:
    plate = FORCED_OIL if index in FORCED_OIL_UNITS else FORCED_AIR
    return Asset(
        name=asset_name(index),
        kind="transformer",
        grid=NAME,
        element=ref(ElementKind.TRAFO, index),
        nameplate=plate.model_copy(update={"rated_power_mva": rated_mva}),
        simulated=True,
    )
