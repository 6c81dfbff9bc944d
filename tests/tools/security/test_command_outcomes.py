"""What became of commands: refused ones are told as refused, and nothing that was only tried is called done."""

from datetime import timedelta

import pytest

from knowledge.threats import known_threats
from tests.tools.memory_sources import MemoryLogs
from tests.tools.security.contexts import DAY, command, context
from tools.security.commands import review_commands
from tools.security.schema.commands import CommandOutcomes, ReviewCommandsArguments
from tools.telemetry.schema.log import LogKind

NIGHT = DAY + timedelta(hours=2)


def reviewed(entries):
    """Five elements opened in a row by somebody: unusual whatever the habit."""
    ctx = context(logs=MemoryLogs(entries, (LogKind.COMMAND,)), threats=known_threats())
    return review_commands(ctx, ReviewCommandsArguments(start=DAY))


def row(opened):
    """A file is read, then each of six lines is selected and its breaker told to open."""
    entries = [command(NIGHT - timedelta(seconds=30), "file_transfer", element=None)]
    for number in range(6):
        at = NIGHT + timedelta(seconds=20 * number)
        entries.append(command(at, "select", f"line:{20 + number}"))
        entries.append(command(at + timedelta(seconds=10), "open", f"line:{20 + number}", success=opened(number)))
    return entries


def test_outcomes__refused_commands_are_counted_and_named():
    result = reviewed(row(lambda _: False))
    wanted = CommandOutcomes(refused=6, carried_out=7, still=7, unknown=0)
    [issue] = result.issues
    assert (result.outcomes, issue.outcomes) == (wanted, wanted)
    assert [str(item.element) for item in result.refused] == [f"line:{20 + number}" for number in range(6)]


@pytest.mark.parametrize(
    ("opened", "effect"),
    [
        (lambda _: False, False),
        (lambda number: number == 3, True),
        (lambda _: None, True),
    ],
)
def test_outcomes__manipulation_is_named_only_where_a_breaker_may_have_moved(opened, effect):
    [issue] = reviewed(row(opened)).issues
    named = [technique.id for technique in issue.context.techniques]
    assert named == (["T0855", "T0831"] if effect else ["T0855"])


def test_outcomes__an_entry_for_several_commands_counts_so_often_and_no_outcome_is_no_success():
    result = reviewed([command(NIGHT, success=None, count=3), command(NIGHT, success=True), command(NIGHT, "check")])
    assert result.outcomes == CommandOutcomes(refused=0, carried_out=2, still=1, unknown=3)
