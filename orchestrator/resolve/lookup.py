"""From a kind and a number or name to elements of the grid: names first, then the index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz import fuzz
from rapidfuzz.process import extract

from orchestrator.resolve.mention import Doubt, Mention
from tools.element import ElementKind
from tools.grid.inventory import BRANCH_KINDS, Inventory, Item, normal_name

SET_BOUND = 50
"""Most elements of a set that are looked at one by one; the number of all is said."""
_NEAR = 5
_SURE = 88.0
_PLACED = (ElementKind.GEN, ElementKind.SGEN, ElementKind.EXT_GRID, ElementKind.LOAD, ElementKind.SHUNT)


class Lookup:
    """Looks elements of one grid up."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory

    def number(self, text: str, kinds: Sequence[ElementKind], digits: str, mode: str = "") -> Mention:
        """An element by number.

        Args:
            text: The user's words.
            kinds: Kinds that the words allow, preferred first.
            digits: The number as typed.
            mode: ``index`` or ``name`` where the user said which; both count otherwise.
        """
        named = () if mode == "index" else self._named(digits, kinds)
        indexed = () if mode == "name" else self._indexed(int(digits), kinds)
        items = tuple(dict.fromkeys((*named, *indexed)))
        if not items:
            return self._placed(text, kinds, digits)
        doubt = Doubt.NONE if len(items) == 1 else (Doubt.NAME_AND_INDEX if indexed else Doubt.SAME_NAME)
        return Mention(text, tuple(kinds), items, doubt)

    def name(self, text: str, kinds: Sequence[ElementKind], name: str) -> Mention:
        """An element by a name of letters; a near miss that is alone counts as guessed."""
        if exact := self._named(name, kinds):
            return Mention(text, tuple(kinds), exact, Doubt.NONE if len(exact) == 1 else Doubt.SAME_NAME)
        known = [
            known for known, items in self._inventory.by_name.items() if any(item.ref.kind in kinds for item in items)
        ]
        near = extract(normal_name(name), known, scorer=fuzz.ratio, limit=_NEAR)
        sure = [found for found, score, _ in near if score >= _SURE]
        if len(sure) == 1 and not any(letter.isdigit() for letter in name):
            return Mention(text, tuple(kinds), self._named(sure[0], kinds), Doubt.GUESSED)
        return Mention(text, tuple(kinds), (), Doubt.UNKNOWN, tuple(self._label(found, kinds) for found, _, _ in near))

    def between(self, text: str, kinds: Sequence[ElementKind], first: str, second: str) -> Mention:
        """The branches between two buses, by bus names first, then by bus indices."""
        wanted = [kind for kind in kinds if kind in BRANCH_KINDS] or list(BRANCH_KINDS)
        by_name = self._joining(self._named(first, _BUS), self._named(second, _BUS), wanted)
        by_index = self._joining(self._bus(first), self._bus(second), wanted)
        items = tuple(dict.fromkeys((*by_name, *by_index)))
        if not items:
            if wanted != list(BRANCH_KINDS) and len(wanted) < len(BRANCH_KINDS):
                other = self.between(text, BRANCH_KINDS, first, second)
                return replace(other, doubt=Doubt.GUESSED) if other.items else other
            return Mention(text, tuple(wanted), (), Doubt.UNKNOWN, self._ends(first))
        both = bool(by_name) and bool(by_index) and set(by_name) != set(by_index)
        parallel = Doubt.SET if len(items) > 1 else Doubt.NONE
        return Mention(text, tuple(wanted), items, Doubt.NAME_AND_INDEX if both else parallel, total=len(items))

    def level(self, text: str, kinds: Sequence[ElementKind], vn_kv: float) -> Mention:
        """All elements of some kinds at a nominal voltage."""
        near = min(self._inventory.levels_kv, key=lambda level: abs(level - vn_kv), default=0.0)
        if abs(near - vn_kv) > 0.005 * vn_kv:
            names = tuple(f"{level:g} kV" for level in self._inventory.levels_kv[:_NEAR])
            return Mention(text, tuple(kinds), (), Doubt.UNKNOWN, names)
        return self._set(text, kinds, [item for item in self._all(kinds) if item.vn_kv == near])

    def every(self, text: str, kinds: Sequence[ElementKind]) -> Mention:
        """All elements of some kinds."""
        return self._set(text, kinds, self._all(kinds))

    def at_bus(self, bus: Mention, kinds: Sequence[ElementKind]) -> tuple[Item, ...]:
        """Elements of some kinds at the buses that a mention can mean."""
        return tuple(found for item in bus.items for found in self._inventory.at_bus(item.ref.index, tuple(kinds)))

    def placed_near(self, bus: Mention) -> tuple[str, ...]:
        """What there is at a bus, for a question about something that is not there."""
        return tuple(_shown(item) for item in self.at_bus(bus, tuple(ElementKind)))[:_NEAR]

    def _set(self, text: str, kinds: Sequence[ElementKind], items: Sequence[Item]) -> Mention:
        if not items:
            return Mention(text, tuple(kinds), (), Doubt.UNKNOWN)
        doubt = Doubt.TOO_MANY if len(items) > SET_BOUND else (Doubt.SET if len(items) > 1 else Doubt.NONE)
        return Mention(text, tuple(kinds), tuple(items[:SET_BOUND]), doubt, total=len(items))

    def _all(self, kinds: Sequence[ElementKind]) -> list[Item]:
        return [item for kind in kinds for item in self._inventory.by_kind.get(kind, ())]

    def _named(self, name: str, kinds: Sequence[ElementKind]) -> tuple[Item, ...]:
        items = self._inventory.by_name.get(normal_name(name), ())
        for kind in kinds:  # preferred kind first: "gen 2" is no static generator when a generator has the name
            if same := tuple(item for item in items if item.ref.kind is kind):
                return same
        return ()

    def _indexed(self, index: int, kinds: Sequence[ElementKind]) -> tuple[Item, ...]:
        for kind in kinds:
            if item := self._inventory.get(kind, index):
                return (item,)
        return ()

    def _bus(self, digits: str) -> tuple[Item, ...]:
        return self._indexed(int(digits), _BUS) if digits.isdigit() else ()

    def _joining(
        self, firsts: Sequence[Item], seconds: Sequence[Item], kinds: Sequence[ElementKind]
    ) -> tuple[Item, ...]:
        return tuple(
            item
            for first in firsts
            for second in seconds
            for item in self._inventory.between(first.ref.index, second.ref.index)
            if item.ref.kind in kinds
        )

    def _placed(self, text: str, kinds: Sequence[ElementKind], digits: str) -> Mention:
        """No such number: the units, loads or shunts at the bus of that number, as operators often name them."""
        wanted = tuple(kind for kind in kinds if kind in _PLACED)
        buses = self._named(digits, _BUS) or self._bus(digits)
        items = tuple(item for bus in buses for item in self._inventory.at_bus(bus.ref.index, wanted))
        if items:
            return Mention(text, tuple(kinds), items, Doubt.GUESSED)
        return Mention(text, tuple(kinds), (), Doubt.UNKNOWN, self._nearest_numbers(kinds, int(digits)))

    def _nearest_numbers(self, kinds: Sequence[ElementKind], number: int) -> tuple[str, ...]:
        items = sorted(self._all(kinds), key=lambda item: abs(item.ref.index - number))
        return tuple(_shown(item) for item in items[:_NEAR])

    def _ends(self, bus: str) -> tuple[str, ...]:
        """Where the branches of a bus really go, for a pair without a branch."""
        found = self._named(bus, _BUS) or self._bus(bus)
        ends = (item for end in found for item in self._inventory.at_bus(end.ref.index, BRANCH_KINDS))
        return tuple(_shown(item) for item in ends)[:_NEAR]

    def _label(self, name: str, kinds: Sequence[ElementKind]) -> str:
        return _shown(self._named(name, kinds)[0])


def _shown(item: Item) -> str:
    return f"{item.ref} ({item.ref.name})" if item.ref.name else str(item.ref)


_BUS = (ElementKind.BUS,)
