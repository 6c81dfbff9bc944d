"""Days of case39 in which loads step and units swing: every state is a power flow of pandapower's own."""

from copy import deepcopy
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pandapower as pp
from scipy.interpolate import CubicSpline

from tests.tools.detection.synthetic_day import (
    BASE_MVA,
    KNOT_MIN,
    MINUTES,
    Truth,
    _branches,
    _buses,
    _whole,
    base_net,
    profile,
    solved_day,
    switched,
)


@lru_cache(maxsize=4)
def with_load(load: int, factor: float) -> Truth:
    """A whole day on which one load draws more, the units as on the day without."""
    net = deepcopy(base_net())
    shares = profile(0)
    extra = np.ones(len(net.load))
    extra[net.load.index.get_loc(load)] = factor
    power = (net.load.p_mw + 1j * net.load.q_mvar).to_numpy()
    gen = net.gen.p_mw.copy()
    volts = []
    for share in shares:
        drawn = share * extra * power
        net.load["p_mw"], net.load["q_mvar"] = drawn.real, drawn.imag
        net.gen["p_mw"] = gen * share.mean()
        volts.append(_solved(net, started=bool(volts)))
    knots = np.arange(len(shares)) * float(KNOT_MIN)
    volt = CubicSpline(knots, np.array(volts))(np.arange(MINUTES))
    drawn = CubicSpline(knots, shares * extra * power)(np.arange(MINUTES))
    return _day(net, volt, drawn)


@lru_cache(maxsize=2)
def with_swing(unit: int, first: int, count: int, swing_mw: tuple[float, ...]) -> Truth:
    """The day on which one unit's power moves by so many MW from some minute on."""
    net = deepcopy(base_net())
    plain = solved_day()
    shares = CubicSpline(np.arange(0, MINUTES + KNOT_MIN, KNOT_MIN), profile(0))(np.arange(first, first + count))
    p_mw, q_mvar, gen = net.load.p_mw.copy(), net.load.q_mvar.copy(), net.gen.p_mw.copy()
    volts = []
    for share, moved in zip(shares, swing_mw, strict=True):
        net.load["p_mw"], net.load["q_mvar"] = p_mw * share, q_mvar * share
        net.gen["p_mw"] = gen * share.mean()
        net.gen.loc[unit, "p_mw"] += moved
        volts.append(_solved(net, started=bool(volts)))
    drawn = shares * (p_mw + 1j * q_mvar).to_numpy()
    part = _day(net, np.array(volts), drawn)
    rows = {sensor.name: value for sensor, value in zip(part.sensors, part.value, strict=True)}
    value = plain.value.copy()
    for row, sensor in enumerate(plain.sensors):
        if sensor.name in rows:
            value[row, first : first + count] = rows[sensor.name][:count]
    return replace(plain, value=value)


def stepped(load: int, factor: float, minutes: slice) -> Truth:
    """The day without any fault, but for some minutes in which one load draws more."""
    return switched(solved_day(), with_load(load, factor), minutes)


def without(truth: Truth, *patterns: str) -> list[int]:
    """Rows of the sensors whose names do not begin with any of these."""
    return [row for row, sensor in enumerate(truth.sensors) if not sensor.name.startswith(patterns)]


def _solved(net, *, started: bool) -> np.ndarray:
    pp.runpp(net, init="results" if started else "auto", calculate_voltage_angles=True)
    return net._ppc["internal"]["V"].copy()


def _day(net, volt, drawn) -> Truth:
    """All sensors; a time shorter than a day is filled with zeros, which nobody looks at."""
    if len(volt) < MINUTES:
        pad = MINUTES - len(volt)
        volt = np.concatenate([volt, np.repeat(volt[-1:], pad, axis=0)])
        drawn = np.concatenate([drawn, np.repeat(drawn[-1:], pad, axis=0)])
    assert net._ppc["baseMVA"] == BASE_MVA
    made = [*_buses(net, volt, drawn), *_branches(net, volt), *_whole(drawn)]
    return Truth(tuple(sensor for sensor, _ in made), np.array([value for _, value in made]), deepcopy(base_net()))
