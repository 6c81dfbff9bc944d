"""``gridcrew simulate``: lists, checks, runs, judges, and says it with exit codes."""

import json

import pytest
from typer.testing import CliRunner

from cli.simulate_commands import app

QUICK = """\
name: quick
title: Quick
grid: {case: case14}
period: {hours: 1.5}
troubles:
  - {kind: line_trip, element: "line:3", start_min: 30, duration_min: 30}
expected:
  - {trouble: line_trip, tool: TOOL, kind: outage}
"""


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.setenv("GRIDCREW_HOME", str(tmp_path / "home"))
    return lambda *words: CliRunner().invoke(app, list(words))


@pytest.fixture
def quick(tmp_path):
    def write(tool="detect_anomalies"):
        file = tmp_path / "quick.yaml"
        file.write_text(QUICK.replace("TOOL", tool), encoding="utf-8")
        return str(file)

    return write


def test_list__names_every_scenario(call):
    found = json.loads(call("list", "--json").stdout)
    assert len(found) >= 30
    assert {"quiet-case14", "trip-feeder"} <= {one["name"] for one in found}


def test_check__says_that_a_file_is_right(call, quick):
    assert json.loads(call("check", quick(), "--json").stdout)["valid"] is True


def test_run__dry_tells_the_truth_and_stores_nothing(call, quick, tmp_path):
    said = json.loads(call("run", quick(), "--dry-run", "--json").stdout)
    assert [one["subject"] for one in said["truth"]] == ["line:3"]
    assert not (tmp_path / "home").exists()


def test_run__passes_with_0_fails_with_1_and_ends_with_3_where_nobody_could_look(call, quick):
    done = call("run", quick(), "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["verdict"] == "passed"
    assert call("run", quick("check_data_quality"), "--into", "second").exit_code == 1
    third = call("run", quick("assess_overload_risk"), "--into", "third", "--live", "--speed", "1000000")
    assert third.exit_code == 3
    assert "not checked: no tool assess_overload_risk" in third.stdout


def test_run__writes_the_messages(call, quick, tmp_path):
    file = tmp_path / "messages.csv"
    call("run", quick(), "--dry-run", "--messages", str(file))
    assert file.read_text(encoding="utf-8").startswith("TimeStamp;srcIP;dstIP")
