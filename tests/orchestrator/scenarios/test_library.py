"""The library: every file is a scenario, every scenario can be simulated, and today's tools are held against it."""

import pytest

from orchestrator.scenarios.generate import generate
from orchestrator.scenarios.held import held_context
from orchestrator.scenarios.judging import Verdict, judge
from orchestrator.scenarios.library import find_scenario, named, names
from orchestrator.scenarios.schema.expected import PLANNED
from orchestrator.scenarios.schema.troubles import TroubleKind
from tools.errors import InvalidArgumentError


def test_names__are_thirty_or_more_over_all_kinds_and_several_grids():
    found = [named(name) for name in names()]
    assert len(found) >= 30
    assert {trouble.kind for one in found for trouble in one.troubles} == set(TroubleKind)
    assert {one.grid.case for one in found} >= {"case14", "case30", "case39", "case118", "case33bw", "demo"}
    assert sum(not one.troubles for one in found) >= 3
    assert sum(len(one.troubles) > 1 for one in found) >= 3


def test_named__refuses_an_unknown_name_with_the_nearest():
    with pytest.raises(InvalidArgumentError, match=r"Close names: .*quiet-case14"):
        find_scenario("quiet-cas14")


@pytest.mark.parametrize("name", names())
def test_library__every_scenario_has_its_truth_and_its_judgement(name):
    scenario = named(name)
    day = generate(scenario)
    assert {one.label for one in day.truth} == {trouble.label for trouble in scenario.troubles}
    for one in day.truth:
        assert day.timeline.start <= one.start <= one.end <= day.timeline.last
        assert one.detectability.detectable == (not name.startswith("undetectable"))
        if name.startswith("hidden"):
            assert not one.culprit_observed
    judgement = judge(day, held_context(day))
    assert judgement.not_checked == sum("no tool" in (one.reason or "") for one in judgement.checks)
    if judgement.verdict is not Verdict.PASSED:
        assert judgement.verdict is Verdict.NOT_CHECKED, judgement.model_dump_json(indent=1)
        assert {one.tool for one in judgement.checks if one.reason} <= set(PLANNED)
