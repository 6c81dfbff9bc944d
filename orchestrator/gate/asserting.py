"""Whether evidence bears out a claim that no single field makes."""

from collections.abc import Callable, Iterable, Sequence

from orchestrator.gate.context import Context
from orchestrator.gate.governing import governing_cases
from orchestrator.gate.matching import in_state
from orchestrator.gate.pool import Claimable
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.segments import Segment
from orchestrator.gate.symbols import Case, Sign, Symbol

# What a member of a counted set must have in its own row.
_OUTCOMES = {
    "insecure_outages": ("outcome", "insecure"),
    "secure_outages": ("outcome", "secure"),
    "islanding_outages": ("outcome", "islanding"),
    "diverged_outages": ("outcome", "diverged"),
}
_POSITIVE = {
    "outages_adding_overloads": "new_overloads",
    "outages_adding_voltage_violations": "new_voltage_violations",
    "outages_with_load_lost": "unserved_p",
}
_KINDS = {
    "undervoltages": {"undervoltage"},
    "overvoltages": {"overvoltage"},
    "overloads": {"overload"},
    "unit_violations": {"active_power", "reactive_power"},
}
_UNIT_NOUNS = frozenset({"unit", "units", "generator", "generators"})
_ANY_KIND = frozenset({"violation_count", "base_violations"})
_LISTS = {"worse_outages": "worse", "dead_buses": "dead"}

MEMBERED = frozenset({*_OUTCOMES, *_POSITIVE, *_KINDS, *_LISTS, *_ANY_KIND, "new_violation_count"})
"""Counts whose members the evidence names."""


