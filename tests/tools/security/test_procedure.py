"""Commands against normal procedure: rows, states, ranges, orders; each answer follows from what was logged before."""

from datetime import timedelta

import pandapower
import pytest

from knowledge.threats import known_threats
from tests.tools.memory_sources import MemoryLogs, MemoryOutages, MemoryPermits
from tests.tools.security.contexts import AS_OF, DAY, command
from tools.amount import Amount
from tools.context import Clock, ToolContext
from tools.element import ElementKind, ElementRef
from tools.grid.grid import Grid
from tools.limits import LimitTable
from tools.security.commands import review_commands
from tools.security.schema.commands import CommandIssueKind as Kind
from tools.security.schema.commands import CommandReason as Reason
from tools.security.schema.commands import ReviewCommandsArguments
from tools.telemetry.schema.log import LogEntry, LogKind
from tools.telemetry.schema.operations import OutageKind, OutageRecord, Permit
from tools.vocabulary import Severity

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
LINE = ElementRef(kind=ElementKind.LINE, index=3)


class OneGrid:
    def __init__(self, net):
        self._grid = Grid("toy", "0" * 64, net)

    def grid(self, _at=None):
        return self._grid


def toy():
    """A generator of 10 to 50 MW, and one of which the model does not know the range."""
    net = pandapower.create_empty_network()
    bus = pandapower.create_bus(net, 110.0)
    pandapower.create_gen(net, bus, p_mw=20.0, min_p_mw=10.0, max_p_mw=50.0, min_q_mvar=-5.0, max_q_mvar=5.0)
    pandapower.create_gen(net, bus, p_mw=20.0)
    return net


def review(entries, outages=(), permits=(), kinds=(LogKind.COMMAND, LogKind.SWITCHING, LogKind.ACCESS)):
    ctx = ToolContext(
        grids=OneGrid(toy()),
        limits=LimitTable(limits=()),
        clock=Clock(AS_OF, AS_OF),
        logs=MemoryLogs(entries, kinds),
        outages=MemoryOutages(outages),
        permits=MemoryPermits(*permits),
        threats=known_threats(),
    )
    return review_commands(ctx, ReviewCommandsArguments(start=DAY, limit=100))


def of(result, kind):
    return [issue for issue in result.issues if issue.kind is kind]


def switched(at, closed, element=LINE):
    return LogEntry(
        id=f"s{at.isoformat()}", kind=LogKind.SWITCHING, at=at, action="close" if closed else "open", element=element,
        success=True, closed=closed,
    )  # fmt: skip


def openings(count, gap=MINUTE / 2, action="open"):
    return [command(DAY + 8 * HOUR + i * gap, action, f"switch:{i}") for i in range(count)]


@pytest.mark.parametrize("action", ["open", "close"])
def test_row__five_breakers_within_five_minutes_are_a_warning_on_their_own(action):
    [issue] = review(openings(5, action=action)).issues
    assert (issue.reasons, issue.severity) == ((Reason.ROW,), Severity.WARNING)
    assert len(issue.elements) == 5


@pytest.mark.parametrize("entries", [openings(4), openings(5, 2 * MINUTE)], ids=["four", "slowly"])
def test_row__fewer_or_slower_is_none(entries):
    assert review(entries).issues == ()


def test_row__the_same_breaker_tried_five_times_is_none():
    tried = [command(DAY + 8 * HOUR + i * MINUTE / 2, "open", "switch:1", success=False) for i in range(5)]
    assert not any(Reason.ROW in issue.reasons for issue in review(tried).issues)


def test_row__that_is_usual_here_is_none():
    usual = [
        command(DAY - timedelta(days=day) + 8 * HOUR + i * MINUTE / 2, action, f"switch:{i}")
        for day in range(1, 6)
        for action, i in [("open", i) for i in range(6)]
    ]
    assert not any(Reason.ROW in issue.reasons for issue in review([*usual, *openings(5)]).issues)


@pytest.mark.parametrize(
    ("before", "action", "reason", "severity"),
    [
        ([("open", True)], "open", Reason.OPEN_ALREADY, Severity.WARNING),
        ([("close", True)], "close", Reason.CLOSED_ALREADY, Severity.WARNING),
        ([("open", True), ("earth", True)], "close", Reason.ONTO_EARTH, Severity.CRITICAL),
        ([("close", True)], "earth", Reason.LIVE_EARTHED, Severity.CRITICAL),
    ],
)
def test_state__a_command_against_the_state_of_its_element(before, action, reason, severity):
    logged = [command(DAY - (9 - i) * HOUR, step, "line:3", success=done) for i, (step, done) in enumerate(before)]
    [issue] = of(review([*logged, command(DAY + 8 * HOUR, action, "line:3")]), Kind.WRONG_STATE)
    assert (issue.reasons, issue.severity) == ((reason,), severity)
    assert issue.context.techniques[0].id == "T0855"


