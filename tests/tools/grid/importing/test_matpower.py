"""MATPOWER cases against MATPOWER's own equations (User's Manual, section 3.2), solved here without pandapower."""

import gzip
from pathlib import Path

import numpy as np
import pandapower as pp
import pytest

from tools.errors import GridUnavailableError
from tools.grid.importing import open_grid
from tools.grid.importing.matpower_text import read_tables

CASE = """function mpc = three
mpc.version = '2';
mpc.baseMVA = 100; % three buses: 20 kV, 110 kV, 110 kV
mpc.bus = [
  1 3 0 0 0 0 1 1 0 20 1 1.1 0.9;
  2 1 60 20 0 0 1 1 0 110 1 1.1 0.9; 3 1 30, 10 0 5 1 1 0 110 1 1.1 0.9;
];
mpc.gen = [ 1 90 0 100 -100 1.02 100 1 200 0 ];
mpc.branch = [
  1 2 0.01 0.10 -0.02 150 0 0 0.96 30 1 -360 360; % step-up transformer, its tap at the low side
  2 3 0.02 0.08 0.03 100 0 0 0 0 1 -360 360;
  3 1 0.01 0.12 0 0 0 0 0 0 1 -360 360;
];
"""


def solve(case):
    """Voltages by Gauss-Seidel on the admittance matrix of MATPOWER's branch model; slack is the first bus."""
    y = np.zeros((3, 3), dtype=complex)
    for row in case.branch:
        f, t = int(row[0]) - 1, int(row[1]) - 1
        series, charging = 1 / (row[2] + 1j * row[3]), 1j * row[4] / 2
        tap = (row[8] or 1.0) * np.exp(1j * np.deg2rad(row[9]))
        y[f, f] += (series + charging) / abs(tap) ** 2
        y[t, t] += series + charging
        y[f, t] -= series / np.conj(tap)
        y[t, f] -= series / tap
    y += np.diag(case.bus[:, 4] + 1j * case.bus[:, 5]) / case.base_mva
    s = -(case.bus[:, 2] + 1j * case.bus[:, 3]) / case.base_mva
    v = np.array([case.gen[0, 5], 1, 1], dtype=complex)
    for _ in range(2000):
        for bus in (1, 2):
            v[bus] += (np.conj(s[bus] / v[bus]) - y[bus] @ v) / y[bus, bus]
    return v


@pytest.mark.parametrize("shift", [0, 5])
def test_open_grid__tap_stays_at_the_from_bus_on_the_low_side(tmp_path, shift):
    path = tmp_path / "three.m"
    path.write_text(CASE.replace("0.96 30", f"0.96 {shift}"))
    grid = open_grid(str(path))
    assert list(grid.net.trafo.tap_side) == ["lv", "hv"]
    assert list(grid.net.bus.name) == ["1", "2", "3"]
    pp.runpp(grid.net, trafo_model="pi")
    expected = solve(read_tables(path.read_text(), path))
    assert grid.net.res_bus.vm_pu.to_numpy() == pytest.approx(abs(expected), abs=1e-7)
    assert grid.net.res_bus.va_degree.to_numpy() == pytest.approx(np.angle(expected, deg=True), abs=1e-5)


@pytest.mark.parametrize("shift", [0, 5])
def test_open_grid__charging_of_two_transformers_at_one_bus(tmp_path, shift):
    """Capacitive charging becomes shunts; two of them at one bus are two, not an error."""
    path = tmp_path / "three.m"
    charged = CASE.replace("0.10 -0.02", "0.10 0.02").replace("3 1 0.01 0.12 0 ", "3 1 0.01 0.12 0.04 ")
    path.write_text(charged.replace("0.96 30", f"0.96 {shift}"))
    grid = open_grid(str(path))
    assert len(grid.net.shunt) == 5  # one of the case, two for each transformer
    pp.runpp(grid.net, trafo_model="pi")
    expected = solve(read_tables(path.read_text(), path))
    assert grid.net.res_bus.vm_pu.to_numpy() == pytest.approx(abs(expected), abs=1e-7)


def test_open_grid__every_branch_keeps_its_number(tmp_path):
    path = tmp_path / "three.m"
    path.write_text(CASE)
    net = open_grid(str(path)).net
    assert net.trafo.matpower_branch.tolist() == [1, 3]
    ends = {int(row.matpower_branch): {int(row.from_bus) + 1, int(row.to_bus) + 1} for row in net.line.itertuples()}
    assert ends == {2: {2, 3}}


def test_open_grid__a_unit_without_reactive_limits_has_a_reactive_power(tmp_path):
    """The Polish cases write Inf; what the unit feeds in is what the other unit and the loads leave."""
    path = tmp_path / "three.m"
    path.write_text(CASE.replace("1 200 0 ];", "1 200 0; 3 20 0 Inf -Inf 1.0 100 1 50 0 ];"))
    net = open_grid(str(path)).net
    assert net.gen[["min_q_mvar", "max_q_mvar"]].isna().all(axis=None)
    pp.runpp(net, trafo_model="pi")
    flows = net.res_line.q_from_mvar.sum() + net.res_line.q_to_mvar.sum()  # the losses of both lines, less charging
    fed = net.res_gen.q_mvar.sum() - net.res_trafo.q_hv_mvar.sum()
    assert fed == pytest.approx(flows + net.res_load.q_mvar.sum() + net.res_shunt.q_mvar.sum(), abs=1e-6)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("mpc.gen = [", "mpc.other = [", "mpc.gen is missing"),
        ("2 3 0.02", "2 9 0.02", "names bus 9"),
        ("  2 1 60 20 0 0 1", "  1 1 60 20 0 0 1", "each used once"),
        ("mpc.baseMVA = 100", "mpc.baseMVA = x", "baseMVA"),
        ("mpc.gen = [ 1 90", "mpc.gen = [ 1 ninety", "ninety"),
        ("];\nmpc.gen", "];\nmpc.bus(:, 3) = mpc.bus(:, 3) * 2;\nmpc.gen", "computes its data"),
    ],
)
def test_open_grid__matpower_case_that_is_broken(tmp_path, old, new, message):
    path = tmp_path / "three.m"
    assert old in CASE
    path.write_text(CASE.replace(old, new))
    with pytest.raises(GridUnavailableError, match=message):
        open_grid(str(path))


@pytest.mark.realdata
def test_open_grid__right_taps_give_case57_its_published_voltages(realdata):
    path = Path(realdata) / "networks/pglib/pglib_opf_case57_ieee.m.gz"
    assert len(read_tables(gzip.decompress(path.read_bytes()).decode(), path).branch) == 80
    grid = open_grid(str(path))
    pp.runpp(grid.net)
    assert grid.net.res_bus.vm_pu.min() > 0.93  # 0.72 with the taps at the wrong side
