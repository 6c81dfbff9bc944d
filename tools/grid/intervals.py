"""Intervals in which something holds, from states at moments, their ends found by halving to a minute."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Generic, TypeVar

RESOLUTION = timedelta(minutes=1)
_Key = TypeVar("_Key", bound=Hashable)
_Word = TypeVar("_Word")
Words = Mapping[_Key, _Word]
"""What is wrong at one moment, by what it is wrong with; what is not in it is right."""


@dataclass(frozen=True)
class Interval(Generic[_Key, _Word]):
    """A time without a gap in which a key is among the words.

    Attributes:
        start: First moment known to belong to it.
        end: Last moment known to belong to it; None when it reaches to the last moment looked at.
        before: Whether it begins with the first moment looked at.
        words: Its moments with what was said.
    """

    key: _Key
    start: datetime
    end: datetime | None
    before: bool
    words: tuple[tuple[datetime, _Word], ...]


def find_intervals(
    moments: Sequence[datetime], look: Callable[[Sequence[datetime]], Mapping[datetime, Words[_Key, _Word] | None]]
) -> list[Interval[_Key, _Word]]:
    """All intervals, by their start.

    Args:
        moments: Ascending.
        look: What is wrong at moments; None where that is not known. Moments whose state is not known are passed over.
    """
    first = look(moments)
    seen = {moment: words for moment, words in first.items() if words is not None}
    _refine(seen, first.keys() - seen.keys(), look)
    known = sorted(seen)
    keys = {key: None for moment in known for key in seen[moment]}
    return sorted((found for key in keys for found in _of_key(key, known, seen)), key=lambda found: found.start)


def _refine(
    seen: dict[datetime, Words[_Key, _Word]],
    unknown: set[datetime],
    look: Callable[[Sequence[datetime]], Mapping[datetime, Words[_Key, _Word] | None]],
) -> None:
    """Halve the gaps between neighbours that differ, all of them at once, until they are a minute long."""
    while True:
        due = set()
        for first, second in pairwise(sorted(seen)):
            if second - first > RESOLUTION and seen[first].keys() != seen[second].keys():
                middle = first + RESOLUTION * max(round((second - first) / RESOLUTION / 2), 1)
                if middle < second and middle not in unknown:
                    due.add(middle)
        if not due:
            return
        for moment, words in look(sorted(due)).items():
            if words is None:
                unknown.add(moment)
            else:
                seen[moment] = words


def _of_key(
    key: _Key, known: Sequence[datetime], seen: Mapping[datetime, Words[_Key, _Word]]
) -> list[Interval[_Key, _Word]]:
    found: list[Interval[_Key, _Word]] = []
    run: list[tuple[datetime, _Word]] = []
    for moment in known:
        if key in seen[moment]:
            run.append((moment, seen[moment][key]))
        elif run:
            found.append(_interval(key, run, known, ends=True))
            run = []
    return [*found, _interval(key, run, known, ends=False)] if run else found


def _interval(
    key: _Key, run: Sequence[tuple[datetime, _Word]], known: Sequence[datetime], *, ends: bool
) -> Interval[_Key, _Word]:
    return Interval(key, run[0][0], run[-1][0] if ends else None, run[0][0] == known[0], tuple(run))
