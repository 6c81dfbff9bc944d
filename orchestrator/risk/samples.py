"""Hours of simulated days with their truth: what the risk model learns from and is judged by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from orchestrator.scenarios.held import held_context
from orchestrator.scenarios.incidents import TWELVE, draw_incident, quiet_day
from tools.detection.risk.features import NAMES, WINDOW, figures_at
from tools.errors import InvalidArgumentError

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.random import Generator

    from orchestrator.scenarios.generated import Generated
    from orchestrator.scenarios.schema.troubles import TroubleKind

QUIET_SHARE = 6
"""One day without any trouble for so many with one."""
_ANYWHERE, _NEAR = 2, 2
_FIRST = timedelta(hours=2)
_ENTROPY = 20_260_627


@dataclass(frozen=True, eq=False)
class Samples:
    """Hours, one a row.

    Attributes:
        figures: In the order of ``FEATURES``; NaN where there is no source.
        incident: Whether a trouble touched the hour.
        day: Which day each hour belongs to: hours of one day are not independent.
        kind: The day's trouble, empty on a quiet day.
    """

    figures: NDArray[np.float64]
    incident: NDArray[np.bool_]
    day: NDArray[np.int64]
    kind: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.incident)

    def of_days(self, wanted: NDArray[np.bool_]) -> Samples:
        """The hours that a mask chooses."""
        kinds = tuple(kind for kind, keep in zip(self.kind, wanted.tolist(), strict=True) if keep)
        return Samples(self.figures[wanted], self.incident[wanted], self.day[wanted], kinds)


def simulated_samples(count: int, seed: int, kinds: Sequence[TroubleKind] = TWELVE) -> Samples:
    """Hours of simulated incidents of all kinds in turn, and of quiet days between.

    Of each day two hours are taken anywhere and two near the trouble, which sets the share of hours with an incident.

    Args:
        count: How many incidents.
        seed: What is drawn from.
        kinds: Which kinds.

    Raises:
        InvalidArgumentError: for fewer incidents than kinds, or a negative seed.
    """
    if count < len(kinds):
        raise InvalidArgumentError(f"count = {count}: at least {len(kinds)}, one of each kind, would be right")
    rows = [row for number in range(count) for row in _day(draw_incident(kinds[number % len(kinds)], seed, number))]
    quiet = [row for number in range(count // QUIET_SHARE) for row in _day(quiet_day(seed, count + number))]
    return gathered([*_numbered(rows), *_numbered(quiet, count)])


@dataclass(frozen=True)
class Row:
    """One hour."""

    figures: NDArray[np.float64]
    incident: bool
    kind: str
    day: int = 0


def gathered(rows: Sequence[Row]) -> Samples:
    """Hours side by side.

    Raises:
        InvalidArgumentError: without any.
    """
    if not rows:
        raise InvalidArgumentError("samples: there is none; at least one hour would be right")
    return Samples(
        figures=np.array([row.figures for row in rows], dtype=np.float64).reshape(len(rows), len(NAMES)),
        incident=np.array([row.incident for row in rows], dtype=bool),
        day=np.array([row.day for row in rows], dtype=np.int64),
        kind=tuple(row.kind for row in rows),
    )


def _numbered(rows: Sequence[Row], first: int = 0) -> Iterator[Row]:
    for number, row in enumerate(rows):
        yield Row(row.figures, row.incident, row.kind, first + number // (_ANYWHERE + _NEAR))


def _day(day: Generated) -> Iterator[Row]:
    chance = np.random.default_rng([_ENTROPY, day.seed])
    context = held_context(day)
    kind = str(day.truth[0].kind) if day.truth else ""
    for at in sorted(_moments(day, chance)):
        touched = any(one.start <= at and one.end > at - WINDOW for one in day.truth)
        yield Row(figures_at(context, at).value, touched, kind)


def _moments(day: Generated, chance: Generator) -> Iterator[datetime]:
    """Ends of hours, to the minute."""
    first, last = day.timeline.start + _FIRST, day.timeline.last
    spans = [(first, last)] * _ANYWHERE
    near = [(max(one.start, first), min(one.end + WINDOW, last)) for one in day.truth] or [(first, last)]
    for begin, end in spans + near * _NEAR:
        minutes = int((end - begin) / timedelta(minutes=1))
        yield begin + timedelta(minutes=int(chance.integers(0, max(minutes, 1))))
