# ruff: noqa: S314 - the pictures are our own
"""Places of buses: pictures of a map measured against distances on the sphere, and what is said of the rest."""

import csv
import json
import re
from itertools import pairwise
from math import asin, cos, dist, radians, sin, sqrt
from xml.etree import ElementTree as ET

import pandapower as pp
import pytest
from pandapower import networks

from tests.tools.grid.drawing_context import context_for
from tools.errors import InvalidArgumentError
from tools.grid.diagram.coordinates import given_coordinates
from tools.grid.drawing import draw_grid
from tools.grid.importing import open_grid
from tools.grid.schema.drawing import DrawGridArguments, Drawing, PlaceKind

SVG = "{http://www.w3.org/2000/svg}"


def draw(net, **arguments) -> Drawing:
    return draw_grid(context_for("map", net), DrawGridArguments(**arguments))


def stands(drawing: Drawing) -> dict[int, tuple[float, float]]:
    """Where each bus is drawn: the middle of its symbol."""
    found = {}
    for group in ET.fromstring(drawing.svg).iter(f"{SVG}g"):
        match = re.match(r"bus:(\d+)", group.findtext(f"{SVG}title") or "")
        if match:
            symbol = next(item for item in group if item.tag != f"{SVG}title" and "focus" not in item.get("class"))
            found[int(match[1])] = _middle(symbol)
    return found


def _middle(symbol: ET.Element) -> tuple[float, float]:
    if symbol.tag == f"{SVG}circle":
        return float(symbol.get("cx")), float(symbol.get("cy"))
    if symbol.tag == f"{SVG}rect":
        return tuple(
            float(symbol.get(at)) + float(symbol.get(size)) / 2 for at, size in (("x", "width"), ("y", "height"))
        )
    corners = [tuple(map(float, corner.split(","))) for corner in symbol.get("points").split()]
    return sum(x for x, _ in corners) / 3, sum(y for _, y in corners) / 3


def bar_px(drawing: Drawing) -> float:
    [bar] = [item for item in ET.fromstring(drawing.svg).iter(f"{SVG}polyline") if item.get("class") == "gcd-scale"]
    corners = [tuple(map(float, corner.split(","))) for corner in bar.get("points").split()]
    return corners[-1][0] - corners[0][0]


