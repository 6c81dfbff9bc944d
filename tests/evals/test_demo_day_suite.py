"""Questions on the simulated day, asked as an operator would; the gold comes from the day and from physics."""

from time import perf_counter

import pytest

from cli.eval_commands import SUITES
from evals.case import load_suite
from evals.day import runner_for
from evals.gold import check_gold
from evals.run import run_suite, tally
from orchestrator.settings import Settings, parse_reasoner

pytestmark = pytest.mark.timeout(1800)


@pytest.fixture(scope="module")
def suite():
    return load_suite(SUITES / "demo_day.yaml")


@pytest.fixture(scope="module")
def runner(suite, tmp_path_factory):
    with runner_for(suite, Settings(_env_file=None, home=tmp_path_factory.mktemp("unused"))) as runner:
        yield runner


@pytest.fixture(scope="module")
def outcomes(suite, runner):
    embedded = parse_reasoner("embedded")
    return tuple(run_suite(suite, lambda question: runner.ask(question, embedded), perf_counter, reworded=True))


def test_demo_day_suite__tools_are_right_and_no_number_is_wrong(suite, outcomes):
    figures = tally(outcomes)
    amiss = [f"{item.case}[{item.phrasing}] {item.question}: {item.reasons}" for item in outcomes if not item.passed]
    assert figures.phrasings == sum(len(case.phrasings) for case in suite.cases)
    assert figures.wrong_numbers == 0, amiss
    assert figures.tools_right >= 0.97, amiss
    assert figures.passed >= 0.95 * figures.phrasings, amiss
    assert figures.numbers_checked > 300  # the day was really asked


def test_demo_day_suite__every_run_verifies(outcomes, runner):
    for item in outcomes:
        if item.run is None:
            continue
        found = runner.verify(item.run)
        assert found.passed, (item.question, found.differences)
        assert found.status == "same", (item.question, found.reasons)


def test_demo_day_gold__the_day_gives_every_value_again(suite):
    checks = list(check_gold(suite))
    assert len(suite.cases) >= 30
    assert len(checks) >= 55
    assert not [(item.case, item.place, item.written, item.recomputed) for item in checks if not item.holds]


def test_demo_day_suite__holds_what_it_promises(suite):
    tags = [set(case.tags) for case in suite.cases]
    assert sum(bool(found & {"stale", "missing", "conflict"}) for found in tags) >= 6
    assert sum("refused" in found for found in tags) >= 4
    assert all(1 <= len(case.rewordings) <= 3 for case in suite.cases)
