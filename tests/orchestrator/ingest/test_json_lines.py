"""JSON lines: nested objects, lists of readings, numbers as written, and what is no row."""

import json

import pytest

from tests.orchestrator.ingest.conftest import packed
from tests.orchestrator.ingest.test_tables import counts, rejects
from tools.errors import InvalidArgumentError

LONG = {
    "format": "long",
    "written": "json_lines",
    "time": {"column": "meta.ts"},
    "sensor_column": "tag",
    "value_column": "value",
    "unit_column": "unit",
    "sensors": {"P1": {"sensor": "load1.p", "quantity": "p", "unit": "mw"}},
}
WIDE = {
    "format": "wide",
    "written": "json_lines",
    "time": {"column": "ts", "zone": "Europe/Berlin"},
    "columns": {
        "gases.H2": {"sensor": "h2", "quantity": "h2"},
        "p": {"sensor": "load1.p", "quantity": "p", "unit": "mw"},
    },
}


def _lines(*records) -> str:
    return "".join(f"{item if isinstance(item, str) else json.dumps(item)}\n" for item in records)


def _long(minute, value, unit="MW", tag="P1"):
    return {"meta": {"ts": f"2026-03-10T00:{minute:02d}:00Z", "q": 1}, "tag": tag, "value": value, "unit": unit}


def test_long__nested_times_and_mixed_units(desk):
    report = desk.take(_lines(_long(0, 12.5), _long(1, 12500, "kW"), _long(2, 1, "A")), LONG)
    assert counts(report) == (3, 2, 0, 1, 0)
    assert [value for _, value, _ in desk.values("load1.p")] == [12.5, 12.5]
    assert report.reasons[0].reason == "unit that is none of the sensor's quantity"
    assert "meta.q" in report.notes[0]


def test_long__unsorted_and_duplicate_times_and_a_contradiction(desk):
    report = desk.take(_lines(_long(5, 5), _long(1, 1), _long(5, 5), _long(1, 2), _long(0, 0)), LONG)
    assert counts(report) == (5, 3, 1, 1, 0)
    assert desk.values("load1.p") == [
        ("2026-03-10T00:00:00", 0.0, 0), ("2026-03-10T00:01:00", 1.0, 0), ("2026-03-10T00:05:00", 5.0, 0)
    ]  # fmt: skip


def test_long__numbers_are_kept_digit_for_digit(desk):
    line = '{"meta": {"ts": "2026-03-10T00:00:00Z"}, "tag": "P1", "value": 0.1234567890123456789, "unit": "MW"}'
    desk.take(line, LONG)
    assert desk.values("load1.p")[0][1] == float("0.1234567890123456789")


@pytest.mark.parametrize("value", ["NaN", "Infinity", '"12 MW"', "true", '{"a": 1}', "[1, 2]"])
def test_long__what_is_no_number_is_rejected_with_its_line(desk, value):
    bad = f'{{"meta": {{"ts": "2026-03-10T00:01:00Z"}}, "tag": "P1", "value": {value}, "unit": "MW"}}'
    report = desk.take(_lines(_long(0, 1), bad), LONG)
    assert counts(report) == (2, 1, 0, 1, 0)
    assert rejects(report)[0]["row"] == "2"


def test_long__null_is_empty_and_nan_is_where_the_mapping_says_so(desk):
    bad = '{"meta": {"ts": "2026-03-10T00:01:00Z"}, "tag": "P1", "value": NaN, "unit": "MW"}'
    report = desk.take(_lines(_long(0, None), bad, _long(2, 1)), LONG | {"missing": ["", "NaN"]})
    assert counts(report) == (3, 1, 0, 0, 2)


