"""The syslog parser: no line lost, no attempt counted twice, no name that deceives."""

import gzip
from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.security.syslog import parse_syslog

HEAD = "Mar 10 02:00:00 scada-1 sshd[77]: "
FIELDS = "logname= uid=0 euid=0 tty=ssh ruser= rhost=10.0.0.9  user=root"
PAM = f"pam_unix(sshd:auth): authentication failure; {FIELDS}"


def read(*lines, year=2026, zone=UTC):
    return parse_syslog(lines, year, zone)


def only(message):
    entries, rejects = read(HEAD + message)
    assert not rejects
    return entries[0]


@pytest.mark.parametrize(
    ("message", "account", "origin"),
    [
        ("Failed password for root from 10.0.0.9 port 4711 ssh2", "root", "10.0.0.9"),
        ("Failed password for invalid user admin from 10.0.0.9 port 4711 ssh2", "admin", "10.0.0.9"),
        ("Failed password for illegal user a b from fe80::1 port 4711", "a b", "fe80::1"),
        # the name is what the stranger typed: the last "from" is the daemon's own
        ("Failed password for invalid user x from 9.9.9.9 port 1 ssh2 from 10.0.0.9 port 2 ssh2", None, "10.0.0.9"),
        ("Failed password for invalid user  from 10.0.0.9 port 4711 ssh2", None, "10.0.0.9"),
        (
            PAM,
            "root",
            "10.0.0.9",
        ),
        ("authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=host.example ", None, "host.example"),
        ("Authentication failed from 10.0.0.9 (10.0.0.9): Permission denied in replay cache code ", None, "10.0.0.9"),
        ("FAILED LOGIN 1 FROM 10.0.0.9 FOR root, Authentication failure", "root", "10.0.0.9"),
        ("Failed password for root from ::ffff:10.0.0.9 port 4711 ssh2", "root", "10.0.0.9"),
    ],
)
def test_parse_syslog__failures(message, account, origin):
    entry = only(message)
    assert (entry.action, entry.success, entry.count) == ("login", False, 1)
    assert entry.origin == origin
    if account:
        assert entry.account == account


@pytest.mark.parametrize(
    ("message", "action", "success"),
    [
        ("Accepted publickey for op.kay from 10.0.0.2 port 22 ssh2: RSA SHA256:abc", "login", True),
        ("pam_unix(sshd:session): session opened for user op.kay(uid=1000) by (uid=0)", "session_open", True),
        ("session closed for user op.kay", "session_close", None),
        ("check pass; user unknown", "login_detail", None),
        ("Failed none for invalid user guest from 10.0.0.9 port 4711 ssh2", "login_detail", None),
        ("Server listening on 0.0.0.0 port 22.", "other", None),
        ("I said: authentication failure; logname= uid=0 euid=0 tty= ruser= rhost=10.0.0.9", "other", None),
        ("Disconnecting: Too many authentication failures for root", "other", None),
    ],
)
def test_parse_syslog__other_messages(message, action, success):
    entry = only(message)
    assert (entry.action, entry.success) == (action, success)


def test_parse_syslog__su_of_a_service_is_no_login():
    entries, _ = read("Mar 10 02:00:00 scada-1 su(pam_unix)[7]: session opened for user news by (uid=0)")
    assert entries[0].success is None


def failures(entries):
    return sum(entry.count for entry in entries if entry.success is False)


def test_parse_syslog__an_attempt_that_pam_and_sshd_report_counts_once():
    tried = "Failed password for root from 10.0.0.9 port 4711 ssh2"
    entries, _ = read(
        HEAD + PAM,
        HEAD + tried,
        HEAD + tried,
        HEAD + f"message repeated 3 times: [ {tried}]",
        HEAD + f"PAM 4 more authentication failures; {FIELDS}",
    )
    assert failures(entries) == 5  # five passwords were tried
    assert len(entries) == 5


def test_parse_syslog__folded_repeats_count_as_often_as_they_say():
    tried = "Failed password for root from 10.0.0.9 port 4711 ssh2"
    entries, _ = read(
        HEAD + tried,
        "Mar 10 02:00:05 scada-2 cron[3]: something else",
        "Mar 10 02:00:09 scada-1 last message repeated 6 times",
    )
    assert failures(entries) == 7
    assert entries[2].origin == "10.0.0.9"


