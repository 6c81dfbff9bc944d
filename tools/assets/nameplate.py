"""What a nameplate gives to the thermal model, and what the standard's table gives where it is silent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.coverage import LeftOut

if TYPE_CHECKING:
    from tools.telemetry.schema.operations import TransformerNameplate

CITATION = "IEC 60076-7 (2018), Clause 8"

# Recommended characteristics of medium and large power transformers by cooling, without restricted oil flow.
_RECOMMENDED = {
    "ONAN": (0.8, 1.3, 0.5, 2.0, 2.0, 210.0, 10.0),
    "ONAF": (0.8, 1.3, 0.5, 2.0, 2.0, 150.0, 7.0),
    "OFAF": (1.0, 1.3, 1.0, 1.3, 1.0, 90.0, 7.0),
    "ODAF": (1.0, 2.0, 1.0, 1.0, 1.0, 90.0, 7.0),
}
_CHARACTERISTICS = (
    "oil_exponent",
    "winding_exponent",
    "k11",
    "k21",
    "k22",
    "oil_time_constant_min",
    "winding_time_constant_min",
)


@dataclass(frozen=True)
class ThermalPlate:
    """Everything that top oil needs, and the hot-spot rise where it is known.

    Attributes:
        top_oil_rise_kelvin: At rated load, steady state.
        hot_spot_rise_kelvin: Hot spot above top oil at rated load; None when the nameplate has none.
    """

    top_oil_rise_kelvin: float
    loss_ratio: float
    oil_exponent: float
    winding_exponent: float
    k11: float
    k21: float
    k22: float
    oil_time_constant_min: float
    winding_time_constant_min: float
    hot_spot_rise_kelvin: float | None = None


def thermal_plate(plate: TransformerNameplate | None) -> tuple[ThermalPlate | None, tuple[LeftOut, ...]]:
    """The plate for the model, and what had to be left out or taken from the standard's table instead."""
    if plate is None:
        return None, (_left_out("expected top oil, hot spot, loss of life", "no nameplate"),)
    missing = [name for name in ("top_oil_rise_kelvin", "loss_ratio") if getattr(plate, name) is None]
    recommended = dict(zip(_CHARACTERISTICS, _RECOMMENDED.get((plate.cooling or "").upper(), ()), strict=False))
    assumed = [name for name in _CHARACTERISTICS if getattr(plate, name) is None]
    missing += [name for name in assumed if name not in recommended]
    if missing or plate.top_oil_rise_kelvin is None or plate.loss_ratio is None:
        reason = f"the nameplate has no {', '.join(missing)}"
        return None, (_left_out("expected top oil, hot spot, loss of life", reason),)
    notes = []
    if assumed:
        reason = f"not on the nameplate; values for {plate.cooling} of {CITATION} stand in"
        notes.append(_left_out(", ".join(assumed), reason))
    if plate.hot_spot_rise_kelvin is None:
        notes.append(_left_out("hot spot, loss of life", "the nameplate has no hot_spot_rise_kelvin"))
    values = {name: getattr(plate, name) or recommended[name] for name in _CHARACTERISTICS}
    return (
        ThermalPlate(
            top_oil_rise_kelvin=plate.top_oil_rise_kelvin,
            loss_ratio=plate.loss_ratio,
            hot_spot_rise_kelvin=plate.hot_spot_rise_kelvin,
            **values,
        ),
        tuple(notes),
    )


def _left_out(what: str, reason: str) -> LeftOut:
    return LeftOut(what=what, count=1, reason=reason)
