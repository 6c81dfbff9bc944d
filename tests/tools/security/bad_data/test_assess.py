"""``assess_bad_data`` on days whose faults, attacks and events the tests put in themselves."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import numpy as np
import pytest

from knowledge.threats import known_threats
from tests.tools.detection.faults import biased, drifted, lost, stuck
from tests.tools.detection.synthetic_day import END, START, context, measured, solved_day, switched
from tests.tools.memory_sources import MemoryLogs, MemoryTelemetry
from tests.tools.security.contexts import access, command
from tools.errors import SourceMissingError
from tools.result import canonical_json
from tools.security.bad_data.assess import assess_bad_data
from tools.security.bad_data.custody import CustodyReading
from tools.security.schema.bad_data import AssessBadDataArguments, BadDataKind, Discriminator, FaultShape
from tools.telemetry.schema.log import LogKind
from tools.vocabulary import Confidence, ReadingQuality, Severity

FIRST, STOP = 600, 690
TIME = slice(FIRST, STOP)
WORK = [
    make(START - timedelta(days=day, hours=-8, minutes=-minute))
    for day in range(1, 15)
    for minute, make in ((0, access), (5, lambda at: command(at, "set_point", "gen:1")), (9, command))
]
"""Two weeks of one operator at one desk, so that strangers can be told."""


def assess(truth, value, *entries, logs=True, **arguments):
    ctx = context(truth, np.round(value, 4))
    kept = MemoryLogs([*WORK, *entries], (LogKind.ACCESS, LogKind.COMMAND)) if logs else None
    return assess_bad_data(replace(ctx, logs=kept, threats=known_threats()), AssessBadDataArguments(**arguments))


def minute(moment):
    return (moment - START).total_seconds() / 60


def at(minutes):
    return START + timedelta(minutes=minutes)


def words(issue):
    return [one.discriminator for one in issue.evidence]


STRANGER = (
    access(at(580), account="op.kay", origin="198.51.100.7"),
    command(at(597), "substitute", "line:3", account="op.kay", origin="198.51.100.7"),
)


@pytest.mark.parametrize("seed", [1, 2])
def test_assess__says_nothing_of_a_day_without_faults(seed):
    truth = solved_day()
    found = assess(truth, measured(truth, seed))
    assert found.issues == ()
    assert found.equations > 100
    assert found.compared_for_repetition == len(truth.sensors)


@pytest.mark.parametrize(
    ("entries", "logs", "kind", "confidence"),
    [
        ((), False, BadDataKind.UNDECIDED, Confidence.LOW),
        ((), True, BadDataKind.SENSOR_FAULT, Confidence.LOW),
        (STRANGER, True, BadDataKind.INJECTION, Confidence.HIGH),
        (STRANGER[:1], True, BadDataKind.INJECTION, Confidence.MEDIUM),
    ],
)
def test_assess__a_constant_is_what_the_logs_make_of_it(entries, logs, kind, confidence):
    truth = solved_day()
    value = biased(truth, measured(truth, 4), "line3.p_from", TIME, 8)
    [issue] = assess(truth, value, *entries, logs=logs).issues
    assert (issue.subject.name, issue.kind, issue.confidence) == ("line3.p_from", kind, confidence)
    assert (minute(issue.start), minute(issue.end)) == pytest.approx((FIRST, STOP - 1), abs=2)
    noise = truth.sensors[truth.row("line3.p_from")].noise
    assert issue.deviation.value == pytest.approx(8 * noise, abs=2.5 * noise)
    assert Discriminator.CONSTANT in words(issue)
    assert (Discriminator.NO_LOG in words(issue)) is not logs
    if kind is BadDataKind.INJECTION:
        assert issue.severity is Severity.CRITICAL
        assert {one.id for one in issue.context.techniques} >= {"T0856"}
        assert issue.traces[0].came_in


def test_assess__a_stranger_long_before_has_nothing_to_do_with_it():
    truth = solved_day()
    value = biased(truth, measured(truth, 4), "line3.p_from", TIME, 8)
    early = access(at(300), account="op.kay", origin="198.51.100.7")
    [issue] = assess(truth, value, early).issues
    assert issue.kind is BadDataKind.SENSOR_FAULT
    [issue] = assess(truth, value, early, trace_h=6).issues
    assert issue.kind is BadDataKind.INJECTION


def test_assess__a_log_in_just_after_the_begin_is_none_before_it():
    truth = solved_day()
    value = biased(truth, measured(truth, 4), "line3.p_from", TIME, 8)
    tried = [access(at(590 + i), False, account="op.kay", origin="198.51.100.7") for i in range(8)]
    came_in = access(at(FIRST + 1), account="op.kay", origin="198.51.100.7")
    [issue] = assess(truth, value, *tried, came_in).issues
    assert Discriminator.CAME_IN_THEN in words(issue)
    told = {
        (trace.kind, str(trace.subject), minute(trace.start), trace.before, trace.came_in) for trace in issue.traces
    }
    assert ("success_after_guessing", "host:198.51.100.7", FIRST + 1, False, True) in told
    assert ("password_guessing", "host:198.51.100.7", 590, True, False) in told


@pytest.mark.parametrize(
    ("fault", "shape", "evidence"),
    [
        (lambda t, v: drifted(t, v, "line3.p_from", TIME, 20), FaultShape.DRIFT, Discriminator.CREEPS),
        (lambda t, v: stuck(t, v, "load7.p", TIME), FaultShape.STUCK, Discriminator.HELD),
        (lambda t, v: biased(t, v, "line3.p_from", slice(600, 602), 25), FaultShape.SPIKE, Discriminator.EXCURSION),
        (lambda t, v: lost(t, v, "line3.p_from", TIME), FaultShape.DROPOUT, Discriminator.ABSENT),
    ],
)
def test_assess__names_how_a_sensor_fails(fault, shape, evidence):
    truth = solved_day()
    [issue] = assess(truth, fault(truth, measured(truth, 6))).issues
    assert (issue.kind, issue.shape) == (BadDataKind.SENSOR_FAULT, shape)
    assert evidence in words(issue)
    assert issue.context.techniques == ()  # a fault is no attack


def station(truth, value, factors):
    """Load 3 at bus 7 of case39 and the near ends of its two lines, by shares of the load."""
    changed = value.copy()
    for name, share in factors.items():
        changed[truth.row(name), TIME] += share * truth.value[truth.row("load3.p"), TIME]
    return changed


def at_bus(truth, bus):
    net = truth.net
    ends = [(f"line{i}.p_from", i) for i in net.line.index[net.line.from_bus == bus]]
    return [name for name, _ in [*ends, *((f"line{i}.p_to", i) for i in net.line.index[net.line.to_bus == bus])]]


def test_assess__readings_of_a_station_that_add_up_are_falsified_whatever_the_logs_say():
    truth = solved_day()
    bus = int(truth.net.load.bus.at[3])
    first, second = at_bus(truth, bus)
    # drawn more by 20 %, of which 14 came over one line and 6 over the other: the balance of the bus still holds
    false = {"load3.p": 0.2, first: -0.14, second: -0.06}
    [issue] = assess(truth, station(truth, measured(truth, 8), false), logs=False).issues
    assert issue.kind is BadDataKind.INJECTION
    assert words(issue)[0] is Discriminator.ADDS_UP
    assert {one.name for one in issue.sensors} >= set(false)
    assert (minute(issue.start), minute(issue.end)) == pytest.approx((FIRST, STOP - 1), abs=2)


def test_assess__a_station_that_is_wrong_by_one_factor_is_a_wrong_scaling():
    truth = solved_day()
    value = measured(truth, 8)
    names = ["load3.p", *at_bus(truth, int(truth.net.load.bus.at[3]))]
    for name in names:
        value[truth.row(name), TIME] *= 1.3
    [issue] = assess(truth, value).issues
    assert words(issue)[0] is Discriminator.COMMON_FACTOR
    assert issue.kind is BadDataKind.SENSOR_FAULT


def test_assess__a_replay_is_told_with_what_it_repeats():
    truth = solved_day()
    value = np.round(measured(truth, 3), 4)
    row = truth.row("load7.p")
    value[row, TIME] = value[row, FIRST - 240 : STOP - 240]
    [issue] = assess(truth, value).issues
    assert (issue.kind, issue.subject.name) == (BadDataKind.REPLAY, "load7.p")
    assert (issue.repetition.delay_s, issue.repetition.readings) == (240 * 60, 90)
    assert minute(issue.repetition.start) == FIRST - 240


def test_assess__a_replay_of_everything_fits_physics_and_is_seen_all_the_same():
    truth = solved_day()
    value = np.round(measured(truth, 3), 4)
    value[:, TIME] = value[:, FIRST - 240 : STOP - 240]
    replay = assess(truth, value).issues[0]
    assert replay.kind is BadDataKind.REPLAY
    assert Discriminator.REPEATED_BY_MANY in words(replay)
    assert len(replay.sensors) + replay.sensors_omitted == len(truth.sensors)


def test_assess__a_branch_that_trips_is_real_until_somebody_was_inside():
    truth = switched(solved_day(), solved_day(without_line=14), TIME)
    value = measured(truth, 5)
    [issue] = assess(truth, value).issues
    assert issue.kind is BadDataKind.REAL_EVENT
    assert issue.severity is Severity.INFORMATION
    assert {Discriminator.CONSISTENT, Discriminator.MOVED_TOGETHER} <= set(words(issue))
    assert str(issue.element) == "line:14"
    [issue] = assess(truth, value, *STRANGER).issues
    assert issue.kind is BadDataKind.UNDECIDED


def test_assess__custody_is_the_hash_of_the_readings_that_it_rests_on():
    truth = solved_day()
    value = np.round(biased(truth, measured(truth, 4), "line3.p_from", TIME, 8), 4)
    [issue] = assess(truth, value).issues
    custody, row = issue.context.custody, value[truth.row("line3.p_from")]
    first, last = round(minute(custody.first_at)), round(minute(custody.last_at))
    lines = [
        CustodyReading(at=at(place), sensor="line3.p_from", value=row[place], quality=ReadingQuality.GOOD)
        for place in range(first, last + 1)
    ]
    assert custody.records == len(lines)
    digest = sha256("".join(f"{canonical_json(line)}\n" for line in lines).encode()).hexdigest()
    assert custody.sha256 == digest


def test_assess__says_what_was_not_there_to_look_at():
    truth = solved_day()
    found = assess(truth, measured(truth, 1), logs=False)
    assert {"no access log", "no command log", "no protocol log"} <= {text.split(":")[0] for text in found.not_seen}
    assert any("fit another state" in text for text in found.not_seen)


def test_assess__of_an_empty_store_says_so_and_of_no_store_raises():
    truth = solved_day()
    ctx = context(truth, measured(truth, 1))
    empty = assess_bad_data(replace(ctx, telemetry=MemoryTelemetry()), AssessBadDataArguments(end=END))
    assert (empty.issues, empty.sensors, empty.equations) == ((), 0, 0)
    with pytest.raises(SourceMissingError, match="no telemetry"):
        assess_bad_data(replace(ctx, telemetry=None), AssessBadDataArguments())


def test_assess__without_a_grid_judges_repetition_and_single_courses():
    truth = solved_day()
    value = np.round(measured(truth, 3), 4)
    row = truth.row("load7.p")
    value[row, TIME] = value[row, FIRST - 240 : STOP - 240]
    found = assess_bad_data(context(truth, value, known=False), AssessBadDataArguments())
    assert [issue.kind for issue in found.issues if issue.subject.name == "load7.p"] == [BadDataKind.REPLAY]
    assert any("no two measurements" in text for text in found.not_seen)
