"""Words on commands: how many were refused, how many were carried out, and which were refused."""

from datetime import timedelta

from agents.question import Resolved
from orchestrator.compose.answers.cyber import answer_commands
from tests.orchestrator.compose.evidence import board, evidence, pen
from tests.tools.memory_sources import MemoryLogs
from tests.tools.security.contexts import AS_OF, DAY, command, context
from tools.security.commands import review_commands
from tools.security.schema.commands import ReviewCommandsArguments
from tools.telemetry.schema.log import LogKind


def words(entries):
    ctx = context(logs=MemoryLogs(entries, (LogKind.COMMAND,)))
    result = review_commands(ctx, ReviewCommandsArguments(start=DAY, end=AS_OF))
    shown = board(evidence("e1", "review_commands", result))
    return [pen(shown)(item).text for item in answer_commands(shown, Resolved())]


def opened(count, success):
    return [command(DAY + timedelta(seconds=9 * n), "open", f"line:{n}", success=success) for n in range(count)]


def test_commands__refused_ones_do_not_read_as_done():
    said = words(opened(7, success=False))
    assert said[0].startswith("Command log: commands 7, of these refused 7 and carried out 0 (moving no equipment: 0)")
    assert any("commands 7, of these refused 7 and carried out 0" in line for line in said[1:])
    [named] = [line for line in said if line.startswith("Refused commands: ")]
    assert "open of line:0 at 2026-03-10 00:00 UTC by account:op.kay from host:ws-1" in named
    assert any(line.startswith("Further refused commands") and "line:6" in line for line in said)


def test_commands__without_an_outcome_in_the_log_they_are_neither():
    said = words(opened(7, success=None))
    assert ", of these refused 0 and carried out 0 (moving no equipment: 0), with no outcome in the log 7" in said[0]
    assert not any("Refused commands" in line for line in said)
