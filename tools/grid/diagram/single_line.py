"""A single-line diagram of one substation: pypowsybl's drawing, with our identifiers, values and style."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from pypowsybl.network import SldParameters

from tools.element import ElementKind
from tools.grid.diagram.branches import Branch
from tools.grid.diagram.canvas import NAMESPACE
from tools.grid.diagram.feeders import FeederValues
from tools.grid.diagram.marks import BranchMark, BusMark, Overlay
from tools.grid.diagram.network import add_injections, build_network
from tools.grid.diagram.paint import style_sheet
from tools.grid.diagram.scope import Scope

if TYPE_CHECKING:
    from pandapower import pandapowerNet

MOST_BUSBARS = 8
"""A substation with more busbars than this is drawn as the busbar in question alone."""
MARGIN_PX = 30.0
HEAD_PX = 40.0
"""Room above the feeders for the heads of the busbars."""
_ESCAPED = re.compile(r"_(\d+)_")
_FEEDER = re.compile(r"id([a-z0-9_]+:\d+)(?:_(ONE|TWO|THREE))?_ARROW_(ACTIVE|REACTIVE)")
_LABEL = re.compile(r"([a-z0-9_]+):(\d+)")
_WORDS = {
    BusMark.LOW: "voltage too low",
    BusMark.HIGH: "voltage too high",
    BusMark.DEAD: "without supply",
    BranchMark.OVERLOADED: "above its limit",
    BranchMark.OUT: "outage",
    BranchMark.OPEN: "out of service",
    BranchMark.DEAD: "without supply",
}


def substation_buses(branches: Sequence[Branch], bus: int) -> tuple[int, ...]:
    """The buses that transformers connect with this one, if they fit into one picture; else the bus alone."""
    transformers = [branch for branch in branches if branch.kind in {ElementKind.TRAFO, ElementKind.TRAFO3W}]
    group, size = {bus}, 0
    while len(group) > size:
        size = len(group)
        group.update(end for branch in transformers if group.intersection(branch.buses) for end in branch.buses)
    return tuple(sorted(group)) if len(group) <= MOST_BUSBARS else (bus,)


def pypowsybl_svg(net: pandapowerNet, scope: Scope, buses: tuple[int, ...]) -> str:
    """The substation of ``buses`` as pypowsybl draws it; ``scope`` also holds the far ends of its branches."""
    network = build_network(net, scope)
    add_injections(network, net, buses)
    levels = network.get_voltage_levels(attributes=["substation_id"])
    container = f"bus:{buses[0]}" if len(buses) == 1 else str(levels.substation_id[f"bus:{buses[0]}"])
    parameters = SldParameters(use_name=False, tooltip_enabled=False, topological_coloring=False)
    return str(network.get_single_line_diagram(container, parameters=parameters).svg)


def finish(svg: str, values: FeederValues, overlay: Overlay, title: str) -> str:
    """The drawing with our style, identifiers as words, values with their place in the result.

    Args:
        svg: What pypowsybl drew.
        values: What to print at feeders and busbars.
        overlay: Marks of what is drawn.
        title: What a screen reader says.
    """
    root = ET.fromstring(svg)  # noqa: S314 - pypowsybl's own output
    _restyle(root, title)
    for group in list(root.iter(f"{{{NAMESPACE}}}g")):
        _print_flow(group, values)
    labels = _Labels(values, overlay)
    for parent in list(root.iter()):
        for child in [item for item in parent if item.tag.endswith("text")]:
            labels.relabel(root, parent, child)
    for element in root.iter():
        element.attrib.pop("id", None)  # ids of two pictures in one page would clash
    ET.register_namespace("", NAMESPACE)
    return ET.tostring(root, encoding="unicode")


def _restyle(root: ET.Element, title: str) -> None:
    """Our style sheet and size in place of pypowsybl's."""
    for child in list(root):
        if child.tag.endswith("style") or child.get("class") == "sld-frame":
            root.remove(child)
    sheet = ET.Element(f"{{{NAMESPACE}}}style")
    sheet.text = style_sheet()
    width, height = float(root.get("width", "0")) + 2 * MARGIN_PX, float(root.get("height", "0")) + HEAD_PX
    size = {"width": f"{width:.0f}", "height": f"{height:.0f}"}
    ground = ET.Element(
        f"{{{NAMESPACE}}}rect", {"class": "gcd-ground", "x": f"{-MARGIN_PX:.0f}", "y": f"{-HEAD_PX:.0f}", **size}
    )
    root[0:0] = [sheet, ground]
    view_box = f"{-MARGIN_PX:.0f} {-HEAD_PX:.0f} {width:.0f} {height:.0f}"
    root.attrib = {"class": "gcd", "viewBox": view_box, **size, "role": "img", "aria-label": title}


