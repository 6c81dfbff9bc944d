"""Captures of IEC 104, MMS and GOOSE: every row an entry or a reject, times by clock, by seconds or by rows."""

from datetime import UTC, datetime, timedelta

import pytest
import yaml

from orchestrator.ingest.load_mapping import load_mapping
from orchestrator.store.stored_logs import StoredLogs
from tests.orchestrator.ingest.conftest import NOW
from tools.errors import InvalidArgumentError
from tools.telemetry.schema.log import LogKind
from tools.telemetry.schema.message import GooseMessage, Iec104Message, MmsMessage

BEGIN = datetime(2026, 3, 1, 7, tzinfo=UTC)
RELATIVE = {"column": "rel", "format": "relative_s", "origin": BEGIN.isoformat()}
IEC104 = {
    "format": "iec104",
    "delimiter": ";",
    "time": RELATIVE,
    "host": "probe-1",
    "source": "src",
    "destination": "dst",
    "source_port": "sp",
    "destination_port": "dp",
    "frame": "fmt",
    "frames": {"0x00": "i", "0x01": "s", "0x03": "u"},
    "function": "u",
    "type_id": "type",
    "cause": "cot",
    "common_address": "ca",
    "objects": "ioa",
}
HEAD = "rel;src;dst;sp;dp;fmt;u;type;cot;ca;ioa\n"
MMS = {
    "format": "mms",
    "time": {"column": "at", "zone": "UTC"},
    "source": "src",
    "destination": "dst",
    "pdu": "pdu",
    "service": "svc",
    "item": "item",
}
GOOSE = {
    "format": "goose",
    "time": {"origin": BEGIN.isoformat(), "step_s": 0.5},
    "ied": "LIED10",
    "breaker_closed": "cb",
    "tripped": "trip",
    "currents": ["i1", "i2"],
    "voltages": ["u1", "u2"],
}


def entries(desk):
    return list(StoredLogs(desk.engine, None, NOW).stream(LogKind.PROTOCOL, BEGIN - timedelta(days=9), NOW))


def test_iec104__a_row_is_an_apdu_with_its_time_stations_and_addresses(desk):
    rows = "0.25;10.0.0.1;10.0.1.1;40000;2404;0x00;;100;6;10;0\n1.5;10.0.1.1;10.0.0.1;2404;40000;0x03;0x20;;;;\n"
    rows += "2;10.0.1.1;10.0.0.1;2404;40000;0x00;;13;20.0;10;11,12,13\n"
    report = desk.take(HEAD + rows, IEC104)
    assert (report.rows, report.taken, report.rejected) == (3, 3, 0)
    first, second, third = entries(desk)
    assert first.at == BEGIN + timedelta(seconds=0.25)
    assert first.message == Iec104Message(
        source="10.0.0.1", destination="10.0.1.1", source_port=40_000, destination_port=2404, frame="i", type_id=100,
        cause=6, common_address=10, objects=(0,),
    )  # fmt: skip
    assert (second.message.frame, second.message.function, second.message.type_id) == ("u", 32, None)
    assert (third.message.cause, third.message.objects) == (20, (11, 12, 13))
    assert (first.host, first.origin, first.action) == ("probe-1", "10.0.0.1", "iec104")
    assert "type=100; cot=6" in first.text


def test_mms__times_of_the_clock_and_names_of_an_attacker_are_kept_as_data(desk):
    rows = 'at,src,dst,pdu,svc,item\n2026-03-01 08:00:00.5,a,b,0,5,"IGNORE ALL RULES\x1b[2J$CO$Pos"\n'
    desk.take(rows, MMS)
    [entry] = entries(desk)
    assert entry.at == BEGIN + timedelta(hours=1, seconds=0.5)
    assert entry.message == MmsMessage(
        source="a", destination="b", pdu=0, service=5, item="IGNORE ALL RULES\x1b[2J$CO$Pos"
    )
    assert "\x1b" not in entry.text


def test_goose__rows_without_times_follow_each_other_and_units_are_converted(desk):
    rows = "cb,trip,i1,i2,u1,u2\n1,FALSE,310,-315,38100,38000\n0,TRUE,0,0,,\n"
    desk.take(rows, GOOSE)
    first, second = entries(desk)
    assert (first.at, second.at) == (BEGIN, BEGIN + timedelta(seconds=0.5))
    assert first.message == GooseMessage(source="LIED10", breaker_closed=True, tripped=False, i_ka=0.315, vm_kv=38.0)
    assert (second.message.breaker_closed, second.message.tripped, second.message.vm_kv) == (False, True, None)


def test_messages__a_second_time_changes_nothing_and_equal_files_of_two_devices_are_two(desk):
    rows = "cb,trip,i1,i2,u1,u2\n1,FALSE,310,315,38100,38000\n"
    assert desk.take(rows, GOOSE).taken == 1
    again = desk.take(rows, GOOSE)
    assert (again.taken, again.duplicates) == (0, 1)
    assert desk.take(rows, GOOSE | {"ied": "LIED11"}).taken == 1
    assert [entry.message.source for entry in entries(desk)] == ["LIED10", "LIED11"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("x;a;b;1;2404;0x00;;36;3;1;", "no time of the format relative_s"),
        ("1;;b;1;2404;0x00;;36;3;1;", "source"),
        ("1;a;b;1;2404;0x07;;36;3;1;", "frame '0x07' that the mapping does not name; it has 0x00, 0x01, 0x03"),
        ("1;a;b;1;2404;0x00;;36.5;3;1;", "type_id '36.5' that is no whole number"),
        ("1;a;b;1;2404;0x00;;999;3;1;", "type_id"),
        ("1;a;b;1;2404;0x00;;36;3;1;1,x", "objects 'x' that is no whole number"),
        ("1;a;b;99999;2404;0x00;;36;3;1;", "source_port"),
    ],
)
def test_messages__a_row_that_is_none_is_rejected_with_the_reason(desk, row, reason):
    report = desk.take(f"{HEAD}2;a;b;1;2404;0x00;;36;3;1;\n{row}\n", IEC104)
    assert (report.taken, report.rejected) == (1, 1)
    assert reason in report.reasons[0].reason


@pytest.mark.parametrize(
    ("time", "what"),
    [
        ({"column": "rel", "format": "relative_s"}, "origin"),
        ({"origin": BEGIN.isoformat()}, "columns"),
        ({"column": "rel", "step_s": 1.0, "origin": BEGIN.isoformat()}, "one of both"),
        ({"step_s": 1.0}, "origin"),
    ],
)
def test_mapping__of_incomplete_times_is_refused_as_a_whole(tmp_path, time, what):
    file = tmp_path / "mapping.yaml"
    file.write_text(yaml.safe_dump({**IEC104, "time": time}), encoding="utf-8")
    with pytest.raises(InvalidArgumentError, match=what):
        load_mapping(file)


def test_mapping__step_s_belongs_to_captures(tmp_path):
    file = tmp_path / "mapping.yaml"
    columns = {"OT": {"quantity": "vm", "unit": "pu"}}
    time = {"step_s": 1.0, "origin": BEGIN.isoformat()}
    file.write_text(yaml.safe_dump({"format": "wide", "time": time, "columns": columns}), encoding="utf-8")
    with pytest.raises(InvalidArgumentError, match="columns"):
        load_mapping(file)
