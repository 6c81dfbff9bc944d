"""Rows in alarm, put together to episodes with a kind, a begin, an end and the sensors that show it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.detection.schema.statistical import EpisodeKind
from tools.detection.streaming.smoothing import WEIGHT, memory_rows, settling_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from tools.detection.streaming.detector import Verdict

SHORT = memory_rows(WEIGHT)
"""Rows: an alarm that is over within the memory of the averages may come from a single reading."""
BRIDGED = 2 * settling_rows(WEIGHT)
"""Rows: alarms that are no farther apart than the averages take to forget both are one episode."""
AT_ONCE = 0.5
"""Share of a height that a departure reaches soon, to have come at once."""
SWINGS = 4
"""Crossings of the level, each from beyond one standard deviation to beyond it on the other side: two full periods."""
HALF = 0.5
"""A sensor that holds less than this share does not explain the episode alone."""
AFFECTED = 0.1
"""Share from which on a sensor is named."""


@dataclass(frozen=True)
class Share:
    """One sensor's part in an episode: 0..1, and its largest departure in standard deviations, with its sign."""

    sensor: str
    contribution: float
    departure: float


@dataclass(frozen=True)
class StatisticalEpisode:
    """Rows in alarm, with at most a few quiet ones between.

    Attributes:
        from_us, until_us: First and last row in alarm, microseconds since 1970.
        lasting: Whether the last row seen still belongs to it.
        rows: In alarm.
        score: Largest of its rows, 0..1.
        shares: Affected sensors, the strongest first.
    """

    kind: EpisodeKind
    from_us: int
    until_us: int
    lasting: bool
    rows: int
    score: float
    shares: tuple[Share, ...]


class EpisodeTracker:
    """Follows verdicts and hands out each episode when it is over; keeps sums, not rows."""

    def __init__(self, sensors: tuple[str, ...]) -> None:
        self._sensors = sensors
        self._before: deque[NDArray[np.float64]] = deque(maxlen=BRIDGED)
        self._open: _Open | None = None
        self._quiet = 0

    def update(self, verdict: Verdict) -> StatisticalEpisode | None:
        """Take the next verdict; an episode when this row shows that one is over."""
        over = None
        if verdict.alarm:
            if self._open is None:
                self._open = _Open(verdict, self._rest())
            self._open.add(verdict)
            self._quiet = 0
        elif self._open is not None:
            self._quiet += 1
            if self._quiet > BRIDGED:
                over = self._open.close(self._sensors, lasting=False)
                self._open = None
        self._before.append(verdict.departure)
        return over

    def _rest(self) -> NDArray[np.float64]:
        """Departure from the level some time before an alarm; zero at the begin of a stream."""
        early = list(self._before)[: BRIDGED // 2]
        mean: NDArray[np.float64] = np.mean(early, axis=0) if early else np.zeros(len(self._sensors))
        return mean

    def lasting(self) -> StatisticalEpisode | None:
        """The episode that is not over at the last row, as far as it is known."""
        return None if self._open is None else self._open.close(self._sensors, lasting=True)


def episodes_of(sensors: tuple[str, ...], verdicts: Iterable[Verdict]) -> Iterator[StatisticalEpisode]:
    """All episodes of stored verdicts, in order."""
    tracker = EpisodeTracker(sensors)
    for verdict in verdicts:
        over = tracker.update(verdict)
        if over is not None:
            yield over
    last = tracker.lasting()
    if last is not None:
        yield last


class _Open:
    """An episode that goes on."""

    def __init__(self, first: Verdict, rest: NDArray[np.float64]) -> None:
        count = len(rest)
        self._from_us = self._until_us = first.at_us
        self._rest = rest
        self._first = np.zeros(count)
        self._early = np.zeros(count)
        self._rows = 0
        self._score = 0.0
        self._share = np.zeros(count)
        self._peak = np.zeros(count)
        self._silent = np.zeros(count)
        self._side = np.zeros(count)
        self._swings = np.zeros(count, dtype=np.intp)

    def add(self, verdict: Verdict) -> None:
        self._until_us = verdict.at_us
        self._rows += 1
        if self._rows <= SHORT:
            self._first = self._early = self._first + (verdict.departure - self._first) / self._rows
        elif self._rows <= 2 * SHORT:
            self._early = self._early + (verdict.departure - self._early) / (self._rows - SHORT)
        self._score = max(self._score, verdict.score)
        self._share += verdict.contribution
        self._silent += verdict.silent
        farther = np.abs(verdict.departure) > np.abs(self._peak)
        self._peak = np.where(farther, verdict.departure, self._peak)
        side = np.where(np.abs(verdict.departure) > 1.0, np.sign(verdict.departure), self._side)
        self._swings += side * self._side < 0
        self._side = side

    def close(self, sensors: tuple[str, ...], *, lasting: bool) -> StatisticalEpisode:
        dropped = self._silent > self._rows / 2
        weight = self._silent if dropped.any() else self._share
        share = weight / weight.sum() if weight.sum() > 0.0 else weight
        order = np.argsort(-share, kind="stable")
        lead = int(order[0])
        return StatisticalEpisode(
            kind=EpisodeKind.DROPOUT if dropped.any() else self._kind(lead, float(share[lead])),
            from_us=self._from_us,
            until_us=self._until_us,
            lasting=lasting,
            rows=self._rows,
            score=1.0 if dropped.any() else self._score,
            shares=tuple(
                Share(sensors[at], float(share[at]), float(self._peak[at]))
                for at in order
                if share[at] >= AFFECTED or at == lead
            ),
        )

    def _kind(self, lead: int, share: float) -> EpisodeKind:
        if self._rows <= SHORT and self._swings[lead] < SWINGS:
            return EpisodeKind.SPIKE
        if self._swings[lead] >= SWINGS:
            return EpisodeKind.OSCILLATION
        if share < HALF:
            return EpisodeKind.MULTIVARIATE
        return EpisodeKind.STEP if self._came_at_once(lead) else EpisodeKind.DRIFT

    def _came_at_once(self, lead: int) -> bool:
        """Whether it was not on its way before the alarm, and soon as far out as it ever got."""
        first, rest, early, peak = (float(part[lead]) for part in (self._first, self._rest, self._early, self._peak))
        return abs(first - rest) >= AT_ONCE * abs(first) and abs(early) >= AT_ONCE * abs(peak)