def _print_flow(group: ET.Element, values: FeederValues) -> None:
    """Keep one arrow at a feeder, in the direction of the active power, and print the power if it is known."""
    match = _FEEDER.fullmatch(_decoded(group.get("id", "")))
    if match is None:
        return
    canonical, side, power = match.groups()
    flow = values.flow(canonical, {"TWO": 1, "THREE": 2}.get(side or "", 0))
    if power == "REACTIVE" or flow is None:
        group.clear()
        return
    group.set("class", "gcd-arrow")
    wrong = "sld-arrow-in" if flow.leaves_bus else "sld-arrow-out"
    for child in list(group):
        if child.get("class") == wrong or (child.tag.endswith("text") and not flow.path):
            group.remove(child)
        elif child.tag.endswith("text"):
            child.text = flow.text
            child.attrib = {"class": "gcd-value ev", "data-path": flow.path, "x": "14", "y": "8.5"}


@dataclass(frozen=True)
class _Labels:
    """Writes identifiers as words; the head of a busbar, above its feeders, also has its voltage."""

    values: FeederValues
    overlay: Overlay

    def relabel(self, root: ET.Element, parent: ET.Element, child: ET.Element) -> None:
        match = _LABEL.fullmatch(child.text or "")
        if match is None:
            return
        parent.remove(child)
        if match[1] == "busbar":
            at = parent.get("transform", "translate(0,0)").removeprefix("translate(").split(",")[0]
            self._head(root, f"bus:{match[2]}", float(at))
        elif match[1] != "bus":
            below = 9.0 if "sld-bottom-feeder" in parent.get("class", "") else 0.0
            aside = 11.0 if match[1].startswith("trafo") else 0.0
            place = (float(child.get("x", "0")) + aside, float(child.get("y", "0")) + below)
            _text(parent, place, "gcd-branch-id identifier", self._words(match[0]))

    def _head(self, root: ET.Element, canonical: str, x: float) -> None:
        _text(root, (x, -20.0), "gcd-id identifier", self._words(canonical))
        shown = self.values.bus(canonical)
        if shown:
            css = "gcd-value gcd-alarm-text ev" if shown.abnormal else "gcd-value ev"
            _text(root, (x, -5.0), css, shown.text).set("data-path", shown.path)

    def _words(self, canonical: str) -> str:
        kind, _, index = canonical.partition(":")
        mark = self.overlay.buses.get(canonical) or self.overlay.branches.get(canonical)
        words = f", {_WORDS[mark]}" if mark in _WORDS else ""
        return f"{kind.replace('_', ' ')} {index}{words}"


def _text(parent: ET.Element, at: tuple[float, float], css: str, text: str) -> ET.Element:
    place = {"x": f"{at[0]:.1f}", "y": f"{at[1]:.1f}"}
    child = ET.SubElement(parent, f"{{{NAMESPACE}}}text", {"class": css, **place})
    child.text = text
    return child


def _decoded(identifier: str) -> str:
    """An id as we gave it: every other character is written as its code between underscores.

    >>> _decoded("idline_58_0_95_TWO")
    'idline:0_TWO'
    """
    return _ESCAPED.sub(lambda match: chr(int(match[1])), identifier)
