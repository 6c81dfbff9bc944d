"""Fault currents of a net by IEC 60909-0:2016, through ``pandapower.shortcircuit``, with what it leaves to its user.

pandapower gives I''k and the impedances; the peak factor comes from its method C (impedance at 20 or 24 Hz, clause 8).
Ours are, because pandapower has them not or otherwise:

- two-phase faults: sqrt(3)/2 of the three-phase ones, Z2 being Z1 far from generators (clause 7); pandapower adds the
  converters' share unreduced;
- the peak current of faults to earth, with the peak factor of the three-phase fault, as clause 8 allows;
- the thermal current with the grid's own frequency (Annex A; pandapower takes 50 Hz), n being one: a current that
  does not decay, which is on the safe side near generators.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

import numpy as np
import pandas as pd
from pandapower.shortcircuit import calc_sc

from tools.errors import NotSolvedError
from tools.grid.schema.short_circuit import CurrentCase, FaultType

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

TWO_PHASE = float(np.sqrt(3.0)) / 2.0
FREQUENCIES_HZ = (50.0, 60.0)
"""For which the standard has an equivalent frequency for the peak factor."""
_DENSE_BUSES = 400
"""Above this many buses the sparse factors are quicker than the full inverse, and smaller."""
_CASES = {CurrentCase.MAXIMUM: "max", CurrentCase.MINIMUM: "min"}


@dataclass(frozen=True)
class Calculation:
    """How the currents are calculated.

    Attributes:
        fault: Kind of fault.
        current: Maximum or minimum.
        duration_s: Of the fault.
        lv_tolerance_percent: Voltage tolerance below 1 kV.
    """

    fault: FaultType
    current: CurrentCase
    duration_s: float
    lv_tolerance_percent: int


def fault_currents(net: pandapowerNet, buses: Sequence[int], how: Calculation) -> pd.DataFrame:
    """Currents and impedances of faults at buses, one at a time; a bus without supply has NaN.

    Args:
        net: Private copy with all data; pandapower writes its results into it.
        buses: pandapower indices.
        how: How to calculate.

    Returns:
        Columns ``ikss_ka``, ``ip_ka``, ``ith_ka``, ``kappa``, ``rk_ohm``, ``xk_ohm``; of three-phase faults
        ``skss_mva``, of faults to earth ``rk0_ohm`` and ``xk0_ohm``.

    Raises:
        NotSolvedError: when the equations have no solution, or pandapower does not model an element.
    """
    with_peak = net.f_hz in FREQUENCIES_HZ
    _run(net, buses, how, "3ph", ip=with_peak)
    found = net.res_bus_sc.copy()
    rotating_ka = found.ikss_ka
    if has_converters(net, how):
        rotating_ka = _without_converters(net, buses, how)
    kappa = (found.ip_ka / np.sqrt(2.0) - (found.ikss_ka - rotating_ka)) / rotating_ka if with_peak else np.nan
    rows = found[["ikss_ka", "rk_ohm", "xk_ohm"]].assign(kappa=kappa, converters_ka=found.ikss_ka - rotating_ka)
    if how.fault is FaultType.LINE_TO_GROUND:
        rows = _to_ground(net, buses, how, rows)
    elif how.fault is FaultType.TWO_PHASE:
        rows[["ikss_ka", "converters_ka"]] *= TWO_PHASE
    else:
        rows["skss_mva"] = np.sqrt(3.0) * rows.ikss_ka * net.bus.vn_kv.loc[rows.index]
    rows["ip_ka"] = np.sqrt(2.0) * (rows.kappa * (rows.ikss_ka - rows.converters_ka) + rows.converters_ka)
    rows["ith_ka"] = rows.ikss_ka * np.sqrt(1.0 + heat_of_dc(rows.kappa.to_numpy(), net.f_hz, how.duration_s))
    return pd.DataFrame(rows)


def branch_currents(net: pandapowerNet, bus: int, how: Calculation) -> None:
    """Leave the branches' initial currents of one three-phase fault in ``net.res_*_sc``.

    Args:
        net: Private copy. Its switches lose their rated currents: pandapower holds currents of switches against them
            that it has not calculated, and fails.
        bus: Where the fault is.
        how: How it is calculated.
    """
    net["switch"] = net.switch.drop(columns="in_ka", errors="ignore")
    _run(net, [bus], how, "3ph", branches=True)


def heat_of_dc(kappa: NDArray[np.float64], f_hz: float, duration_s: float) -> NDArray[np.float64]:
    """Factor m: heat of the direct component (IEC 60909-0:2016, Annex A).

    >>> [round(float(m), 3) for m in heat_of_dc(np.array([1.2, 1.8]), 50.0, 0.1)]
    [0.062, 0.443]
    """
    decay = 2.0 * f_hz * duration_s * np.log(np.clip(kappa - 1.0, 1e-9, 1.0 - 1e-9))
    factor: NDArray[np.float64] = np.expm1(2.0 * decay) / decay
    return factor


def _to_ground(net: pandapowerNet, buses: Sequence[int], how: Calculation, balanced: pd.DataFrame) -> pd.DataFrame:
    """Faults to earth; converters are switched off for them, what they feed in then is a matter of their control."""
    bare = deepcopy(net)
    bare.sgen.loc[bare.sgen.current_source.astype(bool), "in_service"] = False
    _run(bare, buses, how, "1ph")
    found = bare.res_bus_sc.loc[balanced.index, ["ikss_ka", "rk_ohm", "xk_ohm", "rk0_ohm", "xk0_ohm"]]
    return pd.DataFrame(found.assign(kappa=balanced.kappa, converters_ka=0.0))


def has_converters(net: pandapowerNet, how: Calculation) -> bool:
    """Whether static generators feed in as current sources; minimum currents do without them."""
    feeding = net.sgen.in_service.astype(bool) & net.sgen.current_source.astype(bool)
    return how.current is CurrentCase.MAXIMUM and bool(feeding.any())


def _without_converters(net: pandapowerNet, buses: Sequence[int], how: Calculation) -> pd.Series[float]:
    bare = deepcopy(net)
    bare.sgen.loc[bare.sgen.current_source.astype(bool), "in_service"] = False
    _run(bare, buses, how, "3ph")
    rotating: pd.Series[float] = bare.res_bus_sc.ikss_ka
    return rotating


def _run(
    net: pandapowerNet, buses: Sequence[int], how: Calculation, fault: str, *, ip: bool = False, branches: bool = False
) -> None:
    try:
        with _quiet():
            calc_sc(
                net,
                bus=list(buses),
                fault=fault,
                case=_CASES[how.current],
                lv_tol_percent=how.lv_tolerance_percent,
                ip=ip,
                branch_results=branches,
                inverse_y=len(net.bus) <= _DENSE_BUSES,
            )
    except (
        ValueError,
        UserWarning,
        NotImplementedError,
        ArithmeticError,
        RuntimeError,
        np.linalg.LinAlgError,
    ) as error:
        raise NotSolvedError(f"The short-circuit currents cannot be calculated: {error}") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Without pandapower's remarks on what this module says itself: far from generators, branch results."""
    logger = logging.getLogger("pandapower.shortcircuit.calc_sc")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with catch_warnings():
            simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
