"""Tables of readings, well-formed: what is taken, converted, left out and counted."""

import csv
import stat
from pathlib import Path

import pytest

from tests.orchestrator.ingest.conftest import packed
from tools.errors import InvalidArgumentError

WIDE = {
    "format": "wide",
    "time": {"column": "time", "zone": "UTC"},
    "columns": {"p": {"sensor": "load1.p", "quantity": "p", "unit": "mw"}},
}
LONG = {
    "format": "long",
    "time": {"column": "time"},
    "sensor_column": "tag",
    "value_column": "value",
    "sensors": {
        "T1": {"quantity": "top_oil_temperature", "unit": "celsius"},
        "P1": {"sensor": "load1.p", "quantity": "p", "unit": "mw"},
    },
}


def counts(report):
    return (report.values, report.taken, report.duplicates, report.rejected, report.empty)


def rejects(report):
    with Path(report.reject_file).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_wide__readings_land_with_time_value_and_quality(desk):
    report = desk.take("time,p\n2026-03-10 00:00,12.5\n2026-03-10 00:01:30,-0.1\n", WIDE)
    assert counts(report) == (2, 2, 0, 0, 0)
    assert desk.values("load1.p") == [("2026-03-10T00:00:00", 12.5, 0), ("2026-03-10T00:01:30", -0.1, 0)]
    [sensor] = report.sensors
    assert (sensor.sensor, sensor.new, sensor.readings) == ("load1.p", True, 2)
    assert report.reject_file is None
    assert not (desk.folder / "rejects").exists()


def test_wide__gzip_and_byte_order_mark(desk):
    report = desk.take(packed("\ufefftime,p\n2026-03-10T00:00:00Z,1\n"), WIDE)
    assert counts(report) == (1, 1, 0, 0, 0)


def test_wide__declared_encoding(desk):
    mapping = WIDE | {"encoding": "latin-1", "columns": {"Öl": {"quantity": "oil", "unit": "celsius"}}}
    desk.take("time,Öl\n2026-03-10,55\n".encode("latin-1"), mapping)
    assert desk.values("Öl") == [("2026-03-10T00:00:00", 55.0, 0)]


def test_wide__semicolon_decimal_comma_two_time_columns_and_lines_before(desk):
    mapping = {
        "format": "wide",
        "delimiter": ";",
        "decimal": ",",
        "skip_lines": 2,
        "time": {"columns": ["Datum", "Zeit"], "format": "%d.%m.%Y %H:%M", "zone": "Europe/Berlin"},
        "columns": {"kW": {"sensor": "x", "quantity": "p", "unit": "mw", "file_unit": "kW"}},
    }
    report = desk.take("Export\n\nDatum;Zeit;kW\n10.07.2026;12:00;230,1\n10.07.2026;12:01;1.234,5\n", mapping)
    assert counts(report) == (2, 1, 0, 1, 0)
    assert desk.values("x") == [("2026-07-10T10:00:00", 0.2301, 0)]
    assert rejects(report)[0] == {
        "row": "5", "column": "kW", "time": "10.07.2026 12:01", "value": "1.234,5", "reason": "not a number"
    }  # fmt: skip


def test_wide__a_file_without_header(desk):
    desk.take("2026-03-10,5\n", WIDE | {"header": ["time", "p"]})
    assert desk.values("load1.p") == [("2026-03-10T00:00:00", 5.0, 0)]


@pytest.mark.parametrize(
    ("file_unit", "unit", "written", "value"),
    [
        ("degF", "celsius", "212", 100.0),
        ("K", "celsius", "273.15", 0.0),
        ("V", "kv", "110000", 110.0),
        ("fraction", "percent", "0.25", 25.0),
    ],
)
def test_wide__units_are_converted(desk, file_unit, unit, written, value):
    mapping = WIDE | {"columns": {"p": {"sensor": "x", "quantity": "v", "unit": unit, "file_unit": file_unit}}}
    desk.take(f"time,p\n2026-03-10,{written}\n", mapping)
    assert desk.values("x")[0][1] == pytest.approx(value, abs=1e-12)


