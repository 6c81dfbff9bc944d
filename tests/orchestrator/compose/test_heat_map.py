# ruff: noqa: S314 - the pictures are our own
"""The heat map of a screening: every cell has its value or its reason, and every number its place."""

import re
from xml.etree import ElementTree as ET

import pytest
from pandapower import networks

from orchestrator.compose.board import Exhibit
from orchestrator.compose.charts.heat_levels import Level, loading_level, voltage_level
from orchestrator.compose.charts.heat_map import heat_map
from orchestrator.publish.picture import safe_picture
from tests.orchestrator.compose.evidence import board, evidence, pen
from tests.tools.grid.drawing_context import context_for
from tools.facts import lookup
from tools.grid.contingencies import screen_contingencies
from tools.grid.schema.contingencies import ScreenContingenciesArguments
from tools.grid.schema.outage_effects import LoadingAfter, VoltageAfter

SVG = "{http://www.w3.org/2000/svg}"


def screening(name: str, scale: float = 1.0, **arguments):
    net = getattr(networks, name)()
    net.load[["p_mw", "q_mvar"]] *= scale
    result = screen_contingencies(context_for(name, net), ScreenContingenciesArguments(**arguments))
    return Exhibit(evidence("e1", "screen_contingencies", result), result)


def figure_of(found):
    [figure] = heat_map(found, pen(board(found.evidence)))
    return figure


@pytest.fixture(scope="module")
def case30():
    return screening("case30", affected=7)


@pytest.fixture(scope="module")
def picture(case30):
    return figure_of(case30)


def cells(figure) -> dict[str, str]:
    """What stands in each cell, by ``branch or bus, outage out``."""
    titles = [title.text for title in ET.fromstring(figure.svg).iter(f"{SVG}title")]
    return dict(text.split(": ", 1) for text in titles if ", " in text)


def test_heat_map__has_a_cell_for_every_outage_and_element(case30, picture):
    found, effects = cells(picture), case30.result.effects
    expected = {
        f"{column.element}, line {row.element.index} out"
        for column in (*effects.branches, *effects.buses)
        for row in case30.result.rows
    }
    assert found.keys() == expected
    assert found["line:9, line 9 out"] == "itself out"
    # published ratings: with line 9 out, line 39 is at one and a half of its rating
    assert found["line:39, line 9 out"] == "far beyond its limit"


def test_heat_map__marks_nothing_beyond_that_the_screening_does_not_count(case30, picture):
    for row in case30.result.rows:
        drawn = [words for cell, words in cells(picture).items() if f", line {row.element.index} out" in cell]
        beyond = sum("beyond" in words for words in drawn)
        counted = row.new_overloads + row.new_voltage_violations + row.standing_violations
        assert beyond <= counted
    worst = case30.result.rows[0]
    assert worst.new_overloads + worst.new_voltage_violations + worst.standing_violations >= 1


def test_heat_map__every_printed_number_is_the_stored_one(case30, picture):
    stored, seen = case30.evidence.result, 0
    for text in ET.fromstring(picture.svg).iter(f"{SVG}text"):
        path = text.get("data-path")
        if path and re.match(r"[\d.]+$", text.text):
            seen += 1
            decimals = len(text.text.partition(".")[2])
            assert float(text.text) == pytest.approx(lookup(stored, path), abs=0.5001 * 10**-decimals)
        elif path is None:
            assert "identifier" in text.get("class") or not re.search(r"\d", text.text)
    absent = sum(words in {"itself out", "without supply"} for words in cells(picture).values())
    assert seen == len(cells(picture)) - absent


def test_heat_map__caption_counts_what_is_not_drawn(case30, picture):
    result = case30.result
    assert f"Outages simulated: {result.outages}; ranked lower and not drawn: {result.omitted}" in picture.caption.text
    assert f"branches not drawn: {result.effects.branches_omitted}" in picture.caption.text
    assert picture.evidence == ("e1",)


def test_heat_map__diverged_outages_are_hatched_and_never_empty():
    found = screening("case57", 1.35, affected=3)
    figure = figure_of(found)
    assert set(cells(figure).values()) == {"no solution: not known"}
    assert "diverged: " in figure.caption.text
    assert len(list(ET.fromstring(figure.svg).iter(f"{SVG}path"))) == 30 + 1  # ten by three, and the key


def test_heat_map__placeholder_ratings_leave_voltages_alone():
    figure = figure_of(screening("case118", affected=4))
    assert "Loadings were not checked" in figure.caption.text
    assert "Loading, % of the rating" not in figure.svg


def test_heat_map__without_effects_there_is_none():
    found = screening("case30")
    assert heat_map(found, pen(board(found.evidence))) == ()


def test_heat_map__is_fit_for_a_page_and_says_what_it_is(picture):
    root = ET.fromstring(safe_picture(picture.svg))
    assert root.get("role") == "img"
    assert root.get("aria-label")
    assert "bold and framed" in root.findtext(f"{SVG}desc")


@pytest.mark.parametrize(
    ("loading", "limit", "level"),
    [
        (69.0, 100.0, Level.FAR_WITHIN),
        (71.0, 100.0, Level.WITHIN),
        (91.0, 100.0, Level.NEAR),
        (100.0, 100.0, Level.NEAR),
        (100.1, 100.0, Level.BEYOND),
        (120.1, 100.0, Level.FAR_BEYOND),
        (119.0, 120.0, Level.NEAR),
        (150.0, None, Level.FAR_WITHIN),
    ],
)
def test_loading_level__is_by_the_limit_and_not_by_the_rating(loading, limit, level):
    assert loading_level(LoadingAfter(case="out line:1", loading_percent=loading, limit_percent=limit)) is level


@pytest.mark.parametrize(
    ("vm_pu", "level"),
    [(1.0, Level.FAR_WITHIN), (0.975, Level.WITHIN), (0.955, Level.NEAR), (0.95, Level.NEAR), (0.949, Level.BEYOND),
     (0.899, Level.FAR_BEYOND), (1.041, Level.NEAR), (1.051, Level.BEYOND), (1.101, Level.FAR_BEYOND)],
)  # fmt: skip
def test_voltage_level__is_by_the_nearer_limit(vm_pu, level):
    cell = VoltageAfter(case="out line:1", vm_pu=vm_pu, limit_min_pu=0.95, limit_max_pu=1.05)
    assert voltage_level(cell) is level
