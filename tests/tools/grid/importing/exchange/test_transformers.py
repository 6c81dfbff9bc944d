"""Tap changers, phase shifters and windings, moved in both programs and held against each other."""

import pandapower as pp
import pandas as pd
import pypowsybl.network as exchanged
import pytest

from tests.tools.grid.importing.exchange.load_flow import largest_difference_pu
from tools.grid.importing import open_grid
from tools.grid.screening.arrays import grid_arrays
from tools.grid.screening.engine import BatchModel

EQUAL_PU = 1e-8


@pytest.fixture
def eurostag():
    return exchanged.create_eurostag_tutorial_example1_network()


def opened(network, folder):
    """The grid as we read it, and as its own program does: a file has another order of buses than the memory."""
    file = folder / "grid.xiidm"
    network.save(str(file), format="XIIDM")
    return open_grid(str(file)), exchanged.load(str(file))


# shares of rho, and per cent of impedance at side 2: a changer at side 1, and one at side 2 whose impedance goes along
AT_SIDE_1 = [(1 / (1 + step / 80), 0.0) for step in range(-4, 5)]
AT_SIDE_2 = [(1 + step / 80, ((1 + step / 80) ** 2 - 1) * 100) for step in range(-4, 5)]


def with_changer(network, trafo, steps):
    table = [(trafo, 0.0, 0.0, change, change, rho) for rho, change in steps]
    changer = pd.DataFrame([(trafo, -4, 2)], columns=["id", "low_tap", "tap"])
    rows = pd.DataFrame(table, columns=["id", "b", "g", "r", "x", "rho"])
    network.create_ratio_tap_changers(changer.set_index("id"), rows.set_index("id"))


@pytest.mark.parametrize("trafo", ["NGEN_NHV1", "NHV2_NLOAD"])  # side 1 is the low one, the high one
@pytest.mark.parametrize("steps", [AT_SIDE_1, AT_SIDE_2])
def test_ratio_changer__every_position_solves_alike(eurostag, tmp_path, trafo, steps):
    if trafo == "NHV2_NLOAD":  # it has a changer already: the new one goes onto a copy
        row = eurostag.get_2_windings_transformers(all_attributes=True).loc[trafo]
        eurostag.remove_elements(trafo)
        columns = ["r", "x", "g", "b", "rated_u1", "rated_u2", "voltage_level1_id", "voltage_level2_id"]
        ends = {"bus1_id": row["bus_breaker_bus1_id"], "bus2_id": row["bus_breaker_bus2_id"]}
        eurostag.create_2_windings_transformers(id=trafo, **row[columns].to_dict(), **ends)
    with_changer(eurostag, trafo, steps)
    grid, network = opened(eurostag, tmp_path)
    place = grid.net.trafo.index[grid.net.trafo.name == trafo][0]
    assert (grid.net.trafo.tap_min[place], grid.net.trafo.tap_max[place]) == (-4, 4)
    for position in (-4, 0, 2, 4):
        grid.net.trafo.loc[place, "tap_pos"] = position
        network.update_ratio_tap_changers(id=trafo, tap=position)
        assert largest_difference_pu(grid.net, network) <= EQUAL_PU


def with_shifter(network, trafo):
    """A phase shifter of four positions on a transformer."""
    steps = pd.DataFrame(
        [(trafo, 0.0, 0.0, 0.0, 0.0, 1.0, angle) for angle in (-4.0, -2.0, 0.0, 2.0)],
        columns=["id", "b", "g", "r", "x", "rho", "alpha"],
    )
    changer = pd.DataFrame([(trafo, "CURRENT_LIMITER", 0, 0)], columns=["id", "regulation_mode", "low_tap", "tap"])
    network.create_phase_tap_changers(changer.set_index("id"), steps.set_index("id"))


def step_up():
    return exchanged.create_eurostag_tutorial_example1_network(), "NGEN_NHV1"  # side 1 is the low one


def step_down():
    network = exchanged.create_ieee14()
    return network, "T4-7-1"  # side 1 is the high one


