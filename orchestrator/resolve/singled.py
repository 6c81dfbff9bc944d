"""Elements that are meant without a number: the largest unit, the transformer of the slack, all buses together."""

from __future__ import annotations

import re
from dataclasses import dataclass

from orchestrator.resolve.changes import STATE
from orchestrator.resolve.conditions import GOVERNS
from tools.element import ElementKind, ElementRef
from tools.grid.inventory import Inventory, Item

_UNIT = r"(?:generating\s+)?(?:units?|generators?|gens?|machines?|plants?|power\s+plants?|infeeds?|producers?)"
_LARGEST = (
    rf"(?:the\s+|our\s+|my\s+)?(?:single\s+)?(?:largest|biggest|strongest)\s+(?:single\s+)?{_UNIT}\b(?!\s*[@#:\d])"
)
_IS = r"(?:\s+(?:is|was|were|gets?|goes|went|suddenly|also))*\s+"
_LOST = re.compile(rf"(?P<lead>\b(?:{GOVERNS}|lost)\s+)(?P<lost>{_LARGEST})|(?P<subject>{_LARGEST})(?={_IS}{STATE})")
_TRAFO = r"(?:unit\s+|block\s+|step-?up\s+)?(?:transformer|trafo)\b(?!\s*[@#:\d])"
_SLACK = r"(?:the\s+|our\s+)?slack(?:\s*(?:unit|generator|gen|machine|bus))?(?!\s*[@#:\d])"
_OF_SLACK = re.compile(
    rf"(?:the\s+|our\s+)?{_TRAFO}\s+(?:of|at|behind|for)\s+{_SLACK}\b|{_SLACK}(?:'?s)?\s+{_TRAFO}", re.IGNORECASE
)
_ALL = re.compile(
    r"\b(?:all|every|each)\s+(?:of\s+)?(?:the\s+|our\s+)?(?:buses|bus|busbars?|nodes?|stations?|substations?)\b"
    r"(?=.{0,25}\b(?:supplied|supply|fed|served|live|alive|energi[sz]ed|power(?:ed)?|voltage)\b)"
)


@dataclass(frozen=True)
class Singled:
    """A question with the elements named, or what has to be asked back."""

    text: str
    problem: str | None = None


def single_out(text: str, inventory: Inventory) -> Singled:
    """Put numbers where a question means one element for what it is; where that is not clear, ask.

    Args:
        text: Normalised words of the question.
        inventory: Of its grid.
    """
    text = _ALL.sub("everything", text)
    if _OF_SLACK.search(text):
        found = _slack_transformers(inventory)
        if len(found) != 1:
            return Singled(text, _which("transformer at the bus of the slack", found))
        text = _OF_SLACK.sub(str(found[0]), text)
    if _LOST.search(text):
        found = _largest_units(inventory)
        if len(found) != 1:
            return Singled(text, _which("largest unit, by rating and by set-point", found))
        text = _LOST.sub(lambda match: f"{match['lead'] or ''}{found[0]}", text)
    return Singled(text)


def _which(what: str, found: list[ElementRef]) -> str:
    if not found:
        return f"The model does not tell the {what}; say which element is meant, such as gen:0."
    return f"More than one element can be meant by the {what}; name one, such as by its kind and index."


def _slack_transformers(inventory: Inventory) -> list[ElementRef]:
    slack = [item for item in inventory.by_kind.get(ElementKind.EXT_GRID, ()) if item.in_service]
    buses = {bus for item in slack for bus in item.buses}
    kinds = (ElementKind.TRAFO, ElementKind.TRAFO3W)
    found = [item.ref for bus in sorted(buses) for item in inventory.at_bus(bus, kinds) if item.in_service]
    return list(dict.fromkeys(found))


def _largest_units(inventory: Inventory) -> list[ElementRef]:
    """The unit with the largest rating and the one with the largest set-point: one where it is the same.

    What the slack gives is no set-point, so it counts by its rating alone; without one it may be larger than all.
    """
    units = [
        item
        for kind in (ElementKind.GEN, ElementKind.EXT_GRID)
        for item in inventory.by_kind.get(kind, ())
        if item.in_service
    ]
    unrated = [item.ref for item in units if item.max_p_mw is None and item.p_mw is None]
    largest = [*_most(units, "max_p_mw"), *_most(units, "p_mw")]
    return list(dict.fromkeys([*largest, *unrated]))


def _most(units: list[Item], value: str) -> list[ElementRef]:
    known = [(getattr(item, value), item.ref) for item in units if getattr(item, value) is not None]
    most = max((power for power, _ in known), default=None)
    return [ref for power, ref in known if power == most]
