"""IEC 60870-5-104: what the standard forbids, and what normal traffic does not have."""

from datetime import timedelta

import pytest
from streams import JUDGED, MASTER, NORMAL, OTHER, STATION, after, check, down, entry, normal_104, up, with_104

from tools.security.protocol import rules104
from tools.security.schema.protocol import ProtocolIssueKind as Kind
from tools.vocabulary import Severity

SECOND = timedelta(seconds=1)


def kinds(result):
    return sorted({issue.kind for issue in result.issues})


def test_normal_traffic__gives_no_issue():
    result = with_104()
    assert result.issues == ()
    assert result.profile.messages == len(normal_104(NORMAL))
    assert result.profile.start == NORMAL
    assert result.not_compared is None


@pytest.mark.parametrize("type_id", [0, 22, 41, 44, 52, 69, 71, 99, 108, 114, 128, 255])
def test_type__that_the_standard_does_not_define_is_against_it_even_without_a_profile(type_id):
    result = check([entry(after(5), up(type_id, 3, common_address=10))])
    assert kinds(result) == [Kind.AGAINST_THE_STANDARD]
    assert "no message in the time of normal traffic" in result.not_compared


@pytest.mark.parametrize("type_id", [1, 3, 9, 13, 30, 36, 45, 51, 58, 64, 100, 103, 107, 110, 113, 120, 126])
def test_type__that_the_standard_defines_has_causes(type_id):
    assert rules104.causes_of(type_id)


@pytest.mark.parametrize(
    ("message", "what"),
    [
        (down(100, 3, common_address=10), "type 100 with the cause 3"),
        (up(13, 6, common_address=10), "type 13 with the cause 6"),
        (down(13, 3, common_address=10), "comes from the controlling side"),
        (up(45, 6, common_address=10), "comes from the controlled station"),
        (up(frame="u", function=rules104.STARTDT_ACT), "by the controlled station"),
        (down(frame="u", function=3), "there is none"),
        (down(None, 3), "without a type identification"),
    ],
)
def test_message__against_the_standard_is_told_with_what_is_wrong(message, what):
    found = [issue for issue in with_104(entry(after(5), message)).issues if issue.kind is Kind.AGAINST_THE_STANDARD]
    assert [what in issue.detail for issue in found] == [True]


def test_unknown_type__of_the_station_and_unknown_command_of_the_master():
    [monitored] = with_104(entry(after(5), up(1, 3, common_address=10, objects=(1000,)))).issues
    assert (monitored.kind, monitored.severity) == (Kind.UNKNOWN_MESSAGE_TYPE, Severity.WARNING)
    [command] = with_104(entry(after(5), down(45, 6, common_address=10, objects=(1000,)))).issues
    assert (command.kind, command.severity) == (Kind.UNKNOWN_COMMAND, Severity.CRITICAL)
    assert str(command.subject) == f"host:{MASTER}"
    assert command.context.techniques[0].id == "T0855"


def test_unknown_object_address__is_told_and_a_known_one_is_not():
    assert with_104(entry(after(5), up(13, 3, common_address=10, objects=(1004,)))).issues == ()
    [issue] = with_104(entry(after(5), up(13, 3, common_address=10, objects=(1004, 65_537)))).issues
    assert issue.kind is Kind.UNKNOWN_ADDRESS
    assert "65537" in issue.detail


def test_unknown_common_address__is_told():
    [issue] = with_104(entry(after(5), up(13, 3, common_address=11))).issues
    assert (issue.kind, "common address 11" in issue.detail) == (Kind.UNKNOWN_ADDRESS, True)


def test_command_from_an_unknown_station__names_the_station():
    commanded = [entry(after(5, i), down(45, 6, source=OTHER, common_address=10, objects=(1000,))) for i in range(3)]
    result = with_104(*commanded)
    stations = [issue for issue in result.issues if issue.kind is Kind.UNKNOWN_STATION]
    assert [(str(issue.subject), issue.messages) for issue in stations] == [(f"host:{OTHER}", 3)]
    assert Kind.UNKNOWN_COMMAND in kinds(result)


