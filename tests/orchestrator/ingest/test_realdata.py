"""Public data as they are; the right answers come from the standard library's own reading of the files."""

import csv
import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from orchestrator.ingest.load_mapping import load_mapping
from orchestrator.store.open_sources import open_sources
from tests.orchestrator.ingest.conftest import NOW
from tools.errors import InvalidArgumentError
from tools.telemetry.moments import to_us

MAPPINGS = Path(__file__).parent / "mappings"
pytestmark = pytest.mark.realdata


def mapping_of(name):
    return yaml.safe_load((MAPPINGS / f"{name}.yaml").read_text())


def test_etth1__every_cell_lands(desk, realdata):
    file = realdata / "transformer" / "ETTh1.csv.gz"
    report = desk.take_file(file, mapping_of("etth1"))
    assert (report.rows, report.values, report.taken) == (17_420, 7 * 17_420, 7 * 17_420)
    assert (report.rejected, report.empty, report.gap_count, report.sensors_made) == (0, 0, 0, 7)
    with gzip.open(file, "rt", newline="") as text:
        rows = list(csv.DictReader(text))
    sources = open_sources(desk.engine, "case39", NOW + timedelta(days=1))
    start, end = datetime(2016, 7, 1, tzinfo=UTC), datetime(2018, 6, 26, 19, tzinfo=UTC)
    assert sources.telemetry.extent() == (start, end)
    found = sources.telemetry.series(["OT", "LULL"], start, end)
    for name, series in found.items():
        assert series.value.tolist() == [float(row[name]) for row in rows]
        assert series.at_us.tolist() == [to_us(datetime.fromisoformat(row["date"]).replace(tzinfo=UTC)) for row in rows]
    [asset] = sources.assets.assets()
    assert (asset.name, asset.nameplate) == ("ETT-1", None)
    before = desk.tables()
    assert desk.take_file(file, mapping_of("etth1")).duplicates == 7 * 17_420
    assert desk.tables() == before


def test_victoria__every_cell_lands(desk, realdata):
    file = realdata / "load" / "vic_electricity.csv.gz"
    report = desk.take_file(file, mapping_of("vic_electricity"), grid="vic")
    assert (report.rows, report.taken, report.rejected, report.gap_count) == (52_608, 2 * 52_608, 0, 0)
    assert report.notes == ()
    with gzip.open(file, "rt", newline="") as text:
        total = sum(float(row["Demand"]) for row in csv.DictReader(text))
    telemetry = open_sources(desk.engine, "vic", NOW + timedelta(days=1)).telemetry
    found = telemetry.series(["system.load"], datetime(2011, 1, 1, tzinfo=UTC), NOW)["system.load"]
    assert found.value.sum() == pytest.approx(total, rel=1e-12)
    assert open_sources(desk.engine, "other", NOW + timedelta(days=1)).telemetry is None


def test_victoria__of_another_file_is_refused(sqlite_desk, realdata):
    with pytest.raises(InvalidArgumentError, match="column 'Time' of the mapping is not in the file"):
        sqlite_desk.take_file(realdata / "transformer" / "ETTh1.csv.gz", mapping_of("vic_electricity"))


@pytest.mark.parametrize("name", ["etth1", "vic_electricity"])
def test_mappings__load(name):
    assert load_mapping(MAPPINGS / f"{name}.yaml").format == "wide"
