"""The way of a cascade as a figure: where anything followed the outages, and a sentence where nothing did."""

import pytest
from pandapower import networks

from agents.question import Resolved
from orchestrator.compose.sections import cascade_section
from orchestrator.publish.picture import safe_picture
from tests.orchestrator.compose.evidence import board, evidence, pen
from tests.tools.grid.drawing_context import context_for
from tools.grid.cascade import simulate_cascade
from tools.grid.cascade_drawing import draw_cascade
from tools.grid.schema.cascade import SimulateCascadeArguments
from tools.grid.schema.cascade_drawing import DrawCascadeArguments


def section_of(name: str, *elements: str):
    context = context_for(name, getattr(networks, name)())
    asked = {"initiating": (elements,)}
    shown = board(
        evidence("e1", "simulate_cascade", simulate_cascade(context, SimulateCascadeArguments(**asked))),
        evidence("e2", "draw_cascade", draw_cascade(context, DrawCascadeArguments(**asked))),
    )
    return cascade_section(shown, Resolved(), pen(shown))


@pytest.mark.parametrize("elements", [("line:9",), ("line:15", "line:31"), ("line:12",)])
def test_cascade_section__has_the_way_as_a_figure_where_anything_followed(elements):
    [figure] = section_of("case30", *elements).figures
    assert figure.evidence == ("e2",)
    safe_picture(figure.svg)
    assert "numbers in circles" in figure.caption.text


def test_cascade_section__says_that_nothing_is_drawn_where_nothing_followed():
    section = section_of("case118", "line:3", "line:5")  # placeholder ratings: nothing can trip
    assert section.figures == ()
    assert any("No way is drawn" in statement.text for statement in section.statements)
