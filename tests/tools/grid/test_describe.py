"""Nameplates of shipped cases: the values are those of the published case files."""

import pandapower.networks as nw
import pytest

from tools.errors import UnknownElementError
from tools.grid.describe import describe_element
from tools.grid.schema.element import DescribeElementArguments


def _described(context, element):
    return describe_element(context, DescribeElementArguments(element=element))


def test_describe_element__a_line_has_its_rating_and_both_buses(context_of, grid_of):
    # IEEE 30-bus case of MATPOWER: branch 6-8, 32 MVA at 135 kV
    found = _described(context_of(grid_of(nw.case30())), "line:9")
    assert [str(bus) for bus in found.buses] == ["bus:5", "bus:7"]
    assert found.rating_mva == pytest.approx(32.0, abs=0.01)
    assert found.rating_ka == pytest.approx(32.0 / (3**0.5 * 135.0), rel=1e-6)
    assert found.rating_is_placeholder is False


def test_describe_element__a_placeholder_rating_is_no_rating(context_of, grid_of):
    found = _described(context_of(grid_of(nw.case118())), "line:14")
    assert found.rating_is_placeholder is True
    assert found.rating_ka is None
    assert found.rating_mva is None


def test_describe_element__a_unit_has_its_limits(context_of, grid_of):
    # New England case: the unit at bus 30 gives 250 MW of at most 1040 MW
    net = nw.case39()
    index = int(net.gen.index[net.gen.bus == 29][0])
    found = _described(context_of(grid_of(net)), f"gen:{index}")
    assert (found.p_mw, found.max_p_mw) == (250.0, 1040.0)


def test_describe_element__neighbours_share_a_bus(context_of, grid_of):
    net = nw.case14()
    found = _described(context_of(grid_of(net)), "trafo:0")
    ends = {net.trafo.hv_bus.at[0], net.trafo.lv_bus.at[0]}
    expected = {f"line:{i}" for i in net.line.index if {net.line.from_bus.at[i], net.line.to_bus.at[i]} & ends}
    assert expected == {str(item) for item in found.neighbours if item.kind == "line"}


def test_describe_element__an_unknown_one_is_said(context_of, grid_of):
    with pytest.raises(UnknownElementError, match="line"):
        _described(context_of(grid_of(nw.case14())), "line:99")
