"""Outages beyond the nose of the voltage curve: how much must go is known by hand for one load behind a reactance."""

import numpy as np
import pandapower as pp
import pytest

from tools.grid.remedies.collapse import SHARES, collapse_rows, lightened
from tools.grid.remedies.levers import load_levers
from tools.grid.remedies.point import Base, point_of
from tools.limits import LimitTable

KV, OHM, LOAD_MW = 110.0, 50.0, 130.0
# P = V1^2 / (2 X): the most that a reactance carries to a load without reactive power.
MOST_MW = KV**2 / (2 * OHM)


def two_circuits(load_mw):
    net = pp.create_empty_network()
    source, far = (pp.create_bus(net, KV, min_vm_pu=0.9, max_vm_pu=1.1) for _ in range(2))
    pp.create_ext_grid(net, source)
    for _ in range(2):
        pp.create_line_from_parameters(net, source, far, 1.0, 0.0, OHM, 0.0, 1.0)
    pp.create_load(net, far, p_mw=load_mw)
    pp.runpp(net, lightsim2grid=False)
    return net


def point(grid_of, load_mw):
    base = Base(grid_of(two_circuits(load_mw)), LimitTable(limits=()), (), ())
    return point_of(base, base.state())


def test_lightened__is_the_first_share_that_one_circuit_can_carry(grid_of):
    here = point(grid_of, LOAD_MW)
    assert len(here.unsolved) == 2
    light = lightened(here, min(here.unsolved))
    carried = max(share for share in SHARES if share * LOAD_MW <= MOST_MW)
    assert np.abs(light.missing_mva.real).max() == pytest.approx((1 - carried) * LOAD_MW, rel=1e-6)


def test_collapse_rows__ask_for_what_lies_beyond_the_nose_and_little_more(grid_of):
    here = point(grid_of, LOAD_MW)
    row = next(iter(collapse_rows(here)))
    (shed,) = load_levers(here.state)
    asked_mw = float(row.room[0] / row.effect([shed])[0, 0])
    carried = max(share for share in SHARES if share * LOAD_MW <= MOST_MW)
    assert LOAD_MW - MOST_MW <= asked_mw == pytest.approx((1 - carried) * LOAD_MW, rel=1e-6)


def test_collapse_rows__nothing_where_every_outage_solves(grid_of):
    assert list(collapse_rows(point(grid_of, 0.9 * MOST_MW))) == []
