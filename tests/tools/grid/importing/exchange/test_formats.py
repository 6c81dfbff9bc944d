"""PSS/E, IEEE-CDF, UCTE, XIIDM and CGMES files, held against pypowsybl's load flow or pandapower's own cases."""

import gzip
import zipfile

import numpy as np
import pandapower as pp
import pandapower.networks as nw
import pypowsybl.network as exchanged
import pytest

from tests.tools.grid.importing.exchange.columns import card
from tests.tools.grid.importing.exchange.common_data_format import cdf_text
from tests.tools.grid.importing.exchange.load_flow import largest_difference_pu, reference_voltages
from tools.errors import GridUnavailableError
from tools.grid.importing import open_grid

EQUAL_PU = 1e-8
CASES = ("ieee9", "ieee14", "ieee30", "ieee57", "ieee118", "ieee300")


def case(name):
    return getattr(exchanged, f"create_{name}")()


@pytest.mark.parametrize("name", CASES)
def test_psse__solves_as_in_the_program_that_wrote_it(tmp_path, name):
    file = tmp_path / f"{name}.raw"
    case(name).save(str(file), format="PSS/E")
    grid = open_grid(str(file))
    assert largest_difference_pu(grid.net, exchanged.load(str(file))) <= EQUAL_PU
    assert grid.notes[0].startswith("Read as PSS/E: ")


def test_psse__counts_and_load_are_the_published_ones(tmp_path):
    file = tmp_path / "ieee14.raw"
    case("ieee14").save(str(file), format="PSS/E")
    net = open_grid(str(file)).net
    # IEEE 14-bus test case: 20 branches, 259 MW and 73.5 Mvar of load, one capacitor of 19 Mvar
    assert len(net.bus) == 14
    assert len(net.line) + len(net.trafo) == 20
    assert (net.load.p_mw.sum(), net.load.q_mvar.sum()) == pytest.approx((259.0, 73.5))
    assert (net.shunt.q_mvar * net.shunt.step).sum() == pytest.approx(-19.0)


def test_psse__packed_file_is_the_same_grid(tmp_path):
    file = tmp_path / "ieee14.raw"
    case("ieee14").save(str(file), format="PSS/E")
    packed = tmp_path / "packed.raw.gz"
    packed.write_bytes(gzip.compress(file.read_bytes(), mtime=0))
    assert open_grid(str(packed)).fingerprint == open_grid(str(file)).fingerprint


@pytest.mark.parametrize("suffix", [".cdf", ".txt"])
def test_ieee_cdf__solves_as_pandapowers_own_case(tmp_path, suffix):
    own = nw.case14()
    pp.runpp(own, tolerance_mva=1e-8, lightsim2grid=False)
    file = tmp_path / f"ieee14{suffix}"
    file.write_text(cdf_text(own))
    net = open_grid(str(file)).net
    pp.runpp(net, tolerance_mva=1e-8, lightsim2grid=False)
    # the format's cards carry four to five digits
    assert net.res_bus.vm_pu.to_numpy() == pytest.approx(own.res_bus.vm_pu.to_numpy(), abs=2e-5)
    assert net.res_bus.va_degree.to_numpy() == pytest.approx(own.res_bus.va_degree.to_numpy(), abs=2e-3)


def two_countries():
    """Two countries that meet at a border node, by the columns of the UCTE data exchange format, version 2."""

    def node(code, kind="0", volts="", load=(0.0, 0.0), fed=""):
        powers = ((40, f"{load[0]:.2f}"), (48, f"{load[1]:.2f}"), (56, fed), (64, fed and "0.00"))
        return card(64, (8, code), (23, "0"), (25, kind), (32, volts), *powers)

    def line(start, end, *values):
        return card(51, (8, start), (17, end), (19, "1"), (21, "0"), *zip((28, 35, 44, 51), values, strict=True))

    values = ("380.0", "220.0", "400.0", "0.4000", "20.000", "0.000000", "0.0000", "600")
    trafo = zip((27, 33, 39, 46, 53, 62, 69, 76), values, strict=True)
    return "\n".join(
        (
            "##C 2007.05.01",
            "##N",
            "##ZBE",
            node("BBUS1111", "3", "400.00", (100, 20), "-400.00"),
            node("BBUS2111", load=(200, 50)),
            "##ZFR",
            node("FBUS1111", load=(150, 30)),
            node("FBUS2211", load=(60, 10)),
            "##ZXX",
            node("XNODE111"),
            "##L",
            line("BBUS1111", "BBUS2111", "2.0000", "20.000", "120.0000", "1200"),
            line("BBUS2111", "XNODE111", "1.0000", "10.000", "60.0000", "1000"),
            line("XNODE111", "FBUS1111", "1.5000", "12.000", "80.0000", "900"),
            "##T",
            card(76, (8, "FBUS1111"), (17, "FBUS2211"), (19, "1"), (21, "0"), *trafo),
            "",
        )
    )


