"""Who guesses passwords in a real log: the tool beside a plain count over the lines.

Run with ``python -m benchmarks.detection.bench_access DATA``; DATA holds ``cyber/auth/Linux_2k.log.gz``. The plain
count uses nothing of the tools: regular expressions over the lines. The log is counted as it is, and once more with
its repeats folded as syslog daemons fold them. Exit code 1 when a source or a failure differs.
"""

import gzip
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from knowledge.threats import known_threats
from tools.context import Clock, ToolContext
from tools.limits import LimitTable
from tools.security.access import review_access_events
from tools.security.schema.access import AccessIssueKind, ReviewAccessEventsArguments
from tools.security.syslog import parse_syslog
from tools.telemetry.schema.log import LogEntry, LogKind

YEAR, WINDOW_S, THRESHOLD = 2005, 600.0, 5
_FAILED = re.compile(r"authentication failure; .*rhost=(\S*)|Authentication failed from (\S+)")
_REPEATED = re.compile(r"message repeated (\d+) times: \[ (.*)\]")


class _Held:
    """The entries of one log."""

    def __init__(self, entries: Sequence[LogEntry]) -> None:
        self._entries = sorted(entries, key=lambda entry: entry.at)

    def kinds(self) -> frozenset[LogKind]:
        return frozenset({LogKind.ACCESS})

    def entries(self, kind: LogKind, start: datetime, end: datetime) -> Sequence[LogEntry]:
        return [entry for entry in self._entries if entry.kind is kind and start <= entry.at <= end]

    def stream(self, kind: LogKind, start: datetime, end: datetime) -> Iterator[LogEntry]:
        return iter(self.entries(kind, start, end))


def plain_count(lines: Iterable[str]) -> tuple[int, set[str]]:
    """Failures, and the origins with five within ten minutes; a failure without an origin is laid to its machine."""
    moments: dict[str, list[float]] = defaultdict(list)
    for line in lines:
        folded = _REPEATED.search(line)
        found = _FAILED.search(folded[2] if folded else line)
        if found is None:
            continue
        origin = found[1] or found[2] or line.split()[3]
        at = datetime.strptime(f"{YEAR} {line[:15]}", "%Y %b %d %H:%M:%S").replace(tzinfo=UTC).timestamp()
        moments[origin] += [at] * (int(folded[1]) if folded else 1)
    guessing = {
        origin
        for origin, at in moments.items()
        if any(at[i + THRESHOLD - 1] - at[i] <= WINDOW_S for i in range(len(at) - THRESHOLD + 1))
    }
    return sum(map(len, moments.values())), guessing


def folded(lines: Sequence[str]) -> list[str]:
    """The log as a daemon that folds repeats would have written it: a message, then how often it came again."""
    found: list[str] = []
    said, times, last = "", 0, ""

    def close() -> None:
        if times:
            found.append(f"{last[:16]}combo sshd(pam_unix)[1]: message repeated {times} times: [ {said}]")

    for line in lines:
        text = line.split("]: ", 1)[-1].strip()
        if "sshd(pam_unix)" in line and "authentication failure" in line and text == said:
            times, last = times + 1, line
            continue
        close()
        said, times = text, 0
        found.append(line)
    close()
    return found


def tool_count(lines: Sequence[str]) -> tuple[int, set[str]]:
    """The same two figures by the tool."""
    entries, rejects = parse_syslog(lines, YEAR, UTC)
    if rejects:
        print(f"  rejected lines: {len(rejects)}")
    start, end = datetime(YEAR, 1, 1, tzinfo=UTC), datetime(YEAR + 1, 1, 1, tzinfo=UTC)
    ctx = ToolContext(
        grids=None,  # type: ignore[arg-type]  # no grid is looked at
        limits=LimitTable(limits=()),
        clock=Clock(end, end),
        logs=_Held(entries),
        threats=known_threats(),
    )
    arguments = ReviewAccessEventsArguments(start=start, end=end, window_s=WINDOW_S, threshold=THRESHOLD, limit=100)
    review = review_access_events(ctx, arguments)
    guessing = {issue.subject.name for issue in review.issues if issue.kind is AccessIssueKind.PASSWORD_GUESSING}
    return review.failures, guessing


def main(data: Path) -> int:
    """Print both counts of both forms of the log; 1 when they differ."""
    with gzip.open(data / "cyber/auth/Linux_2k.log.gz", "rt") as file:
        plain = file.read().splitlines()
    wrong = 0
    for name, lines in (("as it is", plain), ("repeats folded", folded(plain))):
        began = perf_counter()
        ours, theirs = tool_count(lines), plain_count(lines)
        took = perf_counter() - began
        same = ours == theirs
        wrong += not same
        print(f"Linux_2k.log {name}: {len(lines)} lines, {took:.2f} s")
        print(f"  failures: tool {ours[0]}, plain count {theirs[0]}")
        print(f"  guessing sources: tool {len(ours[1])}, plain count {len(theirs[1])}: {'equal' if same else 'DIFFER'}")
        for origin in sorted(ours[1] ^ theirs[1]):
            print(f"    only {'the tool' if origin in ours[1] else 'the plain count'}: {origin}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