def test_wide__empty_cells_are_no_readings_and_come_later(desk):
    assert counts(desk.take("time,p\n2026-03-10 00:00,\n2026-03-10 00:01, \n", WIDE)) == (2, 0, 0, 0, 2)
    assert counts(desk.take("time,p\n2026-03-10 00:00,7\n", WIDE)) == (1, 1, 0, 0, 0)


def test_wide__declared_markers_are_no_readings(desk):
    mapping = WIDE | {"missing": ["", "-9999", "NaN"]}
    report = desk.take("time,p\n2026-03-10 00:00,NaN\n2026-03-10 00:01,-9999\n2026-03-10 00:02,-9999.5\n", mapping)
    assert counts(report) == (3, 1, 0, 0, 2)


def test_wide__not_finite_and_not_numbers_are_rejected_with_row_and_reason(desk):
    rows = ["1", "NaN", "inf", "-Infinity", "1e999", "12 kW", "0x1F", "1_000", "1,5"]
    text = "time,p\n" + "".join(f'2026-03-10 00:0{i},"{value}"\n' for i, value in enumerate(rows))
    report = desk.take(text, WIDE)
    assert counts(report) == (9, 1, 0, 8, 0)
    assert [(item["row"], item["value"]) for item in rejects(report)] == [
        (str(i + 2), value) for i, value in enumerate(rows) if i
    ]
    assert {(item.reason, item.count, item.first_row) for item in report.reasons} == {
        ("not a number", 6, 3), ("not finite", 2, 4)
    }  # fmt: skip
    file = Path(report.reject_file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_wide__outside_the_declared_range_is_kept_as_bad(desk):
    mapping = WIDE | {"columns": {"p": WIDE["columns"]["p"] | {"lowest": 0, "highest": 100}}}
    report = desk.take("time,p\n2026-03-10 00:00,0\n2026-03-10 00:01,1e300\n2026-03-10 00:02,-0.001\n", mapping)
    assert (report.taken, report.out_of_range) == (3, 2)
    assert [(value, quality) for _, value, quality in desk.values("load1.p")] == [(0.0, 0), (1e300, 2), (-0.001, 2)]


def test_wide__unsorted_and_repeated_times(desk):
    text = "time,p\n2026-03-10 00:02,3\n2026-03-10 00:00,1\n2026-03-10 00:02,3\n2026-03-10 00:00,9\n"
    report = desk.take(text, WIDE)
    assert counts(report) == (4, 2, 1, 1, 0)
    assert report.conflicts == 1
    assert [value for _, value, _ in desk.values("load1.p")] == [1.0, 3.0]
    assert rejects(report)[0]["row"] == "5"


def test_wide__gaps_from_to(desk):
    mapping = WIDE | {"columns": {"p": WIDE["columns"]["p"] | {"period_s": 60}}}
    minutes = [0, 1, 2, 5, 6, 20]
    report = desk.take("time,p\n" + "".join(f"2026-03-10 00:{m:02},1\n" for m in minutes), mapping)
    found = [(f"{gap.start:%M}", f"{gap.end:%M}", gap.missing) for gap in report.gaps]
    assert found == [("06", "20", 13), ("02", "05", 2)]
    assert report.gap_count == report.sensors[0].gaps == 2


def test_wide__columns_that_nobody_named_are_told(desk):
    report = desk.take("time,p,q,note\n2026-03-10,1,2,x\n", WIDE | {"ignore": ["note"]})
    assert report.notes == ("columns that the mapping does not name were not read: q",)


def test_wide__later_than_now_is_told(desk):
    [note] = desk.take("time,p\n2027-01-01,1\n", WIDE).notes
    assert "later than now" in note


def test_wide__grid_of_the_command_wins(desk):
    assert desk.take("time,p\n2026-03-10,1\n", WIDE | {"grid": "north"}, grid="south").grid == "south"
    with pytest.raises(InvalidArgumentError, match="grid is 'south' in the store and 'north' now"):
        desk.take("time,p\n2026-03-10,1\n", WIDE | {"grid": "north"})


def test_wide__assets_are_stored_with_their_nameplates(desk):
    asset = {"name": "T1", "kind": "transformer", "element": "trafo:3", "nameplate": {"rated_power_mva": 40}}
    mapping = WIDE | {"assets": [asset], "columns": {"p": WIDE["columns"]["p"] | {"asset": "T1"}}}
    assert desk.take("time,p\n2026-03-10,1\n", mapping, grid="demo").assets == 1
    [row] = desk.tables()["asset"]
    assert '"rated_power_mva":40.0' in row[4]
    assert '"index":3' in row[4]


def test_long__sensors_by_tag_and_unknown_ones_rejected(desk):
    text = "time,tag,value\n2026-03-10T00:00Z,T1,55\n2026-03-10T00:00Z,P1,10\n2026-03-10T00:00Z,X9,1\n"
    report = desk.take(text, LONG)
    assert counts(report) == (3, 2, 0, 1, 0)
    assert rejects(report)[0]["column"] == "X9"
    assert [item.sensor for item in report.sensors] == ["T1", "load1.p"]


def test_long__a_sensor_of_the_store_needs_no_entry(desk):
    desk.take("time,p\n2026-03-10,1\n", WIDE)
    mapping = {key: value for key, value in LONG.items() if key != "sensors"}
    report = desk.take("time,tag,value\n2026-03-10T00:01Z,load1.p,2\n", mapping, name="more.csv")
    assert (report.taken, report.sensors_made) == (1, 0)
    assert len(desk.values("load1.p")) == 2


def test_long__mixed_units_are_converted_row_by_row(desk):
    mapping = LONG | {"unit_column": "unit"}
    text = (
        "time,tag,value,unit\n2026-03-10T00:00Z,P1,2500,kW\n2026-03-10T00:01Z,P1,2.5,MW\n"
        "2026-03-10T00:02Z,P1,2.5,degC\n2026-03-10T00:03Z,T1,212,degF\n"
    )
    report = desk.take(text, mapping)
    assert counts(report) == (4, 3, 0, 1, 0)
    assert [value for _, value, _ in desk.values("load1.p")] == [2.5, 2.5]
    assert desk.values("T1")[0][1] == pytest.approx(100)


def test_long__quality_codes(desk):
    mapping = LONG | {"quality_column": "q", "qualities": {"192": "good", "64": "substituted"}}
    text = "time,tag,value,q\n" + "".join(f"2026-03-10T00:0{i}Z,T1,5{i},{q}\n" for i, q in enumerate([192, 64, 7]))
    report = desk.take(text, mapping)
    assert [quality for _, _, quality in desk.values("T1")] == [0, 3, 1]
    assert "1 readings carry a quality code" in report.notes[0]


def test_rows__of_another_length_or_with_broken_quotes_are_rejected_alone(desk):
    rows = ["time,p", "2026-03-10 00:00,1", "2026-03-10 00:01", "", '2026-03-10 00:02,"3', "2026-03-10 00:03,4"]
    text = "\n".join([*rows, "2026-03-10 00:04,5,6\n"])
    report = desk.take(text, WIDE)
    assert (report.rows, *counts(report)) == (5, 5, 2, 0, 3, 0)
    assert [value for _, value, _ in desk.values("load1.p")] == [1.0, 4.0]
    assert [item["row"] for item in rejects(report)] == ["3", "5", "7"]


def test_ingest__a_second_time_changes_nothing(desk):
    text = "time,p\n2026-03-10 00:00,1\n2026-03-10 00:01,x\n2026-03-10 00:01,2\n2026-03-10 00:01,3\n"
    first = desk.take(text, WIDE)
    before, kept = desk.tables(), Path(first.reject_file).read_bytes()
    second = desk.take(text, WIDE)
    assert desk.tables() == before
    assert Path(second.reject_file).read_bytes() == kept
    assert (second.taken, second.duplicates, second.rejected) == (0, 2, 2)


def test_ingest__arrival_decides_what_a_past_run_sees(desk):
    desk.take("time,p\n2026-03-10,1\n", WIDE)
    desk.take("time,p\n2026-03-09,1\n", WIDE | {"arrived": "with_reading"})
    arrived = [row[2] - row[1] for row in sorted(desk.tables()["reading"], key=lambda row: row[1])]
    assert arrived == [0, 24 * 3600 * 1_000_000]
