# ruff: noqa: S314 - the pictures are our own
"""Pictures of real cases; the right answer is a plain pandapower run on the same net."""

import re
from copy import deepcopy
from xml.etree import ElementTree as ET

import pandapower as pp
import pytest
from pandapower import networks
from pandapower.toolbox import nets_equal

from tests.tools.grid.drawing_context import context_for
from tools.errors import InvalidArgumentError, UnknownElementError
from tools.facts import lookup
from tools.grid.diagram.scope import MOST_BUSES
from tools.grid.drawing import draw_grid
from tools.grid.schema.drawing import DrawGridArguments, Drawing

SVG = "{http://www.w3.org/2000/svg}"


def draw(name: str, net=None, **arguments) -> Drawing:
    return draw_grid(context_for(name, net or getattr(networks, name)()), DrawGridArguments(**arguments))


def marks(drawing: Drawing) -> dict[str, str]:
    """Mark of each drawn element, from the titles of its group: ``bus:3 name: low``."""
    titles = [title.text or "" for title in ET.fromstring(drawing.svg).iter(f"{SVG}title")]
    return {title.split()[0].rstrip(":"): title.rsplit(": ", 1)[1] for title in titles}


def printed(drawing: Drawing) -> dict[str, str]:
    """Text of each printed value by its path."""
    texts = ET.fromstring(drawing.svg).iter(f"{SVG}text")
    return {text.get("data-path"): text.text or "" for text in texts if text.get("data-path")}


@pytest.fixture(scope="module")
def case30():
    net = networks.case30()
    pp.runpp(net)
    return net


@pytest.mark.parametrize("name", ["case14", "case30", "case39", "case118", "case33bw"])
def test_draw_grid__shows_every_bus_and_branch_of_a_small_case(name):
    net = getattr(networks, name)()
    drawing = draw(name, net)
    assert (drawing.buses_drawn, drawing.buses_left_out) == (len(net.bus), 0)
    assert len(drawing.drawn) == len(net.bus) + len(net.line) + len(net.trafo)
    assert set(marks(drawing)) == {str(element) for element in drawing.drawn}


def test_draw_grid__marks_exactly_the_branches_above_their_limit(case30):
    over = {f"line:{index}" for index in case30.line.index[case30.res_line.loading_percent > 100]}
    found = {key for key, mark in marks(draw("case30", case30)).items() if mark == "overloaded"}
    assert found == over == {"line:9"}


def test_draw_grid__every_printed_value_is_the_stored_one_and_the_solvers(case30):
    drawing = draw("case30", case30)
    stored = drawing.model_dump(mode="json")
    values = printed(drawing)
    assert len(values) == len(case30.bus) + len(case30.line)
    for path, text in values.items():
        assert float(text.split()[0]) == pytest.approx(lookup(stored, path), abs=0.0501)
    voltages = {row.element.index: row.vm_pu for row in drawing.buses}
    assert voltages == pytest.approx(case30.res_bus.vm_pu.to_dict(), abs=1e-6)
    loadings = {row.element.index: row.loading_percent for row in drawing.branches}
    assert loadings == pytest.approx(case30.res_line.loading_percent.to_dict(), abs=1e-4)


def test_draw_grid__only_identifiers_and_traced_values_carry_digits(case30):
    for arguments in ({}, {"around": "line:9", "depth": 1}, {"around": "bus:5", "style": "single_line"}):
        for text in ET.fromstring(draw("case30", case30, **arguments).svg).iter(f"{SVG}text"):
            traced = text.get("data-path") or "identifier" in text.get("class", "")
            assert traced or not re.search(r"\d", text.text or "")


def test_draw_grid__placeholder_ratings_give_no_loading_and_the_note_says_so():
    drawing = draw("case118", around="bus:68")
    assert not [row for row in drawing.branches if row.loading_percent is not None]
    assert "overloaded" not in marks(drawing).values()
    assert "Loadings are not shown" in drawing.note


def test_draw_grid__outage_on_a_radial_feeder_shows_what_is_dead():
    # everything behind line 5 of the feeder hangs on it alone: buses 6 to 17
    found = marks(draw("case33bw", outages=("line:5",)))
    assert found["line:5"] == "out"
    assert {key for key, mark in found.items() if mark == "dead" and key.startswith("bus")} == {
        f"bus:{bus}" for bus in range(6, 18)
    }
    assert found["line:32"] == "open"  # one of the ties that the case has out of service


