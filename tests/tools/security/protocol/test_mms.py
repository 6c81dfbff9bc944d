"""MMS: writes, scans, cancels and associations that end, against the standard and normal traffic."""

from datetime import timedelta

import pytest
from streams import JUDGED, NORMAL, OTHER, after, check, client, entry, normal_mms, server, with_mms

from tools.security.schema.protocol import ProtocolIssueKind as Kind
from tools.vocabulary import Severity


def kinds(result):
    return sorted({issue.kind for issue in result.issues})


def pair(at, service, invoke, **more):
    return [
        entry(at, client(0, service, invoke_id=invoke, **more)),
        entry(at + timedelta(milliseconds=5), server(1, service, invoke_id=invoke)),
    ]


def test_normal_traffic__with_its_start_up_and_its_subscription_gives_no_issue():
    result = with_mms()
    assert result.issues == ()
    assert result.profile.writes == 1


def test_start_up__a_client_may_open_its_association_anew():
    again = [entry(item.at + timedelta(minutes=20), item.message) for item in normal_mms(JUDGED, 60)]
    ported = [
        entry(
            item.at,
            item.message.model_copy(
                update={
                    "source_port": 50_001 if item.message.source_port == 50_000 else 102,
                    "destination_port": 50_001 if item.message.destination_port == 50_000 else 102,
                }
            ),
        )
        for item in again
    ]
    assert with_mms(*ported).issues == ()


@pytest.mark.parametrize("item", ["XCBR1$ST$Pos$stVal", "MMXU1$MX$TotW$mag$f", "LLN0$ST$Beh$stVal"])
def test_write__to_a_state_or_a_measurand_is_told_with_or_without_a_profile(item):
    sent = pair(after(30), 5, 9001, domain="LD0", item=item)
    for result in (with_mms(*sent), check([*normal_mms(JUDGED), *sent])):
        [issue] = result.issues
        assert (issue.kind, issue.severity) == (Kind.WRITE_TO_READ_ONLY, Severity.CRITICAL)
        assert item in issue.detail


@pytest.mark.parametrize("item", ["CSWI1$CO$Pos$Oper", "PTOC1$SE$StrVal$setMag", "LLN0$RP$B_URCB02$RptEna", ""])
def test_write__that_normal_traffic_does_not_have_is_told_once_the_client_is_steady(item):
    [issue] = with_mms(*pair(after(30), 5, 9001, domain="LD0", item=item)).issues
    assert issue.kind is Kind.UNKNOWN_WRITE


def test_write__that_normal_traffic_has_is_no_issue():
    assert with_mms(*pair(after(30), 5, 9001, domain="LD0", item="LLN0$RP$A_URCB01$RptEna")).issues == ()


def test_scan__of_names_outside_the_start_up_is_told_within_a_minute():
    sent = [item for i in range(34) for item in pair(after(30, 4 * i), 6, 9000 + i, domain="LD0", item=f"A$CF$X{i}")]
    scans = with_mms(*sent).issues
    assert {issue.kind for issue in scans} == {Kind.SCAN}
    assert scans[0].alerted_at - after(30) <= timedelta(seconds=60)


def test_scan__four_new_requests_in_a_minute_are_none():
    sent = [item for i in range(4) for item in pair(after(30, 4 * i), 6, 9000 + i, domain="LD0", item=f"A$CF$X{i}")]
    assert with_mms(*sent).issues == ()


def test_cancel__of_a_request_that_is_not_open_interrupts():
    sent = [entry(after(30), client(5, 1, invoke_id=77_777)), entry(after(30, 0.1), server(7, 1, invoke_id=77_777))]
    assert kinds(with_mms(*sent)) == [Kind.INTERRUPTION]
    assert kinds(check([*normal_mms(JUDGED), *sent])) == [Kind.INTERRUPTION]


def test_conclude__after_which_the_association_goes_on_was_not_the_clients():
    assert kinds(with_mms(entry(after(30), client(11)))) == [Kind.INTERRUPTION]


def test_conclude__that_ends_the_association_is_no_issue():
    ended = [item for item in normal_mms(JUDGED) if item.at < after(30)]
    result = check([*ended, entry(after(30), client(11)), entry(after(30, 0.1), server(12))], normal_mms(NORMAL))
    assert result.issues == ()


def test_initiate_error__without_an_initiate_interrupts():
    assert kinds(with_mms(entry(after(30), server(10)))) == [Kind.INTERRUPTION]


def test_answer__without_a_request_or_of_another_service_is_not_expected():
    assert kinds(with_mms(entry(after(30), server(1, 4, invoke_id=12_345)))) == [Kind.UNEXPECTED_REPLY]
    sent = [
        entry(after(30), client(0, 1, invoke_id=9001, object_class=9)),
        entry(after(30, 0.1), server(1, 5, invoke_id=9001)),
    ]
    assert kinds(with_mms(*sent)) == [Kind.UNEXPECTED_REPLY]


@pytest.mark.parametrize("service", [26, 42, 76])
def test_service__that_loads_stops_or_deletes_is_a_command_even_in_the_start_up(service):
    assert kinds(with_mms(*pair(after(0, 20), service, 9001))) == [Kind.UNKNOWN_COMMAND]


def test_write_of_an_unknown_station__is_told_beside_the_station():
    sent = [entry(after(30), client(0, 5, invoke_id=1, domain="LD0", item="CSWI1$CO$Pos$Oper", source=OTHER))]
    assert kinds(with_mms(*sent)) == [Kind.UNKNOWN_STATION, Kind.UNKNOWN_WRITE]


def test_connection_loss__is_told_within_a_minute():
    traffic = [item for item in normal_mms(JUDGED) if not after(20) < item.at < after(22)]
    [issue] = check(traffic, normal_mms(NORMAL)).issues
    last = max(item.at for item in traffic if item.at < after(21))
    assert issue.kind is Kind.CONNECTION_LOST
    # twice the longest pause, of 9.995 s before the first keep-alive, which is known to five percent
    assert timedelta(seconds=19.99) <= issue.alerted_at - last <= timedelta(seconds=19.99 * 1.05)


def test_pdu__that_mms_does_not_have_is_against_the_standard():
    assert kinds(with_mms(entry(after(30), client(14)))) == [Kind.AGAINST_THE_STANDARD]
