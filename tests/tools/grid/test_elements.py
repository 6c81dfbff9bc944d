"""References to elements by canonical form, by name, by number."""

import pandapower as pp
import pandas as pd
import pytest

from tools.element import ElementKind
from tools.errors import AmbiguousElementError, InvalidArgumentError, UnknownElementError
from tools.grid.elements import element_ref, resolve_element, row_of
from tools.grid.importing import open_grid


@pytest.fixture
def feeder():
    net = pp.create_empty_network()
    north = pp.create_bus(net, 20.0, name="North")
    south = pp.create_bus(net, 20.0, name="1")
    pp.create_bus(net, 20.0, name="Twin", index=7)
    pp.create_bus(net, 20.0, name="twin", index=8)
    pp.create_line(net, north, south, 1.0, "NAYY 4x50 SE", name="Line 3")
    pp.create_line(net, north, south, 1.0, "NAYY 4x50 SE")
    pp.create_load(net, south, 1.0, name="North")
    return net


def test_resolve_element__canonical_form_is_always_the_index():
    # case118 numbers its buses from 1 on indices from 0: bus:12 is the bus named 13
    ref = resolve_element(open_grid("case118").net, "bus:12")
    assert (ref.index, ref.name) == (12, "13")


def test_resolve_element__number_that_is_name_and_index_of_two_buses_asks_back():
    with pytest.raises(AmbiguousElementError) as error:
        resolve_element(open_grid("case118").net, "bus 12")
    assert 'bus:11 (named "12")' in str(error.value)
    assert 'bus:12 (named "13")' in str(error.value)


@pytest.mark.parametrize(
    ("text", "kinds", "expected"),
    [
        ("line 1", None, "line:1"),
        ("LINE:0", None, "line:0"),
        ("line 3", None, "line:0"),  # a name; there is no index 3
        ("  Line   3 ", None, "line:0"),
        ("Twin", None, "bus:7"),  # exact case wins over the other twin
        ("North", (ElementKind.LOAD,), "load:0"),
        ("1", (ElementKind.LINE,), "line:1"),
    ],
)
def test_resolve_element__finds(feeder, text, kinds, expected):
    assert str(resolve_element(feeder, text, kinds)) == expected


@pytest.mark.parametrize("text", ["North", "TWIN", "bus 1x", "line:99", "line 99"])
def test_resolve_element__never_guesses(feeder, text):
    with pytest.raises((AmbiguousElementError, UnknownElementError)):
        resolve_element(feeder, text)


def test_resolve_element__unknown_name_offers_the_nearest(feeder):
    with pytest.raises(UnknownElementError, match="North"):
        resolve_element(feeder, "Nroth")


@pytest.mark.parametrize(("text", "kinds"), [("", None), ("load:0", (ElementKind.LINE,))])
def test_resolve_element__refuses_what_the_caller_cannot_use(feeder, text, kinds):
    with pytest.raises(InvalidArgumentError, match="element"):
        resolve_element(feeder, text, kinds)


def test_element_ref__names_are_text_whatever_the_column_holds(feeder):
    feeder.bus["name"] = [1.0, None, float("nan"), 4]
    assert [element_ref(feeder, ElementKind.BUS, index).name for index in feeder.bus.index] == ["1", "", "", "4"]


def test_row_of__cells_are_plain_values(feeder):
    feeder.load["controllable"] = pd.array([pd.NA], dtype="boolean")
    row = row_of(feeder, ElementKind.LOAD, 0)
    assert (row["name"], row["p_mw"], row["bus"], row["controllable"]) == ("North", 1.0, 1, None)
    assert [type(row[column]) for column in ("name", "p_mw", "bus", "in_service")] == [str, float, int, bool]