def test_interrogation_scan__of_addresses_is_a_scan_and_not_only_unknown_addresses():
    asked = [entry(after(5, i), down(100, 6, common_address=10, objects=(i + 1,))) for i in range(20)]
    refused = [
        entry(after(5, i + 0.1), up(100, rules104.UNKNOWN_OBJECT, common_address=10, objects=(i + 1,)))
        for i in range(20)
    ]
    result = with_104(*asked, *refused)
    scans = [issue for issue in result.issues if issue.kind is Kind.SCAN]
    assert str(scans[0].subject) == f"host:{MASTER}"
    assert scans[0].alerted_at - after(5) < timedelta(seconds=60)


def test_interrogation_scan__without_addresses_in_the_log_shows_by_its_number():
    asked = [entry(after(5, i), down(100, 6, common_address=10)) for i in range(10)]
    answers = [entry(after(5, i + 0.1), up(100, 7, common_address=10)) for i in range(10)]
    ends = [entry(after(5, i + 0.2), up(100, 10, common_address=10)) for i in range(10)]
    assert kinds(with_104(*asked, *answers, *ends)) == [Kind.SCAN]


def test_station_scan__test_frames_to_many_stations_are_a_scan():
    sent = [
        entry(after(5, i), down(frame="u", function=rules104.TESTFR_ACT, source=OTHER, destination=f"10.0.1.{i + 2}"))
        for i in range(10)
    ]
    scans = [issue for issue in with_104(*sent).issues if issue.kind is Kind.SCAN]
    assert [str(issue.subject) for issue in scans] == [f"host:{OTHER}"] * len(scans)
    assert len(scans) == 8  # each target from the third on, for each is another peer


def test_stop_of_data_transfer__is_an_interruption_and_data_after_it_is_against_the_standard():
    sent = [
        entry(after(5), down(frame="u", function=rules104.STOPDT_ACT)),
        entry(after(5, 0.1), up(frame="u", function=rules104.STOPDT_CON)),
    ]
    result = with_104(*sent)
    assert kinds(result) == [Kind.AGAINST_THE_STANDARD, Kind.INTERRUPTION]
    started = entry(after(5, 0.2), down(frame="u", function=rules104.STARTDT_ACT))
    assert kinds(with_104(*sent, started)) == [Kind.INTERRUPTION]


def test_connection_loss__is_known_t3_and_t1_after_the_last_message():
    traffic = [item for item in normal_104(JUDGED) if not after(20) < item.at < after(30)]
    result = check(traffic, normal_104(NORMAL))
    [issue] = result.issues
    last = max(item.at for item in traffic if item.at < after(25))
    assert (issue.kind, str(issue.subject)) == (Kind.CONNECTION_LOST, f"host:{STATION}")
    assert issue.alerted_at == last + timedelta(seconds=35)


def test_connection_loss__is_not_judged_without_a_habit_for_time_outs_can_be_set():
    assert check([item for item in normal_104(JUDGED) if not after(20) < item.at < after(30)]).issues == ()


def test_connection_loss__of_one_station_while_another_goes_on_is_told_at_the_end():
    other = [
        entry(item.at + timedelta(milliseconds=1), item.message.model_copy(update=_renamed(item.message)))
        for item in normal_104(NORMAL) + normal_104(JUDGED)
    ]
    normal = [*normal_104(NORMAL), *(item for item in other if item.at < JUDGED)]
    judged = [item for item in normal_104(JUDGED) if item.at < after(30)]
    result = check([*judged, *(item for item in other if item.at >= JUDGED)], normal)
    assert [(issue.kind, str(issue.subject)) for issue in result.issues] == [(Kind.CONNECTION_LOST, f"host:{STATION}")]


def _renamed(message):
    return {field: "10.0.1.2" for field in ("source", "destination") if getattr(message, field) == STATION}


def test_connection_loss__all_silent_at_the_end_is_not_known_and_said():
    judged = [item for item in normal_104(JUDGED) if item.at < after(30)]
    result = check(judged, normal_104(NORMAL))
    assert result.issues == ()
    assert any("whether the recording ended" in text for text in result.not_seen)


@pytest.mark.parametrize("cause", [7, 10])
def test_reply__that_nobody_asked_for_is_told(cause):
    assert kinds(with_104(entry(after(5), up(100, cause, common_address=10, objects=(0,))))) == [Kind.UNEXPECTED_REPLY]


def test_reply__interrogated_values_long_after_any_interrogation_are_told():
    traffic = [item for item in normal_104(JUDGED) if item.message.type_id != 100 and item.message.cause != 20]
    late = entry(after(15), up(13, 20, common_address=10, objects=(1000,)))
    assert kinds(check([*traffic, late], normal_104(NORMAL))) == [Kind.UNEXPECTED_REPLY]


