"""Fault currents against hand calculations, the published figures of IEC TR 60909-4, and an own inversion."""

import math

import numpy as np
import pandapower as pp
import pandapower.networks as pn
import pytest

from tests.tools.grid.short_circuit_grids import IKSS_KA, IP_KA, SQRT3, feeder, iec_60909_4
from tools.errors import InvalidArgumentError, NotSolvedError, UnknownElementError
from tools.grid.schema.short_circuit import Assumption, CalculateShortCircuitArguments, ShortCircuitStatus
from tools.grid.short_circuit import calculate_short_circuit
from tools.result import canonical_json

UNITS = {  # assumptions for a MATPOWER case: nothing of this is in it
    "ext_grid.s_sc_max_mva": 10000.0,
    "ext_grid.rx_max": 0.1,
    "gen.sn_per_max_p": 1.2,
    "gen.vn_per_bus_vn": 1.0,
    "gen.xdss_pu": 0.2,
    "gen.cos_phi": 0.85,
    "gen.rdss_per_xdss": 0.05,
}


def assumed(values):
    return tuple(Assumption(field=field, value=value) for field, value in values.items())


@pytest.fixture
def faults_of(grid_of, context_of):
    """The answer of the tool for a net and arguments."""
    return lambda net, **args: calculate_short_circuit(
        context_of(grid_of(net)), CalculateShortCircuitArguments(**{"limit": 100, **args})
    )


def by_bus(answer):
    return {row.element.index: row for row in answer.rows}


def source_ohm(vn_kv, s_mva, rx):
    z = 1.1 * vn_kv**2 / s_mva
    x = z / math.hypot(1.0, rx)
    return complex(rx * x, x)


def feeder_ohm():
    """Impedances of the feeder at 20 kV by hand: grid, corrected transformer, line at 20 degrees."""
    grid = source_ohm(110.0, 5000.0, 0.1) * (20.0 / 110.0) ** 2
    r, z = 0.005, 0.11
    x = math.sqrt(z**2 - r**2)
    trafo = complex(r, x) * 20.0**2 / 25.0 * (0.95 * 1.1 / (1 + 0.6 * x))
    return grid, trafo, complex(1.0, 1.75)


def test_calculate_short_circuit__a_feeder_as_by_hand(faults_of):
    grid, trafo, line = feeder_ohm()
    rows = by_bus(faults_of(feeder(), duration_s=0.5))
    assert rows[0].ikss_ka == pytest.approx(5000.0 / (SQRT3 * 110.0))
    assert rows[0].skss_mva == pytest.approx(5000.0)
    for bus, z in ((1, grid + trafo), (2, grid + trafo + line)):
        ikss = 1.1 * 20.0 / (SQRT3 * abs(z))
        kappa = 1.02 + 0.98 * math.exp(-3 * z.real / z.imag)
        heat = (math.exp(4 * 50 * 0.5 * math.log(kappa - 1)) - 1) / (2 * 50 * 0.5 * math.log(kappa - 1))
        row = rows[bus]
        assert complex(row.rk_ohm, row.xk_ohm) == pytest.approx(z, rel=1e-6)
        assert (row.ikss_ka, row.kappa) == pytest.approx((ikss, kappa), rel=1e-6)
        assert row.ip_ka == pytest.approx(kappa * math.sqrt(2) * ikss, rel=1e-6)
        assert row.ith_ka == pytest.approx(ikss * math.sqrt(heat + 1), rel=1e-6)


def test_calculate_short_circuit__minimum_currents_have_hot_conductors_and_no_correction(faults_of):
    z_grid = 3000.0 / 110.0**2
    x_grid = 1.0 / z_grid / math.hypot(1, 0.2)
    grid = complex(0.2 * x_grid, x_grid) * (20.0 / 110.0) ** 2
    trafo = complex(0.005, math.sqrt(0.11**2 - 0.005**2)) * 20.0**2 / 25.0
    line = complex(1.0 * (1 + 0.004 * 60), 1.75)
    answer = faults_of(feeder(), current="minimum")
    assert by_bus(answer)[2].ikss_ka == pytest.approx(20.0 / (SQRT3 * abs(grid + trafo + line)), rel=1e-6)
    assert [row.element.index for row in answer.rows] == [2, 1, 0]  # the lowest first
    assert answer.rows[0].voltage_factor == 1.0


