"""A feeder goes dark: who is without supply, and which element is at fault, asked in plain words."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandapower.networks as nw
import pytest

from agents.question import Intent, Question, ReportStatus
from orchestrator.home import open_home
from orchestrator.runner import Runner
from orchestrator.settings import Settings, parse_reasoner
from orchestrator.store.write_series import write_series
from tests.tools.memory_sources import series
from tools.element import ElementKind, ElementRef
from tools.grid.importing import grid_to_json, open_grid
from tools.telemetry.schema.sensor import Sensor

BEGIN = datetime(2026, 3, 10, 2, tzinfo=UTC)
FAULT, LAST = BEGIN + timedelta(minutes=40), BEGIN + timedelta(minutes=59)
DARK = range(6, 18)  # behind line 5 of case33bw


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    home = tmp_path_factory.mktemp("feeder")
    settings = Settings(_env_file=None, home=home)
    grid, net = open_grid("case33bw"), nw.case33bw()
    store = open_home(settings)
    store.grids.register("feeder", grid_to_json(grid), grid.fingerprint, "case33bw", ())
    held = []
    for bus in net.bus.index:
        element = ElementRef(kind=ElementKind.BUS, index=int(bus), name="")
        item = Sensor(name=f"bus{bus}.v", element=element, quantity="vm", unit="kv", period_s=60, grid="feeder")
        values = np.full(60, float(net.bus.vn_kv[bus]))
        if bus in DARK:
            values[40:] = 0.0
        held.append(series(item, BEGIN, 60, values))
    write_series(store.engine, held)
    return Runner(settings)


@pytest.mark.parametrize(
    "text",
    [
        "Is anyone without supply, and where is the fault?",
        "which buses are dead?",
        "blackout on the feeder?",
        "who lost power",
        "Which line is faulted?",
        "locate the fault please",
    ],
)
def test_ask__dark_feeder(runner, text):
    report = runner.ask(Question(text=text, grid="feeder", at=LAST), parse_reasoner("embedded"))
    said = " ".join(item.text for item in report.summary)
    assert report.status is ReportStatus.ANSWERED
    assert {item.tool for item in report.evidence} >= {"detect_outages"}
    assert "supply lost" in said
    assert "line:5" in said
    assert "1.07" in said  # MW of 3.715, Baran and Wu 1989
    assert "02:39" in said  # last minute with voltage
    assert "02:40" in said


def test_ask__before_the_fault_all_were_supplied(runner):
    report = runner.ask(
        Question(text="which buses are dead?", grid="feeder", at=FAULT - timedelta(minutes=5)),
        parse_reasoner("embedded"),
    )
    said = " ".join(item.text for item in report.summary)
    assert "all supplied" in said
    assert "33 of 33" in said


def test_ask__a_supposed_outage_is_the_models_matter(runner):
    report = runner.ask(
        Question(text="who would be without supply if line 20 trips?", grid="feeder", at=FAULT - timedelta(minutes=5)),
        parse_reasoner("embedded"),
    )
    assert Intent.DARK not in report.resolved.intents
    assert "detect_outages" not in {item.tool for item in report.evidence}


def test_ask__now_that_readings_are_old_nothing_is_claimed(runner):
    report = runner.ask(Question(text="which buses are dead?", grid="feeder"), parse_reasoner("embedded"))
    said = " ".join(item.text for item in report.summary)
    assert "partly checked" in said
    assert "0 of 33" in said
    assert any("stale" in item.text for item in report.not_checked)
