"""The estimated state in plain words: the falsified sensor of a day is named, and each number is a reference."""

import pytest

from agents.question import Question, ReportStatus
from agents.report import SectionState
from orchestrator.demoday.day import make_day
from orchestrator.demoday.storing import GRID, store_day
from orchestrator.home import open_home
from orchestrator.runner import Runner
from orchestrator.settings import Settings, parse_reasoner


@pytest.fixture(scope="module")
def day():
    return make_day(2)


@pytest.fixture(scope="module")
def runner(tmp_path_factory, day):
    settings = Settings(_env_file=None, home=tmp_path_factory.mktemp("home"))
    store_day(day, open_home(settings))
    return Runner(settings)


def _ask(runner, text, grid=GRID):
    return runner.ask(Question(text=text, grid=grid), parse_reasoner("embedded"))


def _bare_digits(report) -> list[str]:
    bare = []
    for statement in report.summary:
        covered = {place for span in (*statement.spans, *statement.tokens) for place in range(span.start, span.end)}
        bare += [statement.text for place, char in enumerate(statement.text) if char.isdigit() and place not in covered]
    return bare


def test_ask__the_estimate_names_the_falsified_sensor(runner, day):
    (false,) = (truth for truth in day.truth if truth.kind == "false_data")
    middle = false.start + (false.end - false.start) / 2
    report = _ask(runner, f"run a state estimation at {middle:%H:%M}")
    assert report.status is ReportStatus.ANSWERED
    assert "bad data rejected" in report.summary[0].text
    assert any(false.element in item.text and "normalised residual" in item.text for item in report.summary)
    assert not _bare_digits(report)
    assert [item.tool for item in report.evidence] == ["estimate_state"]
    assert runner.verify(report.run_id).status == "same"


def test_ask__the_estimate_of_an_element_stands_beside_what_was_measured(runner):
    report = _ask(runner, "what is the estimated voltage at bus 5 at 02:00, and the residual there?")
    assert any("bus:5" in item.text and "kV" in item.text for item in report.summary)
    assert any("bus5.vm" in item.text and "measured" in item.text for item in report.summary)
    assert not _bare_digits(report)


def test_ask__an_estimate_without_telemetry_is_not_checked(runner):
    report = _ask(runner, "run a state estimation", "case39")
    assert "not checked" in report.summary[0].text
    assert "telemetry" in report.summary[0].text
    assert not report.evidence
    assert all(item.state is not SectionState.FINDINGS for item in report.sections)
