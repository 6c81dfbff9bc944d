"""``check_protocol`` on captures: every stated window with its delay, every false alarm, beside plain novelty.

Run with ``python -m benchmarks.detection.bench_protocol DATA``; DATA holds ``cyber/mms``, ``cyber/iec104`` and
``cyber/goose``. No message is judged by a profile that it is part of: the modified MMS day by the normal day, each
half of a normal day by the other half, each fifth by the other four, each GOOSE run by another run. Plain novelty, the
rival, alerts at every kind of message (direction, type, service or cause) that the same profile does not have. Exit
code 1 when an alert is missing or later than a minute, or when normal traffic gives one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.detection.captures import IEC104, MMS, Store, clock_time, relative
from tools.security.protocol.check import WARM_UP, check_protocol
from tools.security.protocol.profile import Learner
from tools.security.protocol.talk import talk_of
from tools.security.protocol.watch import Watch
from tools.security.schema.protocol import CheckProtocolArguments, ProtocolCheck, ProtocolIssue, ProtocolIssueKind
from tools.telemetry.schema.log import LogEntry
from tools.telemetry.schema.message import Iec104Message

WITHIN = timedelta(seconds=60)
FOLDS = 5
DAYS = [datetime(2020, 1, day, tzinfo=UTC) for day in range(1, 8)]
MMS_BEGIN, IEC104_BEGIN = "07:08:31.189806", "17:15:49.91"
MMS_WINDOWS = (("07:26:31", "07:26:32"), ("07:27:11", "07:27:12"), ("08:10:51", "08:13:52"))
BUSBAR = {"LIED10", "LIED11", "LIED12", "LIED30", "TIED13"}


class Tally:
    """Counts what a promise misses."""

    wrong = 0

    def expect(self, fine: bool, text: str) -> None:
        """Print a figure, and whether it is as promised."""
        self.wrong += not fine
        print(f"  {'ok  ' if fine else 'MISS'} {text}")


def check(store: Store, span: tuple[datetime, datetime], normal: tuple[datetime, datetime]) -> ProtocolCheck:
    """The tool over a span, by the profile of another time."""
    arguments = CheckProtocolArguments(
        start=span[0], end=span[1], normal_start=normal[0], normal_end=normal[1], limit=100
    )
    return check_protocol(store.context(), arguments)


def novelty(entries: Iterable[LogEntry], profile: Iterable[LogEntry]) -> list[datetime]:
    """The rival: when a kind of message came that the profile does not have."""
    known = {_kind(entry) for entry in profile}
    return [entry.at for entry in entries if _kind(entry) not in known]


def _kind(entry: LogEntry) -> tuple[object, ...]:
    if entry.message is None:
        return ()
    cause = entry.message.cause if isinstance(entry.message, Iec104Message) else None
    return (*talk_of(entry.message).direction, cause)


def windows(tally: Tally, store: Store, day: datetime, normal: datetime) -> None:
    """The modified MMS day, judged by the normal day."""
    span = day, day + timedelta(days=1)
    result = check(store, span, (normal, normal + timedelta(days=1)))
    print(f"MMS, modified day: {result.messages} messages, {len(result.issues) + result.omitted} issues")
    spans = [(clock_time(day, first), clock_time(day, last)) for first, last in MMS_WINDOWS]
    plain = novelty(store.entries(*span), store.entries(normal, normal + timedelta(days=1)))
    for first, last in spans:
        found = [issue for issue in result.issues if first <= issue.start <= last and issue.alerted_at >= first]
        delay = min((issue.alerted_at - first for issue in found), default=None)
        kinds = ", ".join(sorted({issue.kind for issue in found}))
        rival = min((at - first for at in plain if first <= at <= last), default=None)
        fine = delay is not None and delay <= WITHIN
        shown = "none" if delay is None else f"{delay.total_seconds():.2f} s ({kinds})"
        other = "none" if rival is None else f"{rival.total_seconds():.2f} s"
        tally.expect(fine, f"window {first:%H:%M:%S}..{last:%H:%M:%S}: alert after {shown}; plain novelty: {other}")
    outside = [issue for issue in result.issues if not any(a <= issue.start <= b for a, b in spans)]
    tally.expect(not outside, f"alerts outside the windows: {len(outside)}{_told(outside)}")


def halves(tally: Tally, store: Store, name: str, begin: datetime, end: datetime) -> None:
    """A normal capture: each half judged by the other half."""
    middle = begin + (end - begin) / 2
    # both ends of a span belong to it
    first, second = (begin, middle), (middle + timedelta(microseconds=1), end)
    for span, normal in ((first, second), (second, first)):
        result = check(store, span, normal)
        plain = novelty(store.entries(*span), store.entries(*normal))
        text = f"{name}, half from {span[0]:%H:%M:%S}: {result.messages} messages, alerts {len(result.issues)}"
        tally.expect(not result.issues, f"{text}{_told(result.issues)}; plain novelty: {len(plain)}")


def folds(tally: Tally, store: Store, name: str, begin: datetime, end: datetime) -> None:
    """A normal capture: each fifth judged by the other four."""
    entries = store.entries(begin, end)
    step = (end - begin) / FOLDS
    alerts, plain, told = 0, 0, list[ProtocolIssue]()
    for number in range(FOLDS):
        first, last = begin + number * step, begin + (number + 1) * step
        rest = [entry for entry in entries if not first <= entry.at < last]
        judged = [entry for entry in entries if first <= entry.at < last]
        learner = Learner()
        for entry in rest:
            learner.see(entry)
        watch = Watch(learner.profile(), None, first)
        for entry in entries:
            if first - WARM_UP <= entry.at < last:
                watch.see(entry)
        issues = watch.issues()
        alerts, plain, told = alerts + len(issues), plain + len(novelty(judged, rest)), [*told, *issues]
    tally.expect(not alerts, f"{name}, five folds in time: alerts {alerts}{_told(told)}; plain novelty: {plain}")


def goose(tally: Tally, store: Store, data: Path) -> None:
    """Two normal runs, each judged by the other, and the busbar fault, judged by the first."""
    folder = data / "cyber/goose"
    runs = {
        "Normal/No_Variable_Loading": DAYS[3],
        "Normal/Variable_Loading": DAYS[4],
        "Disturbance/Busbar_Protection": DAYS[5],
    }
    for name, day in runs.items():
        store.take_goose(folder / name, day)
    first, second, third = ((day, day + timedelta(hours=1)) for day in runs.values())
    for name, span, normal in (("no variable loading", first, second), ("variable loading", second, first)):
        result = check(store, span, normal)
        tally.expect(not result.issues, f"GOOSE, {name}: {result.messages} states, alerts {len(result.issues)}")
    result = check(store, third, first)
    named = [issue for issue in result.issues if issue.kind is ProtocolIssueKind.BUSBAR_FAULT]
    opened = {item.name for issue in named for item in issue.breakers}
    tally.expect(
        len(named) == 1 and len(result.issues) == 1,
        f"GOOSE, busbar fault: issues {len(result.issues)}{_told(result.issues)}",
    )
    at = {(issue.start - third[0]).total_seconds() for issue in named}
    tally.expect(opened == BUSBAR and at == {11.0}, f"breakers that opened: {', '.join(sorted(opened))}, at row {at}")


def _told(issues: Sequence[ProtocolIssue]) -> str:
    return "".join(f"\n         {issue.alerted_at:%H:%M:%S} {issue.kind}: {issue.detail}" for issue in issues[:8])


def main(data: Path) -> int:
    """Print all; 1 when a promise is missed."""
    tally, began = Tally(), perf_counter()
    with TemporaryDirectory() as folder:
        store = Store.at(Path(folder))
        for day, file in ((DAYS[0], "gics-normal"), (DAYS[1], "gics-modified")):
            store.take(data / f"cyber/mms/{file}.csv.gz", MMS, relative(clock_time(day, MMS_BEGIN)))
        windows(tally, store, DAYS[1], DAYS[0])
        mms = clock_time(DAYS[0], MMS_BEGIN), clock_time(DAYS[0], "08:43:01.5")
        halves(tally, store, "MMS, normal day", *mms)
        folds(tally, store, "MMS, normal day", *mms)
        iec104 = clock_time(DAYS[2], IEC104_BEGIN)
        taken = store.take(data / "cyber/iec104/mega104-14-12-18.csv.gz", IEC104, relative(iec104))
        whole = iec104, iec104 + timedelta(seconds=56_282)
        halves(tally, store, "IEC 104, normal day", *whole)
        folds(tally, store, "IEC 104, normal day", *whole)
    with TemporaryDirectory() as folder:
        goose(tally, Store.at(Path(folder)), data)
    print(f"{taken} APDUs; all in {perf_counter() - began:.1f} s; promises missed: {tally.wrong}")
    return int(tally.wrong > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
