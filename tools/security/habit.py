"""The habit of a command log: who commands what, from where, at which hour, in which order, how fast."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from tools.security.procedure import CLOSING, OPENING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tools.telemetry.schema.log import LogEntry

# A habit to compare with: so many commands on so many days; below it, everything would be new.
ENOUGH_COMMANDS, ENOUGH_DAYS = 20, 3
# An account's own hours count from so many of its commands on so many days; before that everybody's hours do.
OWN_COMMANDS, OWN_DAYS = 20, 5
# Commands of one account and origin with longer pauses between them are separate sequences.
PAUSE = timedelta(minutes=20)
BURST_WINDOW = timedelta(minutes=5)
# A burst has at least so many commands in the window, and half as many again as the habit's densest window.
BURST_AT_LEAST, BURST_BEYOND_HABIT = 6, 1.5
# A command further than this from the time of day of every earlier one is at an odd hour.
ODD_MIN = 90.0
_DAY_MIN = 1440.0


@dataclass(frozen=True)
class Habit:
    """What was usual before a span.

    Attributes:
        commands: Commands that it rests on.
        days: Days that have any.
        accounts: Accounts that commanded.
        origins: Origins of each account.
        everywhere: Origins of anybody.
        elements: Elements that were commanded, canonical.
        orders: Pairs of steps that followed each other in one sequence.
        densest: Most commands of one account within the burst window.
        longest_row: Most different elements that one account opened, or closed, within it.
    """

    commands: int
    days: int
    accounts: frozenset[str]
    origins: dict[str, frozenset[str]]
    everywhere: frozenset[str]
    elements: frozenset[str]
    orders: frozenset[tuple[str, str]]
    densest: int
    longest_row: int
    _minutes: dict[str, tuple[float, ...]]
    _own_hours: frozenset[str]

    @property
    def enough(self) -> bool:
        """Whether there is enough of it to call anything new."""
        return self.commands >= ENOUGH_COMMANDS and self.days >= ENOUGH_DAYS

    def is_odd_hour(self, entry: LogEntry) -> bool:
        """Whether a command lies far from the hours in which its account, or anybody, commanded before."""
        own = entry.account if entry.account in self._own_hours else ""
        minutes = self._minutes.get(own or "", ())
        if not minutes:
            return False
        now = _minute_of_day(entry.at)
        place = bisect_left(minutes, now)
        around = (minutes[place - 1], minutes[place % len(minutes)])
        return min(_apart(now, minute) for minute in around) > ODD_MIN


def habit_of(entries: Iterable[LogEntry]) -> Habit:
    """The habit that earlier commands make."""
    earlier = sorted(entries, key=lambda entry: entry.at)
    origins: dict[str, set[str]] = defaultdict(set)
    minutes: dict[str, list[float]] = defaultdict(list)
    days: dict[str, set[str]] = defaultdict(set)
    for entry in earlier:
        minute, day = _minute_of_day(entry.at), entry.at.date().isoformat()
        for whose in {"", entry.account or ""}:
            minutes[whose].append(minute)
            days[whose].add(day)
        if entry.account and entry.origin:
            origins[entry.account].add(entry.origin)
    sequences = split_sequences(earlier)
    return Habit(
        commands=sum(entry.count for entry in earlier),
        days=len(days[""]),
        accounts=frozenset(entry.account for entry in earlier if entry.account),
        origins={account: frozenset(found) for account, found in origins.items()},
        everywhere=frozenset(entry.origin for entry in earlier if entry.origin),
        elements=frozenset(str(entry.element) for entry in earlier if entry.element),
        orders=frozenset(order for sequence in sequences for order in orders_of(sequence)),
        densest=max((densest(sequence) for sequence in sequences), default=0),
        longest_row=max((longest_row(sequence) for sequence in sequences), default=0),
        _minutes={whose: tuple(sorted(found)) for whose, found in minutes.items()},
        _own_hours=frozenset(
            whose
            for whose, found in minutes.items()
            if whose and len(found) >= OWN_COMMANDS and len(days[whose]) >= OWN_DAYS
        ),
    )


def split_sequences(entries: Iterable[LogEntry]) -> list[tuple[LogEntry, ...]]:
    """Commands of one account and origin without a long pause between them, by their start."""
    by_hand: dict[tuple[str | None, str | None], list[LogEntry]] = defaultdict(list)
    for entry in sorted(entries, key=lambda entry: entry.at):
        by_hand[entry.account, entry.origin].append(entry)
    found: list[tuple[LogEntry, ...]] = []
    for mine in by_hand.values():
        cuts = [0, *(place for place, (a, b) in enumerate(pairwise(mine), 1) if b.at - a.at > PAUSE), len(mine)]
        found += [tuple(mine[first:last]) for first, last in pairwise(cuts)]
    return sorted(found, key=lambda sequence: sequence[0].at)


def orders_of(sequence: Sequence[LogEntry]) -> list[tuple[str, str]]:
    """Which step followed which; a step is an action on a kind of element, on the same element or another one."""
    return [
        (_step(a), f"{_step(b)} {'there' if a.element == b.element else 'elsewhere'}") for a, b in pairwise(sequence)
    ]


def densest(sequence: Sequence[LogEntry]) -> int:
    """Most commands within the burst window."""
    most, left, total = 0, 0, 0
    for entry in sequence:
        total += entry.count
        while entry.at - sequence[left].at > BURST_WINDOW:
            total -= sequence[left].count
            left += 1
        most = max(most, total)
    return most


def longest_row(sequence: Sequence[LogEntry]) -> int:
    """Most different elements that were opened, or closed, within the burst window."""
    most = 0
    for actions in (OPENING, CLOSING):
        steps = [entry for entry in sequence if entry.element is not None and entry.action in actions]
        row: Counter[str] = Counter()
        left = 0
        for last in steps:
            row[str(last.element)] += 1
            while last.at - steps[left].at > BURST_WINDOW:
                row[str(steps[left].element)] -= 1
                left += 1
                if not row[str(steps[left - 1].element)]:
                    del row[str(steps[left - 1].element)]
            most = max(most, len(row))
    return most


def new_orders(sequence: Sequence[LogEntry], habit: Habit) -> int:
    """How many different pairs of steps the habit does not have."""
    return len(Counter(order for order in orders_of(sequence) if order not in habit.orders))


def _step(entry: LogEntry) -> str:
    return f"{entry.action} {entry.element.kind if entry.element else ''}"


def _minute_of_day(at: datetime) -> float:
    return at.hour * 60.0 + at.minute + at.second / 60.0


def _apart(a: float, b: float) -> float:
    gap = abs(a - b)
    return min(gap, _DAY_MIN - gap)
