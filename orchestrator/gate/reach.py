"""The facts that a clause's words reach: of the element and in the state that hold for it."""

from collections.abc import Iterable, Sequence

from orchestrator.gate.context import Context
from orchestrator.gate.governing import governing_cases, governing_entities, is_start
from orchestrator.gate.matching import in_state
from orchestrator.gate.pool import Claimable
from orchestrator.gate.segments import Segment
from orchestrator.gate.symbols import Sign

_PAIR = 2


class Reach:
    """Looks facts up for the segments of one sentence."""

    def __init__(self, segments: Sequence[Segment], context: Context) -> None:
        self._segments = segments
        self._context = context

    def of(self, position: int, quantities: Iterable[str], roles: frozenset[str]) -> list[Claimable]:
        """The facts of these quantities that the segment at a position may speak of.

        Raises:
            RefusedError: when its element or its state is not clear.
        """
        segment = self._segments[position]
        entities = governing_entities(self._segments, position)
        cases = governing_cases(self._segments, position)
        if segment.has(Sign.STATUS) and "slack" in segment.roles:
            slack = (fact for name in ("p", "q") for fact in self._context.pool.of(name) if "slack" in fact.roles)
            entities = frozenset(fact.entity for fact in slack)
        changed = self._changed(position) if not cases else None
        anybody = bool(roles) and not segment.elements
        return [
            fact
            for quantity in quantities
            for fact in self._context.pool.of(quantity)
            if (fact.entity in entities or anybody)
            and (not roles or roles & fact.roles)
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
