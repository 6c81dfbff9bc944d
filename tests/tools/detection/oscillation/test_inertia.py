"""Inertia of a mix against the sum by hand: H = sum(H_i S_i) / sum(S_i)."""

import pandapower as pp
import pytest

from tools.detection.oscillation.inertia import from_units
from tools.detection.schema.oscillations import UnitInertia
from tools.errors import InvalidArgumentError


@pytest.fixture
def net():
    net = pp.create_empty_network()
    bus = pp.create_bus(net, 110)
    pp.create_ext_grid(net, bus)
    for rating in (500.0, 300.0, None):
        pp.create_gen(net, bus, p_mw=100, sn_mva=rating)
    return net


def test_from_units__weighs_by_rating_and_counts_what_is_not_known(net):
    net.gen["h_s"] = [4.0, None, None]
    found, left = from_units(net, (UnitInertia(unit="gen:1", h_s=6.0), UnitInertia(unit="gen:2", h_s=3.0, sn_mva=100)))
    assert found.kinetic_energy_mws == pytest.approx(4 * 500 + 6 * 300 + 3 * 100)
    assert found.h_s == pytest.approx(4100 / 900)
    assert (found.units, found.units_unknown) == (3, 1)
    assert left[0].count == 1


def test_from_units__a_unit_out_of_service_gives_nothing(net):
    net.gen["h_s"] = 4.0
    net.gen.loc[0, "in_service"] = False
    found, _ = from_units(net, ())
    assert found.kinetic_energy_mws == pytest.approx(1200)


def test_from_units__says_why_there_is_none(net):
    found, [left] = from_units(net, ())
    assert found is None
    assert "not known" in left.reason
    with pytest.raises(InvalidArgumentError, match="gen:9"):
        from_units(net, (UnitInertia(unit="gen:9", h_s=4),))
    with pytest.raises(InvalidArgumentError, match="rating"):
        from_units(net, (UnitInertia(unit="gen:2", h_s=4),))
    with pytest.raises(InvalidArgumentError, match="gen:0"):
        from_units(net, (UnitInertia(unit="bus:0", h_s=4),))
