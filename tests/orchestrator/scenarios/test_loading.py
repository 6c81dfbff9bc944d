"""A scenario file is read, or refused with the line of each mistake and what would be right."""

import json

import pytest

from orchestrator.scenarios.loading import load_scenario, parse_scenario
from orchestrator.scenarios.schema.troubles import TroubleKind
from tools.errors import InvalidArgumentError

RIGHT = """\
name: mine
title: Mine
grid: {case: case14}
period: {hours: 8}
troubles:
  - kind: drift
    sensor: line4.p_from
    start_min: 60
    duration_min: [60, 120]
    rate_sigma_per_h: 5
expected:
  - {trouble: drift, tool: check_data_quality, kind: drifting_sensor}
"""


def refused(text):
    with pytest.raises(InvalidArgumentError) as caught:
        parse_scenario(text, "mine.yaml")
    return str(caught.value)


def test_parse_scenario__fills_a_number_in_as_a_range_of_itself():
    [trouble] = parse_scenario(RIGHT, "mine.yaml").troubles
    assert trouble.kind is TroubleKind.DRIFT
    assert trouble.rate_sigma_per_h == (5, 5)
    assert trouble.duration_min == (60, 120)


def test_load_scenario__takes_json_as_well(tmp_path):
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({"name": "mine", "title": "Mine", "grid": {"case": "case14"}}), encoding="utf-8")
    assert load_scenario(file).name == "mine"


@pytest.mark.parametrize(
    ("wrong", "right", "line", "words"),
    [
        ("rate_sigma_per_h: 5", "rate_sigma_per_hour: 5", 10, ("rate_sigma_per_hour", "Close names: rate_sigma_per_h")),
        ("kind: drift\n", "kind: drifting\n", 6, ("'drifting'", "Close names: drift", "protocol_scan")),
        ("rate_sigma_per_h: 5", "rate_sigma_per_h: [9, 5]", 10, ("falls", "[5, 9] would be right")),
        ("rate_sigma_per_h: 5", "rate_sigma_per_h: much", 10, ("'much'", "a range such as [3, 8]")),
        ("rate_sigma_per_h: 5", "rate_sigma_per_h: -5", 10, ("-5", "greater than 0")),
        ("rate_sigma_per_h: 5", "rate_sigma_per_h: .nan", 10, ("nan",)),
        ("hours: 8", "hours: 0", 4, ("period.hours = 0",)),
        ("hours: 8", "hours: 300, step_s: 1", 4, ("at most 20000 would be right",)),
        ("start_min: 60", "start_min: 600", 8, ("lies outside the period", "below 480")),
        ("tool: check_data_quality", "tool: check_data_qualities", 12, ("Close names: check_data_quality",)),
        ("trouble: drift", "trouble: trip", 12, ("no trouble 'trip'", "drift")),
        ("title: Mine", "title: Mine\ntitle: Yours", 3, ("title stands twice",)),
        ("title: Mine\n", "", 1, ("title: is missing",)),
        ("grid: {case: case14}", "grid: {case: case14", 4, ("no YAML or JSON",)),
        ("name: mine", "name: Mine Own", 1, ("'Mine Own'",)),
    ],
)
def test_parse_scenario__names_the_line_and_what_would_be_right(wrong, right, line, words):
    assert wrong in RIGHT
    message = refused(RIGHT.replace(wrong, right, 1))
    assert f"mine.yaml, line {line}" in message
    for word in words:
        assert word in message


def test_parse_scenario__tells_every_mistake_at_once():
    message = refused(RIGHT.replace("case: case14", "cases: case14").replace("hours: 8", "hour: 8"))
    assert "grid.cases: there is no such field" in message
    assert "grid.case: is missing" in message
    assert "period.hour: there is no such field" in message


def test_parse_scenario__refuses_a_swing_faster_than_readings_can_show():
    swing = "kind: oscillation\n    amplitude_percent: 5\n    cycle_s: 100\n"
    text = RIGHT.replace("kind: drift\n", swing).replace("    sensor: line4.p_from\n", "")
    text = text.replace("    rate_sigma_per_h: 5\n", "").replace("trouble: drift", "trouble: oscillation")
    message = refused(text)
    assert "line 8: troubles.0.cycle_s" in message
    assert "120 or more would be right" in message


@pytest.mark.parametrize("text", ["", "[]", "just words", "- a", "a: &x [*x]", "2026-99-99: 1", "\x00", "{" * 5000])
def test_parse_scenario__refuses_what_is_no_scenario(text):
    assert "mine.yaml" in refused(text)


def test_load_scenario__names_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InvalidArgumentError, match="cannot be read"):
        load_scenario(tmp_path / "none.yaml")


def test_load_scenario__refuses_bytes_that_are_no_text(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_bytes(b"name: \xff\xfe\x80")
    with pytest.raises(InvalidArgumentError, match="no UTF-8 text"):
        load_scenario(file)
