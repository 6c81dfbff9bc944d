"""A place in a question that speaks of elements, and what those can be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from tools.element import ElementKind
from tools.grid.inventory import Item


class Doubt(StrEnum):
    """Why a mention is not plain."""

    NONE = "none"
    NAME_AND_INDEX = "name_and_index"  # one element has the name, another the index
    SAME_NAME = "same_name"  # several elements have the name
    GUESSED = "guessed"  # no such number: the element at the bus of that number, or the nearest name
    UNKNOWN = "unknown"
    TOO_MANY = "too_many"  # a set was cut to its bound
    SET = "set"  # a voltage level or all of a kind: a set on purpose


@dataclass(frozen=True)
class Mention:
    """One mention of one element, of several that it may be, or of a set.

    Attributes:
        text: The user's words.
        kinds: Kinds that the words allow, preferred first.
        items: What it can be, the preferred reading first; empty when unknown.
        near: Names and canonical forms that exist, for an unknown one.
        total: Size of the set before it was cut.
    """

    text: str
    kinds: tuple[ElementKind, ...]
    items: tuple[Item, ...] = ()
    doubt: Doubt = Doubt.NONE
    near: tuple[str, ...] = ()
    total: int = 0

    @property
    def first(self) -> Item:
        """The preferred reading; only for mentions that are known."""
        return self.items[0]

    @property
    def word(self) -> str:
        """What the element is called in a masked question."""
        kind = self.items[0].ref.kind if self.items else (self.kinds[0] if self.kinds else ElementKind.BUS)
        return WORDS.get(kind, kind.value)

    def only(self, *items: Item) -> Mention:
        """The same mention, narrowed to some of its readings."""
        return replace(self, items=items, doubt=Doubt.NONE)


WORDS = {
    ElementKind.BUS: "bus",
    ElementKind.LINE: "line",
    ElementKind.TRAFO: "transformer",
    ElementKind.TRAFO3W: "transformer",
    ElementKind.GEN: "generator",
    ElementKind.SGEN: "generator",
    ElementKind.EXT_GRID: "slack",
}
"""Plain words for the kinds; the others are called as in pandapower."""


@dataclass(frozen=True)
class Marked:
    """A question with its mentions replaced by ``@0``, ``@1``, ...

    Attributes:
        text: With marks.
        mentions: By number of the mark.
    """

    text: str
    mentions: tuple[Mention, ...]

    @property
    def masked(self) -> str:
        """As the example phrases are written: ``voltage at bus X``."""
        text = self.text
        for number in range(len(self.mentions) - 1, -1, -1):
            text = text.replace(f"@{number}", f"{self.mentions[number].word} X")
        return text
