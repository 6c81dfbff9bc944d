"""The order of events as logs tell it: each action by its name, a repeat once and counted."""

from datetime import UTC, datetime, timedelta

import pytest

from tools.causal.candidate import Candidate
from tools.causal.schema.causes import CauseKind, EventSource
from tools.causal.sequence import sequence_of
from tools.element import ElementKind, ElementRef
from tools.telemetry.schema.log import LogEntry, LogKind

AT = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)
LINE, OTHER = (ElementRef(kind=ElementKind.LINE, index=number, name="") for number in (3, 5))
OPENED = Candidate(kind=CauseKind.BRANCH_OPENED, start=AT, end=None, strength=9.0, observed=True, sure=True)


def command(second, action="open", **more):
    known = {"kind": LogKind.COMMAND, "element": LINE, "account": "eng", "origin": "lap-1", "success": True}
    text = f"eng {action} at {second}"
    return LogEntry(
        id=f"c{second}", at=AT + timedelta(seconds=second), action=action, **(known | {"text": text} | more)
    )


def told(*log):
    """What the command log tells, without what the readings show."""
    return [event for event in sequence_of([OPENED], log) if event.source is not EventSource.READINGS]


def test_sequence_of__each_command_comes_with_its_action_and_whether_it_succeeded():
    one, two = told(command(1), command(2, "close", success=False))
    assert (one.action, one.success, one.entries, one.last_at) == ("open", True, 1, None)
    assert (two.action, two.success, two.entries) == ("close", False, 1)


def test_sequence_of__readings_have_no_action_and_are_never_folded():
    events = sequence_of([OPENED, OPENED], [])
    assert [(event.action, event.entries) for event in events] == [(None, 1), (None, 1)]


def test_sequence_of__what_is_repeated_stands_once_with_its_count_first_and_last_time():
    [one] = told(command(1), command(2, count=4), command(9))
    # one line, a line that stands for four, and one line
    assert (one.at, one.entries, one.last_at) == (AT + timedelta(seconds=1), 6, AT + timedelta(seconds=9))
    assert one.what == "eng open at 1"


@pytest.mark.parametrize(
    "other",
    [
        {"action": "close"},
        {"element": OTHER},
        {"account": "ops"},
        {"origin": "lap-2"},
        {"success": False},
        {"kind": LogKind.SWITCHING},
    ],
    ids=lambda other: next(iter(other)),
)
def test_sequence_of__what_differs_is_no_repeat_and_what_lies_between_keeps_its_place(other):
    seconds = [(event.at - AT).total_seconds() for event in told(command(1), command(2, **other), command(3))]
    assert seconds == [1, 2, 3]


def test_sequence_of__an_action_is_data_that_cannot_hide_anything():
    [event] = told(command(1, "open\u202e\x1b[2J" + "x" * 500))
    assert "\u202e" not in event.action
    assert "\x1b" not in event.action
    assert len(event.action) <= 200


def test_sequence_of__a_line_without_an_element_goes_by_the_machine_that_wrote_it():
    without = {"kind": LogKind.ALARM, "element": None, "action": "return"}
    named, bare, placed = told(command(1, host="rtu-4", **without), command(2, **without), command(3, host="rtu-4"))
    assert (str(named.subject), bare.subject) == ("host:rtu-4", None)
    assert (placed.element, placed.subject) == (LINE, None)
