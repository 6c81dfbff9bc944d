"""Choice of sensors."""

import pytest

from tools.element import ElementKind, ElementRef
from tools.errors import AmbiguousElementError, InvalidArgumentError, UnknownElementError
from tools.telemetry.schema.sensor import Sensor
from tools.telemetry.selection import choose_sensors


def sensor(name, kind=None, index=0, quantity="p", label="", asset=None):
    element = ElementRef(kind=kind, index=index, name=label) if kind else None
    return Sensor(name=name, element=element, quantity=quantity, unit="mw", asset=asset)


KNOWN = (
    sensor("line10.p", ElementKind.LINE, 10, label="North - South"),
    sensor("line2.p", ElementKind.LINE, 2),
    sensor("line2.q", ElementKind.LINE, 2, "q"),
    sensor("oil", quantity="top_oil_temperature", asset="T4"),
    sensor("OT"),
)


def chosen(**arguments):
    return [item.name for item in choose_sensors(KNOWN, **arguments)]


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({}, ["line2.p", "line2.q", "line10.p", "oil", "OT"]),
        ({"names": ("OT",)}, ["OT"]),
        ({"names": ("sensor:ot",)}, ["OT"]),
        ({"elements": ("line:2",)}, ["line2.p", "line2.q"]),
        ({"elements": ("north  - SOUTH",)}, ["line10.p"]),
        ({"elements": ("t4",), "names": ("OT",)}, ["oil", "OT"]),
        ({"quantities": ("q",)}, ["line2.q"]),
    ],
)
def test_choose_sensors__takes_names_elements_assets_and_quantities(arguments, names):
    assert sorted(chosen(**arguments)) == sorted(names)


def test_choose_sensors__orders_numbers_by_value():
    names = chosen()
    assert names.index("line2.p") < names.index("line10.p")


@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        ({"names": ("line2.pp",)}, UnknownElementError, r"line2\.p"),
        ({"elements": ("line:22",)}, UnknownElementError, "line:2"),
        ({"elements": ("T5",)}, UnknownElementError, "T4"),
        ({"quantities": ("vm",)}, InvalidArgumentError, "p, q, top_oil_temperature"),
    ],
)
def test_choose_sensors__says_what_would_be_right(arguments, error, told):
    with pytest.raises(error, match=told):
        chosen(**arguments)


def test_choose_sensors__asks_when_upper_and_lower_case_decide():
    with pytest.raises(AmbiguousElementError, match=r"Flow.*FLOW"):
        choose_sensors((sensor("Flow"), sensor("FLOW")), names=("flow",))
    assert [item.name for item in choose_sensors((sensor("Flow"), sensor("FLOW")), names=("FLOW",))] == ["FLOW"]