def way_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great circle between two (longitude, latitude), on the mean radius."""
    (x1, y1), (x2, y2) = (tuple(map(radians, point)) for point in (one, other))
    return 2 * 6371.0 * asin(sqrt(sin((y2 - y1) / 2) ** 2 + cos(y1) * cos(y2) * sin((x2 - x1) / 2) ** 2))


def chain(*points: tuple[float, float] | None, stretch: float = 1.1):
    """A line of buses at these longitudes and latitudes; each line a little longer than the straight way."""
    net = pp.create_empty_network()
    for place, point in enumerate(points):
        geo = None if point is None else json.dumps({"type": "Point", "coordinates": list(point)})
        pp.create_bus(net, 20.0, name=f"B{place}")
        net.bus.loc[place, "geo"] = geo
    for place, (one, other) in enumerate(pairwise(points)):
        km = max(stretch * way_km(one, other), 0.5) if one and other else 1.0 + 0.1 * place
        pp.create_line(net, place, place + 1, km, "NAYY 4x50 SE")
    pp.create_ext_grid(net, 0)
    return net


TOWNS = ((7.0, 48.0), (8.0, 48.0), (8.0, 49.0), (9.0, 49.3), (9.2, 50.0))


@pytest.mark.realdata
def test_draw_grid__rts_gmlc_lies_where_its_source_says_it_does(realdata):
    folder = realdata / "networks" / "rts_gmlc"
    with (folder / "SourceData" / "bus.csv").open(encoding="utf-8") as rows:
        source = {row["Bus Name"].strip(): (float(row["lng"]), float(row["lat"])) for row in csv.DictReader(rows)}
    net = open_grid(str(folder / "pandapower_net.json.gz")).net
    drawing = draw(net)
    assert drawing.places.kind is PlaceKind.LONGITUDE_LATITUDE
    assert drawing.places.latitude_first  # the file has [33.4, -113.8] where GeoJSON wants [-113.8, 33.4]
    at = stands(drawing)
    km_per_px = drawing.places.scale_bar_km / bar_px(drawing)
    name = net.bus.name.astype(str).str.strip()
    west, east = (pick(sorted(at), key=lambda bus: source[name[bus]][0]) for pick in (min, max))
    south, north = (pick(sorted(at), key=lambda bus: source[name[bus]][1]) for pick in (min, max))
    assert at[west][0] == pytest.approx(min(x for x, _ in at.values()), abs=40)
    assert at[north][1] == pytest.approx(min(y for _, y in at.values()), abs=40)
    for one, other in ((west, east), (south, north), (north, west)):
        assert dist(at[one], at[other]) * km_per_px == pytest.approx(
            way_km(source[name[one]], source[name[other]]), rel=0.04
        )


def test_draw_grid__medium_voltage_grid_with_longitudes_and_latitudes_is_a_map():
    net = networks.mv_oberrhein()
    drawing = draw(net)
    assert drawing.places.kind is PlaceKind.LONGITUDE_LATITUDE
    assert not drawing.places.latitude_first
    assert "north up" in drawing.note


@pytest.mark.parametrize("name", ["case14", "case118", "create_cigre_network_mv"])
def test_draw_grid__coordinates_of_a_drawing_are_not_taken_for_a_map(name):
    drawing = draw(getattr(networks, name)())
    assert drawing.places.kind is PlaceKind.SCHEMATIC
    assert drawing.places.scale_bar_km is None
    assert "schematic" in drawing.note


def test_draw_grid__distances_are_those_on_the_earth_and_north_is_up():
    drawing = draw(chain(*TOWNS))
    at, km_per_px = stands(drawing), drawing.places.scale_bar_km / bar_px(drawing)
    assert drawing.places.buses_moved_aside == 0
    for one, other in ((0, 1), (1, 2), (0, 4), (2, 3)):
        assert dist(at[one], at[other]) * km_per_px == pytest.approx(way_km(TOWNS[one], TOWNS[other]), rel=0.03)
    assert at[4][1] < at[3][1] < at[2][1] < at[1][1]
    assert at[1][0] > at[0][0]


def test_draw_grid__grid_across_the_date_line_is_not_torn_apart():
    drawing = draw(chain((179.0, -17.0), (179.8, -17.2), (-179.6, -17.0), (-179.0, -16.5)))
    at, km_per_px = stands(drawing), drawing.places.scale_bar_km / bar_px(drawing)
    assert dist(at[0], at[3]) * km_per_px == pytest.approx(way_km((179.0, -17.0), (-179.0, -16.5)), rel=0.03)


def test_draw_grid__coordinates_in_metres_have_a_scale_as_well():
    net = chain(*TOWNS)
    for bus, (x, y) in enumerate(((0, 0), (30_000, 0), (30_000, 40_000), (60_000, 40_000), (60_000, 90_000))):
        net.bus.loc[bus, "geo"] = json.dumps({"type": "Point", "coordinates": [3_400_000 + x, 5_300_000 + y]})
    net.line["length_km"] = [31.0, 42.0, 33.0, 52.0]
    drawing = draw(net)
    at, km_per_px = stands(drawing), drawing.places.scale_bar_km / bar_px(drawing)
    assert drawing.places.kind is PlaceKind.METRES
    assert dist(at[0], at[2]) * km_per_px == pytest.approx(50.0, rel=0.01)


def test_draw_grid__buses_at_one_place_stand_apart_and_are_counted():
    drawing = draw(chain(*TOWNS, TOWNS[-1]))
    at = stands(drawing)
    assert dist(at[4], at[5]) > 25
    assert drawing.places.buses_moved_aside >= 1
    assert "side by side" in drawing.note


def test_draw_grid__buses_without_coordinates_stand_between_neighbours_or_are_left_out_and_counted():
    net = chain(*TOWNS[:3], None, *TOWNS[3:])
    lonely = pp.create_bus(net, 20.0)
    drawing = draw(net)
    at = stands(drawing)
    assert at[3] == pytest.approx(tuple((a + b) / 2 for a, b in zip(at[2], at[4], strict=True)), abs=1.5)
    assert lonely not in at
    places = drawing.places
    assert (places.buses_without_coordinates, places.buses_left_out, drawing.buses_left_out) == (2, 1, 1)
    assert "between their neighbours" in drawing.note
    assert "are left out" in drawing.note


def test_draw_grid__mostly_without_coordinates_no_map_is_made_up():
    drawing = draw(chain(*TOWNS[:2], None, None, None))
    assert drawing.places.kind is PlaceKind.SCHEMATIC
    assert drawing.buses_drawn == 5


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"coordinates": [1]}', '{"coordinates": ["a", 2]}', '{"coordinates": [NaN, 2]}']
)
def test_given_coordinates__what_is_no_point_is_none(text):
    net = chain(*TOWNS)
    net.bus.loc[2, "geo"] = text
    assert set(given_coordinates(net)) == {0, 1, 3, 4}


def test_draw_grid__the_callers_word_on_coordinates_is_taken_or_refused_by_name():
    unproven = chain(*TOWNS)
    unproven.line["length_km"] = 1.0  # as a MATPOWER case has it
    assert draw(unproven).places.kind is PlaceKind.SCHEMATIC
    assert draw(unproven, layout="geographic").places.scale_bar_km is not None
    plane = draw(unproven, layout="plane")
    assert (plane.places.kind, plane.places.scale_bar_km) == (PlaceKind.DRAWING, None)
    unproven.bus.loc[3, "geo"] = '{"type": "Point", "coordinates": [500.0, 49.0]}'
    with pytest.raises(InvalidArgumentError, match=r"layout: bus:3 at \(500, 49\)"):
        draw(unproven, layout="geographic")
    with pytest.raises(InvalidArgumentError, match="no bus here has any"):
        draw(chain(None, None), layout="plane")


def test_draw_grid__a_map_prints_no_number_without_its_place_in_the_result():
    drawing = draw(chain(*TOWNS))
    texts = list(ET.fromstring(drawing.svg).iter(f"{SVG}text"))
    [scale] = [text for text in texts if text.get("data-path") == "/places/scale_bar_km"]
    assert float(scale.text.split()[0]) == drawing.places.scale_bar_km
    for text in texts:
        assert text.get("data-path") or "identifier" in text.get("class") or not re.search(r"\d", text.text)
