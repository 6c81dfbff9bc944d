"""The cause of a finding on accesses is what is odd about it, and never a count of nothing."""

from datetime import UTC, timedelta

from knowledge.threats import known_threats
from orchestrator.compose.observed import observed
from tests.orchestrator.compose.evidence import board, evidence, pen
from tests.tools.memory_sources import MemoryLogs
from tests.tools.security.contexts import AS_OF, DAY, access, context
from tools.security.access import review_access_events
from tools.security.schema.access import ReviewAccessEventsArguments
from tools.security.syslog import parse_syslog
from tools.telemetry.schema.log import LogKind


def cause_of(entries):
    ctx = context(logs=MemoryLogs(entries, (LogKind.ACCESS,)), threats=known_threats())
    result = review_access_events(ctx, ReviewAccessEventsArguments(start=DAY, end=AS_OF))
    seen = board(evidence("e1", "review_access_events", result))
    [finding] = observed(seen, pen(seen))
    return finding.cause.text


def test_cause__of_a_new_account_is_that_it_was_made():
    line = "Mar 10 09:00:00 scada-1 useradd[99]: new user: name=backup2, UID=0, GID=0, home=/root, shell=/bin/sh"
    entries, _ = parse_syslog([line], 2026, UTC)
    assert cause_of(entries) == "account was made in this time"


def test_cause__of_guessing_is_the_failures():
    tried = [
        access(DAY + timedelta(hours=9, seconds=second), success=False, origin="198.51.100.7") for second in range(7)
    ]
    assert cause_of(tried) == "log-ins failed 7 times from one origin in the time that was looked at"
