"""Tying each number and each status of a sentence to the one fact that says it, or refusing it."""

from collections.abc import Iterable, Sequence

from agents.statement import Ref
from orchestrator.gate.context import Context
from orchestrator.gate.governing import governing_cases, governing_entities, is_start
from orchestrator.gate.matching import in_state
from orchestrator.gate.pool import Claimable
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.relating import holds
from orchestrator.gate.segments import Segment
from orchestrator.gate.shown import shown
from orchestrator.gate.symbols import Sign, Symbol
from orchestrator.gate.typed_number import TypedNumber

# What a bare value of a unit is, when no word says it.
_BY_UNIT = {"percent": "loading", "pu": "vm", "kv": "vm", "ka": "i", "mva": "rating"}
# What a bare power is, of an element that has only one.
_POWER = {"mw": "p", "mvar": "q"}
_POWERED = ("gen:", "sgen:", "load:", "ext_grid:", "shunt:", "storage:")
# Counts of outages, each at most their number.
_OF_OUTAGES = ("outages", "insecure", "secure", "islanding", "diverged", "worse")
_PAIR = 2
_MAIN = {"percent": "loading", "pu": "vm", "ka": "i", "mw": "p", "mvar": "q"}
# Extremes that bound what an element without a value of its own can have had.
_HIGHEST = frozenset({"highest_voltage", "highest_loading"})
_LOWEST = frozenset({"lowest_voltage"})
_DESCRIPTIVE = frozenset({"kind", "severity", "reason"})