def test_parse_syslog__a_repeat_without_a_line_before_it_is_other():
    entries, rejects = read("Mar 10 02:00:09 scada-1 last message repeated 6 times")
    assert not rejects
    assert entries[0].action == "other"
    assert entries[0].success is None


def test_parse_syslog__the_year_turns_between_december_and_january():
    stamps = ["Dec 31 23:59:58", "Jan  1 00:00:02", "Dec 31 23:59:59", "Jan  2 00:00:00"]
    entries, _ = read(*(f"{stamp} h p: m" for stamp in stamps), year=2025)
    assert [entry.at.year for entry in entries] == [2025, 2026, 2025, 2026]


def test_parse_syslog__summer_time_of_the_machine():
    zone = ZoneInfo("Europe/Berlin")
    stamps = ["Oct 25 01:30:00", "Oct 25 02:30:00", "Oct 25 02:10:00", "Oct 25 03:10:00"]
    entries, _ = read(*(f"{stamp} h p: m" for stamp in stamps), zone=zone)
    hours = [entry.at.astimezone(UTC).strftime("%d %H:%M") for entry in entries]
    # the hour from two to three comes twice that night
    assert hours == ["24 23:30", "25 00:30", "25 01:10", "25 02:10"]


def test_parse_syslog__a_stamp_with_its_own_zone_keeps_it():
    entries, _ = read("2026-03-10T02:00:00.250+02:00 scada-1 sshd[7]: check pass; user unknown")
    assert entries[0].at == datetime(2026, 3, 10, 0, 0, 0, 250_000, tzinfo=UTC)


@pytest.mark.parametrize(
    "line", ["", "   ", "no stamp", "Foo 10 02:00:00 h p: m", "Feb 30 02:00:00 h p: m", "Mar 10 25:00:00 h p: m"]
)
def test_parse_syslog__what_is_no_entry_is_rejected_with_its_line(line):
    entries, rejects = read("Mar 10 02:00:00 h p: m", line)
    assert len(entries) == 1
    assert (rejects[0].line, rejects[0].text) == (2, line)
    assert rejects[0].reason


def test_parse_syslog__text_is_cut_with_a_count_and_shows_what_is_hidden():
    long = HEAD + "Failed password for " + "\x1b[2J\u202e" + "a" * 5000 + " from 10.0.0.9 port 1 ssh2"
    entry = read(long)[0][0]
    assert len(entry.text) <= 2000
    assert "characters cut" in entry.text
    assert entry.account.startswith("\\x1b[2J\\u202e")
    assert len(entry.account) <= 200
    assert not any(ord(char) < 32 for char in entry.text)


def test_parse_syslog__identifiers_are_stable_and_tell_equal_lines_apart():
    line = HEAD + "check pass; user unknown"
    first, again = read(line, line, line)[0], read(line, line, line)[0]
    assert [entry.id for entry in first] == [entry.id for entry in again]
    assert len({entry.id for entry in first}) == 3
    assert read(line, year=2025)[0][0].id != first[0].id


@given(st.lists(st.text(max_size=80) | st.text(max_size=60).map(lambda text: HEAD + text), max_size=20))
def test_parse_syslog__no_line_is_lost(lines):
    entries, rejects = parse_syslog(lines, 2026, UTC)
    assert len(entries) + len(rejects) == len(lines)


@pytest.mark.realdata
def test_parse_syslog__linux_log_whole(realdata):
    with gzip.open(realdata / "cyber/auth/Linux_2k.log.gz", "rt") as file:
        lines = file.read().splitlines()
    entries, rejects = parse_syslog(lines, 2005, UTC)
    assert len(entries) == len(lines)
    assert not rejects
    assert len({entry.id for entry in entries}) == len(lines)
    told = sum("authentication failure; " in line or "Authentication failed from" in line for line in lines)
    assert failures(entries) == told
    # the file has lines that came a few seconds late
    assert all((a.at - b.at).total_seconds() < 60 for a, b in pairwise(entries))
