"""GOOSE: which fault explains the breakers that opened, by Kirchhoff's law at the bus; numbers of states."""

from datetime import timedelta

import pytest
from streams import JUDGED, NORMAL, check, state

from tools.security.schema.protocol import ProtocolIssueKind as Kind

BAYS = ("IN1", "OUT1", "OUT2", "TIE1")
SECOND = timedelta(seconds=1)


def run(start, seconds, change=None):
    """States once a second; ``change`` gives what differs by second and bay."""
    found = []
    for second in range(seconds):
        for place, bay in enumerate(BAYS):
            fields = (change or (lambda _second, _bay: {}))(second, bay)
            found.append(state(start + second * SECOND + place * timedelta(milliseconds=20), bay, **fields))
    return found


def issues(change):
    return check(run(JUDGED, 60, change), run(NORMAL, 600)).issues


def busbar(second, bay):
    if second < 30:
        return {}
    if second == 30:
        return {"i_ka": 6.0, "vm_kv": 1.0, "tripped": True} if bay == "IN1" else {"i_ka": 0.0, "vm_kv": 0.0}
    return {"closed": False, "i_ka": 0.0, "vm_kv": 0.0, "tripped": True}


def test_normal_run__gives_no_issue():
    assert issues(None) == ()


def test_busbar_fault__current_comes_in_through_one_bay_and_out_of_none():
    [issue] = issues(busbar)
    assert issue.kind is Kind.BUSBAR_FAULT
    assert sorted(item.name for item in issue.breakers) == sorted(BAYS)
    assert issue.start == JUDGED + 31 * SECOND
    assert "through IN1" in issue.detail
    assert issue.context.techniques == ()  # a fault is no attack


def test_feeder_fault__opens_its_own_breaker_only_and_is_a_trip():
    def feeder(second, bay):
        if bay == "OUT1" and second == 30:
            return {"i_ka": 6.0, "vm_kv": 1.0, "tripped": True}
        if bay == "OUT1" and second > 30:
            return {"closed": False, "i_ka": 0.0, "tripped": True}
        return {"i_ka": 6.0, "vm_kv": 1.0} if bay == "IN1" and second == 30 else {}

    [issue] = issues(feeder)
    assert issue.kind is not Kind.BUSBAR_FAULT
    assert [item.name for item in issue.breakers] == ["OUT1"]


def test_breaker_failure__the_faulted_bay_stays_closed_while_the_others_open():
    def failure(second, bay):
        if second < 30:
            return {}
        if bay == "OUT1":
            return {"i_ka": 6.0, "vm_kv": 1.0, "tripped": True}
        if second == 30:
            return {"i_ka": 6.0, "vm_kv": 1.0} if bay == "IN1" else {}
        return {"closed": False, "i_ka": 0.0, "vm_kv": 0.0, "tripped": True}

    [issue] = issues(failure)
    assert issue.kind is Kind.BREAKER_FAILURE
    assert "OUT1" in issue.detail
    assert sorted(item.name for item in issue.breakers) == ["IN1", "OUT2", "TIE1"]


def test_opening_without_a_trip__is_a_breaker_that_moved():
    [issue] = issues(lambda second, bay: {"closed": False} if bay == "OUT2" and second >= 30 else {})
    assert (issue.kind, [item.name for item in issue.breakers]) == (Kind.BREAKER_MOVED, ["OUT2"])


def numbered(states):
    """One IED with given state numbers, sequence numbers and positions, a second apart."""
    judged = [
        state(JUDGED + place * SECOND, "IN1", closed, state_number=st, sequence_number=sq)
        for place, (st, sq, closed) in enumerate(states)
    ]
    return [issue for issue in check(judged).issues if issue.kind is Kind.SEQUENCE_BROKEN]


@pytest.mark.parametrize(
    ("states", "what"),
    [
        ([(1, 5, True), (9999, 10, True)], "from 1 to 9999"),
        ([(1, 5, True), (2, 15, True)], "begins with the sequence number 15"),
        ([(1, 5, True), (1, 9999, True)], "should be 6"),
        ([(1, 5, True), (1, 6, False)], "under the same state number"),
        ([(3, 5, True), (2, 6, True)], "from 3 to 2"),
    ],
)
def test_numbers__that_do_not_follow_are_told(states, what):
    [issue] = numbered(states)
    assert what in issue.detail


def test_numbers__of_a_device_that_changes_repeats_and_restarts_follow():
    assert numbered([(1, 5, True), (1, 6, True), (2, 0, False), (2, 1, False), (1, 1, False), (1, 2, False)]) == []
