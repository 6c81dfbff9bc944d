"""Parquet: types, nested fields, zones, and memory that does not grow with the file."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.orchestrator.ingest.test_tables import counts, rejects
from tools.errors import InvalidArgumentError

WIDE = {
    "format": "wide",
    "written": "parquet",
    "time": {"column": "ts"},
    "columns": {"p": {"sensor": "load1.p", "quantity": "p", "unit": "mw", "file_unit": "kW"}},
}
MIDNIGHT = datetime(2026, 3, 10, tzinfo=UTC)


def _take(desk, columns: dict, mapping: dict, **options):
    file = desk.folder / "file.parquet"
    pq.write_table(pa.table(columns), file, **options)
    return desk.take_file(file, mapping)


def _times(count, zone="UTC"):
    return pa.array([MIDNIGHT + timedelta(minutes=n) for n in range(count)], pa.timestamp("us", tz=zone))


def test_wide__times_with_a_zone_are_the_moments_that_they_are(desk):
    report = _take(desk, {"ts": _times(3, "Europe/Berlin"), "p": [12500.0, None, float("nan")]}, WIDE)
    assert counts(report) == (3, 1, 0, 1, 1)
    assert desk.values("load1.p") == [("2026-03-10T00:00:00", 12.5, 0)]
    assert rejects(report)[0]["value"] == "NaN"
    assert rejects(report)[0]["row"] == "3"


def test_wide__nan_is_empty_where_the_mapping_says_so(desk):
    report = _take(desk, {"ts": _times(2), "p": [1.0, float("nan")]}, WIDE | {"missing": ["", "NaN"]})
    assert counts(report) == (2, 1, 0, 0, 1)


@pytest.mark.parametrize(
    "values",
    [
        pa.array([125, 250], pa.int32()),
        pa.array([125.0, 250.0], pa.float32()),
        pa.array([Decimal("125.00"), Decimal("250.00")], pa.decimal128(8, 2)),
        pa.array(["125", "250"]),
        pa.array(["125", "250"]).dictionary_encode(),
    ],
    ids=lambda item: str(item.type),
)
def test_wide__numbers_of_all_types(desk, values):
    _take(desk, {"ts": _times(2), "p": values}, WIDE)
    assert [value for _, value, _ in desk.values("load1.p")] == [0.125, 0.25]


def test_wide__a_narrow_float_is_the_number_that_it_was_written_from(desk):
    _take(desk, {"ts": _times(1), "p": pa.array([230.1], pa.float32())}, WIDE)
    assert desk.values("load1.p")[0][1] == 0.2301


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_wide__times_without_a_zone_need_one_and_the_hour_shown_twice_goes_by_order(desk, unit):
    naive = np.array(["2026-10-25T02:30", "2026-10-25T02:30", "2026-10-25T03:30"], dtype=f"datetime64[{unit}]")
    columns = {"ts": pa.array(naive, pa.timestamp(unit)), "p": [1.0, 2.0, 3.0]}
    with pytest.raises(InvalidArgumentError, match="zone"):
        _take(desk, columns, WIDE)
    _take(desk, columns, WIDE | {"time": {"column": "ts", "zone": "Europe/Berlin"}})
    assert [at[11:16] for at, *_ in desk.values("load1.p")] == ["00:30", "01:30", "02:30"]


def test_long__nested_fields_unsorted_duplicates_and_mixed_units(desk):
    mapping = {
        "format": "long", "written": "parquet", "time": {"column": "meta.ts", "format": "epoch_ms"},
        "sensor_column": "meta.tag", "value_column": "value", "unit_column": "unit",
        "sensors": {"P1": {"sensor": "load1.p", "quantity": "p", "unit": "mw"}},
    }  # fmt: skip
    stamps = [1773100860000, 1773100800000, 1773100860000]
    columns = {
        "meta": pa.array([{"ts": at, "tag": "P1", "site": "x"} for at in stamps]),
        "value": [2.0, 1000.0, 2.0],
        "unit": ["MW", "kW", "MW"],
    }
    report = _take(desk, columns, mapping)
    assert counts(report) == (3, 2, 1, 0, 0)
    assert [value for _, value, _ in desk.values("load1.p")] == [1.0, 2.0]
    assert "meta.site" in report.notes[0]


def test_a_second_time_changes_nothing(desk):
    columns = {"ts": _times(2), "p": [1.0, 2.0]}
    assert counts(_take(desk, columns, WIDE)) == (2, 2, 0, 0, 0)
    assert counts(_take(desk, columns, WIDE)) == (2, 0, 2, 0, 0)


def test_what_is_no_parquet_or_cut_off_is_refused(desk):
    with pytest.raises(InvalidArgumentError, match="Parquet"):
        desk.take("ts,p\n2026-03-10,1\n", WIDE, name="file.parquet")
    _take(desk, {"ts": _times(2), "p": [1.0, 2.0]}, WIDE)
    whole = (desk.folder / "file.parquet").read_bytes()
    with pytest.raises(InvalidArgumentError, match="Parquet"):
        desk.take(whole[: len(whole) // 2], WIDE, name="cut.parquet")
    with pytest.raises(InvalidArgumentError, match="written: parquet"):
        desk.take(whole, {key: item for key, item in WIDE.items() if key != "written"})


def test_columns_and_types_that_do_not_fit_are_named(desk):
    with pytest.raises(InvalidArgumentError, match=r"'p' of the mapping is not in the file.*'power'"):
        _take(desk, {"ts": _times(1), "power": [1.0]}, WIDE)
    with pytest.raises(InvalidArgumentError, match="'p' is of type list"):
        _take(desk, {"ts": _times(1), "p": [[1.0]]}, WIDE)
    with pytest.raises(InvalidArgumentError, match="iso would be right"):
        _take(desk, {"ts": _times(1), "p": [1.0]}, WIDE | {"time": {"column": "ts", "format": "epoch_s"}})


def test_memory__does_not_grow_with_the_file(tmp_path):
    """Three million rows read in pieces stay far below what they hold: 24 MB of times and values each."""
    file = tmp_path / "long.parquet"
    with pq.ParquetWriter(file, pa.schema([("ts", pa.int64()), ("p", pa.float64())])) as writer:
        for part in range(30):
            stamps = np.arange(part * 100_000, (part + 1) * 100_000, dtype=np.int64)
            writer.write_table(pa.table({"ts": stamps, "p": stamps / 7.0}))
    code = (
        "import resource, sys; from pathlib import Path\n"
        "from orchestrator.ingest.parquet import ParquetTable\n"
        "from orchestrator.ingest.mapping import WideMapping\n"
        "mapping = WideMapping(format='wide', written='parquet', time={'column': 'ts', 'format': 'epoch_s'},"
        " columns={'p': {'quantity': 'p'}})\n"
        "table = ParquetTable(Path(sys.argv[1]), mapping, ('ts', 'p'))\n"
        "pieces = table.pieces(100_000); next(pieces)\n"
        "first = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for _ in pieces: pass\n"
        "print(table.rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - first)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True)
    rows, grown_kib = map(int, done.stdout.split())
    assert rows == 3_000_000
    assert grown_kib < 60_000
