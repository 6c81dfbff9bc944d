"""What every load draws and every unit feeds at each step, before any network equation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True)
class Injections:
    """Powers by step (rows) and element in table order (columns); loads positive when they draw.

    Attributes:
        load_p_mw, load_q_mvar: Of the loads.
        gen_p_mw: Schedule of the units, the interconnection left out.
    """

    load_p_mw: NDArray[np.float64]
    load_q_mvar: NDArray[np.float64]
    gen_p_mw: NDArray[np.float64]
