"""The demo grid's transformers as assets, with what IEC 60076-7 needs to tell their temperatures.

Coefficients are those that IEC 60076-7 recommends for medium and large power transformers, by cooling; the ratings
are the grid model's.
"""

from __future__ import annotations

from functools import lru_cache

from orchestrator.demoday.grid import NAME, demo_grid, ref
from tools.element import ElementKind
from tools.telemetry.schema.operations import Asset, TransformerNameplate

FORCED_AIR = TransformerNameplate(
    cooling="ONAF",
    top_oil_rise_kelvin=52.0,
    hot_spot_rise_kelvin=26.0,
    loss_ratio=6.0,
    oil_exponent=0.8,
    winding_exponent=1.3,
    oil_time_constant_min=150.0,
    winding_time_constant_min=7.0,
    k11=0.5,
    k21=2.0,
    k22=2.0,
    insulation="normal",
)
FORCED_OIL = TransformerNameplate(
    cooling="OFAF",
    top_oil_rise_kelvin=56.0,
    hot_spot_rise_kelvin=22.0,
    loss_ratio=6.0,
    oil_exponent=1.0,
    winding_exponent=1.3,
    oil_time_constant_min=90.0,
    winding_time_constant_min=7.0,
    k11=1.0,
    k21=1.3,
    k22=1.0,
    insulation="thermally_upgraded",
)
FORCED_OIL_UNITS = (1, 10)
"""The two largest transformers are cooled by pumps and fans, the others by fans alone."""


def asset_name(trafo: int) -> str:
    """Name of a transformer's asset."""
    return f"T{trafo}"


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
