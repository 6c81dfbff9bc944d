"""Taking one source away turns its sections into ``not_checked`` and invents nothing."""

import pytest

from agents.question import Question, ReportKind
from agents.report import SectionState
from orchestrator.demoday.day import make_day
from orchestrator.demoday.storing import GRID, store_day
from orchestrator.home import open_home
from orchestrator.runner import Runner
from orchestrator.settings import Settings, parse_reasoner
from tools.vocabulary import Severity

LOST = {
    # whether a sensor was tampered with is a part of cyber; without readings it is the clock that says when now is
    "telemetry": {"forecast", "maintenance", "cyber", "alarms"},
    "logs": {"cyber", "alarms"},
    "protocol": {"cyber"},  # a part is never called the whole
    "outages": {"outages", "reliability"},
    "permits": {"safety", "clocks"},  # an end of a permit is a deadline
}


@pytest.fixture(scope="module")
def day():
    return make_day(None)


def _report(home, day, without=(), **settings):
    settings = Settings(_env_file=None, home=home, **settings)
    store_day(day, open_home(settings), without)
    question = Question(text="Shift report", kind=ReportKind.SHIFT, grid=GRID)
    return Runner(settings).ask(question, parse_reasoner("embedded"))


def _unchecked(report) -> set[str]:
    return {item.key for item in report.sections if item.state is SectionState.NOT_CHECKED} - {"acknowledgement"}


def _said_of_cyber(report) -> list[str]:
    [cyber] = [item for item in report.sections if item.key == "cyber"]
    return [item.text for item in cyber.statements]


def test_shift_report__with_every_source_of_the_day_all_is_checked(tmp_path, day):
    report = _report(tmp_path, day)
    assert _unchecked(report) == set()
    said = _said_of_cyber(report)
    assert not [text for text in said if "not checked" in text.lower()]
    assert "Messages that do not belong to the traffic: none found in this log." in said


def test_shift_report__of_a_day_without_a_probe_says_that_its_network_is_not_checked(tmp_path, day):
    said = _said_of_cyber(_report(tmp_path, day, ("protocol",)))
    assert [text for text in said if "not checked" in text.lower()] == ["Protocol log not checked: no protocol log."]
    assert not [text for text in said if "belong to the traffic" in text]


@pytest.mark.parametrize("source", LOST)
def test_shift_report__a_source_that_is_taken_away_is_said_and_nothing_is_invented(tmp_path, day, source):
    report = _report(tmp_path, day, (source,))
    assert _unchecked(report) == LOST[source]
    for section in report.sections:
        if section.key in LOST[source]:
            assert any("not checked" in item.text.lower() for item in section.statements), section
    assert not [item for item in report.findings if item.severity is not Severity.INFORMATION]


def test_shift_report__without_limits_nothing_is_called_kept(tmp_path, day):
    """Limits live in the model and in the library: without both, neither limits nor security can be judged."""
    report = _report(tmp_path, day, ("limits",), standard_limits=False)
    assert _unchecked(report) == {"exceedances", "security"}
