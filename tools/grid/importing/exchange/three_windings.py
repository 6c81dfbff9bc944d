"""Three-winding transformers: three legs to a star point, each with its own ratio, impedance and admittance.

The exchanged model refers every leg to the star point's rated voltage; pandapower asks for the impedance between each
two windings (IEC 60076-1), which in a star is the sum of two legs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pandapower.create import create_transformers3w_from_parameters

from tools.errors import GridUnavailableError
from tools.grid.importing.exchange.places import Places, complexes, connected, names, numbers
from tools.grid.importing.exchange.ratings import Ratings, least
from tools.grid.ratings import NO_RATING_MVA

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

_LEGS = ("1", "2", "3")
_PAIRS = (("hv", 0, 1), ("mv", 1, 2), ("lv", 0, 2))  # pandapower's names of the windings between which


def add_three_windings(net: pandapowerNet, rows: pd.DataFrame, places: Places, ratings: Ratings) -> Iterator[str]:
    """Add three-winding transformers at their present taps, and say what was assumed.

    Raises:
        GridUnavailableError: when two legs together have a negative reactance, which pandapower cannot carry.
    """
    if not len(rows):
        return
    star_kv = numbers(rows, "rated_u0")
    rated = np.stack([star_kv / numbers(rows, f"rho{leg}") for leg in _LEGS])
    mva = np.stack([_rating(rows, ratings, rated[place], place) for place in range(3)])
    series = np.stack([complexes(rows, f"r{leg}_at_current_tap", f"x{leg}_at_current_tap") for leg in _LEGS])
    iron = sum(complexes(rows, f"g{leg}", f"b{leg}") for leg in _LEGS) * star_kv**2
    order = np.argsort(-rated, axis=0, kind="stable")
    kv, sn, legs = (np.take_along_axis(table, order, axis=0) for table in (rated, _filled(mva), series))
    buses = np.take_along_axis(np.stack([places.buses(rows, leg) for leg in _LEGS]), order, axis=0)
    angle = np.take_along_axis(np.stack([numbers(rows, f"alpha{leg}") for leg in _LEGS]), order, axis=0)
    impedances: dict[str, NDArray[np.float64]] = {}
    for name, one, other in _PAIRS:
        between = (legs[one] + legs[other]) * np.minimum(sn[one], sn[other]) / star_kv**2 * 100
        if (between.imag < 0).any():
            first = names(rows)[int((between.imag < 0).argmax())]
            raise GridUnavailableError(f"Three-winding transformer {first!r} has a negative reactance between windings")
        impedances |= {f"vk_{name}_percent": np.abs(between), f"vkr_{name}_percent": between.real}
    capacitive = iron.imag > 0
    joined = np.logical_and.reduce([connected(rows, leg) for leg in _LEGS])
    create_transformers3w_from_parameters(
        net,
        *buses,
        *kv,
        *sn,
        **impedances,
        pfe_kw=iron.real * 1e3,
        i0_percent=np.where(capacitive, iron.real, np.abs(iron)) / sn[0] * 100,
        shift_mv_degree=angle[1] - angle[0],
        shift_lv_degree=angle[2] - angle[0],
        max_loading_percent=100.0,
        name=names(rows),
        in_service=joined,
    )
    yield f"{len(rows)} three-winding transformers stand at their present taps; their changers cannot be moved."
    if capacitive.any():
        yield f"The capacitive admittance of {int(capacitive.sum())} three-winding transformers was left out."
    if not joined.all():
        yield f"{int((~joined).sum())} three-winding transformers with an open winding count as out of service."


def _rating(rows: pd.DataFrame, ratings: Ratings, kv: NDArray[np.float64], place: int) -> NDArray[np.float64]:
    return least(ratings.mva(rows, kv, place), numbers(rows, f"rated_s{_LEGS[place]}"))


def _filled(mva: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(np.isnan(mva), NO_RATING_MVA, mva)