def test_ucte__halves_of_a_tie_line_meet_at_the_border(tmp_path):
    file = tmp_path / "20070501_0000_FO2_UX0.uct"
    file.write_text(two_countries())
    net = open_grid(str(file)).net
    assert largest_difference_pu(net, exchanged.load(str(file))) <= EQUAL_PU
    assert net.load.p_mw.sum() == pytest.approx(100 + 200 + 150 + 60)
    assert sorted(net.line.max_i_ka.round(6)) == [0.9, 1.0, 1.2]


BUILT = (
    "four_substations_node_breaker_network",  # breakers, a compensator, both kinds of direct-current converters
    "metrix_tutorial_six_buses_network",
    "eurostag_tutorial_example1_network",
    "eurostag_tutorial_example1_with_tie_lines_and_areas",
    "micro_grid_nl_network",  # lines to a border, a coupler
)


@pytest.mark.parametrize("name", BUILT)
def test_xiidm__solves_as_in_the_program_that_wrote_it(tmp_path, name):
    file = tmp_path / f"{name}.xiidm"
    case(name).save(str(file), format="XIIDM")
    assert largest_difference_pu(open_grid(str(file)).net, exchanged.load(str(file))) <= EQUAL_PU


def test_cgmes__solves_as_the_grid_that_was_exported(tmp_path):
    """The export evens out what makes lines 7-8 and 7-9 an ideal ratio; the import tells them and restores it."""
    original = case("ieee14")
    file = tmp_path / "ieee14.zip"
    original.save(str(file), format="CGMES")
    grid = open_grid(str(file))
    pp.runpp(grid.net, tolerance_mva=1e-8, lightsim2grid=False)
    expected, _ = reference_voltages(original, 0)
    by_name = dict(zip(original.get_bus_breaker_view_buses()["name"], np.abs(expected), strict=True))
    wanted = [by_name[name] for name in grid.net.bus.name]
    # the file's numbers carry six digits
    assert grid.net.res_bus.vm_pu.to_numpy() == pytest.approx(wanted, abs=5e-6)
    assert any("restored" in note for note in grid.notes)


def test_cgmes__missing_base_voltages_are_named(tmp_path):
    whole, file = tmp_path / "whole.zip", tmp_path / "ieee14.zip"
    case("ieee14").save(str(whole), format="CGMES")
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(file, "w") as target:
        for member in source.namelist():
            text = source.read(member).decode()
            target.writestr(member, "".join(part for part in _without(text, "cim:BaseVoltage")))
    with pytest.raises(GridUnavailableError, match=r"ieee14\.zip is no readable CGMES file.*BaseVoltage"):
        open_grid(str(file))


def _without(text, tag):
    """The text without the elements of a tag that carry an identity."""
    for count, piece in enumerate(text.split(f"<{tag} ")):
        yield piece if count == 0 else piece.partition(f"</{tag}>")[2]


def test_open_grid__an_archive_of_something_else_is_said(tmp_path):
    file = tmp_path / "other.zip"
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("readme.txt", "hello")
    with pytest.raises(GridUnavailableError, match=r"other\.zip holds no CGMES"):
        open_grid(str(file))


@pytest.mark.parametrize("suffix", [".raw", ".rawx", ".cdf", ".uct", ".xiidm"])
@pytest.mark.parametrize("content", ["hello, I am no grid", "<!DOCTYPE x [<!ENTITY e 'e'>]><network/>", "0,\n0,\n0"])
def test_open_grid__a_file_of_something_else_is_said(tmp_path, suffix, content):
    file = tmp_path / f"other{suffix}"
    file.write_text(content)
    with pytest.raises(GridUnavailableError, match=rf"other\{suffix}"):
        open_grid(str(file))
