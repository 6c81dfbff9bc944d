"""The inventory against pandapower's own tables."""

import numpy as np
import pandapower as pp
import pytest

from tools.element import ElementKind
from tools.grid.grid import Grid
from tools.grid.inventory import build_inventory


@pytest.fixture
def small():
    net = pp.create_empty_network()
    pp.create_bus(net, 110.0, name="North", index=7)
    pp.create_bus(net, 20.0, name="South", index=3)
    pp.create_bus(net, 20.0, name=np.nan, index=4)
    pp.create_line_from_parameters(net, 3, 4, 1.0, 0.1, 0.1, 1.0, 0.4, name="Cable A", index=2)
    pp.create_line_from_parameters(net, 4, 3, 1.0, 0.1, 0.1, 1.0, 0.4, index=5)
    pp.create_load(net, 4, p_mw=3.0, scaling=0.5)
    pp.create_gen(net, 7, p_mw=40.0, min_p_mw=10.0, max_p_mw=80.0)
    pp.create_switch(net, 3, 2, et="l", closed=False)
    return build_inventory(Grid("small", "f" * 64, net))


def test_inventory__finds_by_name_without_case(small):
    [north] = small.by_name["north"]
    assert str(north.ref) == "bus:7"


def test_inventory__an_unnamed_element_has_no_name(small):
    assert small.get(ElementKind.BUS, 4).ref.name == ""
    assert "nan" not in small.by_name


def test_inventory__knows_parallel_branches_in_either_direction(small):
    assert {item.ref.index for item in small.between(3, 4)} == {2, 5}
    assert small.between(3, 7) == ()


def test_inventory__power_is_scaled(small):
    assert small.get(ElementKind.LOAD, 0).p_mw == pytest.approx(1.5)  # 3 MW at half scaling


def test_inventory__an_open_switch_is_out(small):
    assert small.get(ElementKind.SWITCH, 0).in_service is False


def test_inventory__levels_come_highest_first(small):
    assert small.levels_kv == (110.0, 20.0)


def test_inventory__unit_limits_are_those_of_the_table(small):
    unit = small.get(ElementKind.GEN, 0)
    assert (unit.p_mw, unit.min_p_mw, unit.max_p_mw, unit.buses) == (40.0, 10.0, 80.0, (7,))
