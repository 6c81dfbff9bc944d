"""Grids that are no feeders, arguments that cannot be, and what a feeder lacks: each a clear answer."""

from copy import deepcopy

import numpy as np
import pandapower as pp
import pandapower.networks as nw
import pytest
from pandapower.toolbox import drop_lines
from pydantic import ValidationError

from tests.tools.grid.feeder.plain import loss_kw
from tools.errors import InvalidArgumentError, NotSolvedError, UnknownElementError


def _open(refs):
    return tuple(sorted(ref.index for ref in refs))


@pytest.fixture(scope="module")
def baran_wu():
    return nw.case33bw()


@pytest.mark.parametrize("case", ["case39", "case30", "case9"])
def test_meshed_grid__is_refused_with_its_loops_and_units(case, reconfigured):
    with pytest.raises(InvalidArgumentError, match=r"no radial feeder.*closed loop.*gen:"):
        reconfigured(getattr(nw, case)())


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"outages": ("line:5",), "max_switchings": 0}, InvalidArgumentError, "max_switchings"),
        ({"method": "exhaustive", "max_configurations": 1000}, InvalidArgumentError, "max_configurations"),
        ({"switchable": ("line:99",)}, UnknownElementError, "line"),
        ({"switchable": ("bus:3",)}, InvalidArgumentError, "bus"),
        ({"outages": ("line:5",), "switchable": ("line:5",)}, InvalidArgumentError, "switchable: line:5"),
        ({"outages": ("line:32",)}, InvalidArgumentError, "out of service already"),
        (
            {"failure_rates": ({"element": "line:1", "per_year": 1}, {"element": "line:1", "per_year": 2})},
            InvalidArgumentError,
            "two different rates",
        ),
    ],
)
def test_bad_arguments__are_named(arguments, error, words, baran_wu, reconfigured):
    with pytest.raises(error, match=words):
        reconfigured(baran_wu, **arguments)


def test_bad_arguments__of_the_schema(baran_wu, reconfigured):
    with pytest.raises(ValidationError):
        reconfigured(baran_wu, max_switchings=-1)


def test_bad_grid__loads_that_depend_on_the_voltage_are_refused(reconfigured):
    net = nw.case33bw()
    column = next(name for name in net.load.columns if name.startswith("const_z"))
    net.load[column] = 50.0
    with pytest.raises(InvalidArgumentError, match="depend on the voltage"):
        reconfigured(net)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda net: _set(net.line, 33, ["r_ohm_per_km", "x_ohm_per_km"], 0.0), "line:33 has zero or no impedance"),
        (lambda net: _set(net.line, 7, ["length_km"], 0.0), "line:7 has zero or no impedance"),
        (lambda net: _set(net.line, 34, ["to_bus"], 999), "line:34 ends at bus:999"),
        (lambda net: pp.create_ext_grid(net, 17), "closed loop"),
        (lambda net: pp.create_gen(net, 17, p_mw=0.1), "gen:0"),
    ],
)
def test_bad_grid__is_named(spoil, words, reconfigured):
    net = nw.case33bw()
    spoil(net)
    with pytest.raises(InvalidArgumentError, match=words):
        reconfigured(net)


def _set(table, index, columns, value):
    table.loc[index, columns] = value


@pytest.mark.parametrize(
    "spoil", [lambda net: net.ext_grid.drop(0, inplace=True), lambda net: drop_lines(net, range(32))]
)
def test_bad_grid__without_a_source_or_lines_to_it_nothing_can_be_reconfigured(spoil, reconfigured):
    net = nw.case33bw()
    spoil(net)
    with pytest.raises(NotSolvedError, match="Nothing can be reconfigured"):
        reconfigured(net)


def test_ratings__placeholders_and_negative_ones_are_said_not_to_be_checked(reconfigured):
    net = nw.case33bw()
    net.line["max_i_ka"] = -1.0
    net.bus[["min_vm_pu", "max_vm_pu"]] = np.nan
    result = reconfigured(net)
    assert result.after.loss_p_kw == pytest.approx(139.551, abs=5e-4)
    assert any(item.what == "loadings not checked" and item.count == 37 for item in result.coverage.left_out)


def test_feeder_without_ties__has_one_configuration_and_nothing_to_switch(reconfigured):
    net = nw.case33bw()
    drop_lines(net, range(32, 37))
    result = reconfigured(net)
    assert result.configurations == 1
    assert result.proven
    assert not result.switchings
    assert result.after.loss_p_kw == pytest.approx(202.677, abs=5e-4)


def test_fixed__lines_stay_as_they_are(baran_wu, reconfigured):
    result = reconfigured(baran_wu, fixed=("line:32", "line:6"))
    assert not {32, 6} & {step.element.index for step in result.switchings}
    net = deepcopy(baran_wu)
    assert loss_kw(net, (32, *_open(result.after.opened))) == pytest.approx(result.after.loss_p_kw, abs=1e-3)
