"""Hours that a clock skips or shows twice; the right answers are those of the zones' laws."""

import numpy as np
import pytest

from orchestrator.ingest.mapping import TimeMapping
from orchestrator.ingest.times import TimeReader
from tests.orchestrator.ingest.test_tables import LONG, WIDE

BERLIN = WIDE | {"time": {"column": "time", "zone": "Europe/Berlin"}}


def read(texts, **mapping):
    at_us, reasons = TimeReader(TimeMapping(columns=("t",), **mapping)).read(np.array(texts, dtype=object))
    return [reason or str(np.datetime64(int(us), "us"))[:16] for us, reason in zip(at_us, reasons, strict=True)]


def column_of(times):
    return "time,p\n" + "".join(f"{time},{i}\n" for i, time in enumerate(times))


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        ("Europe/Berlin", "2026-01-15 12:00", "2026-01-15T11:00"),
        ("Europe/Berlin", "2026-07-15 12:00", "2026-07-15T10:00"),
        ("Australia/Melbourne", "2014-01-01 00:00", "2013-12-31T13:00"),
        ("Asia/Kolkata", "2026-07-15 12:00", "2026-07-15T06:30"),
        ("UTC", "2026-10-25 02:30", "2026-10-25T02:30"),
    ],
)
def test_read__local_times(zone, local, utc):
    assert read([local], zone=zone) == [utc]


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-07-15T12:00:00Z", "2026-07-15T12:00"),
        ("2026-07-15 12:00+02:00", "2026-07-15T10:00"),
        ("2026-07-15T12:00:00.250-0330", "2026-07-15T15:30"),
        ("20260715T120000Z", "2026-07-15T12:00"),
    ],
)
def test_read__an_offset_in_the_text_wins_over_the_zone(text, utc):
    assert read([text, "2026-01-15 12:00"], zone="Europe/Berlin") == [utc, "2026-01-15T11:00"]


@pytest.mark.parametrize(
    ("form", "text"), [("epoch_s", "1773100800"), ("epoch_ms", "1773100800000"), ("epoch_s", "1773100800.0")]
)
def test_read__epochs(form, text):
    assert read([text], format=form) == ["2026-03-10T00:00"]


@pytest.mark.parametrize("text", ["", "yesterday", "2026-02-30", "2026-03-10 25:00", "1e30"])
@pytest.mark.parametrize("form", ["iso", "epoch_s"])
def test_read__no_time(form, text):
    [found] = read([text], format=form, zone="UTC")
    assert found.startswith(("no time of the format", "time before 1900 or after 2200"))


def test_wide__the_hour_that_is_skipped_is_rejected(desk):
    report = desk.take(column_of(f"2026-03-29 {h:02}:30" for h in range(4)), BERLIN)
    assert (report.taken, report.rejected) == (3, 1)
    assert report.reasons[0].reason.startswith("time that the clock skips")
    assert [at for at, _, _ in desk.values("load1.p")] == [
        "2026-03-28T23:30:00", "2026-03-29T00:30:00", "2026-03-29T01:30:00"
    ]  # fmt: skip


def test_wide__the_hour_shown_twice_is_told_by_order(desk):
    times = [f"2026-10-25 {h:02}:{m:02}" for h in (1, 2, 2, 3) for m in (0, 30)]
    assert desk.take(column_of(times), BERLIN).taken == 8
    found = desk.values("load1.p")
    assert [at[11:16] for at, _, _ in found] == ["23:00", "23:30", "00:00", "00:30", "01:00", "01:30", "02:00", "02:30"]
    assert [value for _, value, _ in found] == list(range(8))


def test_wide__order_does_not_tell_when_the_hour_is_there_once(desk):
    report = desk.take(column_of(["2026-10-25 01:00", "2026-10-25 02:00", "2026-10-25 03:00"]), BERLIN)
    assert (report.taken, report.rejected) == (2, 1)
    assert "set time.fold" in report.reasons[0].reason


@pytest.mark.parametrize(("fold", "utc"), [("earlier", "00:00"), ("later", "01:00")])
def test_wide__fold_says_which(desk, fold, utc):
    mapping = WIDE | {"time": {"column": "time", "zone": "Europe/Berlin", "fold": fold}}
    desk.take(column_of(["2026-10-25 02:00"]), mapping)
    assert desk.values("load1.p")[0][0] == f"2026-10-25T{utc}:00"


def test_long__each_sensor_follows_its_own_order(desk):
    mapping = LONG | {"time": {"column": "time", "zone": "Europe/Berlin"}}
    hours = ["02:00", "02:30", "02:00", "02:30"]
    rows = [(hour, tag) for hour in hours for tag in ("T1", "P1")]
    report = desk.take("time,tag,value\n" + "".join(f"2026-10-25 {h},{t},1\n" for h, t in rows), mapping)
    assert report.taken == 8
    for sensor in ("T1", "load1.p"):
        assert [at[11:16] for at, _, _ in desk.values(sensor)] == ["00:00", "00:30", "01:00", "01:30"]


def test_wide__the_hour_shown_twice_is_not_cut_between_pieces(sqlite_desk, monkeypatch):
    monkeypatch.setattr("orchestrator.ingest.cells._PIECE", 3)
    times = [f"2026-10-25 {h:02}:{m:02}" for h in (1, 2, 2, 3) for m in range(0, 60, 10)]
    assert sqlite_desk.take(column_of(times), BERLIN).taken == 24
    assert [value for _, value, _ in sqlite_desk.values("load1.p")] == list(range(24))


def test_read__a_summer_time_below_zero_keeps_the_order():
    # Dublin's law calls winter the exception: its clock shows 01:00 to 02:00 twice on 2026-10-25.
    times = ["2026-10-25 00:30", "2026-10-25 01:30", "2026-10-25 01:30", "2026-10-25 02:30"]
    assert [found[11:] for found in read(times, zone="Europe/Dublin")] == ["23:30", "00:30", "01:30", "02:30"]
