"""Tying each number and each status of a sentence to the one fact that says it, or refusing it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from agents.statement import Ref
from orchestrator.gate.asserting import MEMBERED, Assertions
from orchestrator.gate.changing import check_direction
from orchestrator.gate.choosing import all_zero, check_all, refuse_several, unmatched
from orchestrator.gate.comparing import AGAINST, check_alike, compared
from orchestrator.gate.context import Context
from orchestrator.gate.fitting import fitting
from orchestrator.gate.governing import alternatives, governing_subjects, is_start
from orchestrator.gate.limiting import meant_limit
from orchestrator.gate.meaning import Meaning
from orchestrator.gate.pool import Claimable
from orchestrator.gate.reach import Reach
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.segments import Segment
from orchestrator.gate.stating import Statuses
from orchestrator.gate.symbols import Case, Sign, Symbol
from orchestrator.gate.typed_number import TypedNumber

_Whose = tuple[frozenset[str | None] | None, tuple[Case, ...] | None]


@dataclass(frozen=True)
class _Figure:
    """A number at its place, as typed or as the fact that a reference leads to."""

    position: int
    segment: Segment
    symbol: Symbol
    number: TypedNumber | None
    fixed: Claimable | None


class Binder:
    """Binds the symbols of one sentence.

    Attributes:
        bound: For each bound symbol's place in the text, the reference that it becomes.
        statuses: The facts that its claims of status rest on.
        rewritten: For a place in the text, the word that says the same of the bound value.
    """

    def __init__(self, segments: Sequence[Segment], context: Context) -> None:
        self._segments = segments
        self._context = context
        refs = [symbol.ref for segment in segments for symbol in segment.symbols if symbol.ref]
        self._meaning = Meaning(context.pool, [(ref.evidence, ref.path) for ref in refs])
        self._reach = Reach(segments, context)
        self._assertions = Assertions(segments, context)
        self._stated = Statuses(segments, context, self._reach)
        self._numbers: list[Claimable] = []
        self.bound: dict[tuple[int, int], Ref] = {}
        self.statuses: list[Claimable] = []
        self.rewritten: dict[tuple[int, int], str] = {}

    def bind(self) -> None:
        """Bind everything that claims something.

        Raises:
            RefusedError: at the first claim that no fact, or more than one, bears out.
        """
        for position, segment in enumerate(self._segments):
            self._meaning.note(segment)
            for symbol in segment.every(Sign.STATUS):
                self._bind_status(position, symbol)
            for symbol in segment.every(Sign.NUMBER):
                self._bind_number(self._figure(position, symbol))
            asserted = self._assert(position, segment)
            if not segment.anchored and not asserted:
                self._bind_extreme(position, segment)
        if any(symbol.asserts[:1] == ("alike",) for segment in self._segments for symbol in segment.symbols):
            check_alike(self._numbers)

    def _assert(self, position: int, segment: Segment) -> bool:
        """Check what a segment claims beyond numbers and statuses, and say whether there is anything."""
        ranks = [case for case in segment.cases if case.rank]
        for case in ranks:
            self._assertions.check_rank(case)
        asserted = [symbol for symbol in segment.symbols if symbol.asserts]
        for symbol in asserted:
            self._assertions.check(position, symbol)
            if symbol.number and symbol.number.spelled:  # "the three most loaded branches"
                word = symbol.text.split(" ")[0]
                self.rewritten[symbol.start, symbol.start + len(word)] = word
        return bool(ranks or asserted)

    def _figure(self, position: int, symbol: Symbol) -> _Figure:
        segment = self._segments[position]
        number = self._negated(segment, symbol, self._with_unit(position, symbol))
        fixed = self._context.pool.at(symbol.ref.evidence, symbol.ref.path) if symbol.ref else None
        return _Figure(position, segment, symbol, number, fixed)

    def _bind_number(self, figure: _Figure) -> None:
        if limit := next((item for item in figure.segment.every(Sign.QUANTITY) if item.relation), None):
            self._bind_limit(figure, limit)
            return
        last = self._numbers[-1] if self._numbers else None
        beside = compared(figure.segment, last, figure.number, figure.fixed, self._context.pool)
        if beside is not None:
            self._take(figure.symbol, beside)
            return
        quantities = self._meaning.of(figure.segment, figure.symbol, figure.number, figure.fixed)
        counting = bool(figure.segment.elements) and bool(quantities) and quantities <= MEMBERED
        subjects = governing_subjects(self._segments, figure.position)
        whose = [(item, state) for item in subjects for state in alternatives(self._segments, figure.position)]
        if counting:
            whose = [(frozenset({None}), None)]
        if len(whose) > 1:
            self._bind_each(figure, quantities, whose)
            return
        fact = self._meant(figure, quantities, whose[0][0])
        if last is not None and figure.segment.lead in AGAINST:
            _check_against(figure.segment, fact, last)
        self._assertions.check_powers(figure.position, fact)
        if counting:
            self._assertions.check_members(figure.position, fact.quantity)

    def _meant(self, figure: _Figure, quantities: frozenset[str], subject: frozenset[str | None] | None) -> Claimable:
        """The one fact that a number is, bound."""
        symbol, number = figure.symbol, figure.number
        candidates = self._reach.of(figure.position, quantities, self._meaning.roles, subject)
        if number is not None and figure.fixed is None:
            candidates = [fact for fact in candidates if number.nothing or fact.unit in number.suffixes()]
        if number is not None and number.nothing:
            candidates = all_zero(candidates, quantities)
        elif figure.fixed is None:
            refuse_several(candidates)
        # "Every outage" is a number without digits.
        unsaid = number is None and figure.fixed is None and symbol.every
        matching = candidates if unsaid else fitting(candidates, number, figure.fixed)
        if not matching:
            raise RefusedError(unmatched(symbol, candidates))
        if symbol.every:
            check_all(matching[0], self._context.pool)
        if not unsaid:
            _check_absorbed(figure.segment, matching[0])
            check_direction(self._segments, figure.position, matching[0], self._meaning.roles, self._context)
            self._take(symbol, matching[0])
        return matching[0]

    def _bind_each(self, figure: _Figure, quantities: frozenset[str], whose: Sequence[_Whose]) -> None:
        """One value of several elements, or in several states: each of them must have it."""
        number = figure.number
        if number is None or number.nothing or figure.segment.has(Sign.DIRECTION):
            raise RefusedError("a value stands beside several elements or states; say in separate clauses whose it is")
        for subject, state in whose:
            reached = self._reach.of(figure.position, quantities, self._meaning.roles, subject, state)
            candidates = [fact for fact in reached if fact.unit in number.suffixes()]
            refuse_several(candidates)
            matching = fitting(candidates, number, None)
            if not matching:
                raise RefusedError(unmatched(figure.symbol, candidates))
            self._become(figure.symbol, matching[0])

    def _bind_limit(self, figure: _Figure, limit: Symbol) -> None:
        for subject in governing_subjects(self._segments, figure.position):
            found: list[Claimable] = []
            for roles in (self._meaning.roles, frozenset[str]()):
                reached = self._reach.of(figure.position, limit.quantities, roles, subject)
                found = found or fitting(reached, figure.number, figure.fixed)
            self._become(figure.symbol, meant_limit(figure.symbol, limit, found, self._context.pool))

    def _take(self, symbol: Symbol, fact: Claimable) -> None:
        self._numbers.append(fact)
        self._become(symbol, fact)

    def _become(self, symbol: Symbol, fact: Claimable) -> None:
        self.bound[symbol.start, symbol.end] = Ref(evidence=fact.evidence, path=fact.path)

    def _negated(self, segment: Segment, symbol: Symbol, number: TypedNumber | None) -> TypedNumber | None:
        """What is absorbed is delivered with the other sign; the sentence is printed so."""
        verb = next((one for one, other in pairwise(segment.symbols) if other is symbol and _absorbs(one)), None)
        if verb is None:
            return number
        if number is not None and number.value < 0:
            raise RefusedError("what is absorbed has no sign; leave the minus out")
        self.rewritten[verb.start, verb.end] = "delivers"
        return number and replace(number, value=-number.value)

    def _with_unit(self, position: int, symbol: Symbol) -> TypedNumber | None:
        """The number; the first of "from 0.98 to 0.95 pu" has the unit of the second."""
        number = symbol.number
        if number and number.unit is None and not number.spelled and is_start(self._segments, position):
            later = next((item.number for item in self._segments[position + 1].every(Sign.NUMBER)), None)
            if later:
                return TypedNumber(number.value, number.decimals, later.unit)
        return number

    def _bind_status(self, position: int, symbol: Symbol) -> None:
        bearing = self._stated.bearing(position, symbol)
        self.statuses += bearing
        own = [fact for fact in bearing if fact.quantity != "derived"] or bearing
        if own:
            self._become(symbol, own[0])

    def _bind_extreme(self, position: int, segment: Segment) -> None:
        """In "the lowest voltage is at bus 12" the element itself is what the evidence must say."""
        said = [item for item in segment.every(Sign.QUANTITY) if item.roles]
        if len(said) != 1 or len(segment.elements) != 1:
            raise RefusedError("it names elements, states or quantities, but nothing that evidence could bear out")
        if not self._reach.of(position, said[0].quantities, said[0].roles):
            raise RefusedError(f"the evidence does not say that {said[0].text!r} is there")


def _absorbs(symbol: Symbol) -> bool:
    return symbol.sign is Sign.QUANTITY and symbol.text.startswith("absorb")


def _check_absorbed(segment: Segment, fact: Claimable) -> None:
    if any(_absorbs(item) for item in segment.symbols) and float(fact.value) >= 0:
        raise RefusedError("nothing is absorbed there: the value is not negative")


def _check_against(segment: Segment, fact: Claimable, last: Claimable) -> None:
    """Two values that are set against each other are of one quantity, and of one element where none is named."""
    unlike = fact.quantity != last.quantity and fact.unit != last.unit and not segment.quantities
    if unlike or (segment.bare and (fact == last or fact.entity != last.entity)):
        raise RefusedError("it is not said what the second value is that stands against the first")
