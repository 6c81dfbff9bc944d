"""Defects of shipped cases that are known from the literature, and of nets broken on purpose."""

from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pytest

from tools.context import Clock, ToolContext
from tools.grid.grid import Grid
from tools.grid.importing import open_grid
from tools.grid.importing.fingerprint import fingerprint
from tools.grid.model_check import check_model
from tools.grid.schema.model_check import CheckModelArguments, DefectKind
from tools.limits import LimitTable


@dataclass(frozen=True)
class OneGrid:
    only: Grid

    def grid(self, at=None):  # noqa: ARG002 - one state at all times
        return self.only


def check(grid):
    now = datetime(2026, 1, 1, tzinfo=UTC)
    context = ToolContext(grids=OneGrid(grid), limits=LimitTable(limits=()), clock=Clock(now, now))
    return check_model(context, CheckModelArguments())


def check_broken(change):
    net = deepcopy(open_grid("case9").net)
    change(net)
    return check(Grid("broken", fingerprint(net), net))


def kinds(result):
    return {defect.kind: defect for defect in result.defects}


def test_check_model__case57_has_its_taps_at_the_wrong_side():
    result = check(open_grid("case57"))
    assert not result.voltage_meaningful
    assert not result.loading_meaningful
    assert kinds(result)[DefectKind.SUSPECT_TAP_SIDE].meaningless == ("vm", "q", "loss_p")
    # MATPOWER's case57 has its lowest voltage, 0.936 pu, at bus 31
    assert result.tap_side_test.lowest_vm_pu == pytest.approx(0.72, abs=0.001)
    assert result.tap_side_test.flipped_lowest_vm_pu == pytest.approx(0.936, abs=0.001)
    assert result.tap_side_test.flipped_lowest_element.name == "31"


@pytest.mark.parametrize("case", ["case14", "case24_ieee_rts", "case30", "case39", "case118", "mv_oberrhein"])
def test_check_model__sound_taps_are_not_suspected(case):
    result = check(open_grid(case))
    assert result.solvable
    assert result.voltage_meaningful
    assert result.tap_side_test is None


def test_check_model__case39_slack_is_over_its_limit_in_the_base_case():
    result = check(open_grid("case39"))
    (slack,) = (excess for excess in result.unit_excesses if excess.element.kind == "ext_grid")
    assert slack.p_mw == pytest.approx(677.87, abs=0.01)  # noted in the header of the published file itself
    assert slack.max_p_mw == 646
    assert kinds(result)[DefectKind.MISSING_TAP_RANGE].count == 11


def test_check_model__unsolvable_model_gives_no_number():
    result = check(open_grid("case11_iwamoto"))
    assert not result.solvable
    assert DefectKind.NOT_SOLVABLE in kinds(result)
    assert (result.unit_excesses, result.tap_side_test) == ((), None)


def set_cell(table, column, value, index=0):
    def change(net):
        net[table].loc[index, column] = value

    return change


def no_slack(net):
    net.ext_grid["in_service"] = False


def cut_off(net):
    net.line.loc[net.line.from_bus.eq(5) | net.line.to_bus.eq(5), "in_service"] = False


@pytest.mark.parametrize(
    ("change", "kind", "element"),
    [
        (set_cell("line", "max_i_ka", np.nan), DefectKind.MISSING_RATING, "line:0"),
        (set_cell("line", "max_i_ka", 99999.0), DefectKind.PLACEHOLDER_RATING, "line:0"),
        (set_cell("bus", "max_vm_pu", np.nan), DefectKind.MISSING_VOLTAGE_LIMIT, "bus:0"),
        (set_cell("gen", "max_q_mvar", np.nan), DefectKind.MISSING_UNIT_LIMIT, "gen:0"),
        (set_cell("gen", "max_p_mw", 100.0), DefectKind.UNIT_BEYOND_LIMIT, "gen:0"),
        (set_cell("load", "p_mw", np.nan), DefectKind.INVALID_VALUE, "load:0"),
        (set_cell("bus", "vn_kv", -1.0), DefectKind.INVALID_VALUE, "bus:0"),
        (set_cell("line", "max_i_ka", -1.0), DefectKind.INVALID_VALUE, "line:0"),
        (set_cell("load", "bus", 4711), DefectKind.INVALID_VALUE, "load:0"),
        (set_cell("bus", "name", "2"), DefectKind.DUPLICATE_NAME, "bus:0"),
        (cut_off, DefectKind.ISOLATED_ELEMENT, "bus:5"),
        (no_slack, DefectKind.NO_SLACK, None),
    ],
)
def test_check_model__finds_what_was_broken(change, kind, element):
    found = kinds(check_broken(change))
    assert kind in found
    assert element is None or element in {str(ref) for ref in found[kind].elements}
    assert not any(character.isdigit() for character in found[kind].explanation)


def test_check_model__line_without_impedance():
    def change(net):
        net.line.loc[0, ["r_ohm_per_km", "x_ohm_per_km"]] = 0.0

    assert DefectKind.ZERO_IMPEDANCE in kinds(check_broken(change))


def test_check_model__sound_case_has_no_defect():
    assert check(open_grid("case30")).defects == ()


@pytest.mark.realdata
def test_check_model__rts_gmlc_with_the_right_tap_side(realdata):
    result = check(open_grid(str(realdata / "networks/rts_gmlc/pandapower_net.json.gz")))
    assert result.voltage_meaningful
    assert result.loading_meaningful
