"""Why somebody in the logs is a candidate: who guessed is told from who was guessed at."""

from datetime import timedelta
from types import SimpleNamespace

from tests.tools.memory_sources import MemoryLogs
from tests.tools.security.contexts import DAY, access, context
from tools.causal.intruders import GUESSED, LET_IN, intruders
from tools.security.access import review_access_events
from tools.security.schema.access import ReviewAccessEventsArguments
from tools.telemetry.schema.log import LogKind


def test_intruders__the_account_that_was_let_in_did_not_guess():
    nine = DAY + timedelta(hours=9)
    tried = [access(nine + timedelta(seconds=7 * n), success=False, origin="198.51.100.7") for n in range(12)]
    came_in = access(nine + timedelta(minutes=3), origin="198.51.100.7")
    ctx = context(logs=MemoryLogs([*tried, came_in], (LogKind.ACCESS,)))
    found = review_access_events(ctx, ReviewAccessEventsArguments(start=DAY)).issues
    notes = {str(one.subject): one.note for one in intruders(SimpleNamespace(access=found, commands=()))}
    assert notes == {"host:198.51.100.7": GUESSED, "account:op.kay": LET_IN}
