"""Outages, permits and logs from files."""

import sys
import types
from datetime import UTC, datetime, timedelta

import pytest

from orchestrator.store.open_sources import open_sources
from tests.orchestrator.ingest.conftest import NOW
from tools.element import ElementKind
from tools.errors import InvalidArgumentError
from tools.result import Result
from tools.telemetry.schema.log import LogEntry, LogKind
from tools.telemetry.schema.operations import OutageKind

LATER = NOW + timedelta(days=1)
OUTAGES = {
    "format": "outages",
    "time": {"columns": ["from"], "zone": "UTC"},
    "id": "no",
    "end": "to",
    "kind": "type",
    "kinds": {"P": "planned", "F": "forced"},
    "element": "what",
    "customers": "n",
    "cause": "why",
    "customers_served": 5000,
}
HEAD = "no,from,to,type,what,n,why\n"
PERMITS = {
    "format": "permits",
    "time": {"columns": ["from"], "zone": "UTC"},
    "id": "no",
    "work": "job",
    "holder": "who",
    "end": "to",
    "closed_at": "back",
    "element": "what",
}


def outages_of(desk, known=LATER):
    source = open_sources(desk.engine, "demo", known).outages
    return source.outages(NOW - timedelta(days=400), LATER), source.customers_served()


def test_outages__land_with_element_kind_and_customers(desk):
    report = desk.take(
        HEAD + "7,2026-03-01,2026-03-01 02:00,F,line:4,120,tree\n8,2026-03-10,,P,,,\n", OUTAGES, grid="demo"
    )
    assert (report.values, report.taken, report.rejected) == (2, 2, 0)
    (first, second), served = outages_of(desk)
    assert (first.id, first.kind, first.customers, first.cause) == ("7", OutageKind.FORCED, 120, "tree")
    assert (first.element.kind, first.element.index) == (ElementKind.LINE, 4)
    assert first.end - first.start == timedelta(hours=2)
    assert (second.end, second.element, second.kind, second.customers) == (None, None, OutageKind.PLANNED, 0)
    assert served == 5000


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("9,2026-03-02,2026-03-01,F,,,", "end before the start"),
        ("9,2026-03-02,soon,F,,,", "end: no time of the format iso"),
        ("9,,,F,,,", "no start"),
        (",2026-03-02,,F,,,", "no identifier"),
        ("9,2026-03-02,,X,,,", "kind that the mapping does not name; it has F, P"),
        ("9,2026-03-02,,F,pole 3,,", "element that is not understood; line:14 would be"),
        ("9,2026-03-02,,F,,-4,", "customers: Input should be greater than or equal to 0"),
        ("9,2026-03-02,,F,,many,", "customers: Input should be a valid integer, unable to parse string as an integer"),
        ("7,2026-03-01,,F,,5,", "identifier that stands twice with different content; the first one stays"),
    ],
)
def test_outages__unusable_rows_are_rejected_with_the_reason(sqlite_desk, row, reason):
    report = sqlite_desk.take(f"{HEAD}7,2026-03-01,,F,,4,\n7,2026-03-01,,F,,4,\n{row}\n", OUTAGES)
    assert (report.values, report.taken, report.duplicates, report.rejected) == (3, 1, 1, 1)
    assert [(item.reason, item.first_row) for item in report.reasons] == [(reason, 4)]


def test_outages__a_changed_one_is_a_new_version_and_a_second_ingest_nothing(desk):
    desk.take(HEAD + "8,2026-03-10,,F,,9,\n", OUTAGES, grid="demo", name="first.csv")
    desk.take(HEAD + "8,2026-03-10,2026-03-10 01:00,F,,9,\n", OUTAGES, grid="demo", name="second.csv")
    before = desk.tables()
    assert desk.take(HEAD + "8,2026-03-10,,F,,9,\n", OUTAGES, grid="demo", name="first.csv").duplicates == 1
    assert desk.tables() == before
    [outage], _ = outages_of(desk)
    assert outage.end == datetime(2026, 3, 10, 1, tzinfo=UTC)


def test_outages__what_came_later_is_not_seen(desk):
    mapping = OUTAGES | {"arrived": "with_reading"}
    desk.take(HEAD + "8,2026-03-10,2026-03-10 06:00,F,,9,\n", mapping, grid="demo")
    source = open_sources(desk.engine, "demo", datetime(2026, 3, 10, 3, tzinfo=UTC)).outages
    [seen] = source.outages(NOW - timedelta(days=2), LATER)
    assert seen.end is None
    assert open_sources(desk.engine, "demo", datetime(2026, 3, 9, tzinfo=UTC)).outages is None


def test_permits__one_that_is_not_handed_back_stays(desk):
    text = (
        "no,from,to,job,who,what,back\n1,2026-03-01,2026-03-02,paint,A,line:1,\n"
        "2,2026-03-01,2026-03-02,test,B,,2026-03-01 12:00\n"
    )
    assert desk.take(text, PERMITS, grid="demo").taken == 2
    source = open_sources(desk.engine, "demo", LATER).permits
    assert [item.id for item in source.permits(NOW, LATER)] == ["1"]
    assert [item.id for item in source.permits(datetime(2026, 3, 1, 6, tzinfo=UTC), LATER)] == ["1", "2"]


class Reject(Result):
    line: int
    reason: str
    text: str


def parse_syslog(lines, year, zone):
    """A stand-in that reads ``MM-DD HH:MM account``."""
    entries, rejects = [], []
    for number, line in enumerate(lines, start=1):
        try:
            at = datetime.strptime(f"{year}-{line[:11]}", "%Y-%m-%d %H:%M").replace(tzinfo=zone)
        except ValueError:
            rejects.append(Reject(line=number, reason="no time", text=line.rstrip()))
            continue
        account = line[12:].strip()
        entries.append(
            LogEntry(id=f"{at.isoformat()} {account}", kind=LogKind.ACCESS, at=at, account=account, action="login")
        )
    return entries, rejects


@pytest.fixture
def stand_in(monkeypatch):
    module = types.ModuleType("tools.security.syslog")
    module.parse_syslog = parse_syslog
    monkeypatch.setitem(sys.modules, "tools.security.syslog", module)


@pytest.mark.usefixtures("stand_in")
def test_syslog__entries_land_and_the_rest_is_rejected(desk):
    mapping = {"format": "syslog", "year": 2026, "zone": "Europe/Berlin"}
    content = "03-10 01:00 anna\nnonsense\n03-10 01:05 ben\u2028x\n"
    report = desk.take(content, mapping, name="auth.log", grid="demo")
    assert (report.rows, report.values, report.taken, report.rejected) == (3, 3, 2, 1)
    assert [(item.reason, item.first_row) for item in report.reasons] == [("no time", 2)]
    logs = open_sources(desk.engine, "demo", LATER).logs
    assert logs.kinds() == {LogKind.ACCESS}
    found = logs.entries(LogKind.ACCESS, NOW - timedelta(days=2), NOW)
    assert [(item.at.astimezone(UTC).hour, item.account) for item in found] == [(0, "anna"), (0, "ben\u2028x")]
    before = desk.tables()
    assert desk.take(content, mapping, name="auth.log", grid="demo").duplicates == 2
    assert desk.tables() == before


def test_syslog__needs_year_and_zone(sqlite_desk):
    with pytest.raises(InvalidArgumentError, match=r"year: Field required.*zone: Field required"):
        sqlite_desk.take("x\n", {"format": "syslog"})
