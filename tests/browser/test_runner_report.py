"""Reports of the real runner in a real browser: each number is evidence, an identifier, a time, or the user's words."""

import pytest

from agents.question import Question, ReportKind
from orchestrator.publish import to_html
from orchestrator.runner import Runner
from orchestrator.settings import Settings, parse_reasoner
from tests.browser.walker import evidence_of, open_page, scrolls_sideways, stray_numbers, weak_contrast, wrong_values

pytestmark = pytest.mark.browser

QUESTIONS = (
    Question(text="Is anything wrong, and what should I do about it?", grid="case30"),
    Question(text="What happens if trafo 12 trips?", grid="case118"),
    Question(text="Since line 9 is fine, what is the voltage at bus 7?", grid="case30"),
    Question(text="What does EN 50160 say about supply voltage?", grid="case33bw"),
    Question(text="Open breaker 12 now.", grid="case14"),
    Question(text="What if I raise gen 2 by 3.5 MW?", grid="case30"),
    Question(text="Shift report", grid="case39", kind=ReportKind.SHIFT),
)


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    return Runner(Settings(_env_file=None, home=tmp_path_factory.mktemp("home"), timezone="Europe/Berlin"))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.text[:30])
def test_report__every_number_on_the_page_is_vouched_for(runner, question):
    report = runner.ask(question, parse_reasoner("embedded"))
    with open_page(to_html(report, runner.settings.zone)) as opened:
        assert stray_numbers(opened) == []
        assert wrong_values(opened, evidence_of(report.model_dump_json())) == []
        assert opened.complaints == []
        assert opened.requests == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_shift_report__reads_on_a_desk_at_night_and_on_a_phone(runner, width, scheme):
    report = runner.ask(QUESTIONS[-1], parse_reasoner("embedded"))
    with open_page(to_html(report, runner.settings.zone), width=width, scheme=scheme) as opened:
        assert not scrolls_sideways(opened)
        assert weak_contrast(opened) == []
