"""Grids of the tests of short circuits: one worked by hand, and the one of IEC TR 60909-4, clause 6 (test network)."""

import pandapower as pp

SQRT3 = 3**0.5
# What IEC TR 60909-4 publishes for its test network: I''k of buses 1 to 8 and of both generators' terminals, and the
# peak currents of buses 1 to 8 by method c.
IKSS_KA = (40.6447, 31.7831, 19.6730, 16.2277, 33.1894, 37.5629, 25.5895, 13.5778, 52.4438, 80.5720)
IP_KA = (100.5677, 80.6079, 45.8111, 36.8427, 83.4033, 98.1434, 51.6899, 36.9227)


def feeder():
    """110 kV grid, transformer, 20 kV cable: everything known, zero-sequence data included."""
    net = pp.create_empty_network()
    high, low, end = (pp.create_bus(net, kv) for kv in (110.0, 20.0, 20.0))
    pp.create_ext_grid(
        net, high, s_sc_max_mva=5000.0, rx_max=0.1, s_sc_min_mva=3000.0, rx_min=0.2, x0x_max=1.5, r0x0_max=0.3
    )
    pp.create_transformer_from_parameters(
        net, high, low, sn_mva=25.0, vn_hv_kv=110.0, vn_lv_kv=20.0, vk_percent=11.0, vkr_percent=0.5, pfe_kw=0.0,
        i0_percent=0.0, vector_group="Dyn", vk0_percent=11.0, vkr0_percent=0.5, mag0_percent=100.0, mag0_rx=0.0,
        si0_hv_partial=0.9,
    )  # fmt: skip
    pp.create_line_from_parameters(
        net, low, end, 5.0, 0.2, 0.35, 10.0, 0.4, endtemp_degree=80.0, r0_ohm_per_km=0.5, x0_ohm_per_km=1.4,
        c0_nf_per_km=0.0,
    )  # fmt: skip
    return net


def _three_windings(net, buses, sides):
    """A transformer of three windings; each side with kV, MVA, vk and vkr in percent."""
    hv, mv, lv = buses
    data = {}
    for side, (kv, mva, vk, vkr) in zip(("hv", "mv", "lv"), sides, strict=True):
        data |= {f"vn_{side}_kv": kv, f"sn_{side}_mva": mva, f"vk_{side}_percent": vk, f"vkr_{side}_percent": vkr}
    pp.create_transformer3w_from_parameters(net, hv, mv, lv, pfe_kw=0.0, i0_percent=0.0, **data)


def iec_60909_4():
    """Two grid connections, two power station units, a generator, four three-winding transformers, three motors."""
    net = pp.create_empty_network()
    buses = [pp.create_bus(net, kv) for kv in (380.0, *[110.0] * 4, 10.0, 10.0, 30.0, 20.0, 10.0, 10.0, 10.0, 30.0)]
    b1, b2, b3, b4, b5, b6, b7, b8, unit1, unit2, end5, end6, end4 = buses
    pp.create_ext_grid(net, b1, s_sc_max_mva=38.0 * 380.0 * SQRT3, rx_max=0.1)
    pp.create_ext_grid(net, b5, s_sc_max_mva=16.0 * 110.0 * SQRT3, rx_max=0.1)
    step_up = {"pfe_kw": 0.0, "i0_percent": 0.0, "vkr_percent": 0.5, "power_station_unit": True}
    first = pp.create_transformer_from_parameters(
        net,
        b4,
        unit1,
        sn_mva=150.0,
        vn_hv_kv=115.0,
        vn_lv_kv=21.0,
        vk_percent=16.0,
        pt_percent=12.0,
        oltc=True,
        **step_up,
    )
    second = pp.create_transformer_from_parameters(
        net, b3, unit2, sn_mva=100.0, vn_hv_kv=120.0, vn_lv_kv=10.5, vk_percent=12.0, oltc=False, **step_up
    )
    pp.create_gen(
        net, unit1, 127.5, vn_kv=21.0, xdss_pu=0.14, rdss_ohm=0.002, cos_phi=0.85, sn_mva=150.0, pg_percent=0.0,
        power_station_trafo=first,
    )  # fmt: skip
    pp.create_gen(
        net, unit2, 90.0, vn_kv=10.5, xdss_pu=0.16, rdss_ohm=0.005, cos_phi=0.9, sn_mva=100.0, pg_percent=7.5,
        slack=True, power_station_trafo=second,
    )  # fmt: skip
    pp.create_gen(net, b6, 0.0, vn_kv=10.5, xdss_pu=0.1, rdss_ohm=0.018, cos_phi=0.8, sn_mva=10.0, pg_percent=0.0)
    coupling = (400.0, 350.0, 21.0, 0.26), (120.0, 350.0, 7.0, 0.16), (30.0, 50.0, 10.0, 0.16)
    for low in (end4, b8):
        _three_windings(net, (b1, b2, low), coupling)
    supply = tuple((kv, 31.5, 12.0, 0.5) for kv in (115.0, 10.5, 10.5))
    for low in (end5, end6):
        _three_windings(net, (b5, b6, low), supply)
    for mw, cos_phi, efficiency, locked in ((5.0, 0.88, 97.5, 5.0), (2.0, 0.89, 96.8, 5.2), (2.0, 0.89, 96.8, 5.2)):
        pp.create_motor(
            net, b7, mw, cos_phi, efficiency_n_percent=efficiency, cos_phi_n=cos_phi, vn_kv=10.0, rx=0.1, lrc_pu=locked
        )
    for start, end, km, r, x in (
        (b2, b3, 20.0, 0.12, 0.39), (b3, b4, 10.0, 0.12, 0.39), (b2, b5, 5.0, 0.12, 0.39), (b2, b5, 5.0, 0.12, 0.39),
        (b5, b3, 10.0, 0.096, 0.388), (b5, b4, 15.0, 0.12, 0.386), (b6, b7, 1.0, 0.082, 0.086),
    ):  # fmt: skip
        pp.create_line_from_parameters(net, start, end, km, r, x, 0.0, 1.0)
    return net