class Binder:
    """Binds the symbols of one sentence.

    Attributes:
        bound: For each bound symbol's place in the text, the reference that it becomes.
    """

    def __init__(self, segments: Sequence[Segment], context: Context) -> None:
        self._segments = segments
        self._context = context
        self.bound: dict[tuple[int, int], Ref] = {}
        self.derived: set[tuple[int, int]] = set()
        self.statuses: list[Claimable] = []
        self._quantity: frozenset[str] = frozenset()
        self._roles: frozenset[str] = frozenset()
        self._elements: frozenset[str] = frozenset()

    def bind(self) -> None:
        """Bind everything that claims something.

        Raises:
            RefusedError: at the first claim that no fact, or more than one, bears out.
        """
        for position, segment in enumerate(self._segments):
            for symbol in segment.every(Sign.STATUS):
                self._bind_status(position, symbol)
            for symbol in segment.every(Sign.NUMBER):
                self._bind_number(position, symbol)
            if not segment.anchored:
                self._bind_extreme(position, segment)

    def _bind_number(self, position: int, symbol: Symbol) -> None:
        segment = self._segments[position]
        number = self._with_unit(position, symbol)
        limit = next((item for item in segment.every(Sign.QUANTITY) if item.relation), None)
        if limit:
            self._bind_limit(position, symbol, limit)
            return
        fixed = self._context.pool.at(symbol.ref.evidence, symbol.ref.path) if symbol.ref else None
        quantities = self._quantities(segment, symbol, number, fixed)
        candidates = self._candidates(position, quantities)
        if fixed is not None:
            matching = [fact for fact in candidates if fact == fixed]
        elif number is not None:
            candidates = [fact for fact in candidates if number.nothing or fact.unit in number.suffixes()]
            if number.nothing:
                candidates = _all_zero(candidates, quantities)
            else:
                _only_one(candidates)
            matching = [fact for fact in candidates if _is_meant(number, fact)]
        else:
            matching = []
        if not matching:
            raise RefusedError(_unmatched(symbol, candidates))
        self._check_direction(position, matching[0])
        if symbol.every:
            self._check_all(matching[0])
        self.bound[symbol.start, symbol.end] = Ref(evidence=matching[0].evidence, path=matching[0].path)

    def _bind_limit(self, position: int, symbol: Symbol, limit: Symbol) -> None:
        """A limit, with the value of the same element and state set against it as the sentence says."""
        number = self._with_unit(position, symbol)
        fixed = self._context.pool.at(symbol.ref.evidence, symbol.ref.path) if symbol.ref else None
        matching = [
            fact
            for fact in self._candidates(position, limit.quantities)
            if fact == fixed or (number is not None and fixed is None and _is_meant(number, fact))
        ]
        if (
            not matching
            or len({(fact.entity, fact.case, shown(float(fact.value), fact.unit)) for fact in matching}) > 1
        ):
            raise RefusedError(
                f"{symbol.text.strip()!r} is not the one limit of the element and case that is spoken of"
            )
        for fact in matching:
            values = [
                float(item.value)
                for item in self._context.pool.of(_MAIN.get(fact.unit or "", ""))
                if (item.entity, item.case, item.unit) == (fact.entity, fact.case, fact.unit)
            ]
            if limit.relation == "beside" or (
                values and all(holds(limit.relation, value, float(fact.value), fact.quantity) for value in values)
            ):
                self.bound[symbol.start, symbol.end] = Ref(evidence=fact.evidence, path=fact.path)
                return
        raise RefusedError(f"the evidence does not bear out {limit.text!r}")

    def _with_unit(self, position: int, symbol: Symbol) -> TypedNumber | None:
        """The number; the first of "from 0.98 to 0.95 pu" has the unit of the second."""
        number = symbol.number
        if number and number.unit is None and not number.spelled and is_start(self._segments, position):
            later = next((item.number for item in self._segments[position + 1].every(Sign.NUMBER)), None)
            if later:
                return TypedNumber(number.value, number.decimals, later.unit)
        return number

    def _quantities(
        self, segment: Segment, symbol: Symbol, number: TypedNumber | None, fixed: Claimable | None
    ) -> frozenset[str]:
        """The fields that the words allow; a value without words has those of the value before it."""
        before, self._elements = self._elements, segment.elements or self._elements
        units: set[str | None] = {fixed.unit} if fixed else set(number.suffixes() if number else ())
        said = [symbol.quantities] if symbol.quantities else []
        said += [item.quantities for item in segment.every(Sign.QUANTITY) if item.quantities]
        roles = frozenset().union(*(item.roles for item in segment.every(Sign.QUANTITY)))
        if said:
            refined = frozenset().union(*(item.refinements for item in segment.every(Sign.QUANTITY)))
            meant = frozenset.intersection(*said) or frozenset().union(*said) & refined
            self._quantity, self._roles = meant, roles
            return meant
        usual = {_BY_UNIT[unit] for unit in units if unit in _BY_UNIT}
        known = {fact.quantity for unit in units for fact in self._context.pool.of_unit(unit)}
        if roles:
            self._roles = roles
        same = not segment.elements or segment.elements == before or not before or segment.has(Sign.STATUS)
        carried = fixed is not None or number is None or number.unit is not None or segment.symbols[0].text == "to"
        if self._quantity & known and carried:
            return self._quantity
        if not same and self._quantity and not self._quantity & known:
            raise RefusedError(f"it is not said which quantity {symbol.text.strip()!r} is")
        if segment.elements and all(item.startswith(_POWERED) for item in segment.elements):
            usual |= {_POWER[unit] for unit in units if unit in _POWER}
        self._roles = roles
        if not usual:
            raise RefusedError(f"it is not said which quantity {symbol.text.strip()!r} is")
        self._quantity = frozenset(usual)
        return self._quantity

    def _candidates(self, position: int, quantities: Iterable[str]) -> list[Claimable]:
        pool = self._context.pool
        entities = governing_entities(self._segments, position)
        cases = governing_cases(self._segments, position)
        if self._segments[position].has(Sign.STATUS) and any(
            "slack" in item.roles for item in self._segments[position].every(Sign.QUANTITY)
        ):
            entities = frozenset(fact.entity for name in ("p", "q") for fact in pool.of(name) if "slack" in fact.roles)
        own_element = bool(self._segments[position].elements)
        changed = self._changed(position) if not cases else None
        return [
            fact
            for quantity in quantities
            for fact in self._context.pool.of(quantity)
            if (fact.entity in entities or (self._roles and not own_element))
            and self._roles.issubset(fact.roles | self._equal_roles(fact))
            and (fact == changed or in_state(fact, cases, self._context.case))
        ]

    def _changed(self, position: int) -> Claimable | None:
        """In "from X to Y" two references to before and after name their states by themselves."""
        first = position if is_start(self._segments, position) else position - 1
        if first < 0 or not is_start(self._segments, first):
            return None
        refs = [item.ref for place in (first, first + 1) for item in self._segments[place].every(Sign.NUMBER)]
        facts = [self._context.pool.at(ref.evidence, ref.path) if ref else None for ref in refs]
        if len(facts) != _PAIR or facts[0] is None or facts[1] is None:
            return None
        if (facts[0].evidence, facts[0].case, facts[1].case) != (facts[1].evidence, "before", "after"):
            return None
        return facts[position - first]

    def _equal_roles(self, fact: Claimable) -> frozenset[str]:
        """A superlative is met by any of the paths that it may mean."""
        return self._roles if self._roles & fact.roles else frozenset()

    def _check_direction(self, position: int, fact: Claimable) -> None:
        """Both "falls to" and "rises to" need the value before, and it must lie on the right side."""
        segment = self._segments[position]
        later = position and is_start(self._segments, position - 1)
        directions = segment.every(Sign.DIRECTION) or (
            self._segments[position - 1].every(Sign.DIRECTION) if later else []
        )
        if not directions or is_start(self._segments, position):
            return
        up = bool(directions[0].upward)
        earlier = self._earlier(fact, up=up)
        sides = [float(fact.value) > value for value in earlier if value != fact.value]
        if not sides or len(sides) != len(earlier) or any(side is not up for side in sides):
            raise RefusedError(
                f"{directions[0].text!r} claims a change that no earlier value bears out; say 'is' instead"
            )

    def _check_all(self, fact: Claimable) -> None:
        """In "all 32 outages are islanding" the count must be that of the whole."""
        pool, above = self._context.pool, fact.path.rpartition("/")[0]
        if fact.quantity == "checked":
            complete = pool.at(fact.evidence, f"{above}/left_out/0/count") is None
        elif fact.quantity == "count":
            complete = False
        else:
            whole = pool.at(fact.evidence, f"{above}/outages")
            complete = whole is not None and whole.value == fact.value and fact.quantity.startswith(_OF_OUTAGES)
        if not complete:
            raise RefusedError("the evidence does not say that it is all of them; leave 'all' out")

    def _earlier(self, fact: Claimable, *, up: bool) -> list[float]:
        """The value before: the element's own, or the extreme of all that it cannot have been beyond."""
        origin = "before" if (fact.case or "").startswith("after") else "base"
        if fact.case == origin:
            return []
        alike = [
            item
            for item in self._context.pool.of(fact.quantity)
            if (item.unit, item.case) == (fact.unit, origin) and isinstance(item.value, int | float)
        ]
        extremes = self._roles & fact.roles
        if extremes:
            return [float(item.value) for item in alike if extremes & item.roles]
        own = [float(item.value) for item in alike if item.entity == fact.entity]
        if not own and origin == "before" and self._context.case == "base":
            own = [
                float(item.value)
                for item in self._context.pool.of(fact.quantity)
                if (item.entity, item.unit, item.case) == (fact.entity, fact.unit, "base")
                and isinstance(item.value, int | float)
            ]
        bounding = _HIGHEST if up else _LOWEST
        return own or [float(item.value) for item in alike if bounding & item.roles]

    def _bind_status(self, position: int, symbol: Symbol) -> None:
        fixed = self._context.pool.at(symbol.ref.evidence, symbol.ref.path) if symbol.ref else None
        self._roles = frozenset()
        claims = symbol.claims if fixed else self._claims(position, symbol)
        candidates = self._candidates(position, {quantity for quantity, _ in claims})
        if fixed is not None:
            bearing = [fact for fact in candidates if fact == fixed]
            against = []
        else:
            bearing = [fact for fact in candidates if (fact.quantity, fact.value) in claims]
            against = [fact for fact in candidates if fact not in bearing and fact.quantity not in _DESCRIPTIVE]
        entities = {fact.entity for fact in bearing}
        if not bearing or against or len(entities) > 1:
            raise RefusedError(
                f"no field of the evidence says {symbol.text!r} of the same element and case; use a reference to a "
                "status field, or leave the claim out"
            )
        self.statuses += bearing[:1]
        own = [fact for fact in bearing if fact.quantity != "derived"] or bearing
        if own[0].quantity == "derived":
            self.derived.add((symbol.start, symbol.end))
        self.bound[symbol.start, symbol.end] = Ref(evidence=own[0].evidence, path=own[0].path)

    def _claims(self, position: int, symbol: Symbol) -> tuple[tuple[str, str | bool], ...]:
        """Whether loadings or voltages are meaningful depends on which of them is spoken of."""
        if not any(field.endswith("_meaningful") for field, _ in symbol.claims):
            return symbol.claims
        spoken = {name for item in self._segments[position].every(Sign.QUANTITY) for name in item.quantities}
        if len(spoken) != 1:
            raise RefusedError(f"it is not said which quantity is {symbol.text!r}")
        field = {"loading": "loading_meaningful", "vm": "voltage_meaningful"}.get(spoken.pop(), "")
        return tuple(claim for claim in symbol.claims if claim[0] == field)

    def _bind_extreme(self, position: int, segment: Segment) -> None:
        """In "the lowest voltage is at bus 12" the element itself is what the evidence must say."""
        said = [item for item in segment.every(Sign.QUANTITY) if item.roles]
        if len(said) != 1 or len(segment.elements) != 1:
            raise RefusedError("it names elements, states or quantities, but nothing that evidence could bear out")
        self._roles = said[0].roles
        if not self._candidates(position, said[0].quantities):
            raise RefusedError(f"the evidence does not say that {said[0].text!r} is there")