def test_draw_grid__voltage_outside_the_models_band_is_marked_by_side():
    net = networks.case39()
    solved = deepcopy(net)
    pp.runpp(solved)
    drawing = draw("case39", net)
    for bus, vm_pu in solved.res_bus.vm_pu.items():
        low, high = solved.bus.min_vm_pu.at[bus], solved.bus.max_vm_pu.at[bus]
        assert marks(drawing)[f"bus:{bus}"] == ("low" if vm_pu < low else "high" if vm_pu > high else "normal")


def test_draw_grid__unsolvable_state_shows_topology_without_a_number():
    net = networks.case30()
    net.load["p_mw"] *= 20
    drawing = draw("case30 overloaded", net)
    assert not drawing.overlay
    assert not printed(drawing)
    assert not drawing.buses
    assert "topology only" in drawing.note


def test_draw_grid__depth_counts_branches_from_the_centre(case30):
    neighbours = {5} | {
        int(other)
        for one, two in zip(case30.line.from_bus, case30.line.to_bus, strict=True)
        for this, other in ((one, two), (two, one))
        if this == 5
    }
    drawing = draw("case30", case30, around="bus:5", depth=1)
    assert {item.index for item in drawing.drawn if item.kind == "bus"} == neighbours
    assert drawing.buses_left_out == 30 - len(neighbours)
    assert "left out" in drawing.note


def test_draw_grid__large_grid_is_bounded_and_says_what_is_left_out():
    net = networks.case1354pegase()
    drawing = draw("case1354pegase", net)
    assert drawing.buses_drawn == MOST_BUSES
    assert drawing.buses_drawn + drawing.buses_left_out == len(net.bus)
    assert len(drawing.svg) < 400_000


def test_draw_grid__equal_input_gives_equal_bytes(case30):
    assert draw("case30", case30).svg == draw("case30", deepcopy(case30)).svg


def test_draw_grid__leaves_the_grid_as_it_was():
    net = networks.case14()
    before = deepcopy(net)
    draw("case14", net, outages=("line:3",))
    assert nets_equal(net, before)


def test_draw_grid__hostile_names_stay_text():
    net = networks.case14()
    net.bus["name"] = net.bus["name"].astype(object)
    net.line["name"] = "</title><script>alert(1)</script>"
    net.bus.loc[0, "name"] = '"><image href="http://elsewhere.example/x"/>'
    root = ET.fromstring(draw("case14 hostile", net).svg)
    allowed = {"svg", "style", "g", "title", "rect", "circle", "polyline", "polygon", "text"}
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= allowed
    assert not any(name.startswith("on") or "href" in name for element in root.iter() for name in element.attrib)


def test_draw_grid__nothing_reaches_outside_the_picture():
    for style in ("area", "single_line"):
        svg = draw("case14", around="bus:4", style=style).svg
        plain = svg.replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|url\(|@import|<script|foreignObject|<image", plain)


def test_draw_grid__single_line_shows_the_substation_with_its_feeders():
    net = networks.case39()
    pp.runpp(net)
    drawing = draw("case39", net, around="bus:18", style="single_line")
    # transformers tie bus 18 to 19 and 32, and 19 to 33
    assert {item.index for item in drawing.drawn if item.kind == "bus"} == {18, 19, 32, 33}
    assert {row.element.index: row.p_mw for row in drawing.units} == pytest.approx({2: 632.0, 3: 508.0})
    assert {str(row.element): row.p_mw for row in drawing.loads} == pytest.approx({"load:10": 680.0})
    texts = [text.text for text in ET.fromstring(drawing.svg).iter(f"{SVG}text")]
    assert {"bus 18", "gen 2", "trafo 5", "load 10", "680.00 MW"} <= set(texts)


def test_draw_grid__single_line_without_a_centre_is_refused():
    with pytest.raises(InvalidArgumentError, match="around"):
        draw("case14", style="single_line")


def test_draw_grid__unknown_centre_is_named_with_near_ones():
    with pytest.raises(UnknownElementError, match="bus:99"):
        draw("case14", around="bus:99")


def test_draw_grid__three_winding_transformer_and_switches_are_drawn():
    net = networks.example_multivoltage()
    drawing = draw("multivoltage", net)
    kinds = {item.kind.value for item in drawing.drawn}
    assert {"bus", "line", "trafo", "trafo3w", "switch"} <= kinds


@pytest.mark.parametrize("style", ["area", "single_line"])
def test_draw_grid__around_a_load_centres_on_its_bus(style):
    net = networks.case14()
    drawing = draw("case14", net, around="load:0", depth=1, style=style)
    assert int(net.load.bus.at[0]) in {item.index for item in drawing.drawn if item.kind == "bus"}