class Assertions:
    """Judges the claims of one sentence."""

    def __init__(self, segments: Sequence[Segment], context: Context) -> None:
        self._segments = segments
        self._context = context
        self._judges: dict[str, Callable[[int, Symbol], bool]] = {
            "joins": self._joins,
            "dead": self._dead,
            "bridge": self._bridge,
            "only": self._only,
            "new": self._new,
            "ranked": self._ranked,
            "member": self._member,
        }

    def check(self, position: int, symbol: Symbol) -> None:
        """Refuse a claim that evidence does not bear out.

        Raises:
            RefusedError: naming the words.
        """
        name, _, field = symbol.asserts[0].partition(":")
        if name == "zero":
            judge: Callable[[int, Symbol], bool] | None = lambda place, _: self._zero(place, field)  # noqa: E731
        else:
            judge = self._judges.get(name)
        if judge is not None and not judge(position, symbol):
            raise RefusedError(
                f"the evidence does not bear out {symbol.text!r}; say the facts plainly, or leave it out"
            )

    def check_rank(self, case: Case) -> None:
        """Refuse an outage that is not where the sentence ranks it.

        Raises:
            RefusedError: when no ranking of the evidence has it there.
        """
        if case.rank is None:
            return
        measure, place = case.rank
        [element] = [min(choices) for choices in case.elements[:1]] or [""]
        if len(case.elements) != 1 or not self._ranks(measure, place, element):
            raise RefusedError("no ranking of the evidence has this outage in that place")

    def _ranks(self, measure: str, place: int, element: str) -> bool:
        if measure == "supply" and place == 0:
            return any("largest_loss" in fact.roles for fact in self._of("unserved_p", f"out {element}"))
        if measure == "supply":
            return self._nth_loss(place, element)
        rows = self._placed("outcome", f"/rows/{place}/outcome", "screen_contingencies")
        return any(fact.case == f"out {element}" for fact in rows)

    def _nth_loss(self, place: int, element: str) -> bool:
        """The order by unserved load, where every outage that loses any is listed and no two are equal."""
        lost = {
            fact.case: float(fact.value)
            for fact in self._context.pool.of("unserved_p")
            if fact.tool == "screen_contingencies" and fact.value and (fact.case or "").startswith("out ")
        }
        totals = {fact.value for fact in self._context.pool.of("outages_with_load_lost")}
        order = sorted(lost.items(), key=lambda item: -item[1])
        distinct = len(set(lost.values())) == len(lost)
        return totals == {len(lost)} and distinct and place < len(order) and order[place][0] == f"out {element}"

    def _of(self, quantity: str, case: str) -> list[Claimable]:
        return [fact for fact in self._context.pool.of(quantity) if fact.case == case]

    def _placed(self, quantity: str, path: str, tool: str) -> Iterable[Claimable]:
        facts = self._context.pool.of(quantity)
        return (fact for fact in facts if fact.path == path and fact.tool == tool and self._whole(fact))

    def _whole(self, fact: Claimable) -> bool:
        """Whether a ranking begins with the first of all, and was not made for some elements only."""
        asked = self._context.evidence[fact.evidence].arguments
        return not any(asked.get(name) for name in ("elements", "kinds", "overloading", "offset"))

    def _here(self, position: int, quantity: str) -> list[Claimable]:
        """The facts of a quantity in the state that holds for a segment."""
        cases = governing_cases(self._segments, position)
        return [fact for fact in self._context.pool.of(quantity) if in_state(fact, cases, self._context.case)]

    def _meant(self, position: int) -> frozenset[str]:
        """The elements that a claim is about: those of its clause, else those before it."""
        own = self._segments[position].elements
        return own or next((item.elements for item in reversed(self._segments[:position]) if item.elements), own)

    def _joins(self, _: int, symbol: Symbol) -> bool:
        named = {
            str(fact.value)
            for fact in self._context.pool.of("buses")
            if fact.tool == "describe_element" and fact.entity in symbol.elements
        }
        return bool(named) and named == set(symbol.asserts[1:])

    def _dead(self, position: int, _: Symbol) -> bool:
        dead = {str(fact.value) for fact in self._here(position, "dead")}
        meant = self._segments[position].elements
        return bool(meant) and meant <= dead

    def _bridge(self, position: int, _: Symbol) -> bool:
        bridges = {fact.case for fact in self._context.pool.of("bridge") if fact.value is True}
        meant = self._segments[position].elements
        return bool(meant) and {f"out {element}" for element in meant} <= bridges

    def _zero(self, position: int, field: str) -> bool:
        values = [fact.value for fact in self._here(position, field) if fact.entity is None]
        return bool(values) and not any(values)

    def _violations(self, position: int, noun: str) -> list[frozenset[str]]:
        """The elements that violate a limit, by each piece of evidence that lists all of them."""
        facts = self._here(position, "kind")
        found = []
        for evidence in sorted({fact.evidence for fact in facts if "/violations/" in fact.path}):
            listed = [fact for fact in facts if fact.evidence == evidence and "/violations/" in fact.path]
            above = listed[0].path.split("/violations/")[0]
            omitted = self._context.pool.at(evidence, f"{above}/omitted")
            total = self._context.pool.at(evidence, f"{above}/violation_count")
            complete = (omitted is not None and omitted.value == 0) or (
                total is not None and total.value == len({fact.path for fact in listed})
            )
            if complete:
                kind = {noun} if noun else {str(fact.value) for fact in listed}
                found.append(frozenset(fact.entity or "" for fact in listed if fact.value in kind))
        return found

    def _only(self, position: int, symbol: Symbol) -> bool:
        noun = symbol.asserts[1]
        noun = noun or next(
            (str(value) for item in self._statuses(position) for field, value in item.claims if field == "kind"), ""
        )
        sets = self._violations(position, noun)
        meant = self._meant(position)
        one = bool(sets) and all(len(found) == 1 for found in sets)
        return one and (not meant or all(found == meant for found in sets))

    def _statuses(self, position: int) -> list[Symbol]:
        return self._segments[position].every(Sign.STATUS)

    def _new(self, position: int, symbol: Symbol) -> bool:
        noun = symbol.asserts[1]
        new = {
            fact.entity
            for fact in self._here(position, "kind")
            if fact.path.startswith("/new_violations/") and noun in {"", fact.value}
        }
        meant = self._meant(position)
        return bool(meant) and meant <= new

    def _ranked(self, position: int, symbol: Symbol) -> bool:
        named = [item.elements for item in self._segments[position:] if item.elements]
        meant = frozenset().union(*named)
        places = [f"/branches/{place}/loading_percent" for place in range(len(meant))]
        top = {fact.entity for fact in self._here(position, "loading") if fact.path in places and self._whole(fact)}
        said = symbol.number is None or symbol.number.value == len(meant)
        return said and len(meant) > 1 and top == meant

    def _member(self, position: int, symbol: Symbol) -> bool:
        """What stands behind "including" must belong to what was counted before it."""
        counted = [
            (place, item)
            for place, segment in enumerate(self._segments[: position + 1])
            for item in segment.every(Sign.QUANTITY)
            if item.quantities and item.start < symbol.start
        ]
        behind = [item for segment in self._segments for item in segment.symbols if item.start > symbol.start]
        meant = frozenset().union(*(item.elements for item in behind if item.sign is Sign.ELEMENT))
        if position == 0 and not counted:
            return True  # "for example" begins a sentence
        if not counted or not meant or any(item.sign is Sign.CASE for item in behind):
            return False
        place, quantity = counted[-1]
        return all(self._belongs(name, element, place) for element in meant for name in quantity.quantities)

    def check_members(self, position: int, name: str) -> None:
        """In "two units violate their limits, gen 6 and the external grid" the elements are what was counted.

        Raises:
            RefusedError: when one of them is not.
        """
        for element in sorted(self._segments[position].elements):
            if not self._belongs(name, element, position):
                raise RefusedError(f"the evidence does not count {element} among them")

    def check_powers(self, position: int, fact: Claimable) -> None:
        """In "6 units exceed their reactive limits" each of them must be listed with a reactive limit.

        Raises:
            RefusedError: when one breaks the other limit, or not all of them are listed.
        """
        words = {word for item in self._segments[position].every(Sign.QUANTITY) for word in item.text.split()}
        said = {f"{word}_power" for word in words & {"active", "reactive"}}
        if not said or not words & _UNIT_NOUNS or not words & {"limit", "limits"}:
            return
        listed = {
            item.entity: item.value
            for item in self._here(position, "kind")
            if "/violations/" in item.path and item.value in _KINDS["unit_violations"]
        }
        if len(said) > 1 or len(listed) != fact.value or set(listed.values()) - said:
            raise RefusedError("the evidence does not say which of their limits all of these units violate")

    def _belongs(self, name: str, element: str, position: int) -> bool:
        if name in _OUTCOMES:
            field, value = _OUTCOMES[name]
            return any(fact.value == value for fact in self._of(field, f"out {element}"))
        if name in _POSITIVE:
            return any(bool(fact.value) for fact in self._of(_POSITIVE[name], f"out {element}"))
        if name in _LISTS:
            return any(fact.value == element for fact in self._here(position, _LISTS[name]))
        kinds = _KINDS.get(name)
        listed = [fact for fact in self._here(position, "kind") if fact.entity == element]
        if name == "new_violation_count":
            return any(fact.path.startswith("/new_violations/") for fact in listed)
        if name in _ANY_KIND:
            return any("/violations/" in fact.path for fact in listed)
        return kinds is not None and any(fact.value in kinds for fact in listed)