def test_long__lines_that_are_no_rows_are_rejected_and_the_rest_is_taken(desk):
    twice = '{"meta": {"ts": "2026-03-10T00:03:00Z"}, "tag": "P1", "value": 1, "value": 2, "unit": "MW"}'
    lacking = {"meta": {"ts": "2026-03-10T00:04:00Z"}, "tag": "P1"}
    report = desk.take(_lines(_long(0, 1), "{broken", "7", twice, lacking, "", "[" * 100_000, _long(9, 9)), LONG)
    assert (report.rows, report.values, report.taken, report.rejected) == (7, 7, 2, 5)
    reasons = {item.reason for item in report.reasons}
    assert reasons == {
        "line that is not JSON",
        "line that is no JSON object",
        "object in which a field stands twice",
        "field 'value' is missing",
        "line that is nested too deeply",
    }
    assert [row["row"] for row in rejects(report)] == ["2", "3", "4", "5", "7"]


def test_wide__rows_may_lack_a_sensor_and_local_times_are_read_in_their_zone(desk):
    report = desk.take(
        _lines({"ts": "2026-07-10 12:00", "p": 1.5, "gases": {"H2": 30}}, {"ts": "2026-07-10 12:01", "p": 1.6}), WIDE
    )
    assert counts(report) == (4, 3, 0, 0, 1)
    assert desk.values("h2") == [("2026-07-10T10:00:00", 30.0, 0)]


def test_wide__the_hour_shown_twice_goes_by_order_and_the_skipped_one_is_rejected(desk):
    autumn = [f"2026-10-25 {time}" for time in ("01:45", "02:15", "02:45", "02:15", "02:45", "03:15")]
    report = desk.take(_lines(*({"ts": time, "p": n} for n, time in enumerate(autumn))), WIDE)
    assert [at[11:16] for at, *_ in desk.values("load1.p")] == ["23:45", "00:15", "00:45", "01:15", "01:45", "02:15"]
    assert report.rejected == 0
    skipped = desk.take(_lines({"ts": "2026-03-29 01:59", "p": 1}, {"ts": "2026-03-29 02:30", "p": 1}), WIDE)
    assert (skipped.taken, skipped.rejected) == (1, 1)


def test_explode__a_list_of_readings_becomes_rows_with_the_fields_above_it(desk):
    mapping = LONG | {
        "explode": "points",
        "time": {"column": "points.t", "format": "epoch_s"},
        "sensor_column": "device.tag",
        "value_column": "points.v",
        "unit_column": None,
    }
    batch = {"device": {"tag": "P1"}, "points": [{"t": 1773100800 + n, "v": n / 10} for n in range(5)]}
    report = desk.take(_lines(batch, {"device": {"tag": "P1"}, "points": 5}), mapping)
    assert (report.values, report.taken, report.rejected) == (6, 5, 1)
    assert desk.values("load1.p")[-1] == ("2026-03-10T00:00:04", 0.4, 0)


def test_gzip_and_a_second_time_changes_nothing(desk):
    content = packed(_lines(_long(0, 1), _long(1, 2)))
    assert counts(desk.take(content, LONG, name="file.jsonl.gz")) == (2, 2, 0, 0, 0)
    assert counts(desk.take(content, LONG, name="file.jsonl.gz")) == (2, 0, 2, 0, 0)


@pytest.mark.parametrize("content", ['[\n{"a": 1}\n]\n', '{\n  "t1": [NaN]\n}\n'])
def test_one_document_is_refused_with_what_would_be_right(desk, content):
    with pytest.raises(InvalidArgumentError, match="one object on each line"):
        desk.take(content, LONG)
    assert not any(desk.tables()["reading"])


def test_a_first_object_without_a_needed_field_is_refused_with_the_nearest(desk):
    with pytest.raises(InvalidArgumentError, match="'tag' of the mapping is not in the file"):
        desk.take(_lines({"meta": {"ts": "2026-03-10T00:00:00Z"}, "tags": "P1", "value": 1, "unit": "MW"}), LONG)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"delimiter": ";"}, "delimiter"),
        ({"decimal": ","}, "decimal"),
        ({"written": "xml"}, "csv"),
        ({"written": "csv", "explode": "points"}, "explode"),
    ],
)
def test_a_mapping_that_contradicts_itself_is_refused(desk, more, message):
    with pytest.raises(InvalidArgumentError, match=message):
        desk.take(_lines(_long(0, 1)), LONG | more)
