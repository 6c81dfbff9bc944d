"""Tying each number and each status of a sentence to the one fact that says it, or refusing it."""

from collections.abc import Sequence
from dataclasses import replace

from agents.statement import Ref
from orchestrator.gate.asserting import MEMBERED, Assertions
from orchestrator.gate.changing import check_direction
from orchestrator.gate.choosing import all_zero, check_all, is_meant, refuse_several, unmatched
from orchestrator.gate.context import Context
from orchestrator.gate.governing import alternatives, governing_subjects, is_start
from orchestrator.gate.limiting import meant_limit
from orchestrator.gate.meaning import Meaning
from orchestrator.gate.pool import Claimable
from orchestrator.gate.reach import Reach
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.segments import Segment
from orchestrator.gate.symbols import Case, Sign, Symbol
from orchestrator.gate.typed_number import TypedNumber

_AGAINST = frozenset({"against", "versus", "of"})
_LIMITS = {"i": ("rating",), "vm": ("limit_min", "limit_max"), "loading": ("limit",)}
# Two values closer than this are hardly different.
_HARDLY = 0.05
_OF_ELEMENTS = frozenset({"closed", "connected", "in_service", "what", "id"})
_NEEDED = {
    "reactive_limits_enforced": frozenset({"reactive_limits_enforced"}),
    "rating_is_placeholder": frozenset({"rating"}),
    "loading_meaningful": frozenset({"loading", "rating"}),
    "voltage_meaningful": frozenset({"vm"}),
}
_MEANINGFUL = {"loading": "loading_meaningful", "vm": "voltage_meaningful"}
_DESCRIPTIVE = frozenset({"kind", "severity", "reason"})


_Whose = tuple[frozenset[str | None] | None, tuple[Case, ...] | None]


def _same(fact: Claimable, other: Claimable) -> bool:
    """Whether two fields say the same: whose, what, when and how much."""
    if (fact.entity, fact.quantity, fact.unit, fact.case, fact.at) != (
        other.entity, other.quantity, other.unit, other.case, other.at,
    ):
        return False
    return fact.value == other.value and (fact.quantity not in _COUNTING or fact.path == other.path)


# Counts of different things share one name.
_COUNTING = frozenset({"count", "checked", "out_of_service", "omitted", "solved", "diverged", "islanding"})


