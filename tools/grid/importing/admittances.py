"""Admittances to ground at the ends of branches, where pandapower's branches cannot carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pandapower.create import create_shunts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from pandapower import pandapowerNet


def add_admittances(
    net: pandapowerNet,
    buses: NDArray[np.int64],
    mva: NDArray[np.complex128],
    in_service: NDArray[np.bool_],
    names: Sequence[str] | None = None,
) -> None:
    """Shunts of given admittance; a positive imaginary part feeds reactive power in.

    Args:
        net: Network that they are added to.
        buses: Bus index of each.
        mva: Admittance times the square of the nominal voltage.
        in_service: Whether each counts.
        names: Of the shunts.
    """
    create_shunts(
        net,
        buses,
        q_mvar=-np.imag(mva),
        p_mw=np.real(mva),
        # left to pandapower, two at one bus are an error
        vn_kv=net.bus["vn_kv"].to_numpy(dtype=float)[net.bus.index.get_indexer(buses)],
        name=names,
        in_service=in_service,
    )
