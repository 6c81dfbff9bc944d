"""NAB's score of a detector over a corpus: early detections are rewarded, false ones cost, silence is zero.

After Lavin and Ahmad, "Evaluating real-time anomaly detection algorithms: the Numenta anomaly benchmark" (2015), with
the details of NAB 1.1: the first alert in a window counts by its place in it, every alert outside costs by its
distance from the window before, the first part of each series is not judged, one threshold holds for the whole corpus
and is the best one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from benchmarks.detection.nab_corpus import LabelledSeries

PROBATION = 0.15
PROBATION_ROWS = 5000
"""Longer series are not judged in the first 15 % of so many rows only."""
STEEPNESS = 5.0
FAR_BEHIND = 3.0
"""Window lengths after which a false alert costs in full."""


@dataclass(frozen=True)
class Profile:
    """What a missed window and a false alert cost, against a reward of one for a window found at once."""

    false_positive: float = 0.11
    false_negative: float = 1.0


STANDARD = Profile()


@dataclass(frozen=True)
class CorpusScore:
    """The result of one detector.

    Attributes:
        points: Normalised: 0 for silence, 100 for every window at its first row and no false alert.
        threshold: The best one; scores at or above it are alerts.
        found, windows: Windows with an alert, and all.
        false_alerts: Rows outside the windows.
        by_series: Raw score of each series at that threshold.
    """

    points: float
    threshold: float
    found: int
    windows: int
    false_alerts: int
    by_series: Mapping[str, float]


def scaled_sigmoid(position: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weight by place: -1 is the first row of a window, 0 its end, above 0 so many lengths behind it."""
    inside = 2.0 / (1.0 + np.exp(STEEPNESS * np.minimum(position, FAR_BEHIND))) - 1.0
    return np.where(position >= FAR_BEHIND, -1.0, inside)


def probation_rows(rows: int) -> int:
    """How many rows at the begin of a series are not judged."""
    return int(min(np.floor(PROBATION * rows), PROBATION * PROBATION_ROWS))


def score_corpus(
    corpus: Sequence[LabelledSeries],
    scores: Sequence[NDArray[np.float64]],
    profile: Profile = STANDARD,
    threshold: float | None = None,
) -> CorpusScore:
    """Score one detector.

    Args:
        corpus: The series.
        scores: Anomaly scores of each, higher is worse; one a row.
        profile: Costs.
        threshold: A given one; None takes the best for the whole corpus.
    """
    offsets = np.cumsum([0, *(len(item.windows) for item in corpus)])
    parts = [
        _weigh(item, given, profile, int(offset))
        for item, given, offset in zip(corpus, scores, offsets[:-1], strict=True)
    ]
    windows = int(offsets[-1])
    best = _best_threshold(parts, windows, profile) if threshold is None else threshold
    raw = [_raw(part, best, range(offsets[at], offsets[at + 1]), profile) for at, part in enumerate(parts)]
    silent = -profile.false_negative * windows
    alerts = [part.window[part.score >= best] for part in parts]
    return CorpusScore(
        points=100.0 * (sum(raw) - silent) / (windows - silent),
        threshold=best,
        found=sum(len(np.unique(window[window >= 0])) for window in alerts),
        windows=windows,
        false_alerts=sum(int((window < 0).sum()) for window in alerts),
        by_series={item.name: value for item, value in zip(corpus, raw, strict=True)},
    )


@dataclass(frozen=True)
class _Rows:
    """The judged rows of one series: score, what an alert there is worth, number of its window (-1 outside)."""

    score: NDArray[np.float64]
    worth: NDArray[np.float64]
    window: NDArray[np.intp]


def _weigh(item: LabelledSeries, score: NDArray[np.float64], profile: Profile, offset: int) -> _Rows:
    count = len(item.value)
    row = np.arange(count)
    worth = np.full(count, -profile.false_positive)
    window = np.full(count, -1, dtype=np.intp)
    most = float(scaled_sigmoid(np.array(-1.0)))
    for number, (first, last) in enumerate(item.windows):
        length = last - first + 1
        behind = row > last
        worth[behind] = profile.false_positive * scaled_sigmoid((row[behind] - last) / max(1, length - 1))
        inside = (row >= first) & (row <= last)
        worth[inside] = scaled_sigmoid((row[inside] - last - 1) / length) / most
        window[inside] = offset + number
    judged = row >= probation_rows(count)
    return _Rows(score[judged], worth[judged], window[judged])


def _raw(rows: _Rows, threshold: float, windows: range, profile: Profile) -> float:
    alert = rows.score >= threshold
    total = float(rows.worth[alert & (rows.window < 0)].sum())
    for number in windows:
        inside = alert & (rows.window == number)
        total += float(rows.worth[inside].max()) if inside.any() else -profile.false_negative
    return total


def _best_threshold(parts: Sequence[_Rows], windows: int, profile: Profile) -> float:
    """The score at or above which alerts are worth most; infinity when silence is best."""
    score = np.concatenate([part.score for part in parts])
    worth = np.concatenate([part.worth for part in parts])
    window = np.concatenate([part.window for part in parts])
    order = np.argsort(-score, kind="stable")
    held = [-profile.false_negative] * windows
    total = best = -profile.false_negative * windows
    threshold = float("inf")
    last = len(order) - 1
    for place, at in enumerate(order):
        number = window[at]
        if number < 0:
            total += float(worth[at])
        elif worth[at] > held[number]:
            total += float(worth[at]) - held[number]
            held[number] = float(worth[at])
        # All rows of one score cross the threshold together.
        if total > best and (place == last or score[order[place + 1]] != score[at]):
            best, threshold = total, float(score[at])
    return threshold
