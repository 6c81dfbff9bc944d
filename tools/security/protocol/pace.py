"""How often stations speak: usual pauses, and the densest ten minutes; constant memory for each connection."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Hashable
from datetime import datetime, timedelta
from math import ceil, log

# Pauses are counted in classes of five percent; of a thousand pauses the longest is taken for a gap of the recording.
_STEP = log(1.05)
_IGNORED = 0.001
# Fewer pauses than this say nothing about the longest usual one.
ENOUGH_PAUSES = 100
# A pause that never came in n pauses has a chance of 1/(n+1); twice the longest is beyond what a periodic sender does.
BEYOND = 2.0
_BUCKET_S, _BUCKETS = 60.0, 10


class Pauses:
    """The pauses between messages of one connection."""

    def __init__(self) -> None:
        self._classes: Counter[int] = Counter()
        self._last: datetime | None = None

    def add(self, at: datetime) -> None:
        """One more message; one that comes late changes nothing."""
        if self._last is not None and at > self._last:
            self._classes[ceil(log((at - self._last).total_seconds()) / _STEP)] += 1
        self._last = at if self._last is None else max(at, self._last)

    def longest_s(self) -> float | None:
        """Longest usual pause, up to five percent above it; None with too few."""
        count = sum(self._classes.values())
        if count < ENOUGH_PAUSES:
            return None
        left = int(count * _IGNORED)
        for place in sorted(self._classes, reverse=True):
            left -= self._classes[place]
            if left < 0:
                return float(1.05**place)
        return None


class Rolling:
    """Messages within the last ten minutes, to the minute."""

    def __init__(self) -> None:
        self._buckets: deque[tuple[int, int]] = deque()
        self._total = 0

    def add(self, at: datetime) -> int:
        """One more message; how many there are now."""
        bucket = int(at.timestamp() // _BUCKET_S)
        if self._buckets and bucket <= self._buckets[-1][0]:
            self._buckets[-1] = (self._buckets[-1][0], self._buckets[-1][1] + 1)
        else:
            self._buckets.append((bucket, 1))
        self._total += 1
        while self._buckets[0][0] <= bucket - _BUCKETS:
            self._total -= self._buckets.popleft()[1]
        return self._total


class Distinct:
    """How many different things came within a time; at most a thousand are told apart."""

    _MOST = 1000

    def __init__(self, window: timedelta) -> None:
        self._window = window
        self._seen: OrderedDict[Hashable, datetime] = OrderedDict()

    def add(self, thing: Hashable, at: datetime) -> int:
        """One more; how many different ones there are now."""
        self._seen[thing] = at
        self._seen.move_to_end(thing)
        while len(self._seen) > self._MOST or at - next(iter(self._seen.values())) > self._window:
            self._seen.popitem(last=False)
        return len(self._seen)


def silence_limit(longest_s: float | None, floor_s: float = 0.0) -> timedelta | None:
    """From when on a silence is no pause any more; None without a habit, for time-outs can be set to anything.

    >>> silence_limit(20.0, 35.0)
    datetime.timedelta(seconds=40)
    """
    return None if longest_s is None else timedelta(seconds=max(BEYOND * longest_s, floor_s))