@pytest.mark.parametrize("make", [step_up, step_down])
def test_phase_changer__every_position_solves_alike(make, tmp_path):
    network, trafo = make()
    with_shifter(network, trafo)
    grid, network = opened(network, tmp_path)
    name = network.get_2_windings_transformers().at[trafo, "name"] or trafo
    place = grid.net.trafo.index[grid.net.trafo.name == name][0]
    for position in range(4):
        grid.net.trafo.loc[place, "tap_pos"] = position
        network.update_phase_tap_changers(id=trafo, tap=position)
        assert largest_difference_pu(grid.net, network) <= EQUAL_PU


def test_magnetising__stands_at_the_first_side(eurostag, tmp_path):
    eurostag.update_2_windings_transformers(id=["NHV2_NLOAD", "NGEN_NHV1"], b=[-4e-4, -1e-5], g=[2e-4, 1e-5])
    grid, network = opened(eurostag, tmp_path)
    assert largest_difference_pu(grid.net, network) <= EQUAL_PU


def test_magnetising__is_in_the_matrices_that_outages_are_screened_with(eurostag, tmp_path):
    eurostag.update_2_windings_transformers(id=["NHV2_NLOAD", "NGEN_NHV1"], b=[-4e-4, -1e-5], g=[2e-4, 1e-5])
    grid, _ = opened(eurostag, tmp_path)
    pp.runpp(grid.net, tolerance_mva=1e-8, lightsim2grid=False)
    assert BatchModel(grid_arrays(grid.net)).faithful


def test_unequal_steps__are_fixed_where_they_are_and_said(eurostag, tmp_path):
    with_changer(eurostag, "NGEN_NHV1", [(rho, 0.0) for rho in (0.9, 1.0, 1.02, 1.03, 1.04, 1.05, 1.06, 1.1, 1.2)])
    grid, network = opened(eurostag, tmp_path)
    # and the load's changer steps at side 2, with an impedance that stays
    assert grid.net.trafo.tap_pos.isna().all()
    assert any(note.startswith("2 tap changers of unequal steps or impedance") for note in grid.notes)
    assert largest_difference_pu(grid.net, network) <= EQUAL_PU


def test_three_windings__solve_alike_without_magnetising(tmp_path):
    network = exchanged.create_micro_grid_be_network()
    trafo = network.get_3_windings_transformers().index[0]
    network.update_3_windings_transformers(id=trafo, g1=0.0, b1=0.0)
    grid, network = opened(network, tmp_path)
    assert largest_difference_pu(grid.net, network) <= EQUAL_PU


def test_three_windings__magnetising_differs_by_where_it_stands(tmp_path):
    """The file has it at a winding's terminal, pandapower behind half of a leg: some hundredths of a percent."""
    grid, network = opened(exchanged.create_micro_grid_be_network(), tmp_path)
    assert EQUAL_PU < largest_difference_pu(grid.net, network) <= 2e-4


def test_three_windings__what_cannot_be_carried_over_is_said(tmp_path):
    network = exchanged.create_micro_grid_be_network()
    trafo = network.get_3_windings_transformers().index[0]
    network.update_3_windings_transformers(id=trafo, b1=1e-5)
    grid, _ = opened(network, tmp_path)
    assert any("capacitive admittance of 1 three-winding" in note for note in grid.notes)


def test_line_open_at_one_end__charges_from_the_other(eurostag, tmp_path):
    eurostag.update_lines(id="NHV1_NHV2_1", connected2=False)
    grid, network = opened(eurostag, tmp_path)
    assert largest_difference_pu(grid.net, network) <= EQUAL_PU
    assert (grid.net.switch.et == "l").sum() == 1


def test_limits__are_the_least_of_both_ends_and_the_rest_is_counted(eurostag, tmp_path):
    grid, _ = opened(eurostag, tmp_path)
    rating = dict(zip(grid.net.line.name, grid.net.line.max_i_ka, strict=True))
    # published with the tutorial: 500 A and 1100 A at the ends of the first line, 1100 A and 500 A of the second
    assert rating == {"NHV1_NHV2_1": pytest.approx(0.5), "NHV1_NHV2_2": pytest.approx(0.5)}
    assert any("temporary" in note for note in grid.notes)