def file_transfer(at, first=down):
    back = up if first is down else down
    steps = [(first, 122), (back, 120), (first, 122), (back, 121), (first, 122), *[(back, 125)] * 5, (back, 123),
             (first, 124), (back, 123), (first, 124)]  # fmt: skip
    return [entry(at + i * SECOND / 10, way(type_id, 13, common_address=10)) for i, (way, type_id) in enumerate(steps)]


def test_file_transfer__in_the_order_of_the_standard_is_counted_and_no_issue():
    result = with_104(*file_transfer(after(5)))
    assert (result.issues, result.file_transfers) == ((), 1)


def test_file_transfer__that_the_station_calls_from_its_master_is_told():
    assert kinds(with_104(*file_transfer(after(5), first=up))) == [Kind.UNKNOWN_FILE_TRANSFER]


def test_file_transfer__in_the_other_direction_than_in_normal_traffic_is_told():
    normal = [*normal_104(NORMAL), *file_transfer(NORMAL + timedelta(minutes=3, seconds=2))]
    judged = [*normal_104(JUDGED), *file_transfer(after(5))]
    assert check(judged, normal).issues == ()
    assert kinds(check([*judged, *file_transfer(after(8), first=up)], normal)) == [Kind.UNKNOWN_FILE_TRANSFER]


@pytest.mark.parametrize("types", [(125, 125, 125), (120, 121, 125)])
def test_file_transfer__out_of_order_on_a_connection_without_any_is_told(types):
    sent = [entry(after(5, i), down(type_id, 13, common_address=10)) for i, type_id in enumerate(types)]
    assert kinds(with_104(*sent)) == [Kind.UNKNOWN_FILE_TRANSFER]


def test_flood__more_than_twice_the_densest_ten_minutes():
    flood = [entry(after(20, i * 0.5), up(13, 3, common_address=10, objects=(1000,))) for i in range(400)]
    [issue] = with_104(*flood).issues
    assert issue.kind is Kind.MESSAGE_FLOOD
    half = [entry(after(20, i * 4), up(13, 3, common_address=10, objects=(1000,))) for i in range(100)]
    assert with_104(*half).issues == ()


def initialised(at, **more):
    """A connection that is started anew, and what every master does then."""
    steps = [
        down(frame="u", function=rules104.STARTDT_ACT),
        up(frame="u", function=rules104.STARTDT_CON),
        up(70, 4, common_address=10, objects=(0,)),
        down(103, 6, common_address=10, objects=(0,)),
        up(103, 7, common_address=10, objects=(0,)),
        down(100, 6, common_address=10, objects=(0,)),
        up(100, 7, common_address=10, objects=(0,)),
        up(1, 20, common_address=10, objects=(1, 2, 3)),
        up(100, 10, common_address=10, objects=(0,)),
    ]
    return [entry(at + i * SECOND / 10, step.model_copy(update=more)) for i, step in enumerate(steps)]


def test_initialisation__of_a_known_station_is_no_issue_and_the_same_without_a_start_is():
    assert with_104(*initialised(after(5))).issues == ()
    assert Kind.UNKNOWN_COMMAND in kinds(with_104(*initialised(after(5))[2:]))


def test_initialisation__gives_no_leave_to_switch():
    switched = entry(after(5, 2), down(46, 6, common_address=10, objects=(1000,)))
    assert kinds(with_104(*initialised(after(5)), switched)) == [Kind.UNKNOWN_COMMAND]


def test_new_points__of_a_station_that_shows_new_ones_in_normal_traffic_are_none():
    rare = [
        entry(NORMAL + timedelta(minutes=5 * i, seconds=2), up(1, 3, common_address=10, objects=(5000 + i,)))
        for i in range(10)
    ]
    new = entry(after(5), up(1, 3, common_address=10, objects=(6000,)))
    assert check([*normal_104(JUDGED), new], [*normal_104(NORMAL), *rare]).issues == ()
    commanded = entry(after(5), down(45, 6, common_address=10, objects=(6000,)))
    result = check([*normal_104(JUDGED), commanded], [*normal_104(NORMAL), *rare])
    assert Kind.UNKNOWN_ADDRESS in kinds(result)
