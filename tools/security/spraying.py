"""Who sprays passwords: one origin that tries many accounts, few times each, so that no account is locked."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tools.security.guessing import first_success, is_attempt, subject
from tools.subject import SubjectKind, SubjectRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tools.telemetry.schema.log import LogEntry

# People mistype their own account; whoever fails on five within an hour has a list. Sprayers go slowly on purpose.
SPRAY_WINDOW_S, SPRAY_ACCOUNTS = 3600.0, 5


@dataclass(frozen=True)
class Spray:
    """Failed accesses of one origin on many accounts.

    Attributes:
        subject: The origin.
        failures: The failed accesses that name an account, in order of time.
        success: First success of the origin from when it had tried so many accounts; None when there is none.
    """

    subject: SubjectRef
    failures: tuple[LogEntry, ...]
    success: LogEntry | None

    @property
    def end(self) -> datetime:
        """Time of the last failure."""
        return self.failures[-1].at


def find_sprays(
    entries: Iterable[LogEntry], window_s: float = SPRAY_WINDOW_S, accounts: int = SPRAY_ACCOUNTS
) -> list[Spray]:
    """Sprays by their start.

    Args:
        entries: Of an access log, in any order.
        window_s: Failures not further apart than this stand in one window.
        accounts: Different accounts in one window that make it a spray; windows that overlap are one.
    """
    by_origin: dict[str, list[LogEntry]] = defaultdict(list)
    for entry in entries:
        if is_attempt(entry) and entry.origin:
            by_origin[entry.origin].append(entry)
    found = []
    for origin, attempts in by_origin.items():
        attempts.sort(key=lambda entry: entry.at)
        failures = [entry for entry in attempts if entry.success is False and entry.account]
        successes = [entry for entry in attempts if entry.success]
        for first, last, reached in _stretches(failures, timedelta(seconds=window_s), accounts):
            part = tuple(failures[first : last + 1])
            success = first_success(successes, reached, part[-1].at)
            found.append(Spray(subject(SubjectKind.HOST, origin), part, success))
    return sorted(found, key=lambda spray: (spray.failures[0].at, str(spray.subject)))


def _stretches(failures: Sequence[LogEntry], window: timedelta, accounts: int) -> list[tuple[int, int, datetime]]:
    """First and last place of each spray, and when it had tried so many accounts."""
    found: list[tuple[int, int, datetime]] = []
    tried: Counter[str] = Counter()
    left = 0
    for right, entry in enumerate(failures):
        tried[entry.account or ""] += 1
        while entry.at - failures[left].at > window:
            gone = failures[left].account or ""
            tried[gone] -= 1
            if not tried[gone]:
                del tried[gone]
            left += 1
        if len(tried) < accounts:
            continue
        if found and left <= found[-1][1]:
            found[-1] = (found[-1][0], right, found[-1][2])
        else:
            found.append((left, right, entry.at))
    return found
