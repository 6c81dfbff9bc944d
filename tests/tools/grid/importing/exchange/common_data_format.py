"""A writer of the IEEE common data format (IEEE Transactions on PAS, vol. 92, 1973), by its columns."""

import numpy as np
import pandapower as pp
from pandapower.converter.pypower.to_ppc import to_ppc
from pandapower.pypower.idx_brch import BR_B, BR_R, BR_X, F_BUS, SHIFT, T_BUS, TAP
from pandapower.pypower.idx_bus import BASE_KV, BS, BUS_I, BUS_TYPE, GS, PD, QD, VM
from pandapower.pypower.idx_gen import GEN_BUS, PG, QMAX, QMIN, VG

from tests.tools.grid.importing.exchange.columns import card

_TYPES = {1: 0, 2: 2, 3: 3}  # PQ, PV, reference


def cdf_text(net):
    """A solved net as a file of the format."""
    pp.runpp(net, lightsim2grid=False)
    case = to_ppc(net, init="flat")
    units = {int(row[GEN_BUS]): row for row in case["gen"]}
    lines = [
        " 08/19/93 UW ARCHIVE           100.0  1962 W IEEE 14 Bus Test Case",
        f"BUS DATA FOLLOWS {len(case['bus']):>27} ITEMS",
    ]
    for row in case["bus"]:
        number = int(row[BUS_I])
        unit = units.get(number)
        base = row[BASE_KV]
        lines.append(
            card(
                127,
                (4, str(number + 1)),
                (17, f"Bus {number + 1}".ljust(12)),
                (20, "1"),
                (23, "1"),
                (26, str(_TYPES[int(row[BUS_TYPE])])),
                (33, f"{row[VM]:.4f}"),
                (40, "0.0"),
                (49, f"{row[PD]:.3f}"),
                (58, f"{row[QD]:.3f}"),
                (67, f"{0 if unit is None else unit[PG]:.2f}"),
                (75, "0.0"),
                (83, f"{base:.2f}"),
                (90, f"{0 if unit is None else unit[VG]:.3f}"),
                (98, f"{0 if unit is None else np.clip(unit[QMAX], -999, 999):.1f}"),
                (106, f"{0 if unit is None else np.clip(unit[QMIN], -999, 999):.1f}"),
                (114, f"{row[GS] / 100:.4f}"),
                (122, f"{row[BS] / 100:.4f}"),
                (127, "0"),
            )
        )
    lines += ["-999", f"BRANCH DATA FOLLOWS {len(case['branch']):>24} ITEMS"]
    for row in case["branch"].real:
        ratio = 0.0 if row[TAP] in {0.0, 1.0} else row[TAP]
        lines.append(
            card(
                126,
                (4, str(int(row[F_BUS]) + 1)),
                (9, str(int(row[T_BUS]) + 1)),
                (12, "1"),
                (15, "1"),
                (17, "1"),
                (19, "1" if ratio else "0"),
                (29, f"{row[BR_R]:.5f}"),
                (39, f"{row[BR_X]:.5f}"),
                (50, f"{row[BR_B]:.5f}"),
                (55, "0"),
                (61, "0"),
                (67, "0"),
                (72, "0"),
                (74, "0"),
                (82, f"{ratio:.4f}"),
                (90, f"{row[SHIFT]:.2f}"),
            )
        )
    lines += ["-999", "LOSS ZONES FOLLOWS                     1 ITEMS", "  1 IEEE 14 BUS", "-99"]
    lines += ["INTERCHANGE DATA FOLLOWS                 0 ITEMS", "-9", "TIE LINES FOLLOWS                     0 ITEMS"]
    return "\n".join([*lines, "-999", "END OF DATA", ""])
