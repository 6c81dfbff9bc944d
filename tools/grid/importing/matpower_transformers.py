"""Transformers of a MATPOWER case, with the tap at the side where MATPOWER has it.

MATPOWER: an ideal transformer with ratio ``tap`` at the from bus, then the series impedance on the to side (MATPOWER
User's Manual, section 3.2). With the from bus on the high side that is pandapower's tap at ``hv``; with the from bus
on the low side it is its tap at ``lv``, where pandapower refers the impedance to the side of the tap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pandapower.create import create_transformers_from_parameters
from pandapower.pypower.idx_brch import BR_B, BR_R, BR_STATUS, BR_X, F_BUS, RATE_A, SHIFT, T_BUS, TAP

from tools.grid.importing.admittances import add_admittances
from tools.grid.ratings import NO_RATING_MVA

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pandapower import pandapowerNet

    from tools.grid.importing.matpower_text import Table


def add_transformers(
    net: pandapowerNet, branch: Table, base_kv: Mapping[int, float], base_mva: float
) -> tuple[str, ...]:
    """Add the rows of ``mpc.branch`` that are transformers, and say what was assumed.

    Args:
        net: Network with the buses of the case.
        branch: Rows in MATPOWER's columns, with the bus indices of the network.
        base_kv: Nominal voltage by bus index.
        base_mva: System base that the impedances refer to.
    """
    if not len(branch):
        return ()
    ends = branch[:, [F_BUS, T_BUS]].astype(np.int64)
    kv = np.array([[base_kv[bus] for bus in pair] for pair in ends.tolist()])
    from_is_hv = kv[:, 0] >= kv[:, 1]
    hv, lv = np.where(from_is_hv, 0, 1), np.where(from_is_hv, 1, 0)
    rows = np.arange(len(branch))
    rated = np.isfinite(branch[:, RATE_A]) & (branch[:, RATE_A] > 0)
    sn_mva = np.where(rated, branch[:, RATE_A], NO_RATING_MVA)
    step = np.where(branch[:, TAP] == 0, 0.0, branch[:, TAP] - 1.0)
    charging = branch[:, BR_B]
    create_transformers_from_parameters(
        net,
        hv_buses=ends[rows, hv],
        lv_buses=ends[rows, lv],
        sn_mva=sn_mva,
        vn_hv_kv=kv[rows, hv],
        vn_lv_kv=kv[rows, lv],
        vkr_percent=branch[:, BR_R] * sn_mva / base_mva * 100,
        vk_percent=np.sign(branch[:, BR_X]) * np.hypot(branch[:, BR_R], branch[:, BR_X]) * sn_mva / base_mva * 100,
        pfe_kw=0.0,
        i0_percent=np.where(charging < 0, -charging, 0.0) * base_mva / sn_mva * 100,
        shift_degree=np.where(from_is_hv, 1.0, -1.0) * branch[:, SHIFT],
        tap_side=np.where(from_is_hv, "hv", "lv"),
        tap_neutral=0,
        tap_pos=np.sign(step),
        tap_step_percent=np.abs(step) * 100,
        tap_changer_type=["Ratio" if off_nominal else None for off_nominal in step],
        max_loading_percent=100.0,
        in_service=branch[:, BR_STATUS] > 0,
    )
    return _add_charging(net, branch, base_mva)


def _add_charging(net: pandapowerNet, branch: Table, base_mva: float) -> tuple[str, ...]:
    """Capacitive charging as shunts at both ends: pandapower's transformers know inductive magnetisation only."""
    charged = branch[branch[:, BR_B] > 0]
    if not len(charged):
        return ()
    ratio = np.where(charged[:, TAP] == 0, 1.0, charged[:, TAP])
    half_mva = np.asarray(1j * charged[:, BR_B] / 2 * base_mva, dtype=np.complex128)
    for end, mva in ((F_BUS, half_mva / ratio**2), (T_BUS, half_mva)):
        add_admittances(net, charged[:, end].astype(np.int64), mva, charged[:, BR_STATUS] > 0)
    return (f"The capacitive charging of {len(charged)} transformers became shunts at their ends.",)
