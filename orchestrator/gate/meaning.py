"""Which quantity a number is: said by the words beside it, carried over from before, or the usual one of its unit."""

from collections.abc import Sequence

from orchestrator.gate.pool import Claimable, Pool
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.segments import Segment
from orchestrator.gate.symbols import Sign, Symbol
from orchestrator.gate.typed_number import TypedNumber

# What a bare value of a unit is, when no word says it.
_BY_UNIT = {"percent": "loading", "pu": "vm", "kv": "vm", "ka": "i", "mva": "rating"}
# What a bare power is, of an element that has only one.
_POWER = {"mw": "p", "mvar": "q"}
_POWERED = ("gen:", "sgen:", "load:", "ext_grid:", "shunt:", "storage:")


class Meaning:
    """The quantity that a sentence speaks of, as it is read from left to right.

    Attributes:
        roles: Extremes that the words at hand ask for, such as ``lowest_voltage``.
    """

    def __init__(self, pool: Pool, paths: Sequence[tuple[str, str]] = ()) -> None:
        self._pool = pool
        self.roles: frozenset[str] = frozenset()
        self._quantity: frozenset[str] = frozenset()
        self._elements: frozenset[str] = frozenset()
        self._paths = paths
        self._rows = [(evidence, path.rpartition("/")[0]) for evidence, path in paths]
        self._spoken: frozenset[str] = frozenset()

    def _says_itself(self, segment: Segment, fixed: Claimable) -> bool:
        """Whether a reference to a count is clear by another one to the same row, or by what it repeats in brackets."""
        if segment.bare and segment.bracketed:
            return fixed.quantity in self._spoken
        row = (fixed.evidence, fixed.path.rpartition("/")[0])
        if fixed.quantity not in {"count", "checked"}:
            return False
        if "left" in fixed.roles:
            nouns = {noun for name, said in _LEFT_NOUNS.items() if f"left:{name}" in fixed.roles for noun in said}
            return bool(nouns & {symbol.text for symbol in segment.symbols}) and any(
                path.startswith(row[1].rpartition("/")[0]) for evidence, path in self._rows if evidence == row[0]
            )
        listed = {
            str(fact.value).partition(":")[0]
            for fact in self._pool.of("elements")
            if (fact.evidence, fact.path.partition("/elements/")[0]) == row
        }
        kinds = _kinds(segment)
        own = {f"{row[1]}/{name}" for name in _TELLING}
        told = any(evidence == row[0] and path in own for evidence, path in self._paths)
        other = any(
            path.endswith(_NAMING) and (evidence, path) != (row[0], f"{row[1]}/kind") for evidence, path in self._paths
        )
        part = "checked" if segment.lead == "of" else "count"
        return told and not other and fixed.quantity == part and (not kinds or kinds == listed)

    def note(self, segment: Segment) -> None:
        """Take in a segment without a number: "line 5 changes the losses: 2.86 MW"."""
        said = [item for item in segment.every(Sign.QUANTITY) if item.quantities]
        if len(said) == 1 and not segment.has(Sign.NUMBER):
            self._quantity, self.roles = said[0].quantities, said[0].roles

    def of(
        self, segment: Segment, symbol: Symbol, number: TypedNumber | None, fixed: Claimable | None
    ) -> frozenset[str]:
        """The fields that the words allow.

        Raises:
            RefusedError: when nothing says which quantity it is.
        """
        before, self._elements = self._elements, segment.elements or self._elements
        self._spoken |= segment.quantities | symbol.quantities
        if fixed is not None and self._says_itself(segment, fixed):
            self._quantity, self.roles = frozenset({fixed.quantity}), frozenset()
            return self._quantity
        roles = segment.roles | symbol.roles
        if any(case.rank for case in segment.cases):
            roles = self.roles = frozenset()  # the rank itself is checked
        if meant := _said(segment, symbol):
            if fixed and fixed.quantity == "checked" and "outages" in meant:
                meant, roles = frozenset({"checked"}), frozenset({"checked:coverage"})
            self._quantity, self.roles = meant, roles
            return meant
        if fixed is not None and fixed.quantity in _NAMELESS:
            raise RefusedError(f"it is not said what {symbol.text.strip()!r} counts")
        units: set[str | None] = {fixed.unit} if fixed else set(number.suffixes() if number else ())
        self.roles = roles or self.roles
        if carried := self._carried(segment, units, numbered=fixed is None and number is not None):
            return carried
        same = not segment.elements or segment.elements == before or not before or segment.has(Sign.STATUS)
        usual = _usual(segment, units)
        if not usual or (not same and self._quantity):
            raise RefusedError(f"it is not said which quantity {symbol.text.strip()!r} is")
        self._quantity, self.roles = usual, roles
        return usual

    def _carried(self, segment: Segment, units: set[str | None], *, numbered: bool) -> frozenset[str]:
        """The quantity spoken of before, when it can have this unit; empty when it is not carried over."""
        if self._quantity == {"outages_with_load_lost"} and "mw" in units:
            self._quantity = frozenset({"unserved_p"})
        known = {fact.quantity for unit in units for fact in self._pool.of_unit(unit)}
        if not self._quantity & known:
            if self._quantity and segment.symbols[0].text == "to":
                raise RefusedError("a value has another unit than what it is read with; name its quantity")
            return frozenset()
        left_out = bool(segment.cases) and all(item.text in _ELLIPSIS for item in segment.every(Sign.WORD))
        measured = None not in units
        carried = not numbered or measured or segment.symbols[0].text == "to" or left_out
        return self._quantity if carried else frozenset()


