"""The shift report of the simulated day as it is read and kept: its page in a browser, its record afterwards.

One report and one explanation are made for all of these tests; a report takes a while.
"""

from dataclasses import dataclass

import pytest

from agents.question import Question, ReportKind
from agents.report import Report
from cli.demo_commands import SHIPPED_SEED
from orchestrator.demoday.day import make_day
from orchestrator.demoday.storing import GRID, store_day
from orchestrator.home import open_home
from orchestrator.publish import to_html
from orchestrator.runner import Runner
from orchestrator.settings import Settings, parse_reasoner
from tests.browser.walker import evidence_of, open_page, scrolls_sideways, stray_numbers, weak_contrast, wrong_values

EMBEDDED = parse_reasoner("embedded")
OTHER_SEED = 104


@dataclass(frozen=True)
class Shift:
    """A day that has been reported on."""

    runner: Runner
    report: Report

    @property
    def zone(self):
        return self.runner.settings.zone


def _shift(home, seed: int) -> Shift:
    settings = Settings(_env_file=None, home=home, timezone="Europe/Berlin")
    store_day(make_day(seed), open_home(settings))
    runner = Runner(settings)
    question = Question(text="Shift report", kind=ReportKind.SHIFT, grid=GRID)
    return Shift(runner, runner.ask(question, EMBEDDED))


@pytest.fixture(scope="module")
def shift(tmp_path_factory):
    return _shift(tmp_path_factory.mktemp("home"), SHIPPED_SEED)


@pytest.fixture(scope="module")
def explanation(shift):
    """Of the gravest incident."""
    return shift.runner.explain(shift.runner.incidents.list()[0].id, EMBEDDED)


@pytest.fixture(params=["shift", "explanation"])
def report(request):
    kept = request.getfixturevalue(request.param)
    return kept.report if isinstance(kept, Shift) else kept


def _vouched_for(report: Report, zone) -> None:
    with open_page(to_html(report, zone)) as opened:
        assert stray_numbers(opened) == []
        assert wrong_values(opened, evidence_of(report.model_dump_json())) == []
        assert opened.complaints == []
        assert opened.requests == []


@pytest.mark.browser
def test_page__every_number_of_the_whole_report_is_vouched_for(shift, report):
    _vouched_for(report, shift.zone)


@pytest.mark.browser
def test_page__every_number_of_another_day_is_vouched_for(tmp_path):
    other = _shift(tmp_path, OTHER_SEED)
    _vouched_for(other.report, other.zone)


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(1400, "light"), (1400, "dark"), (390, "light"), (390, "dark")])
def test_page__reads_by_day_and_night_on_a_desk_and_on_a_phone(shift, report, width, scheme):
    with open_page(to_html(report, shift.zone), width=width, scheme=scheme) as opened:
        assert not scrolls_sideways(opened)
        assert weak_contrast(opened) == []
        assert not scrolls_sideways(opened)


@pytest.mark.browser
def test_page__shows_the_load_against_its_forecast(shift):
    with open_page(to_html(shift.report, shift.zone)) as opened:
        picture = opened.page.locator("#section-state svg[aria-label='Load against forecast']")
        assert picture.count() == 1
        assert picture.locator("polyline.gcc-line").count() == 1
        assert picture.locator("polyline.gcc-dashed").count() == 1
        assert picture.locator("polygon.gcc-band").count() == 1


def test_record__a_shift_report_and_an_explanation_verify(shift, report):
    verification = shift.runner.verify(report.run_id)
    assert verification.integrity == "ok"
    assert verification.status == "same", (verification.differences, verification.reasons)


def test_record__a_shift_report_and_an_explanation_replay(shift, report):
    replayed = shift.runner.replay(report.run_id)
    assert replayed.equal, replayed.differences
