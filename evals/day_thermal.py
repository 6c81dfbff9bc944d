"""Hot spot and ageing of a transformer through a simulated day, by the equations of IEC 60076-7 and ``solve_ivp``.

Clause 8.2 as differential equations of the winding's rise over the oil, with the day's true load between its minutes;
the oil itself is the day's true top oil. Ageing is clause 6. None of our thermal model takes part.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.integrate import solve_ivp

from evals.day import MadeDay
from orchestrator.demoday.clock import MINUTES, at_minute
from orchestrator.demoday.grid import demo_grid
from tools.errors import InvalidArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from evals.case import Expected, Gold
    from tools.telemetry.schema.operations import TransformerNameplate

_EVERY = np.arange(MINUTES, dtype=float)


def highest_hot_spot(made: MadeDay, expected: Expected) -> Gold:
    """The highest hot-spot temperature of the day, degrees Celsius."""
    return float(_hot_spot(made, _index(expected)).max())


def highest_hot_spot_at(made: MadeDay, expected: Expected) -> Gold:
    """When it was highest."""
    return at_minute(int(_hot_spot(made, _index(expected)).argmax()))


def life_lost_h(made: MadeDay, expected: Expected) -> Gold:
    """Hours of life that the day took: relative ageing over its minutes, trapezoids between them."""
    trafo = _index(expected)
    hot, plate = _hot_spot(made, trafo), _plate(made, trafo)
    if plate.insulation == "normal":
        rate = 2.0 ** ((hot - 98.0) / 6.0)
    else:
        rate = np.exp(15_000.0 / (110.0 + 273.0) - 15_000.0 / (hot + 273.0))
    return float(np.trapezoid(rate, _EVERY) / 60.0)


def load_factor(made: MadeDay, trafo: int) -> NDArray[np.float64]:
    """Current at the high side, of rated current, from the true powers and voltage of each minute."""
    true, table = made.true, demo_grid().net.trafo
    apparent = np.hypot(true[f"trafo{trafo}.p_hv"], true[f"trafo{trafo}.q_hv"])
    voltage = true[f"bus{int(table.hv_bus.at[trafo])}.vm"]
    return np.asarray(apparent / voltage / float(table.sn_mva.at[trafo]))


@lru_cache(maxsize=16)
def _hot_spot(made: MadeDay, trafo: int) -> NDArray[np.float64]:
    plate, load = _plate(made, trafo), load_factor(made, trafo)
    rise, exponent, k21, k22 = (
        _given(plate, name) for name in ("hot_spot_rise_kelvin", "winding_exponent", "k21", "k22")
    )
    tau_winding, tau_oil = _given(plate, "winding_time_constant_min"), _given(plate, "oil_time_constant_min")

    def slope(minute: float, parts: NDArray[np.float64]) -> list[float]:
        target = rise * float(np.interp(minute, _EVERY, load)) ** exponent
        return [
            (k21 * target - parts[0]) / (k22 * tau_winding),
            ((k21 - 1.0) * target - parts[1]) / (tau_oil / k22),
        ]

    first = rise * load[0] ** exponent
    begin = [k21 * first, (k21 - 1.0) * first]
    found = solve_ivp(slope, (0.0, _EVERY[-1]), begin, t_eval=_EVERY, rtol=1e-6, atol=1e-6, max_step=2.0)
    return np.asarray(made.true[f"trafo{trafo}.top_oil"] + found.y[0] - found.y[1])


def _index(expected: Expected) -> int:
    kind, _, index = (expected.element or "").partition(":")
    if kind != "trafo":
        raise InvalidArgumentError(f"recipe {expected.recipe} needs a transformer, not {expected.element}")
    return int(index)


def _plate(made: MadeDay, trafo: int) -> TransformerNameplate:
    plate = made.day.assets[trafo].nameplate
    if plate is None:
        raise InvalidArgumentError(f"trafo:{trafo} has no nameplate")
    return plate


def _given(plate: TransformerNameplate, name: str) -> float:
    value = getattr(plate, name)
    if value is None:
        raise InvalidArgumentError(f"the nameplate has no {name}")
    return float(value)
