"""Who guesses passwords: bursts of failed accesses in a sliding window, origin by origin."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tools.security.quoting import quoted_name
from tools.subject import SubjectKind, SubjectRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tools.telemetry.schema.log import LogEntry

WINDOW_S, THRESHOLD = 600.0, 5
# A success so long after a burst of the same origin still belongs to it.
SUCCESS_WITHIN = timedelta(hours=24)
# What is logged about a session that exists already is no attempt to get in.
_NO_ATTEMPT = frozenset({"logout", "log_out", "logoff", "session_close", "disconnect", "other"})


@dataclass(frozen=True)
class Burst:
    """Failed accesses of one origin that stand together closer than people mistype.

    Attributes:
        subject: The origin; the account where the log names no origin, else the machine that was tried.
        failures: The failed accesses, in order of time.
        reached_at: When the threshold was reached.
        success: First success of the origin from then on; None when there is none.
    """

    subject: SubjectRef
    failures: tuple[LogEntry, ...]
    reached_at: datetime
    success: LogEntry | None

    @property
    def start(self) -> datetime:
        """Time of the first failure."""
        return self.failures[0].at

    @property
    def end(self) -> datetime:
        """Time of the last failure."""
        return self.failures[-1].at

    @property
    def count(self) -> int:
        """Failed attempts, folded repeats counted."""
        return sum(entry.count for entry in self.failures)


def is_attempt(entry: LogEntry) -> bool:
    """Whether an entry says that somebody got in, or did not."""
    return entry.success is not None and entry.action not in _NO_ATTEMPT


def source_of(entry: LogEntry) -> SubjectRef | None:
    """Who an attempt is laid to: the origin, else the account, else the machine; None where the line names none."""
    named = (
        (SubjectKind.HOST, entry.origin),
        (SubjectKind.ACCOUNT, entry.account),
        (SubjectKind.HOST, entry.host),
    )
    return next((subject(kind, name) for kind, name in named if name), None)


def subject(kind: SubjectKind, name: str) -> SubjectRef:
    """A host or an account by its name as logged."""
    return SubjectRef(kind=kind, name=quoted_name(name))


def find_bursts(entries: Iterable[LogEntry], window_s: float = WINDOW_S, threshold: int = THRESHOLD) -> list[Burst]:
    """Bursts by their start.

    Args:
        entries: Of an access log, in any order.
        window_s: Failures not further apart than this stand in one window.
        threshold: Failures in one window that make it a burst; windows that overlap or follow within
            ``window_s`` are one burst.
    """
    by_source: dict[SubjectRef, list[LogEntry]] = defaultdict(list)
    for entry in entries:
        source = source_of(entry) if is_attempt(entry) else None
        if source is not None:
            by_source[source].append(entry)
    window = timedelta(seconds=window_s)
    found = []
    for source, attempts in by_source.items():
        attempts.sort(key=lambda entry: entry.at)
        failures = [entry for entry in attempts if entry.success is False]
        successes = [entry for entry in attempts if entry.success]
        for first, last, reached in _stretches(failures, window, threshold):
            part = tuple(failures[first : last + 1])
            found.append(Burst(source, part, reached, first_success(successes, reached, part[-1].at)))
    return sorted(found, key=lambda burst: (burst.start, str(burst.subject)))


def _stretches(failures: Sequence[LogEntry], window: timedelta, threshold: int) -> list[tuple[int, int, datetime]]:
    """First and last place of each burst, and when its threshold was reached."""
    found: list[tuple[int, int, datetime]] = []
    left, total = 0, 0
    for right, entry in enumerate(failures):
        total += entry.count
        while entry.at - failures[left].at > window:
            total -= failures[left].count
            left += 1
        if total < threshold:
            continue
        if found and failures[left].at - failures[found[-1][1]].at <= window:
            found[-1] = (found[-1][0], right, found[-1][2])
        else:
            found.append((left, right, entry.at))
    return found


def first_success(successes: Sequence[LogEntry], reached: datetime, last: datetime) -> LogEntry | None:
    """The first success from when an attack was one, and not long after its last failure; in order of time."""
    return next((entry for entry in successes if reached <= entry.at <= last + SUCCESS_WITHIN), None)