def test_calculate_short_circuit__two_phase_faults_are_root_three_over_two(faults_of):
    balanced, two = by_bus(faults_of(feeder())), by_bus(faults_of(feeder(), fault="two_phase"))
    for bus, row in two.items():
        for field in ("ikss_ka", "ip_ka", "ith_ka"):
            assert getattr(row, field) == pytest.approx(getattr(balanced[bus], field) * SQRT3 / 2)
        assert row.skss_mva is None


def test_calculate_short_circuit__a_fault_to_earth_behind_a_delta_as_by_hand(faults_of):
    grid, trafo, line = feeder_ohm()
    line0 = complex(2.5, 7.0)
    rows = by_bus(faults_of(feeder(), fault="line_to_ground"))
    for bus, positive, zero in ((1, grid + trafo, trafo), (2, grid + trafo + line, trafo + line0)):
        row = rows[bus]
        # the magnetising branch, a hundred percent of vk0 here, lies beside the leakage on the delta's side
        assert row.xk0_ohm == pytest.approx(zero.imag, rel=0.1)
        seen = 2 * positive + complex(row.rk0_ohm, row.xk0_ohm)
        assert row.ikss_ka == pytest.approx(SQRT3 * 1.1 * 20.0 / abs(seen), rel=1e-6)
        assert row.ip_ka == pytest.approx(row.kappa * math.sqrt(2) * row.ikss_ka, rel=1e-6)
    source0 = source_ohm(110.0, 5000.0, 0.1).imag * 1.5 * complex(0.3, 1.0)
    seen = 2 * source_ohm(110.0, 5000.0, 0.1) + source0
    assert rows[0].ikss_ka == pytest.approx(SQRT3 * 1.1 * 110.0 / abs(seen), rel=1e-3)


def test_calculate_short_circuit__the_published_test_network(faults_of):
    rows = by_bus(faults_of(iec_60909_4(), duration_s=0.1))
    assert [rows[bus].ikss_ka for bus in range(10)] == pytest.approx(IKSS_KA, abs=1e-3)
    assert [rows[bus].ip_ka for bus in range(8)] == pytest.approx(IP_KA, abs=1e-3)


def own_impedances(net):
    """Z-bus of a net of lines, transformers, units and one grid, in ohm at 345 kV, by an inversion of its own."""
    base = net.bus.vn_kv.to_numpy() ** 2
    y = np.zeros((len(net.bus),) * 2, dtype=complex)
    for row in net.line[net.line.in_service].itertuples():
        z = complex(row.r_ohm_per_km, row.x_ohm_per_km) * row.length_km / row.parallel / base[row.from_bus]
        ends = np.ix_([row.from_bus, row.to_bus], [row.from_bus, row.to_bus])
        y[ends] += np.array([[1, -1], [-1, 1]]) / z
    for row in net.trafo[net.trafo.in_service].itertuples():
        vk, vkr = row.vk_percent / 100, row.vkr_percent / 100
        x = math.sqrt(vk**2 - vkr**2)
        correction = 0.95 * 1.1 / (1 + 0.6 * x)
        z = complex(vkr, x) * row.vn_lv_kv**2 / row.sn_mva / base[row.lv_bus] * correction
        # IEC 60909-0 takes every tap changer in its main position
        tap = row.vn_hv_kv / row.vn_lv_kv * math.sqrt(base[row.lv_bus] / base[row.hv_bus])
        ends = np.ix_([row.hv_bus, row.lv_bus], [row.hv_bus, row.lv_bus])
        y[ends] += np.array([[1 / tap**2, -1 / tap], [-1 / tap, 1]]) / z
    for row in net.gen[net.gen.in_service].itertuples():
        x = 0.2 * base[row.bus] / (1.2 * row.max_p_mw)
        correction = 1.1 / (1 + 0.2 * math.sqrt(1 - 0.85**2))
        y[row.bus, row.bus] += base[row.bus] / (complex(0.05 * x, x) * correction)
    bus = int(net.ext_grid.bus.iloc[0])
    y[bus, bus] += base[bus] / source_ohm(math.sqrt(base[bus]), 10000.0, 0.1)
    return np.linalg.inv(y) * base[:, None]


@pytest.mark.parametrize("outages", [(), (3, 20)])
def test_calculate_short_circuit__a_meshed_grid_as_by_an_own_inversion(faults_of, outages):
    net = pn.case39()
    answer = faults_of(net, assumptions=assumed(UNITS), outages=tuple(f"line:{index}" for index in outages))
    net.line.loc[list(outages), "in_service"] = False
    z = np.diag(own_impedances(net))
    assert len(answer.rows) == 39
    for bus, row in by_bus(answer).items():
        assert row.ikss_ka == pytest.approx(1.1 * 345.0 / (SQRT3 * abs(z[bus])), rel=1e-6)