@pytest.mark.parametrize(
    ("before", "action"),
    [
        ([("open", True)], "close"),
        ([("open", True), ("earth", True), ("unearth", True)], "close"),
        ([("open", False)], "open"),  # it failed, so the breaker is closed still
        ([("close", True), ("open", None)], "open"),  # nobody knows what became of it
        ([], "open"),
        ([("open", True), ("earth", True)], "check"),
    ],
)
def test_state__work_in_its_order_and_what_is_not_known_are_no_finding(before, action):
    logged = [command(DAY - (9 - i) * HOUR, step, "line:3", success=done) for i, (step, done) in enumerate(before)]
    assert of(review([*logged, command(DAY + 8 * HOUR, action, "line:3")]), Kind.WRONG_STATE) == []


def test_state__the_switching_log_says_more_than_commands_do():
    tripped = switched(DAY + 7 * HOUR, closed=False)
    entries = [command(DAY - HOUR, "close", "line:3"), tripped, command(DAY + 8 * HOUR, "open", "line:3")]
    assert [issue.reasons for issue in of(review(entries), Kind.WRONG_STATE)] == [(Reason.OPEN_ALREADY,)]
    again = [command(DAY + 9 * HOUR, "close", "line:3")]
    assert len(of(review([*entries, *again]), Kind.WRONG_STATE)) == 1


def test_state__another_element_is_another_matter():
    entries = [command(DAY - HOUR, "earth", "line:3"), command(DAY + HOUR, "close", "line:4")]
    assert of(review(entries), Kind.WRONG_STATE) == []


def set_point(at, value, element="gen:0", unit="mw"):
    return command(at, "set_point", element, set_point=Amount(value=value, unit=unit))


@pytest.mark.parametrize(("value", "unit"), [(50.1, "mw"), (9.9, "mw"), (-80.0, "mw"), (5.5, "mvar")])
def test_set_point__beyond_the_models_range_is_told(value, unit):
    [issue] = of(review([set_point(DAY + HOUR, value, unit=unit)]), Kind.OUT_OF_RANGE)
    assert issue.sequence[0].set_point == Amount(value=value, unit=unit)
    assert issue.context.techniques[0].id == "T0836"


@pytest.mark.parametrize(("value", "unit"), [(10.0, "mw"), (50.0, "mw"), (1.02, "pu")])
def test_set_point__within_it_or_in_a_unit_without_one_is_none(value, unit):
    assert of(review([set_point(DAY + HOUR, value, unit=unit)]), Kind.OUT_OF_RANGE) == []


def test_set_point__without_a_range_of_the_model_the_habit_counts():
    usual = [set_point(DAY - i * HOUR, 20.0 + i, "gen:1") for i in range(1, 12)]  # 21 .. 31 MW
    assert of(review([*usual, set_point(DAY + HOUR, 31.9, "gen:1")]), Kind.OUT_OF_RANGE) == []
    assert len(of(review([*usual, set_point(DAY + HOUR, 32.1, "gen:1")]), Kind.OUT_OF_RANGE)) == 1
    assert of(review([*usual[:9], set_point(DAY + HOUR, 99.0, "gen:1")]), Kind.OUT_OF_RANGE) == []


def ordered_habit():
    """Five planned outages, each opened and closed as planned."""
    entries, outages = [], []
    for day in range(2, 7):
        begin = DAY - timedelta(days=day) + 8 * HOUR
        line = ElementRef(kind=ElementKind.LINE, index=day)
        entries += [command(begin, "open", str(line)), command(begin + 4 * HOUR, "close", str(line))]
        outages.append(
            OutageRecord(id=f"o{day}", element=line, kind=OutageKind.PLANNED, start=begin, end=begin + 4 * HOUR)
        )
    return entries, outages


def test_order__switching_without_one_is_told_where_orders_are_kept():
    entries, outages = ordered_habit()
    [issue] = of(review([*entries, command(DAY + 8 * HOUR, "open", "line:9")], outages), Kind.WITHOUT_ORDER)
    assert [str(element) for element in issue.elements] == ["line:9"]


def test_order__a_planned_outage_a_permit_or_a_named_order_is_one():
    entries, outages = ordered_habit()
    at, line = DAY + 8 * HOUR, ElementRef(kind=ElementKind.LINE, index=9)
    planned = OutageRecord(id="o9", element=line, kind=OutageKind.PLANNED, start=at, end=at + HOUR)
    forced = planned.model_copy(update={"kind": OutageKind.FORCED})
    permit = Permit(id="p9", element=line, work="w", holder="h", start=at + MINUTE)
    one = command(at, "open", "line:9")
    assert of(review([*entries, one], [*outages, planned]), Kind.WITHOUT_ORDER) == []
    assert of(review([*entries, one], outages, [permit]), Kind.WITHOUT_ORDER) == []
    named = one.model_copy(update={"order": "SO-4711"})
    assert of(review([*entries, named], outages), Kind.WITHOUT_ORDER) == []
    assert len(of(review([*entries, one], [*outages, forced]), Kind.WITHOUT_ORDER)) == 1


def test_order__where_none_are_kept_their_absence_says_nothing():
    entries, outages = ordered_habit()
    assert of(review([*entries, command(DAY + 8 * HOUR, "open", "line:9")], outages[:2]), Kind.WITHOUT_ORDER) == []


def test_threats__every_kind_of_command_finding_has_an_entry():
    assert [kind for kind in Kind if known_threats().find(kind) is None] == []
