"""The protocol log of the day: ordinary traffic, in which a stranger stands out."""

from datetime import timedelta

import numpy as np
import pytest

from knowledge.threats import known_threats
from orchestrator.demoday.clock import DAY, END, LAST, YESTERDAY
from orchestrator.scenarios.scanning import scanned
from orchestrator.simulation.messages import CENTRE
from tests.tools.memory_sources import MemoryLogs
from tests.tools.security.contexts import context
from tools.security.protocol.check import check_protocol
from tools.security.schema.protocol import CheckProtocolArguments
from tools.telemetry.schema.log import LogKind

STRANGER = "10.44.9.66"


def _check(entries):
    logs = MemoryLogs(sorted(entries, key=lambda one: one.at), (LogKind.PROTOCOL,))
    span = CheckProtocolArguments(start=LAST - timedelta(hours=24), end=LAST, limit=100)
    return check_protocol(context(logs=logs, threats=known_threats()), span)


def test_make_day__probe_hears_two_stations_answer_the_centre(clean_day):
    log = clean_day.protocol
    assert [one.at for one in log] == sorted(one.at for one in log)
    assert log[0].at - YESTERDAY < timedelta(minutes=1)
    assert END - log[-1].at < timedelta(minutes=30)
    ends = {frozenset((one.message.source, one.message.destination)) for one in log}
    assert len(ends) == 2
    assert all(CENTRE in pair for pair in ends)
    today = [one for one in log if one.at >= DAY]
    # 2 stations, 48 interrogations of 11 messages (activation, confirmation, 8 values, termination) and a report
    # each; at the very end of the day one may be cut off
    assert 2 * 48 * 12 - 2 <= len(today) <= 2 * 48 * 12
    assert len({one.id for one in (*log, *clean_day.logs)}) == len(log) + len(clean_day.logs)


@pytest.mark.parametrize("seed", [None, 7])
def test_make_day__ordinary_traffic_is_learnt_and_nothing_in_it_stands_out(clean_day, day_of, seed):
    found = _check((clean_day if seed is None else day_of(seed)).protocol)
    assert found.not_compared is None
    assert found.issues == ()


def test_make_day__a_stranger_in_the_traffic_stands_out(clean_day):
    added = scanned(DAY + timedelta(hours=15), STRANGER, (2, 20, 60.0), np.random.default_rng(0))
    found = _check((*clean_day.protocol, *(one.as_entry("demo-added", place) for place, one in enumerate(added))))
    assert STRANGER in {str(issue.subject).removeprefix("host:") for issue in found.issues}
