"""Spraying, new accounts, odd hours and networks; and what surrounds each finding."""

import json
from datetime import UTC, timedelta
from hashlib import sha256

import pytest

from knowledge.digests import load_corpus
from knowledge.threats import known_threats
from tests.tools.memory_sources import MemoryLogs
from tests.tools.security.contexts import DAY, access, context
from tools.security.access import review_access_events
from tools.security.logins import network_of
from tools.security.schema.access import AccessIssueKind, AccessReason, ReviewAccessEventsArguments
from tools.security.schema.context import Risk
from tools.security.syslog import parse_syslog
from tools.telemetry.schema.log import LogKind
from tools.vocabulary import Confidence, Severity

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SHIFT = DAY + 8 * HOUR
STAFF = ((0, "op.kay", "10.0.3.17"), (5, "op.ash", "10.0.3.18"))
HABIT = [
    access(SHIFT - timedelta(days=day) + minute * MINUTE, origin=origin, account=account)
    for day in range(1, 31)
    for minute, account, origin in STAFF
]


def review(entries, **arguments):
    logs = MemoryLogs(entries, (LogKind.ACCESS,))
    arguments = {"start": DAY, "end": DAY + 24 * HOUR, "limit": 100} | arguments
    return review_access_events(context(logs=logs, threats=known_threats()), ReviewAccessEventsArguments(**arguments))


def sprayed(count, gap, origin="203.0.113.5"):
    return [access(SHIFT + i * gap, False, f"user{i}", origin) for i in range(count)]


def test_spraying__five_accounts_in_an_hour_one_try_each_are_told_although_no_burst_is():
    [issue] = review(sprayed(5, 14 * MINUTE)).issues
    assert (issue.kind, issue.severity, issue.failures) == (AccessIssueKind.PASSWORD_SPRAYING, Severity.WARNING, 5)
    assert str(issue.subject) == "host:203.0.113.5"
    assert [account.name for account in issue.accounts] == [f"user{i}" for i in range(5)]


@pytest.mark.parametrize(
    "entries",
    [sprayed(4, 10 * MINUTE), sprayed(5, 16 * MINUTE), sprayed(3, MINUTE) + sprayed(3, MINUTE, "203.0.113.6")],
    ids=["four accounts", "more than an hour", "two origins"],
)
def test_spraying__less_is_none(entries):
    assert review(entries).issues == ()


def test_spraying__one_account_that_many_fail_on_is_guessing_only():
    entries = [access(SHIFT + i * MINUTE, False, "root", "203.0.113.5") for i in range(8)]
    assert [issue.kind for issue in review(entries).issues] == [AccessIssueKind.PASSWORD_GUESSING]


def test_spraying__what_it_let_in_is_critical_and_named_once():
    entries = [*sprayed(6, 5 * MINUTE), access(SHIFT + 2 * HOUR, True, "user3", "203.0.113.5")]
    issues = review(entries).issues
    assert [issue.severity for issue in issues] == [Severity.CRITICAL, Severity.INFORMATION]
    assert str(issues[1].subject) == "account:user3"


def test_logins__the_habit_itself_is_no_finding():
    assert review([*HABIT, access(SHIFT + MINUTE, origin="10.0.3.17")]).issues == ()


@pytest.mark.parametrize(
    ("entry", "kind", "severity"),
    [
        (access(SHIFT, origin="10.0.3.18"), AccessIssueKind.UNUSUAL_ORIGIN, Severity.INFORMATION),
        (access(SHIFT, origin="198.51.100.7"), AccessIssueKind.UNUSUAL_NETWORK, Severity.INFORMATION),
        (access(DAY + 2 * HOUR, origin="10.0.3.17"), AccessIssueKind.UNUSUAL_HOUR, Severity.INFORMATION),
        (access(DAY + 2 * HOUR, origin="198.51.100.7"), AccessIssueKind.UNUSUAL_NETWORK, Severity.WARNING),
        (access(SHIFT, account="op.new", origin="10.0.3.17"), AccessIssueKind.NEW_ACCOUNT, Severity.INFORMATION),
        (access(SHIFT, account="op.new", origin="198.51.100.7"), AccessIssueKind.NEW_ACCOUNT, Severity.WARNING),
    ],
    ids=["origin", "network", "hour", "hour and network", "account", "account and network"],
)
def test_logins__one_reason_informs_and_two_warn(entry, kind, severity):
    [issue] = review([*HABIT, entry]).issues
    assert (issue.kind, issue.severity) == (kind, severity)
    assert str(issue.subject) == f"account:{entry.account}"


