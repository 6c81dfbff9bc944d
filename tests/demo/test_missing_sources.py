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
    "telemetry": {"forecast", "maintenance"},
    "logs": {"cyber", "alarms"},
    "outages": {"outages", "reliability"},
    "permits": {"safety"},
}


@pytest.fixture(scope="module")
def day():
    return make_day(None)


def _report(home, day, without=()):
    settings = Settings(_env_file=None, home=home)
    store_day(day, open_home(settings), without)
    question = Question(text="Shift report", kind=ReportKind.SHIFT, grid=GRID)
    return Runner(settings).ask(question, parse_reasoner("embedded"))


def _unchecked(report) -> set[str]:
    return {item.key for item in report.sections if item.state is SectionState.NOT_CHECKED} - {"acknowledgement"}


def test_shift_report__with_every_source_every_section_is_checked(tmp_path, day):
    assert _unchecked(_report(tmp_path, day)) == set()


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
    from dataclasses import replace  # noqa: PLC0415 - only this test takes a grid apart

    from tools.grid.grid import Grid  # noqa: PLC0415
    from tools.grid.importing import grid_from_json, grid_to_json  # noqa: PLC0415

    copy = grid_from_json(grid_to_json(day.grid), GRID)
    for table, columns in (("bus", ("min_vm_pu", "max_vm_pu")), ("line", ("max_loading_percent", "max_i_ka"))):
        for column in columns:
            if column in copy.net[table]:
                copy.net[table][column] = float("nan")
    bare = grid_from_json(grid_to_json(Grid(GRID, "", copy.net)), GRID)
    settings = Settings(_env_file=None, home=tmp_path, standard_limits=False)
    store_day(replace(day, grid=bare), open_home(settings))
    question = Question(text="Shift report", kind=ReportKind.SHIFT, grid=GRID)
    report = Runner(settings).ask(question, parse_reasoner("embedded"))
    assert {"exceedances", "security"} <= _unchecked(report)
