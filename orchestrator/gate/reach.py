"""The facts that a clause's words reach: of the element and in the state that hold for it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from orchestrator.gate.context import Context
from orchestrator.gate.governing import governing_cases, governing_entities, is_start
from orchestrator.gate.matching import in_state
from orchestrator.gate.pool import Claimable
from orchestrator.gate.segments import Segment
from orchestrator.gate.symbols import Case, Sign

_PAIR = 2


# What an outage does, in the row of that outage.
_EFFECTS = frozenset({"unserved_p", "lost_generation_p", "dead_buses", "new_overloads", "new_voltage_violations"})


def _counts_outages(segment: Segment) -> bool:
    return any("outage" in item.text for item in segment.every(Sign.QUANTITY)) or any(
        case.kind == "outage" for case in segment.cases
    )


def _has_role(fact: Claimable, roles: frozenset[str]) -> bool:
    """Whether a fact is the extreme that is asked for; what a count counts concerns counts only."""
    asked = {role for role in roles if ":" not in role or fact.quantity in _COUNTS}
    return not asked or bool(asked & fact.roles)


_COUNTS = frozenset({"count", "checked", "out_of_service"})


class Reach:
    """Looks facts up for the segments of one sentence."""

    def __init__(self, segments: Sequence[Segment], context: Context) -> None:
        self._segments = segments
        self._context = context

    def of(
        self,
        position: int,
        quantities: Iterable[str],
        roles: frozenset[str],
        subject: frozenset[str | None] | None = None,
        state: tuple[Case, ...] | None = None,
    ) -> list[Claimable]:
        """The facts of these quantities that the segment at a position may speak of.

        Args:
            position: Of the segment.
            quantities: As the words allow.
            roles: Extremes that the words ask for.
            subject: The elements that are meant, where the segment names several; None for its own.
            state: The states that are meant, where the segment names several; None for its own.

        Raises:
            RefusedError: when its element or its state is not clear.
        """
        segment = self._segments[position]
        entities = subject or governing_entities(self._segments, position)
        cases = state or governing_cases(self._segments, position)
        if subject is None and self._of_slack(position, roles):
            entities, roles = frozenset(fact.entity for fact in self._slack()), roles - {"slack"}
        elif "slack" in roles and segment.elements <= {fact.entity for fact in self._slack()}:
            roles -= {"slack"}
        found = self._found(position, quantities, roles, entities, cases)
        opened = [replace(case, kind="outage", action=None) for case in cases if case.action == "opening"]
        if (
            not found
            and opened
            and len(opened) == len(cases)
            and cases[0].kind == "after"
            and self._context.case == "base"
        ):
            found = self._found(position, quantities, roles, entities, opened)  # a branch that is opened is out
        if not found and quantities and _EFFECTS.issuperset(quantities):
            found = self._of_outage(position, quantities)
        if not found and self._starts_from_base(cases):
            alike = (fact for quantity in quantities for fact in self._context.pool.of(quantity))
            found = [fact for fact in alike if fact.entity in entities and fact.case == "base" and not roles]
        return found

    def _found(
        self,
        position: int,
        quantities: Iterable[str],
        roles: frozenset[str],
        entities: frozenset[str | None],
        cases: Sequence[Case],
    ) -> list[Claimable]:
        segment = self._segments[position]
        changed = self._changed(position) if not cases else None
        anybody = bool(roles) and not segment.elements
        return [
            fact
            for quantity in quantities
            for fact in self._context.pool.of(quantity)
            if (fact.entity in entities or anybody)
            and _has_role(fact, roles)
            and (fact == changed or in_state(fact, cases, self._context.case))
        ]

    def _of_outage(self, position: int, quantities: Iterable[str]) -> list[Claimable]:
        """In a sentence about outages, what an element "loses" is what its outage does."""
        named = [item for item in self._segments[: position + 1] if item.elements]
        if not named or len(named[-1].elements) != 1 or not self._about_outages(named[-1]):
            return []
        element = min(named[-1].elements)
        rows = (fact for quantity in quantities for fact in self._context.pool.of(quantity))
        return [fact for fact in rows if fact.entity is None and fact.case == f"out {element}"]

    def _about_outages(self, segment: Segment) -> bool:
        spoken = any(item.says("outage", "outages") or _counts_outages(item) for item in self._segments)
        return spoken and not segment.cases

    def _starts_from_base(self, cases: Sequence[Case]) -> bool:
        """Whether the state before a named action is the base case: it was simulated on no other hypothesis."""
        if self._context.case != "base" or not cases:
            return False
        if any(case.kind != "before" or not case.elements for case in cases):
            return False
        if not any(in_state(fact, cases, "base") for fact in self._context.pool.of("violation_count")):
            return False
        verdicts = [
            fact for fact in self._context.pool.of("verdict") if in_state(fact, cases, "base") or fact.case is None
        ]
        asked = [self._context.evidence[fact.evidence].arguments for fact in verdicts]
        return bool(asked) and not any(item.get(name) for item in asked for name in ("actions", "outages"))

    def _slack(self) -> list[Claimable]:
        return [fact for name in ("p", "q") for fact in self._context.pool.of(name) if "slack" in fact.roles]

    def _of_slack(self, position: int, roles: frozenset[str]) -> bool:
        """Whether the slack is spoken of, by its name or by "it" where it alone was named."""
        segment = self._segments[position]
        if segment.elements:
            return False
        before = [item for item in self._segments[:position] if item.elements or "slack" in item.roles]
        led = segment.says("it", "its") or any(
            item.relation or item.quantities >= {"p", "q"} for item in segment.every(Sign.QUANTITY)
        )
        pronoun = led and bool(before) and "slack" in before[-1].roles and not before[-1].elements
        return pronoun or "slack" in roles | segment.roles

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
