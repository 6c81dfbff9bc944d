"""Which ratings are real; the truth about the shipped cases is their published data."""

import numpy as np
import pandapower as pp
import pytest

from tools.element import ElementKind
from tools.grid.importing import open_grid
from tools.grid.ratings import branch_ratings_mva, loading_meaningful, missing_ratings, placeholder_branches


@pytest.mark.parametrize("case", ["case14", "case57", "case118", "case300", "case33bw", "case_ieee30", "iceland"])
def test_placeholder_branches__cases_without_any_rating(case):
    net = open_grid(case).net
    assert len(placeholder_branches(net)) == len(net.line) + len(net.trafo)
    assert not loading_meaningful(net)


@pytest.mark.parametrize(
    "case", ["case4gs", "case9", "case24_ieee_rts", "case30", "case39", "create_cigre_network_mv", "mv_oberrhein"]
)
def test_placeholder_branches__cases_with_real_ratings(case):
    net = open_grid(case).net
    assert placeholder_branches(net) == frozenset()
    assert loading_meaningful(net)


def test_placeholder_branches__mixed_case_is_judged_branch_by_branch():
    # PJM's five-bus case limits two lines: 400 MVA from A to B, 240 MVA from D to E
    net = open_grid("case5").net
    real = {index for index in net.line.index if (ElementKind.LINE, index) not in placeholder_branches(net)}
    assert sorted(round(mva) for mva in branch_ratings_mva(net, ElementKind.LINE)[list(real)]) == [240, 400]
    assert loading_meaningful(net)


def one_line(vn_kv, max_i_ka, **columns):
    net = pp.create_empty_network()
    ends = pp.create_bus(net, vn_kv), pp.create_bus(net, vn_kv)
    pp.create_line_from_parameters(net, *ends, 1.0, 0.1, 0.3, 10.0, max_i_ka, **columns)
    return net


@pytest.mark.parametrize("max_i_ka", [0.0, -1.0, np.nan, np.inf])
def test_missing_ratings__zero_negative_or_no_number(max_i_ka):
    net = one_line(20.0, max_i_ka)
    assert missing_ratings(net) == placeholder_branches(net) == {(ElementKind.LINE, 0)}


@pytest.mark.parametrize(
    ("vn_kv", "max_i_ka", "placeholder"),
    [
        (20.0, 0.42, False),  # a cable
        (20.0, 9.999, True),  # 9999 A
        (20.0, 100.0, True),  # beyond any busbar at this voltage
        (380.0, 3.6, False),  # four-conductor bundle
        (380.0, 99999.0, True),
        (345.0, 9900.0 / (np.sqrt(3) * 345.0), True),  # 9900 MVA
        (345.0, 1000.0 / (np.sqrt(3) * 345.0), False),  # 1000 MVA, not the fill value 999
        (1.0, 472.0 / np.sqrt(3), False),  # a per-unit case: 472 MVA at a nominal voltage that is none
    ],
)
def test_placeholder_branches__line_against_its_voltage(vn_kv, max_i_ka, placeholder):
    assert bool(placeholder_branches(one_line(vn_kv, max_i_ka))) is placeholder


def test_loading_meaningful__a_real_rating_out_of_service_does_not_count():
    net = one_line(20.0, 0.4)
    net.line.loc[0, "in_service"] = False
    assert not loading_meaningful(net)


def test_branch_ratings_mva__parallel_and_derated():
    net = one_line(20.0, 0.5, parallel=2, df=0.8)
    assert branch_ratings_mva(net, ElementKind.LINE).loc[0] == pytest.approx(np.sqrt(3) * 20 * 0.5 * 2 * 0.8)