def test_calculate_short_circuit__contributions_add_up_as_phasors(faults_of):
    net = pn.case39()
    z = own_impedances(net)
    [row] = faults_of(net, assumptions=assumed(UNITS), buses=("bus:15",)).rows
    fault = 1.1 * 345.0 / (SQRT3 * z[15, 15])
    fed = {str(item.element): item.contribution_ka for item in row.contributions}
    lines = net.line[(net.line.from_bus == 15) | (net.line.to_bus == 15)]
    assert set(fed) == {f"line:{index}" for index in lines.index}
    total = 0j
    for index, line in lines.iterrows():
        other = int(line.to_bus if line.from_bus == 15 else line.from_bus)
        impedance = complex(line.r_ohm_per_km, line.x_ohm_per_km) * line.length_km
        current = (z[15, 15] - z[other, 15]) / impedance * fault
        total += current
        assert fed[f"line:{index}"] == pytest.approx(abs(current), rel=1e-5)
    assert total == pytest.approx(fault, rel=1e-6)


def shares(row):
    return [(str(item.element), round(item.contribution_percent, 6)) for item in row.contributions]


def test_calculate_short_circuit__what_the_sources_at_the_bus_feed_in_is_told(faults_of):
    [row] = faults_of(feeder(), buses=("bus:0",)).rows
    assert shares(row) == [("bus:0", 100.0)]
    [row] = faults_of(feeder(), buses=("bus:2",), fault="two_phase").rows
    assert shares(row) == [("line:0", 100.0)]


def test_calculate_short_circuit__a_converter_adds_its_current_to_maximum_faults_only(faults_of):
    net = feeder()
    bare = by_bus(faults_of(net))[2]
    pp.create_sgen(net, 2, p_mw=4.0, sn_mva=5.0, k=1.2, current_source=True)
    row = by_bus(faults_of(net))[2]
    own = 1.2 * 5.0 / (SQRT3 * 20.0)
    assert row.ikss_ka == pytest.approx(bare.ikss_ka + own, rel=1e-6)
    assert row.ip_ka == pytest.approx(bare.ip_ka + math.sqrt(2) * own, rel=1e-6)
    assert by_bus(faults_of(net, fault="two_phase"))[2].ikss_ka == pytest.approx(row.ikss_ka * SQRT3 / 2)
    assert by_bus(faults_of(net, current="minimum"))[2].ikss_ka < bare.ikss_ka
    earth = faults_of(net, fault="line_to_ground")
    assert ("converters", 1) in {(item.what, item.count) for item in earth.coverage.left_out}


def test_calculate_short_circuit__asynchronous_generators_feed_maximum_faults_only(faults_of):
    net = feeder()
    least, most = by_bus(faults_of(net, current="minimum"))[2], by_bus(faults_of(net))[2]
    pp.create_sgen(net, 2, 4.0, sn_mva=5.0, generator_type="async", lrc_pu=5.0, rx=0.1, current_source=False)
    machine = 20.0**2 / (5.0 * 5.0) * complex(0.1, 1.0) / math.hypot(0.1, 1.0)
    together = 1 / (1 / complex(most.rk_ohm, most.xk_ohm) + 1 / machine)
    assert by_bus(faults_of(net))[2].ikss_ka == pytest.approx(1.1 * 20.0 / (SQRT3 * abs(together)), rel=1e-6)
    net.sgen = net.sgen.drop(columns=["lrc_pu", "rx"])
    assert by_bus(faults_of(net, current="minimum"))[2].ikss_ka == least.ikss_ka
    assert {item.field for item in faults_of(net).missing} == {"sgen.lrc_pu", "sgen.rx"}


def test_calculate_short_circuit__the_thermal_current_follows_the_frequency(faults_of):
    net = feeder()
    net.f_hz = 60.0
    row = by_bus(faults_of(net, duration_s=0.1))[1]
    heat = (math.exp(4 * 60 * 0.1 * math.log(row.kappa - 1)) - 1) / (2 * 60 * 0.1 * math.log(row.kappa - 1))
    assert row.ith_ka == pytest.approx(row.ikss_ka * math.sqrt(1 + heat))
    net.f_hz = 16.7
    answer = faults_of(net)
    assert answer.rows[0].ip_ka is answer.rows[0].ith_ka is None
    assert "peak currents" in {item.what for item in answer.coverage.left_out}


