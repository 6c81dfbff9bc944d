"""Many pairs: predicted first, then those that may break a limit solved by AC, and a random sample of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import beta

from tools.coverage import LeftOut
from tools.errors import InvalidArgumentError
from tools.grid.schema.contingencies import PairScreening
from tools.grid.screening.pairs import CHUNK, PairStudy
from tools.grid.screening.predict import THERMAL, UNCERTAIN, VOLTAGE, predict
from tools.grid.screening.screen import screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tools.grid.screening.engine import BatchModel
    from tools.grid.screening.resident import Resident
    from tools.grid.screening.study import Study
    from tools.spreading import Spreading

# Up to so many pairs each is solved by AC.
MOST_SOLVED_ALL = 20_000
# The prediction holds several matrices of circuits by circuits in memory.
MOST_CIRCUITS = 6_000
# Pairs that lose most load by topology are solved whatever is predicted of them.
LOSING_MOST = 200
SAMPLE = 2_000
_SEED = 20260115
_CONFIDENCE = 0.95


@dataclass(frozen=True)
class Screened:
    """Pairs that were predicted, and those of them that were solved.

    Attributes:
        study: The pairs solved by AC because they were flagged.
        report: What was flagged, and what a sample of the others shows.
        left_out: The pairs that were not solved.
    """

    study: Study
    report: PairScreening
    left_out: tuple[LeftOut, ...]


def screen_many(
    state: Resident, model: BatchModel, pairs: NDArray[np.int64], wanted: NDArray[np.int64], spreading: Spreading
) -> Screened:
    """Predict every pair, solve what is flagged, and measure on a sample what the prediction passes over.

    Args:
        state: The state before the outages.
        model: Its engine.
        pairs: Places of circuits, pair by two.
        wanted: Circuits whose overload marks an outage as a hit.
        spreading: Where the pairs are solved.

    Raises:
        InvalidArgumentError: for a grid with more circuits than the prediction can hold in memory.
    """
    if len(state.refs) > MOST_CIRCUITS:
        raise InvalidArgumentError(
            f"order: {len(pairs)} pairs of a grid of {len(state.refs)} circuits cannot be predicted, {MOST_CIRCUITS} "
            "circuits are the most; name elements, so that only their pairs are taken"
        )
    solver = PairStudy(state, model, spreading)
    prediction = predict(state, screen(state, range(len(state.refs))))
    flags, load_mw, dead = _looked_over(solver, prediction.flags, pairs)
    flags[np.argsort(-load_mw, kind="stable")[:LOSING_MOST]] |= np.where(load_mw.max() > 0, UNCERTAIN, 0)
    flagged, rest = pairs[flags > 0], np.flatnonzero(flags == 0)
    study = solver.study(flagged, wanted)
    chance = np.random.default_rng(_SEED)
    drawn = np.sort(chance.choice(rest, min(SAMPLE, len(rest)), replace=False))
    sample = solver.study(pairs[drawn], wanted)
    report = PairScreening(
        pairs=len(pairs),
        islanding_pairs=int((dead > 0).sum()),
        pairs_with_load_lost=int((load_mw > 0).sum()),
        flagged=len(flagged),
        flagged_percent=100.0 * len(flagged) / len(pairs),
        flagged_by_flow=int(((flags & THERMAL) > 0).sum()),
        flagged_by_voltage=int(((flags & VOLTAGE) > 0).sum()),
        flagged_as_uncertain=int(((flags & UNCERTAIN) > 0).sum()),
        sample=len(drawn),
        sample_diverged=int((~sample.figures["solved"]).sum()),
        **_recall("overload", study, sample, "new_overloads", len(rest)),
        **_recall("voltage", study, sample, "new_voltages", len(rest)),
    )
    why = "not flagged: predicted from the AC states of the single outages to break no new limit, not solved by AC"
    left = (LeftOut(what="pairs", count=len(rest), reason=why),) if len(rest) else ()
    return Screened(study, report, left)


def _looked_over(
    solver: PairStudy, flags_of: Callable[[NDArray[np.int64]], NDArray[np.int64]], pairs: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int64]]:
    """Flags, load without supply and dead buses of every pair, a part at a time."""
    flags, dead = np.zeros((2, len(pairs)), dtype=np.int64)
    load_mw = np.zeros(len(pairs))
    for first in range(0, len(pairs), CHUNK):
        part = slice(first, first + CHUNK)
        supply = solver.supply(pairs[part])
        flags[part] = flags_of(pairs[part])
        load_mw[part], dead[part] = supply.load_mw, supply.dead_buses
    return flags, load_mw, dead


def _recall(what: str, study: Study, sample: Study, figure: str, unflagged: int) -> dict[str, float | int | None]:
    """Share of the pairs with a new violation that were flagged: estimated, and at least with 95 % confidence.

    The flagged ones are all known; of the others the sample tells the share that breaks a limit (Clopper and Pearson,
    Biometrika 26, 1934, for the bound).
    """
    found, missed = int((study.figures[figure] > 0).sum()), int((sample.figures[figure] > 0).sum())
    size = len(sample.figures)
    result: dict[str, float | int | None] = {f"sample_missed_{what}s": missed}
    if not size:
        recall = least = 100.0 if found else None
    else:
        share_at_most = 1.0 if missed == size else float(beta.ppf(_CONFIDENCE, missed + 1, size - missed))
        shares = (missed / size, share_at_most)
        recall, least = (100.0 * found / (found + s * unflagged) if found + s * unflagged else None for s in shares)
    return result | {f"{what}_recall_percent": recall, f"{what}_recall_at_least_percent": least}
