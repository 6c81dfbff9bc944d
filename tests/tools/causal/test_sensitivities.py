"""Factors of the linear power flow against pandapower's own DC solutions."""

from copy import deepcopy

import pandapower as pp
import pandapower.networks as pn
import pytest

from tools.causal.sensitivities import sensitivities_of
from tools.detection.branch_model import _build
from tools.element import ElementKind


@pytest.fixture(scope="module")
def net():
    return pn.case39()


@pytest.fixture(scope="module")
def known(net):
    return sensitivities_of(_build(deepcopy(net)))


def flows(net):
    pp.rundcpp(net)
    return net.res_line.p_from_mw.copy(), net.res_trafo.p_lv_mw.copy(), net.res_ext_grid.p_mw.copy()


@pytest.mark.parametrize("unit", [0, 4, 8])
def test_of_injection__is_what_a_megawatt_more_does(net, known, unit):
    before = flows(deepcopy(net))
    more = deepcopy(net)
    more.gen.loc[unit, "p_mw"] += 1.0
    after = flows(more)
    source = (ElementKind.GEN, unit)
    for line in net.line.index:
        factor = known.of_injection((ElementKind.LINE, int(line), "from"), source)
        assert factor == pytest.approx(after[0][line] - before[0][line], abs=1e-6)
        assert known.of_injection((ElementKind.LINE, int(line), "to"), source) == pytest.approx(-factor)
    for trafo in net.trafo.index:
        factor = known.of_injection((ElementKind.TRAFO, int(trafo), "lv"), source)
        assert factor == pytest.approx(after[1][trafo] - before[1][trafo], abs=1e-6)
    assert known.of_injection((ElementKind.EXT_GRID, 0, ""), source) == pytest.approx(after[2][0] - before[2][0])


@pytest.mark.parametrize("line", [1, 5, 12])
def test_of_opening__is_what_its_loss_does(net, known, line):
    before = flows(deepcopy(net))
    out = deepcopy(net)
    out.line.loc[line, "in_service"] = False
    after = flows(out)
    for other in net.line.index.drop(line):
        factor = known.of_opening((ElementKind.LINE, int(other), "from"), (ElementKind.LINE, line))
        assert factor * before[0][line] == pytest.approx(after[0][other] - before[0][other], abs=1e-4)


def test_of_opening__of_a_bridge_there_is_none(net, known):
    unit_bus = int(net.gen.bus.iloc[1])
    bridges = net.trafo.index[(net.trafo.hv_bus == unit_bus) | (net.trafo.lv_bus == unit_bus)]
    assert known.of_opening((ElementKind.LINE, 0, "from"), (ElementKind.TRAFO, int(bridges[0]))) is None


def test_of_injection__of_an_unknown_place_is_none(known):
    assert known.of_injection((ElementKind.LINE, 999, "from"), (ElementKind.GEN, 0)) is None
