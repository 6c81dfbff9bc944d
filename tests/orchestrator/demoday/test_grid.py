"""The demo grid has none of the gaps of the shipped case."""

import numpy as np
import pytest
from pandapower.networks import case39

from orchestrator.demoday.grid import LOAD_SHARE, demo_grid
from tests.orchestrator.demoday.plain import context_of
from tools.grid.contingencies import screen_contingencies
from tools.grid.importing import grid_from_json, grid_to_json
from tools.grid.limit_check import check_limits
from tools.grid.model_check import check_model
from tools.grid.schema.contingencies import ScreenContingenciesArguments
from tools.grid.schema.limit_check import CheckLimitsArguments
from tools.grid.schema.model_check import CheckModelArguments
from tools.vocabulary import Severity


def test_demo_grid__has_no_defect_above_information():
    check = check_model(context_of(demo_grid()), CheckModelArguments())
    assert check.solvable
    assert check.loading_meaningful
    assert check.voltage_meaningful
    assert [found for found in check.defects if found.severity is not Severity.INFORMATION] == []
    assert check.defects == ()


def test_demo_grid__its_own_state_is_secure():
    ctx = context_of(demo_grid())
    assert check_limits(ctx, CheckLimitsArguments()).violations == ()
    screening = screen_contingencies(ctx, ScreenContingenciesArguments())
    assert screening.secure is True
    assert screening.outages_with_load_lost == 3  # what case39's topology makes unavoidable


def test_demo_grid__network_is_that_of_case39():
    net, shipped = demo_grid().net, case39()
    for table, columns in (
        ("line", ["from_bus", "to_bus", "r_ohm_per_km", "x_ohm_per_km", "c_nf_per_km", "max_i_ka"]),
        ("trafo", ["hv_bus", "lv_bus", "vk_percent", "vkr_percent", "sn_mva"]),
        ("bus", ["vn_kv", "min_vm_pu", "max_vm_pu"]),
        ("gen", ["bus", "max_p_mw"]),
    ):
        assert np.array_equal(net[table][columns].to_numpy(), shipped[table][columns].to_numpy()), table
    assert net.load.p_mw.sum() == pytest.approx(LOAD_SHARE * 6254.23)
    assert len(net.shunt) == 1


def test_demo_grid__survives_storing():
    grid = demo_grid()
    again = grid_from_json(grid_to_json(grid), grid.name, grid.notes)
    assert again.fingerprint == grid.fingerprint
    assert any("simulated" in note for note in again.notes)


@pytest.mark.parametrize("table", ["bus", "line", "trafo", "load", "gen"])
def test_demo_grid__names_are_not_other_elements_indices(table):
    names = demo_grid().net[table].name
    assert names.is_unique
    assert not names.str.fullmatch(r"\d+").any()
