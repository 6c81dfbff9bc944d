# ruff: noqa: S314 - the pictures are our own
"""Pictures of cascades: what trips when by hand-made grids, what is shaded by topology, every number by its field."""

import re
from copy import deepcopy
from xml.etree import ElementTree as ET

import pandapower as pp
import pandapower.topology as top
import pytest
from pandapower import networks

from tests.tools.grid.drawing_context import context_for
from tools.facts import lookup
from tools.grid.cascade import simulate_cascade
from tools.grid.cascade_drawing import draw_cascade
from tools.grid.diagram.time_line import MOST_STEPS
from tools.grid.schema.cascade import SimulateCascadeArguments
from tools.grid.schema.cascade_drawing import CascadeDrawing, DrawCascadeArguments

SVG = "{http://www.w3.org/2000/svg}"


def draw(net, **arguments) -> CascadeDrawing:
    return draw_cascade(context_for("cascade", net), DrawCascadeArguments(**arguments))


def texts(drawing: CascadeDrawing) -> list[ET.Element]:
    return list(ET.fromstring(drawing.svg).iter(f"{SVG}text"))


def titles(drawing: CascadeDrawing) -> list[str]:
    return [title.text or "" for title in ET.fromstring(drawing.svg).iter(f"{SVG}title")]


def shapes(drawing: CascadeDrawing, tag: str, css: str) -> list[ET.Element]:
    return [item for item in ET.fromstring(drawing.svg).iter(f"{SVG}{tag}") if css in item.get("class", "").split()]


@pytest.fixture(scope="module")
def twins():
    """Two equal lines feed a town and a village behind it; one line alone carries half as much again as it may."""
    net = pp.create_empty_network()
    for _ in range(3):
        pp.create_bus(net, 110.0)
    pp.create_ext_grid(net, 0)
    for start, end, max_i_ka in ((0, 1, 0.2), (0, 1, 0.2), (1, 2, 1.0)):
        pp.create_line_from_parameters(net, start, end, 5.0, 0.06, 0.2, 9.0, max_i_ka)
    pp.create_load(net, 1, 40.0)
    pp.create_load(net, 2, 16.0)
    return net


@pytest.fixture(scope="module")
def way(twins):
    return draw(twins, initiating=(("line:0",),))


def test_draw_cascade__trips_are_numbered_by_step_and_parts_without_supply_shaded(way):
    assert "line:1: overcurrent, step 1" in titles(way)
    assert [title for title in titles(way) if title.startswith("line:0")] == ["line:0: out"]
    assert [ref.index for ref in way.path.dead] == [1, 2]
    assert len(shapes(way, "circle", "gcd-shade")) == 2
    assert len(shapes(way, "polyline", "gcd-shade-way")) == 1  # the line between the town and the village
    assert len(shapes(way, "polyline", "gcd-trip")) == 1


def test_draw_cascade__time_line_tells_time_reason_and_load_lost(twins, way):
    alone = deepcopy(twins)
    alone.line.loc[0, "in_service"] = False
    pp.runpp(alone)
    overload = alone.res_line.loading_percent.at[1] / 100
    seconds = 0.14 / (overload**0.02 - 1)  # standard inverse characteristic of IEC 60255-151, TMS one
    said = {text.get("data-path"): text.text for text in texts(way)}
    assert float(said["/path/steps/1/time_s"].split()[0]) == pytest.approx(seconds, abs=0.051)
    assert said["/path/steps/1/events/0/mechanism"] == "overcurrent"
    assert said["/path/steps/0/unserved_p_mw"] == "0.00 MW"
    assert said["/path/steps/1/unserved_p_mw"] == "56.00 MW"


def test_draw_cascade__every_number_is_the_field_that_it_points_to(way):
    stored = way.model_dump(mode="json")
    for text in texts(way):
        path, number = text.get("data-path"), re.match(r"[\d.]+", text.text or "")
        if path and number:
            assert float(number[0]) == pytest.approx(lookup(stored, path), abs=0.0501)
        else:
            assert "identifier" in text.get("class") or not re.search(r"\d", text.text or "")
    assert not re.search(r"\d", ET.fromstring(way.svg).findtext(f"{SVG}desc") + way.note)


def test_draw_cascade__draws_the_worst_of_several_as_it_is_simulated():
    net = networks.case30()
    asked = {"order": 2, "sample": 40}
    simulated = simulate_cascade(context_for("cascade", net), SimulateCascadeArguments(**asked))
    drawing = draw(net, **asked)
    assert drawing.path == simulated.paths[0]
    assert drawing.case == simulated.rows[0].case
    tripped = {str(event.element) for step in drawing.path.steps for event in step.events if event.loading_percent}
    assert tripped
    for element in tripped:
        assert any(title.startswith(f"{element}: overcurrent") for title in titles(drawing))


def test_draw_cascade__what_is_shaded_hangs_on_no_infeed_by_topology():
    drawing = draw(networks.case33bw(), initiating=(("line:5",),))
    net = networks.case33bw()
    net.line.loc[5, "in_service"] = False
    cut_off = top.unsupplied_buses(net)
    assert {ref.index for ref in drawing.path.dead} == cut_off == set(range(6, 18))
    assert len(shapes(drawing, "circle", "gcd-shade")) == len(cut_off)


def test_draw_cascade__a_contained_outage_trips_and_shades_nothing():
    drawing = draw(networks.case30(), initiating=(("line:0",),), protection={"pickup_percent": 300.0})
    assert not shapes(drawing, "polyline", "gcd-trip")
    assert not shapes(drawing, "circle", "gcd-shade")
    assert "No bus lost supply." in drawing.note


def test_draw_cascade__of_a_larger_grid_what_lies_near_is_drawn_and_the_rest_counted():
    net = networks.case118()
    drawing = draw(net, initiating=(("line:3", "line:5"),))
    assert drawing.buses_drawn < len(net.bus)
    assert drawing.buses_drawn + drawing.buses_left_out == len(net.bus)
    assert "left out" in drawing.note


def test_draw_cascade__steps_beyond_the_time_lines_room_are_counted():
    """Lines of rising rating side by side: each carries the load of those before it, and trips after them."""
    net = pp.create_empty_network()
    source, sink = pp.create_bus(net, 110.0), pp.create_bus(net, 110.0)
    pp.create_ext_grid(net, source)
    count = MOST_STEPS + 4
    for place in range(count):
        pp.create_line_from_parameters(net, source, sink, 5.0, 0.06, 0.2, 0.0, 0.5 / (count - place))
    pp.create_load(net, sink, 100.0)
    drawing = draw(net, initiating=(("line:0",),), horizon_s=86_400.0)
    assert len(drawing.path.steps) == count  # the outage itself, and every other line by itself
    assert drawing.steps_not_listed == len(drawing.path.steps) - MOST_STEPS
    [told] = [text for text in texts(drawing) if text.get("data-path") == "/steps_not_listed"]
    assert told.text == str(drawing.steps_not_listed)


def test_draw_cascade__equal_input_gives_equal_bytes(twins, way):
    assert draw(twins, initiating=(("line:0",),)).svg == way.svg