def _is_meant(number: TypedNumber, fact: Claimable) -> bool:
    value = fact.value
    return isinstance(value, int | float) and not isinstance(value, bool) and number.means(value, fact.unit)


def _all_zero(candidates: Sequence[Claimable], quantities: Iterable[str]) -> list[Claimable]:
    """Candidates of "no voltage violations", which speaks of several counts: each must be there, and zero."""
    if {fact.quantity for fact in candidates} != set(quantities) or any(fact.value != 0 for fact in candidates):
        return []
    return list(candidates)


def _only_one(candidates: Sequence[Claimable]) -> None:
    """Refuse when the words fit facts of different meaning, or facts that disagree."""
    meanings = {(fact.entity, fact.quantity, fact.unit, fact.case, fact.at) for fact in candidates}
    values = {shown(fact.value, fact.unit) for fact in candidates if isinstance(fact.value, int | float)}
    if len(meanings) > 1:
        names = sorted({f"{entity or 'grid'} {quantity} ({case or '-'})" for entity, quantity, _, case, _ in meanings})
        raise RefusedError(f"several fields fit the words: {', '.join(names[:4])}; name element, quantity and case")
    if len(values) > 1:
        raise RefusedError("two pieces of evidence differ in this value; use a reference to the one that is meant")


def _unmatched(symbol: Symbol, candidates: Sequence[Claimable]) -> str:
    if candidates:
        return f"{symbol.text.strip()!r} is not what the evidence says of this element, quantity and case"
    return (
        f"no field of the evidence has the element, quantity, unit and case that the words around "
        f"{symbol.text.strip()!r} name; use a reference"
    )