def test_calculate_short_circuit__shipped_cases_lack_their_data_and_say_so(faults_of):
    answer = faults_of(pn.case39())
    assert answer.status is ShortCircuitStatus.DATA_MISSING
    assert answer.rows == ()
    assert answer.highest is None
    assert answer.coverage.solved == 0
    assert [(item.field, item.count) for item in answer.missing] == [
        ("ext_grid.s_sc_max_mva", 1), ("ext_grid.rx_max", 1), ("gen.sn_mva", 9), ("gen.vn_kv", 9), ("gen.xdss_pu", 9),
        ("gen.cos_phi", 9), ("gen.rdss_ohm", 9),
    ]  # fmt: skip
    assert "gen.rdss_per_xdss" in answer.missing[-1].assume


@pytest.mark.parametrize(
    ("table", "column", "more"),
    [
        ("ext_grid", "s_sc_max_mva", {}),
        ("ext_grid", "rx_min", {"current": "minimum"}),
        ("line", "endtemp_degree", {"current": "minimum"}),
        ("line", "r0_ohm_per_km", {"fault": "line_to_ground"}),
        ("trafo", "vector_group", {"fault": "line_to_ground"}),
        ("trafo", "vk0_percent", {"fault": "line_to_ground"}),
    ],
)
def test_calculate_short_circuit__each_missing_field_is_named(faults_of, table, column, more):
    net = feeder()
    net[table] = net[table].drop(columns=column)
    answer = faults_of(net, **more)
    assert [item.field for item in answer.missing] == [f"{table}.{column}"]
    assert f"{table}.{column}" in answer.coverage.left_out[0].reason


def test_calculate_short_circuit__rated_currents_of_switches_are_no_obstacle(faults_of):
    net = feeder()
    pp.create_switch(net, 2, pp.create_bus(net, 20.0), et="b", in_ka=0.63)
    [row] = faults_of(net, buses=("bus:2",)).rows
    [bare] = faults_of(feeder(), buses=("bus:2",)).rows
    assert (row.ikss_ka, row.contributions) == (bare.ikss_ka, bare.contributions)


def test_calculate_short_circuit__the_least_of_a_ratio_is_no_time(faults_of):
    net = feeder()
    net.ext_grid["rx_min"] = np.nan
    [used] = faults_of(net, current="minimum", assumptions=assumed({"ext_grid.rx_min": 0.2})).assumed
    assert (used.amount.value, used.amount.unit) == (0.2, "")


def test_calculate_short_circuit__assumptions_fill_what_is_missing_and_nothing_else(faults_of):
    net = feeder()
    known = by_bus(faults_of(net))
    net.ext_grid.s_sc_max_mva = np.nan
    answer = faults_of(net, assumptions=assumed({"ext_grid.s_sc_max_mva": 5000.0, "ext_grid.rx_max": 0.5}))
    assert by_bus(answer)[2].ikss_ka == pytest.approx(known[2].ikss_ka)
    [used] = answer.assumed
    assert (used.field, used.amount.value, used.amount.unit, used.count) == ("ext_grid.s_sc_max_mva", 5000.0, "mva", 1)
    assert answer.unused == ("ext_grid.rx_max",)


def test_calculate_short_circuit__an_assumption_for_one_element_comes_before_the_one_for_all(faults_of):
    net = pn.case39()
    own = Assumption(field="gen.xdss_pu", value=0.4, element="gen:0")
    answer = faults_of(net, assumptions=(*assumed(UNITS), own))
    counts = {(item.field, item.amount.value): item.count for item in answer.assumed}
    assert (counts[("gen.xdss_pu", 0.4)], counts[("gen.xdss_pu", 0.2)]) == (1, 8)
    bus = int(net.gen.bus.at[0])
    assert by_bus(answer)[bus].ikss_ka < by_bus(faults_of(net, assumptions=assumed(UNITS)))[bus].ikss_ka


def test_calculate_short_circuit__a_clock_number_does_not_matter(faults_of):
    net = feeder()
    plain = by_bus(faults_of(net, fault="line_to_ground"))
    net.trafo.vector_group = "Dyn5"
    assert by_bus(faults_of(net, fault="line_to_ground"))[2].ikss_ka == plain[2].ikss_ka


def test_calculate_short_circuit__an_isolated_neutral_leaves_the_charging_current(faults_of):
    net = feeder()
    net.trafo.vector_group = "Yy"
    net.line.c0_nf_per_km = 300.0
    row = by_bus(faults_of(net, fault="line_to_ground"))[2]
    # three times the current to earth of one conductor, with factor c, at 50 Hz; series reactances add half a percent
    charging_ka = 3 * 1.1 * 20.0 / SQRT3 * 2 * math.pi * 50.0 * 300e-9 * 5.0
    assert row.ikss_ka == pytest.approx(charging_ka, rel=6e-3)