def _kinds(segment: Segment) -> set[str]:
    """The kinds of elements that a segment's nouns name."""
    tables = {role.partition(":")[2] for role in segment.roles if role.startswith("table:")}
    return tables | {_KIND_OF[symbol.text] for symbol in segment.symbols if symbol.text in _KIND_OF}


_KIND_OF = {"buses": "bus", "bus": "bus", "transformers": "trafo", "lines": "line", "generators": "gen"}
_LEFT_NOUNS = {"buses": {"buses", "bus", "nodes"}, "branches": {"branches", "branch"}, "units": {"units", "unit"}}


def _said(segment: Segment, symbol: Symbol) -> frozenset[str]:
    named = segment.every(Sign.QUANTITY)
    if any(role.startswith(_COVERAGE) for item in named for role in item.roles):
        named = [item for item in named if not item.quantities <= _COVERED]
    saying = [item for item in (symbol, *named) if item.quantities]
    if not saying:
        return frozenset()
    said = [item.quantities for item in saying]
    # "Load" may be what is lost of it, where another word says so.
    refined = frozenset.intersection(*(item.quantities | item.refinements for item in saying))
    return frozenset.intersection(*said) or refined & frozenset().union(*said) or _NOTHING


# Fields that say what a row of defects counts.
_TELLING = ("kind", "explanation")
# Fields that would name something else as what is counted.
_NAMING = ("/kind", "/status", "/outcome", "/verdict", "/reason", "/severity")
# Counts that mean nothing without the noun that they count.
_NAMELESS = frozenset({"count", "checked", "omitted", "out_of_service"})
# In "the loading of 32 branches was not checked" the branches are counted, not the loading.
_COVERAGE = ("left", "checked:")
_COVERED = frozenset({"loading", "vm"})
# "35 outages are insecure before, and 31 are after it": the quantity is left out, and only it.
_ELLIPSIS = frozenset({"is", "are", "was", "were", "remain", "remains", "it", "the"})
_NOTHING = frozenset({""})
"""Words that contradict each other mean no field."""


def _usual(segment: Segment, units: set[str | None]) -> frozenset[str]:
    usual = {_BY_UNIT[unit] for unit in units if unit in _BY_UNIT}
    if "mw" in units and any(case.rank and case.rank[0] == "supply" for case in segment.cases):
        return frozenset({"unserved_p"})
    if segment.elements and all(item.startswith(_POWERED) for item in segment.elements):
        usual |= {_POWER[unit] for unit in units if unit in _POWER}
    return frozenset(usual)
