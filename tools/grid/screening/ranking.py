"""The order of outages: worst first, the same way every time. docs/method.md explains the score."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.screening.screen import Screened
    from tools.grid.screening.study import Study

NOT_SOLVED = 1000.0
PER_PERCENT_OF_LOAD_LOST = 10.0
PER_PERCENT_OF_GENERATION_LOST = 1.0
PER_UNIT_BEYOND_LIMIT = 0.1


def severity_scores(screened: Screened | Study, total_load_mw: float) -> NDArray[np.float64]:
    """One score for each outage, zero for one that loses nothing and violates nothing.

    Args:
        screened: The outages.
        total_load_mw: Load of the state before the outages, the measure of what is lost.
    """
    figures = screened.figures
    percent_per_mw = 100.0 / total_load_mw if total_load_mw > 0 else 0.0
    score = (
        figures["depth"]
        + PER_UNIT_BEYOND_LIMIT * figures["new_units"]
        + PER_PERCENT_OF_LOAD_LOST * percent_per_mw * screened.lost_load_mw
        + PER_PERCENT_OF_GENERATION_LOST * percent_per_mw * screened.lost_generation_mw
    )
    return np.asarray(np.where(figures["solved"], score, NOT_SOLVED + score))


def ranked(screened: Screened | Study, scores: NDArray[np.float64]) -> NDArray[np.int64]:
    """Places of the outages, worst first; equal scores by highest loading, lowest voltage, table order."""
    figures = screened.figures
    keys = (screened.asked, figures["lowest_pu"], -figures["loading_percent"], -np.round(scores, 9))
    return np.asarray(np.lexsort(keys), dtype=np.int64)
