"""Authentication logs of Linux, read line by line: each line becomes an entry or a reject, none is lost.

A line has no year and no zone, so whoever reads it says both. An attempt that two programs report (PAM and sshd of one
process) counts once; folded repeats count as often as they say.
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from hashlib import sha256

from pydantic import Field

from tools.result import Result
from tools.security.quoting import quoted_line, quoted_name
from tools.security.syslog_messages import DETAIL, LOGIN, SESSION_OPEN, Meaning, read_message
from tools.telemetry.schema.log import LogEntry, LogKind

_NAMES = "JanFebMarAprMayJunJulAugSepOctNovDec"
_MONTHS = {name: 1 + at // 3 for at, name in ((at, _NAMES[at : at + 3]) for at in range(0, 36, 3))}
_LINE = re.compile(
    r"(?:<\d{1,3}>)?(?:(?P<month>[A-Z][a-z]{2})\s+(?P<day>\d{1,2}) (?P<clock>\d{2}:\d{2}:\d{2})"
    r"|(?P<stamp>\d{4}-\d\d-\d\dT\S+)) (?P<host>\S+) (?P<rest>.*)",
    re.DOTALL,
)
_TAG = re.compile(r"(?P<program>[^\s:\[\]]+)(?:\[(?P<pid>\d+)\])?: ?(?P<text>.*)", re.DOTALL)
_FOLDED = re.compile(r"message repeated (?P<count>\d{1,6}) times?: \[ ?(?P<text>.*)\]\s*$", re.DOTALL)
_LAST = re.compile(r"(?:\S+: )?last message repeated (?P<count>\d{1,6}) times?\s*$")
# A line may come late by this much before it is taken for one of another year.
_LATE = timedelta(days=31)
# What one process wrote belongs together for this long; after it the number may be another process's.
_SESSION = timedelta(hours=1)
_SESSIONS = 10_000
_Key = tuple[str, str, str]


class Reject(Result):
    """A line that is no entry, and why."""

    line: int = Field(ge=1, description="Number in the file, the first is 1")
    reason: str
    text: str = Field(max_length=2000, description="The line as data")


def parse_syslog(lines: Iterable[str], year: int, zone: tzinfo) -> tuple[list[LogEntry], list[Reject]]:
    """Read an authentication log.

    Args:
        lines: In the order of the file, with or without line ends; untrusted.
        year: Year of the first line; from December to January it moves on by itself.
        zone: Zone of the machine's clock; stamps that carry their own zone keep it.

    Returns:
        Entries with times in UTC, and the lines that are none; together as many as there are lines.
    """
    reader = _Reader(year, zone)
    entries: list[LogEntry] = []
    rejects: list[Reject] = []
    for number, raw in enumerate(lines, start=1):
        line = raw.rstrip("\r\n")
        entry = reader.read(line)
        if isinstance(entry, LogEntry):
            entries.append(entry)
        else:
            rejects.append(Reject(line=number, reason=entry, text=quoted_line(line)))
    return entries, rejects


@dataclass
class _Process:
    """What one process has reported of its attempts so far."""

    at: datetime
    origin: str | None = None
    pam: int = 0
    daemon: int = 0
    accepted: bool = False


class _Reader:
    """Reads lines in order; what came before decides year, repeats and double reports."""

    def __init__(self, year: int, zone: tzinfo) -> None:
        self._year, self._zone = year, zone
        self._before: datetime | None = None
        self._seen: Counter[str] = Counter()
        self._last: dict[str, tuple[Meaning, _Key]] = {}
        self._processes: OrderedDict[_Key, _Process] = OrderedDict()

    def read(self, line: str) -> LogEntry | str:
        """The entry of a line, or why it is none."""
        if not line.strip():
            return "the line is empty"
        match = _LINE.match(line)
        if match is None:
            return "no time stamp and host at its begin"
        at = self._moment(match)
        if isinstance(at, str):
            return at
        host = match["host"]
        meaning = self._meaning(match["rest"], host, at)
        return LogEntry(
            id=self._identifier(at, line),
            kind=LogKind.ACCESS,
            at=at,
            host=quoted_name(host),
            origin=quoted_name(meaning.origin) if meaning.origin else None,
            account=quoted_name(meaning.account) if meaning.account else None,
            action=meaning.action,
            success=meaning.success,
            count=meaning.count,
            text=quoted_line(line),
        )

    def _identifier(self, at: datetime, line: str) -> str:
        """The same for the same line at the same time, with a number where it stands there several times."""
        name = sha256(f"{at.isoformat()} {line}".encode(errors="surrogatepass")).hexdigest()[:32]
        self._seen[name] += 1
        return f"{name}-{self._seen[name]}"

    def _moment(self, match: re.Match[str]) -> datetime | str:
        try:
            at = self._own_zone(match["stamp"]) if match["stamp"] else self._with_year(match)
        except (ValueError, OverflowError):
            return "its time stamp is no date"
        self._before = at
        return at

    def _own_zone(self, stamp: str) -> datetime:
        moment = datetime.fromisoformat(stamp)
        return (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).astimezone(UTC)

    def _with_year(self, match: re.Match[str]) -> datetime:
        month = _MONTHS.get(match["month"])
        if month is None:
            message = f"{match['month']} is no month"
            raise ValueError(message)
        year = self._year if self._before is None else self._before.astimezone(self._zone).year
        for candidate in (year, year + 1, year - 1):
            at = self._local(candidate, month, match)
            if at is not None and self._plausible(at):
                return at
        message = "no such day in the years around"
        raise ValueError(message)

    def _local(self, year: int, month: int, match: re.Match[str]) -> datetime | None:
        hour, minute, second = (int(part) for part in match["clock"].split(":"))
        try:
            local = datetime(year, month, int(match["day"]), hour, minute, min(second, 59), tzinfo=self._zone)
        except ValueError:
            if self._before is None:
                raise
            return None
        at = local.astimezone(UTC)
        if self._before is not None and at < self._before:
            # the hour that the clock goes through twice in autumn
            again = local.replace(fold=1).astimezone(UTC)
            return again if again >= self._before else at
        return at

    def _plausible(self, at: datetime) -> bool:
        """Whether a line of this time may follow the one before it: later, or a little late."""
        return self._before is None or -_LATE <= at - self._before <= timedelta(days=366) - _LATE

    def _meaning(self, rest: str, host: str, at: datetime) -> Meaning:
        last = _LAST.match(rest)
        if last:
            meaning, key = self._last.get(host, (Meaning(), (host, "", "")))
            return self._once(replace(meaning, count=max(int(last["count"]), 1)), key, at)
        tag = _TAG.match(rest)
        if tag is None:
            return self._kept(Meaning(), (host, "", ""), at)
        folded = _FOLDED.match(tag["text"])
        meaning = read_message(tag["program"], folded["text"] if folded else tag["text"])
        if folded:
            meaning = replace(meaning, count=max(int(folded["count"]), 1) * meaning.count)
        return self._kept(meaning, (host, tag["program"].partition("(")[0], tag["pid"] or ""), at)

    def _kept(self, meaning: Meaning, key: _Key, at: datetime) -> Meaning:
        """The meaning, remembered for a line that says that it was repeated."""
        self._last[key[0]] = replace(meaning, count=1), key
        return self._once(meaning, key, at)

    def _once(self, meaning: Meaning, key: _Key, at: datetime) -> Meaning:
        """The meaning with what its process reported before taken into account, so that an attempt counts once."""
        if not key[2] or meaning.action not in {LOGIN, SESSION_OPEN, DETAIL}:
            return meaning
        process = self._processes.pop(key, None)
        if process is None or abs(at - process.at) > _SESSION:
            process = _Process(at)
        self._processes[key] = process
        while len(self._processes) > _SESSIONS:
            self._processes.popitem(last=False)
        process.at = at
        process.origin = meaning.origin or process.origin
        meaning = replace(meaning, origin=process.origin)
        if meaning.success is True:
            first, process.accepted = not process.accepted, True
            return meaning if first else replace(meaning, success=None)
        if meaning.success is None:
            return meaning
        counted = max(process.pam, process.daemon)
        process.pam += meaning.count if meaning.source == "pam" else 0
        process.daemon += meaning.count if meaning.source == "daemon" else 0
        new = max(process.pam, process.daemon) - counted
        return replace(meaning, count=new) if new > 0 else replace(meaning, action=DETAIL, success=None, count=1)
