"""Models whose values give no equations are refused by naming the values; every grid tool does so."""

from copy import deepcopy
from datetime import UTC, datetime

import numpy as np
import pandapower as pp
import pytest
from pandapower import networks

from orchestrator.catalogue import CATALOGUE
from orchestrator.grids import OneGrid
from tools.context import Clock, ToolContext
from tools.errors import NotSolvedError, ToolError
from tools.grid.grid import Grid
from tools.grid.importing.fingerprint import fingerprint
from tools.grid.schema.power_flow import FlowModel
from tools.grid.solve import solved_state
from tools.limits import LimitTable

# Tools that solve a power flow, with what each cannot be called without.
SOLVING = {
    "solve_power_flow": {},
    "screen_contingencies": {},
    "break_down_losses": {},
    "simulate_cascade": {"initiating": [["line:1"]]},
    "draw_cascade": {"initiating": [["line:1"]]},
    "plan_restoration": {"whole_grid": True, "black_start": [{"element": "gen:0"}]},
    "find_remedies": {},
    "plan_load_shedding": {},
    "optimize_dispatch": {},
    "reconfigure_feeder": {},
}


def cell(table, column, value, index=0):
    def change(net):
        net[table].loc[index, column] = value

    return change


BROKEN = {
    "line without impedance": (
        cell("line", ["r_ohm_per_km", "x_ohm_per_km"], 0.0),
        "line:0 has r_ohm_per_km and x_ohm_per_km = 0.0, right would be its impedance, or a closed switch",
    ),
    "line whose reactance is missing": (
        cell("line", "x_ohm_per_km", np.nan),
        "line:0 has x_ohm_per_km = nan, right would be a number",
    ),
    "line without a circuit": (
        cell("line", "parallel", 0),
        "line:0 has parallel = 0, right would be a number above zero",
    ),
    "load whose power is missing": (cell("load", "p_mw", np.nan), "load:0 has p_mw = nan, right would be a number"),
    "bus without a voltage level": (
        cell("bus", "vn_kv", 0.0),
        "bus:0 has vn_kv = 0.0, right would be a number above zero",
    ),
    "load at a bus that does not exist": (
        cell("load", "bus", 4711),
        "load:0 has bus = 4711, right would be a bus of the model",
    ),
}


def grid_of(net):
    return Grid("broken", fingerprint(net), net)


def broken(change):
    net = deepcopy(networks.case9())
    change(net)
    return grid_of(net)


@pytest.mark.parametrize("name", BROKEN)
def test_solved_state__names_the_value_that_gives_no_equation(name):
    change, message = BROKEN[name]
    with pytest.raises(ToolError) as refused:
        solved_state(broken(change))
    assert message in str(refused.value)


def test_solved_state__counts_what_it_does_not_name():
    with pytest.raises(NotSolvedError, match=r"; and 6 more$"):
        solved_state(broken(lambda net: net.line.__setitem__("x_ohm_per_km", np.nan)))


def test_solved_state__what_is_out_of_service_needs_no_values():
    grid = broken(cell("line", "x_ohm_per_km", np.nan, 2))
    grid.net.line.loc[2, "in_service"] = False
    reference = networks.case9()
    reference.line.loc[2, "in_service"] = False
    pp.runpp(reference, tolerance_mva=1e-8)
    np.testing.assert_allclose(solved_state(grid).net.res_bus.vm_pu, reference.res_bus.vm_pu, atol=1e-9)


def resistive(net):
    """Two buses and a line of 1 ohm without reactance at 10 kV."""
    pp.create_bus(net, 10.0)
    pp.create_bus(net, 10.0)
    pp.create_ext_grid(net, 0, vm_pu=1.0)
    pp.create_line_from_parameters(net, 0, 1, 1.0, 1.0, 0.0, 0.0, 1.0)
    pp.create_load(net, 1, 1.0)


def test_solved_state__a_line_without_reactance_is_solved_from_a_flat_start():
    net = pp.create_empty_network()
    resistive(net)
    # U2 (U1 - U2) / R = P: U2 = (U1 + sqrt(U1^2 - 4 R P)) / 2 in kV, ohm and MW
    exact = (10 + np.sqrt(100 - 4)) / 2 / 10
    assert solved_state(grid_of(net)).net.res_bus.vm_pu.at[1] == pytest.approx(exact, abs=1e-9)


def test_solved_state__a_line_without_reactance_has_no_linear_flow():
    net = pp.create_empty_network()
    resistive(net)
    with pytest.raises(NotSolvedError, match="no unique solution"):
        solved_state(grid_of(net), model=FlowModel.DC)


def call(tool, grid, arguments):
    (spec,) = (spec for spec in CATALOGUE if spec.name == tool)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    context = ToolContext(grids=OneGrid(grid), limits=LimitTable(limits=()), clock=Clock(now, now))
    return spec.load()(context, spec.arguments.model_validate(arguments))


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("tool", SOLVING)
def test_every_tool_that_solves__names_the_element(tool, name):
    change, message = BROKEN[name]
    with pytest.raises(ToolError, match=message.split()[0]):
        call(tool, broken(change), SOLVING[tool])


def test_simulate_actions__rejects_what_it_cannot_solve():
    grid = broken(BROKEN["load whose power is missing"][0])
    opened = {"type": "switch_branch", "element": "line:1", "closed": False}
    found = call("simulate_actions", grid, {"proposed": [opened]})
    assert (found.verdict, found.before.solved, found.after.solved) == ("rejected", False, False)
