"""Nameplates of simulated transformers, with what IEC 60076-7 needs to tell their temperatures.

Coefficients are those that IEC 60076-7 recommends for medium and large power transformers, by cooling.
"""

from tools.telemetry.schema.operations import TransformerNameplate

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