def test_calculate_short_circuit__a_dc_line_feeds_nothing_in_and_is_named(faults_of):
    net = feeder()
    plain = by_bus(faults_of(net))
    pp.create_dcline(net, 0, 2, 1.0, 0.0, 0.0, 1.0, 1.0)
    answer = faults_of(net)
    assert by_bus(answer)[2].ikss_ka == plain[2].ikss_ka
    assert [(item.what, item.count) for item in answer.coverage.left_out] == [("elements of kind dcline", 1)]


@pytest.mark.parametrize(
    "wrong",
    [
        (Assumption(field="gen.xdss_pu", value=-0.2),),
        (Assumption(field="gen.xdss_pu", value="much"),),
        (Assumption(field="trafo.vector_group", value="Dyn5"),),
        (Assumption(field="gen.xdss_pu", value=0.2), Assumption(field="gen.xdss_pu", value=0.3)),
        (Assumption(field="gen.xdss_pu", value=0.2, element="line:3"),),
    ],
)
def test_calculate_short_circuit__a_wrong_assumption_is_refused(faults_of, wrong):
    with pytest.raises(InvalidArgumentError):
        faults_of(pn.case39(), assumptions=wrong)


def test_calculate_short_circuit__stated_capacities_are_held_against_every_bus(faults_of):
    answer = faults_of(feeder(), breaking_capacity_ka=5.0, making_capacity_ka=70.0, limit=1)
    assert (answer.above_breaking_capacity, answer.above_making_capacity) == (2, 0)
    assert answer.rows[0].breaking_use_percent == pytest.approx(answer.rows[0].ikss_ka / 5.0 * 100)
    assert answer.omitted == 2
    with pytest.raises(InvalidArgumentError, match="maximum"):
        faults_of(feeder(), breaking_capacity_ka=5.0, current="minimum")


def test_calculate_short_circuit__what_cannot_be_is_said(faults_of):
    with pytest.raises(UnknownElementError, match="bus:77"):
        faults_of(feeder(), buses=("bus:77",))
    with pytest.raises(InvalidArgumentError, match="bus"):
        faults_of(feeder(), buses=("line:0",))
    with pytest.raises(NotSolvedError, match="source"):
        faults_of(pp.create_empty_network())
    net = feeder()
    net.ext_grid.in_service = False
    with pytest.raises(NotSolvedError, match="source"):
        faults_of(net)
    net = feeder()
    net.line[["r_ohm_per_km", "x_ohm_per_km"]] = 0.0
    with pytest.raises(NotSolvedError, match="line:0 has no impedance"):
        faults_of(net)


def test_calculate_short_circuit__a_bus_without_supply_has_no_current(faults_of):
    net = feeder()
    net.bus.loc[2, "in_service"] = False
    answer = faults_of(net, buses=("bus:1", "bus:2"))
    assert [str(ref) for ref in answer.dead] == ["bus:2"]
    assert [row.element.index for row in answer.rows] == [1]
    cut = faults_of(feeder(), outages=("trafo:0",))
    assert [row.element.index for row in cut.rows] == [0]
    assert [(item.what, item.count) for item in cut.coverage.left_out] == [("buses", 2)]


def test_calculate_short_circuit__elements_without_supply_need_no_data(faults_of):
    net = feeder()
    alone = pp.create_bus(net, 20.0)
    pp.create_gen(net, alone, 5.0)
    pp.create_gen(net, 1, 5.0, in_service=False)
    assert faults_of(net).status is ShortCircuitStatus.CALCULATED


def test_calculate_short_circuit__every_row_says_which_fault_it_is_of(faults_of):
    rows = faults_of(feeder(), outages=("line:0",), fault="two_phase").rows
    assert {row.case for row in rows} == {"out line:0, maximum two-phase fault"}


def test_calculate_short_circuit__leaves_the_grid_as_it_was(grid_of, context_of):
    grid = grid_of(pn.case39())
    args = CalculateShortCircuitArguments(assumptions=assumed(UNITS))
    first = calculate_short_circuit(context_of(grid), args)
    calculate_short_circuit(context_of(grid), CalculateShortCircuitArguments(fault="line_to_ground"))
    assert canonical_json(calculate_short_circuit(context_of(grid), args)) == canonical_json(first)
    assert "xdss_pu" not in grid.net.gen
    assert "s_sc_max_mva" not in grid.net.ext_grid
