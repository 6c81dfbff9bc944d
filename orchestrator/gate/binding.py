"""Tying each number and each status of a sentence to the one fact that says it, or refusing it."""

from collections.abc import Sequence

from agents.statement import Ref
from orchestrator.gate.changing import check_direction
from orchestrator.gate.choosing import all_zero, check_all, is_meant, refuse_several, unmatched
from orchestrator.gate.context import Context
from orchestrator.gate.governing import is_start
from orchestrator.gate.limiting import meant_limit
from orchestrator.gate.meaning import Meaning
from orchestrator.gate.pool import Claimable
from orchestrator.gate.reach import Reach
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.segments import Segment
from orchestrator.gate.symbols import Sign, Symbol
from orchestrator.gate.typed_number import TypedNumber

_DESCRIPTIVE = frozenset({"kind", "severity", "reason"})


class Binder:
    """Binds the symbols of one sentence.

    Attributes:
        bound: For each bound symbol's place in the text, the reference that it becomes.
        statuses: The facts that its claims of status rest on.
    """

    def __init__(self, segments: Sequence[Segment], context: Context) -> None:
        self._segments = segments
        self._context = context
        self._meaning = Meaning(context.pool)
        self._reach = Reach(segments, context)
        self.bound: dict[tuple[int, int], Ref] = {}
        self.statuses: list[Claimable] = []

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
        fixed = self._context.pool.at(symbol.ref.evidence, symbol.ref.path) if symbol.ref else None
        if limit := next((item for item in segment.every(Sign.QUANTITY) if item.relation), None):
            fitting = self._fitting(self._reach.of(position, limit.quantities, self._meaning.roles), number, fixed)
            self._become(symbol, meant_limit(symbol, limit, fitting, self._context.pool))
            return
        quantities = self._meaning.of(segment, symbol, number, fixed)
        candidates = self._reach.of(position, quantities, self._meaning.roles)
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
        if symbol.every:
            check_all(matching[0], self._context.pool)
        self._become(symbol, matching[0])

    def _fitting(
        self, candidates: Sequence[Claimable], number: TypedNumber | None, fixed: Claimable | None
    ) -> list[Claimable]:
        """Those that are the fact of the reference, or have the value that was typed."""
        if fixed is not None:
            return [fact for fact in candidates if fact == fixed]
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
        candidates = self._reach.of(position, {quantity for quantity, _ in claims}, frozenset())
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
        self.statuses += bearing[:1]
        own = [fact for fact in bearing if fact.quantity != "derived"] or bearing
        self._become(symbol, own[0])

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
        if not self._reach.of(position, said[0].quantities, said[0].roles):
            raise RefusedError(f"the evidence does not say that {said[0].text!r} is there")
