"""A picture of the grid is part of the answer, whether or not the state was asked for beside it."""

from pandapower import networks

from agents.question import Resolved
from orchestrator.compose.sections import answer_sections
from tests.orchestrator.compose.evidence import board, evidence, pen
from tests.tools.grid.drawing_context import context_for
from tools.grid.drawing import draw_grid
from tools.grid.power_flow import solve_power_flow
from tools.grid.schema.drawing import DrawGridArguments
from tools.grid.schema.power_flow import SolvePowerFlowArguments


def sections(*, solved: bool):
    context = context_for("case14", networks.case14())
    found = [evidence("e1", "draw_grid", draw_grid(context, DrawGridArguments()))]
    if solved:
        found.append(evidence("e2", "solve_power_flow", solve_power_flow(context, SolvePowerFlowArguments())))
    shown = board(*found)
    return answer_sections(shown, Resolved(), pen(shown))


def test_answer_sections__a_picture_alone_has_a_section_with_what_it_shows():
    [section] = sections(solved=False)
    [figure] = section.figures
    assert section.key == "picture"
    assert figure.evidence == ("e1",)
    assert any("shows 14 buses" in statement.text for statement in section.statements)
    assert any("schematic, not those of a map" in statement.text for statement in section.statements)


def test_answer_sections__beside_a_solved_state_the_picture_is_shown_once():
    assert [(section.key, len(section.figures)) for section in sections(solved=True)] == [("state", 1)]
