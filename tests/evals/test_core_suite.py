"""The project's own forty questions and their rewordings, asked as a user would; every run is then verified."""

from time import perf_counter

import pytest

from cli.eval_commands import SUITES
from evals.case import load_suite
from evals.gold import check_gold
from evals.output import to_json, to_junit
from evals.run import run_suite, tally
from orchestrator.runner import Runner
from orchestrator.settings import Settings, parse_reasoner


@pytest.fixture(scope="module")
def suite():
    return load_suite(SUITES / "core.yaml")


@pytest.fixture(scope="module")
def runner(tmp_path_factory):
    return Runner(Settings(_env_file=None, home=tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def outcomes(suite, runner):
    embedded = parse_reasoner("embedded")
    return tuple(run_suite(suite, lambda question: runner.ask(question, embedded), perf_counter, reworded=True))


@pytest.mark.timeout(900)
def test_core_suite__tools_are_right_and_no_number_is_wrong(outcomes):
    figures = tally(outcomes)
    amiss = [f"{item.case}[{item.phrasing}] {item.question}: {item.reasons}" for item in outcomes if not item.passed]
    assert figures.phrasings == 160
    assert figures.wrong_numbers == 0, amiss
    assert figures.tools_right >= 0.97, amiss
    assert figures.passed >= 0.95 * figures.phrasings, amiss
    assert figures.numbers_checked > 1000  # the oracle was really asked


@pytest.mark.timeout(900)
def test_core_suite__every_run_verifies(outcomes, runner):
    for item in outcomes:
        found = runner.verify(item.run)
        assert found.passed, (item.question, found.differences)
        assert found.status == "same", (item.question, found.reasons)


@pytest.mark.timeout(600)
def test_gold__plain_pandapower_gives_every_number_again(suite):
    checks = list(check_gold(suite))
    assert len(checks) >= 25
    assert not [item for item in checks if not item.holds]


def test_output__names_every_phrasing(outcomes):
    junit, plain = to_junit("core", outcomes), to_json("core", outcomes)
    assert junit.count("<testcase") == len(plain["outcomes"]) == len(outcomes)
