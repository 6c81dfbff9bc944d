"""Training of the risk model, and the choice between the new one and the one in use."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from orchestrator.risk.fitting import RESAMPLED, fit_risk_model
from orchestrator.risk.samples import Samples, gathered, simulated_samples
from orchestrator.risk.standing import standing_of
from tools.detection.risk.model import log_odds
from tools.detection.risk.record import RiskModelRecord, StandingRecord

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic import JsonValue

    from orchestrator.risk.samples import Row

HELD_OUT_SHARE = 0.4
_HELD_OUT_SEED = 1000
"""Added to the seed of the held-out days, so that they are never those of the training."""
SIMULATED = "simulated incidents of twelve kinds on two grids"
JUDGED_TOO = f"{SIMULATED}, and incidents that people judged"


@dataclass(frozen=True)
class Trained:
    """A new model against the one in use, on the same held-out hours.

    Attributes:
        record: The new model.
        old: Standing of the one in use; None when there is none.
        replaces: Whether the new one is better, or the first.
    """

    record: RiskModelRecord
    old: StandingRecord | None
    replaces: bool


def train(in_use: Mapping[str, JsonValue] | None, incidents: int, seed: int, judged: Sequence[Row] = ()) -> Trained:
    """Train on simulated incidents, and on those that people judged; a tie keeps the model in use.

    Args:
        in_use: The model in use, as stored; None when there is none.
        incidents: How many are simulated for training; two fifths as many again are held out.
        seed: What is drawn from.
        judged: Hours of judged incidents; every fourth incident of them is held out.

    Raises:
        InvalidArgumentError: for too few incidents.
    """
    learnt = simulated_samples(incidents, seed)
    unseen = simulated_samples(max(12, round(incidents * HELD_OUT_SHARE)), seed + _HELD_OUT_SEED)
    return choose(in_use, learnt, unseen, seed, judged, draws=RESAMPLED)


def choose(
    in_use: Mapping[str, JsonValue] | None,
    learnt: Samples,
    unseen: Samples,
    seed: int,
    judged: Sequence[Row] = (),
    *,
    draws: int = RESAMPLED,
) -> Trained:
    """Fit on some hours, and compare with the model in use on others.

    Raises:
        InvalidArgumentError: for too few hours.
    """
    days = sorted({row.day for row in judged})
    held = set(days[3::4])
    learnt = _with(learnt, [row for row in judged if row.day not in held])
    unseen = _with(unseen, [row for row in judged if row.day in held])
    confirmed = sum(row.day not in held for row in judged)
    told = JUDGED_TOO if confirmed else SIMULATED
    record = fit_risk_model(learnt, unseen, seed, told, confirmed_hours=confirmed, draws=draws)
    if in_use is None:
        return Trained(record, None, replaces=True)
    old = RiskModelRecord.model_validate(in_use)
    standing = standing_of("in use", log_odds(old.whole, unseen.figures), unseen.incident)
    return Trained(record, standing, replaces=record.standing.brier < standing.brier)


def _with(samples: Samples, rows: Sequence[Row]) -> Samples:
    if not rows:
        return samples
    more = gathered(rows)
    apart = int(samples.day.max()) + 1 - min(0, int(more.day.min()))
    return Samples(
        figures=np.concatenate([samples.figures, more.figures]),
        incident=np.concatenate([samples.incident, more.incident]),
        day=np.concatenate([samples.day, more.day + apart]),
        kind=(*samples.kind, *more.kind),
    )