def test_logins__a_new_network_and_origin_are_one_reason_each_told():
    [issue] = review([*HABIT, access(SHIFT, origin="198.51.100.7")]).issues
    assert issue.reasons == (AccessReason.NEW_NETWORK, AccessReason.NEW_ORIGIN)
    assert issue.confidence is Confidence.MEDIUM


def test_logins__without_a_habit_it_says_so():
    result = review([access(DAY + 2 * HOUR, origin="198.51.100.7")])
    assert result.issues == ()
    assert "too few log-ins" in result.not_compared
    assert review(HABIT).not_compared is None


def test_logins__midnight_is_near_to_the_hours_around_it():
    late = [access(DAY - timedelta(days=day) - 10 * MINUTE, origin="10.0.3.17") for day in range(30)]
    assert review([*late, access(DAY + 30 * MINUTE, origin="10.0.3.17")]).issues == ()


@pytest.mark.parametrize(
    ("origin", "network"),
    [
        ("10.0.3.17", "10.0.3.0/24"),
        ("2001:db8:1:2::5", "2001:db8:1:2::/64"),
        ("a.b.example.org.", "example.org"),
        ("ws-1", "ws-1"),
        ("", ""),
    ],
)
def test_network_of__is_the_sites(origin, network):
    assert network_of(origin) == network


def test_created__a_new_account_in_syslog_is_told():
    line = "Mar 10 09:00:00 scada-1 useradd[99]: new user: name=backup2, UID=0, GID=0, home=/root, shell=/bin/sh"
    entries, rejects = parse_syslog([line], 2026, UTC)
    assert rejects == []
    [issue] = review(entries).issues
    assert (issue.kind, issue.reasons) == (AccessIssueKind.NEW_ACCOUNT, (AccessReason.CREATED,))
    assert str(issue.subject) == "account:backup2"


def test_context__names_technique_clause_response_and_risk_from_the_library():
    [issue] = review(sprayed(5, MINUTE, "203.0.113.5")[:5], threshold=6).issues
    around = issue.context
    assert (around.techniques[0].id, around.techniques[0].name) == ("T0859", "Valid Accounts")
    cited = {(clause.document, clause.clause) for clause in around.clauses}
    assert cited == {("NERC CIP-007", "Requirement R5"), ("IEC 62443-3-3", "Requirement SR 1.11")}
    assert around.response.source.clause == "Section 4.3"
    held = {(passage.document, passage.edition, passage.clause) for passage in load_corpus()}
    sources = [*around.clauses, around.response.source, *(item.source for item in around.techniques)]
    assert all((source.document, source.edition, source.clause) in held for source in sources)
    assert around.risk is Risk.MEDIUM


def test_context__custody_is_the_hash_of_the_records_and_of_no_others():
    entries = sprayed(5, 14 * MINUTE)
    [issue] = review([*entries, access(SHIFT, origin="10.0.3.17")]).issues
    plain = (json.dumps(e.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
             for e in entries)  # fmt: skip
    assert issue.context.custody.sha256 == sha256("".join(f"{line}\n" for line in plain).encode()).hexdigest()
    assert issue.context.custody.records == 5
    assert (issue.context.custody.first_at, issue.context.custody.last_at) == (issue.start, issue.end)


def test_context__without_the_table_it_says_what_is_missing():
    logs = MemoryLogs(sprayed(5, MINUTE), (LogKind.ACCESS,))
    result = review_access_events(context(logs=logs), ReviewAccessEventsArguments())
    assert "no table of threats" in result.not_seen[0]
    assert result.issues[0].context.response is None


def test_threats__every_kind_of_access_finding_has_an_entry():
    assert [kind for kind in AccessIssueKind if known_threats().find(kind) is None] == []
