"""A real transformer from file to answer: ETTh1 is taken in and asked about; the right answers come from the csv."""

import csv
import gzip
import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

import pytest

from cli.main import run

pytestmark = pytest.mark.realdata

MAPPING = """
format: wide
time: {column: date, zone: UTC}
assets:
  - {name: ETT-1, kind: transformer}   # no nameplate is published
columns:
  OT:
    quantity: top_oil_temperature
    unit: celsius
    asset: ETT-1
    lowest: -50
    highest: 150
    period_s: 3600
    stale_after_s: 7200
  HUFL: {quantity: high_useful_load, asset: ETT-1, period_s: 3600, stale_after_s: 7200}
ignore: [HULL, MUFL, MULL, LUFL, LULL]
"""
ASKED = "What was the oil temperature on 2017-03-01, and how far above its usual is it?"
END = datetime(2017, 3, 1, 23, 59, 59, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def _call(capsys, monkeypatch, home, *args):
    monkeypatch.chdir(home)
    monkeypatch.setenv("GRIDCREW_HOME", str(home))
    monkeypatch.setattr(sys, "argv", ["gridcrew", *args])
    with pytest.raises(SystemExit) as stop:
        run()
    assert not stop.value.code, capsys.readouterr().err
    return capsys.readouterr().out


@pytest.fixture
def gridcrew(capsys, monkeypatch, tmp_path, realdata):
    """The command line over a home that has taken the file in."""
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(MAPPING)
    file = realdata / "transformer" / "ETTh1.csv.gz"
    taken = json.loads(_call(capsys, monkeypatch, tmp_path, "ingest", str(file), "--mapping", str(mapping), "--json"))
    assert (taken["taken"], taken["rejected"]) == (2 * 17_420, 0)
    return lambda *args: _call(capsys, monkeypatch, tmp_path, *args)


def _oil(realdata: Path) -> dict[datetime, float]:
    with gzip.open(realdata / "transformer" / "ETTh1.csv.gz", "rt", newline="") as lines:
        return {
            datetime.fromisoformat(row["date"]).replace(tzinfo=UTC): float(row["OT"]) for row in csv.DictReader(lines)
        }


def _shown(line) -> dict[str, str]:
    """What a sentence shows of each field."""
    return {span["path"].rpartition("/")[2]: line["text"][span["start"] : span["end"]] for span in line["spans"]}


def test_ask__oil_temperature_of_a_day_with_age_and_basis(gridcrew, realdata):
    told = _oil(realdata)
    last = max(at for at in told if at <= END)
    usual = median(told[last - back * DAY] for back in range(1, 29))
    report = json.loads(gridcrew("ask", ASKED, "--grid", "case39", "--json"))
    assert report["status"] == "answered"
    course, line = (item for item in report["summary"] if "sensor:OT" in item["text"])
    [reading] = [item for item in report["evidence"] if item["tool"] == "read_telemetry"]
    shown, over = _shown(line), _shown(course)
    [row] = reading["result"]["rows"]
    assert row["value"] == {"value": told[last], "unit": "celsius"}
    assert row["age_s"] == (END - last).total_seconds()
    assert row["usual_days"] == 28
    assert row["usual"]["value"] == pytest.approx(usual)
    assert row["above_usual"]["value"] == pytest.approx(told[last] - usual)
    assert row["above_usual"]["unit"] == "kelvin"
    assert shown["value"] == f"{told[last]:.1f} °C"
    assert shown["age_s"] == f"{(END - last).total_seconds():.0f} s"
    assert shown["at"].startswith(f"{last:%Y-%m-%d %H:%M}")
    assert shown["usual"] == f"{usual:.1f} °C"
    assert shown["usual_days"] == "28"
    assert shown["above_usual"] == f"{told[last] - usual:.1f} K"
    day = [value for at, value in told.items() if at.date() == END.date()]
    assert (over["lowest"], over["highest"]) == (f"{min(day):.1f} °C", f"{max(day):.1f} °C")
    assert over["readings"] == f"{len(day)}"
    assert "usual at this hour" in line["text"]
    assert "median of 28 days before" in line["text"]
    assert any("loss of life not checked: no nameplate" in item["text"] for item in report["summary"])


@pytest.mark.parametrize(
    "question", ["What is the loss of life of ETT-1?", "How much life did ETT-1 lose on 2017-03-01 by ageing?"]
)
def test_ask__loss_of_life_without_a_nameplate_is_not_checked(gridcrew, question):
    report = json.loads(gridcrew("ask", question, "--grid", "case39", "--json"))
    texts = [item["text"] for item in (*report["summary"], *report["not_checked"])]
    assert any("loss of life not checked: no nameplate" in text for text in texts), texts
    [assessed] = [item for item in report["evidence"] if item["tool"] == "assess_transformer"]
    [row] = assessed["result"]["rows"]
    assert all(row[name] is None for name in ("loss_of_life_h", "ageing_rate", "hot_spot_celsius"))
    assert not any("life used" in text for text in texts)
