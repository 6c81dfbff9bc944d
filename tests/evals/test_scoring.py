"""The scorer must be able to fail: a right report, then the same one with one thing amiss."""

import pytest
import yaml

from agents.question import Question
from evals.case import EvalCase, Expected, load_suite
from evals.score import score
from orchestrator.runner import Runner
from orchestrator.settings import Settings, parse_reasoner
from tools.errors import InvalidArgumentError

# case30, line 9: 111.8 % by plain pandapower, as the issue of the core states it
LOADING = Expected(recipe="value", element="line:9", case="base", field="loading_percent", value=111.83, tolerance=0.05)
CASE = EvalCase(
    id="x", grid="case30", question="How heavily is line 9 loaded?", tools=("solve_power_flow",), expect=(LOADING,)
)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    runner = Runner(Settings(_env_file=None, home=tmp_path_factory.mktemp("home")))
    return runner.ask(Question(text=CASE.question, grid=CASE.grid), parse_reasoner("embedded"))


def test_score__a_right_report_passes(report):
    found = score(CASE, report)
    assert found.passed
    assert found.checked > 0


def test_score__a_tool_that_was_not_called(report):
    assert not score(CASE.model_copy(update={"tools": ("find_path",)}), report).tools_right


def test_score__a_number_that_no_statement_shows(report):
    elsewhere = LOADING.model_copy(update={"element": "line:10"})
    assert score(CASE.model_copy(update={"expect": (elsewhere,)}), report).missing


def test_score__a_number_that_contradicts_the_gold(report):
    other = LOADING.model_copy(update={"value": 97.3})
    assert score(CASE.model_copy(update={"expect": (other,)}), report).wrong


def test_score__a_changed_number_contradicts_plain_pandapower(report):
    evidence = list(report.evidence)
    for position, item in enumerate(evidence):
        branches = item.result.get("branches")
        if item.tool == "solve_power_flow" and branches:
            changed = [{**row, "loading_percent": 97.3} if row["element"]["index"] == 9 else row for row in branches]
            evidence[position] = item.model_copy(update={"result": item.result | {"branches": changed}})
    tampered = report.model_copy(update={"evidence": tuple(evidence)})
    assert any("loading_percent of line:9" in text for text in score(CASE, tampered).wrong)


def test_load_suite__a_broken_file_names_the_field(tmp_path):
    file = tmp_path / "suite.yaml"
    file.write_text(yaml.safe_dump({"name": "x", "version": 1, "cases": [{"id": "a", "grid": "case14"}]}))
    with pytest.raises(InvalidArgumentError, match="question"):
        load_suite(file)
    file.write_text("a: [")
    with pytest.raises(InvalidArgumentError, match="YAML"):
        load_suite(file)