class Binder:
    """Binds the symbols of one sentence.

    Attributes:
        bound: For each bound symbol's place in the text, the reference that it becomes.
        statuses: The facts that its claims of status rest on.
    """

    def __init__(self, segments: Sequence[Segment], context: Context) -> None:
        self._segments = segments
        self._context = context
        refs = [symbol.ref for segment in segments for symbol in segment.symbols if symbol.ref]
        self._meaning = Meaning(context.pool, [(ref.evidence, ref.path.rpartition("/")[0]) for ref in refs])
        self._refs = refs
        self._reach = Reach(segments, context)
        self._assertions = Assertions(segments, context)
        self.bound: dict[tuple[int, int], Ref] = {}
        self.statuses: list[Claimable] = []
        self.rewritten: dict[tuple[int, int], str] = {}
        self._numbers: list[Claimable] = []

    def _negated(self, segment: Segment, symbol: Symbol, number: TypedNumber | None) -> TypedNumber | None:
        """What is absorbed is delivered with the other sign; the sentence is printed so."""
        verbs = [item for item in segment.every(Sign.QUANTITY) if item.text.startswith("absorb")]
        if not verbs or (symbol.number and symbol.number.value < 0):
            return number
        self.rewritten[verbs[0].start, verbs[0].end] = "delivers"
        return number and replace(number, value=-number.value)

    def bind(self) -> None:
        """Bind everything that claims something.

        Raises:
            RefusedError: at the first claim that no fact, or more than one, bears out.
        """
        for position, segment in enumerate(self._segments):
            self._meaning.note(segment)
            for case in segment.cases:
                self._assertions.check_rank(case)
            for symbol in segment.every(Sign.STATUS):
                self._bind_status(position, symbol)
            for symbol in segment.every(Sign.NUMBER):
                self._bind_number(position, symbol)
            asserted = [symbol for symbol in segment.symbols if symbol.asserts]
            for symbol in asserted:
                self._assertions.check(position, symbol)
                if symbol.number and symbol.number.spelled:
                    word = symbol.text.split(" ")[0]
                    self.rewritten[symbol.start, symbol.start + len(word)] = word
            if not segment.anchored and not asserted and not any(case.rank for case in segment.cases):
                self._bind_extreme(position, segment)
        if any(symbol.asserts[:1] == ("alike",) for segment in self._segments for symbol in segment.symbols):
            self._check_alike()

    def _bind_number(self, position: int, symbol: Symbol) -> None:
        segment = self._segments[position]
        number = self._negated(segment, symbol, self._with_unit(position, symbol))
        fixed = self._context.pool.at(symbol.ref.evidence, symbol.ref.path) if symbol.ref else None
        if limit := next((item for item in segment.every(Sign.QUANTITY) if item.relation), None):
            self._bind_limit(position, symbol, limit, fixed)
            return
        if beside := self._limit_beside(segment, number, fixed):
            self._numbers.append(beside)
            self._become(symbol, beside)
            return
        quantities = self._meaning.of(segment, symbol, number, fixed)
        counting = bool(segment.elements) and bool(quantities) and quantities <= MEMBERED
        subjects = [frozenset[str | None]({None})] if counting else governing_subjects(self._segments, position)
        states = alternatives(self._segments, position)
        if len(subjects) * len(states) > 1:
            self._bind_each(position, symbol, number, [(subject, state) for subject in subjects for state in states])
            return
        candidates = self._reach.of(position, quantities, self._meaning.roles, subjects[0])
        if symbol.sign is Sign.NUMBER and number is None and fixed is None and symbol.every:
            refuse_several(candidates)
            if not candidates:
                raise RefusedError(unmatched(symbol, candidates))
            check_all(candidates[0], self._context.pool)
            return
        if number is not None and fixed is None:
            candidates = [fact for fact in candidates if number.nothing or fact.unit in number.suffixes()]
            if number.nothing:
                candidates = all_zero(candidates, quantities)
            else:
                refuse_several(candidates)
        matching = self._fitting(candidates, number, fixed)
        if not matching:
            raise RefusedError(unmatched(symbol, candidates))
        check_direction(self._segments, position, matching[0], self._meaning.roles, self._context)
        if counting:
            self._assertions.check_members(position, matching[0].quantity)
        if symbol.every:
            check_all(matching[0], self._context.pool)
        self._numbers.append(matching[0])
        self._become(symbol, matching[0])

    def _limit_beside(self, segment: Segment, number: TypedNumber | None, fixed: Claimable | None) -> Claimable | None:
        """In "75.4 Mvar against 40 Mvar" the second is the limit of the element that has the first."""
        if segment.lead not in _AGAINST or not self._numbers or not (segment.bare or segment.elements):
            return None
        value = self._numbers[-1]
        if segment.elements and not (value.roles and len(segment.elements) == 1 and not segment.has(Sign.QUANTITY)):
            return None
        if segment.elements and not segment.cases:
            others = [fact for fact in self._before(replace(value, entity=min(segment.elements))) if value.roles & fact.roles]
            fitting = self._fitting(others, number, fixed)
            return fitting[0] if fitting else None
        if segment.elements:
            return None
        names = (*(f"{side}_{value.quantity}" for side in ("limit", "min", "max")), *_LIMITS.get(value.quantity, ()))
        limits = [
            fact
            for name in names
            for fact in self._context.pool.of(name)
            if (fact.entity, fact.case, fact.unit) == (value.entity, value.case, value.unit)
        ]
        fitting = self._fitting(limits, number, fixed) or self._fitting(self._before(value), number, fixed)
        return fitting[0] if fitting else None

    def _before(self, value: Claimable) -> list[Claimable]:
        """In "26.4 MW instead of 26.0 MW" after an action or in an outage, the second is the value without it."""
        origins = {"after": ("before",), "out": ("base",)}.get((value.case or "").split(" ")[0], ())
        return [
            fact
            for fact in self._context.pool.of(value.quantity)
            if (fact.entity, fact.unit) == (value.entity, value.unit) and fact.case in origins
            and (not value.roles or fact.roles & value.roles)
        ]

    def _check_alike(self) -> None:
        """In "hardly changes the losses" both values must be said, and lie close together."""
        values = [abs(float(fact.value)) for fact in self._numbers[-2:]]
        one = len({(fact.quantity, fact.unit, fact.entity) for fact in self._numbers[-2:]}) == 1
        if len(values) == 1 or not one or max(values) - min(values) > _HARDLY * max(values):
            raise RefusedError("the evidence does not say that this hardly changes; give both values")

    def _bind_each(
        self, position: int, symbol: Symbol, number: TypedNumber | None, whose: Sequence[_Whose]
    ) -> None:
        """One value of several elements, or in several states: each of them must have it."""
        if number is None or symbol.ref or self._segments[position].has(Sign.DIRECTION):
            raise RefusedError("a reference stands beside several elements or states; say in separate clauses whose it is")
        quantities = self._meaning.of(self._segments[position], symbol, number, None)
        for subject, state in whose:
            reached = self._reach.of(position, quantities, self._meaning.roles, subject, state)
            candidates = [fact for fact in reached if fact.unit in number.suffixes()]
            refuse_several(candidates)
            matching = self._fitting(candidates, number, None)
            if not matching or number.nothing:
                raise RefusedError(unmatched(symbol, candidates))
            self._become(symbol, matching[0])

    def _bind_limit(self, position: int, symbol: Symbol, limit: Symbol, fixed: Claimable | None) -> None:
        number = self._with_unit(position, symbol)
        for subject in governing_subjects(self._segments, position):
            reached = self._reach.of(position, limit.quantities, self._meaning.roles, subject)
            fitting = self._fitting(reached, number, fixed)
            if not fitting and self._meaning.roles:
                reached = self._reach.of(position, limit.quantities, frozenset(), subject)
                fitting = self._fitting(reached, number, fixed)
            fact = meant_limit(symbol, limit, fitting, self._context.pool)
            self._become(symbol, fact)

    def _fitting(
        self, candidates: Sequence[Claimable], number: TypedNumber | None, fixed: Claimable | None
    ) -> list[Claimable]:
        """Those that are the fact of the reference, or have the value that was typed."""
        if fixed is not None:
            return [fixed] if any(_same(fact, fixed) for fact in candidates) else []
        return [fact for fact in candidates if number is not None and is_meant(number, fact)]

    def _become(self, symbol: Symbol, fact: Claimable) -> None:
        self.bound[symbol.start, symbol.end] = Ref(evidence=fact.evidence, path=fact.path)

    def _with_unit(self, position: int, symbol: Symbol) -> TypedNumber | None:
        """The number; the first of "from 0.98 to 0.95 pu" has the unit of the second."""
        number = symbol.number
        if number and number.unit is None and not number.spelled and is_start(self._segments, position):
            later = next((item.number for item in self._segments[position + 1].every(Sign.NUMBER)), None)
            if later:
                return TypedNumber(number.value, number.decimals, later.unit)
        return number

    def _bind_status(self, position: int, symbol: Symbol) -> None:
        fixed = self._context.pool.at(symbol.ref.evidence, symbol.ref.path) if symbol.ref else None
        claims = symbol.claims if fixed else self._claims(position, symbol)
        self._check_subject(position, symbol)
        if fixed is not None and fixed.entity is None and fixed.quantity in _OF_ELEMENTS:
            raise RefusedError(f"{symbol.text!r} is said of no element")
        if not claims:
            return
        bearing: list[Claimable] = []
        for entities in governing_subjects(self._segments, position):
            bearing += self._bearing(position, symbol, claims, fixed, entities)
        self.statuses += bearing
        own = [fact for fact in bearing if fact.quantity != "derived"] or bearing
        self._become(symbol, own[0])

    def _bearing(
        self,
        position: int,
        symbol: Symbol,
        claims: Sequence[tuple[str, str | bool]],
        fixed: Claimable | None,
        entities: frozenset[str | None] | None,
    ) -> list[Claimable]:
        """The facts that say a status, of one of the elements that it is said of."""
        candidates = self._reach.of(position, {quantity for quantity, _ in claims}, frozenset(), entities)
        if fixed is not None:
            bearing, against = [fact for fact in candidates if fact == fixed], []
        else:
            bearing = [fact for fact in candidates if (fact.quantity, fact.value) in claims]
            against = [fact for fact in candidates if fact not in bearing and fact.quantity not in _DESCRIPTIVE]
        if not bearing or against or len({fact.entity for fact in bearing}) > 1:
            raise RefusedError(
                f"no field of the evidence says {symbol.text!r} of the same element and case; use a reference to a "
                "status field, or leave the claim out"
            )
        return bearing

    def _check_subject(self, position: int, symbol: Symbol) -> None:
        """ "Not enforced" and "a placeholder" say nothing unless what it is said of stands beside."""
        if any(noun in symbol.text for noun in ("limit", "rating", "loading", "voltage")) and not symbol.ref:
            return
        needed = frozenset().union(*(_NEEDED.get(field, frozenset()) for field, _ in symbol.claims))
        everywhere = self._segments if symbol.ref else self._segments[position : position + 1]
        said = {name for segment in everywhere for item in segment.every(Sign.QUANTITY) for name in item.quantities}
        if needed and (said or symbol.ref) and not said & needed:
            raise RefusedError(f"it is not said what is {symbol.text!r}")

    def _claims(self, position: int, symbol: Symbol) -> tuple[tuple[str, str | bool], ...]:
        """Whether loadings or voltages are meaningful depends on which of them is spoken of."""
        if not any(field.endswith("_meaningful") for field, _ in symbol.claims):
            return symbol.claims
        if len({field for field, _ in symbol.claims}) == 1:
            return symbol.claims
        group = self._segments[position].group
        near = [item for item in self._segments if item.group == group]
        said = {name for segment in near for item in segment.every(Sign.QUANTITY) for name in item.quantities}
        fields = [_MEANINGFUL[name] for name in sorted(said) if name in _MEANINGFUL]
        left = any(role.startswith("left") for segment in near for role in segment.roles)
        if not fields and (left or any(ref and "/left_out/" in ref.path for ref in self._refs)):
            return ()  # the count of what was left out says it
        if not fields:
            raise RefusedError(f"it is not said which quantity is {symbol.text!r}")
        return tuple(claim for claim in symbol.claims if claim[0] in fields)

    def _bind_extreme(self, position: int, segment: Segment) -> None:
        """In "the lowest voltage is at bus 12" the element itself is what the evidence must say."""
        said = [item for item in segment.every(Sign.QUANTITY) if item.roles]
        if len(said) != 1 or len(segment.elements) != 1:
            raise RefusedError("it names elements, states or quantities, but nothing that evidence could bear out")
        if not self._reach.of(position, said[0].quantities, said[0].roles):
            raise RefusedError(f"the evidence does not say that {said[0].text!r} is there")
