"""Claims of status: the facts that bear one out, of each element that it is said of."""

from collections.abc import Sequence
from itertools import pairwise

from orchestrator.gate.context import Context
from orchestrator.gate.governing import governing_cases, governing_subjects
from orchestrator.gate.pool import Claimable
from orchestrator.gate.reach import Reach
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.segments import Segment
from orchestrator.gate.symbols import Sign, Symbol
from orchestrator.gate.words import ENUM_FIELDS

# Texts of tools and passages that a sentence may show.
_TEXTS = frozenset(
    {
        *("reasons", "reason", "explanation", "title", "quote", "document", "clause", "edition", "solver", "text"),
        *("name", "grid", "basis", "tap_side", "meaningless", "what", "case", "notes"),
    }
)
# What "the verdict is" and "the status is" may show.
_NAMED = {"verdict": {"verdict", "reasons"}, "status": {"status", "outcome", "case"}}
_PASSAGE = frozenset({"document", "clause", "title", "quote"})
_OF_GRID = frozenset({"secure", "solvable", "solved"})
_OF_ELEMENTS = frozenset({"closed", "connected", "in_service", "what", "id"})
# What must be spoken of for a status to say anything.
_NEEDED = {
    "reactive_limits_enforced": frozenset({"reactive_limits_enforced"}),
    "rating_is_placeholder": frozenset({"rating"}),
    "loading_meaningful": frozenset({"loading", "rating"}),
    "voltage_meaningful": frozenset({"vm"}),
}
_NOUNS = ("limit", "rating", "loading", "voltage")
_MEANINGFUL = {"loading": "loading_meaningful", "vm": "voltage_meaningful"}
_DESCRIPTIVE = frozenset({"kind", "severity", "reason"})
_Claims = tuple[tuple[str, str | bool], ...]


class Statuses:
    """The claims of status of one sentence."""

    def __init__(self, segments: Sequence[Segment], context: Context, reach: Reach) -> None:
        self._segments = segments
        self._context = context
        self._reach = reach

    def bearing(self, position: int, symbol: Symbol) -> list[Claimable]:
        """The facts that say it; empty when another claim of the sentence says it all.

        Raises:
            RefusedError: when none does, or one says otherwise.
        """
        fixed = self._context.pool.at(symbol.ref.evidence, symbol.ref.path) if symbol.ref else None
        claims = symbol.claims if fixed else self._claims(position, symbol)
        self._check_subject(position, symbol)
        if fixed is not None:
            _check_shown(symbol, fixed)
            _check_place(self._segments[position], symbol, fixed)
        elif any(case.kind == "any" for case in governing_cases(self._segments, position)):
            raise RefusedError(f"no field says {symbol.text!r} of every outage; count them")
        found: list[Claimable] = []
        for subject in governing_subjects(self._segments, position) if claims else ():
            reached = self._reach.of(position, {quantity for quantity, _ in claims}, frozenset(), subject)
            found += _saying(reached, symbol, claims, fixed)
        return found

    def _check_subject(self, position: int, symbol: Symbol) -> None:
        """Refuse "not enforced" or "a placeholder" where what it is said of does not stand beside."""
        if not symbol.ref and any(noun in symbol.text for noun in _NOUNS):
            return
        needed = frozenset().union(*(_NEEDED.get(field, frozenset()) for field, _ in symbol.claims))
        everywhere = self._segments if symbol.ref else self._segments[position : position + 1]
        said = frozenset().union(*(segment.quantities for segment in everywhere))
        if needed and (said or symbol.ref) and not said & needed:
            raise RefusedError(f"it is not said what is {symbol.text!r}")

    def _claims(self, position: int, symbol: Symbol) -> _Claims:
        """Whether loadings or voltages are meaningful depends on which of them is spoken of."""
        fields = {field for field, _ in symbol.claims}
        if len(fields) == 1 or not any(field.endswith("_meaningful") for field in fields):
            return symbol.claims
        near = [item for item in self._segments if item.group == self._segments[position].group]
        said = frozenset().union(*(segment.quantities for segment in near))
        meant = [_MEANINGFUL[name] for name in sorted(said) if name in _MEANINGFUL]
        if not meant and self._counts_left_out(near):
            return ()
        if not meant:
            raise RefusedError(f"it is not said which quantity is {symbol.text!r}")
        return tuple(claim for claim in symbol.claims if claim[0] in meant)

    def _counts_left_out(self, near: Sequence[Segment]) -> bool:
        """Whether the sentence counts what was left out, which is all that "not checked" then says."""
        refs = [symbol.ref for segment in self._segments for symbol in segment.every(Sign.NUMBER) if symbol.ref]
        counted = any(role.startswith("left") for segment in near for role in segment.roles)
        return counted or any("/left_out/" in ref.path for ref in refs)


def _check_shown(symbol: Symbol, fixed: Claimable) -> None:
    if isinstance(fixed.value, str) and fixed.quantity not in _TEXTS | ENUM_FIELDS:
        raise RefusedError(f"{symbol.text!r} leads to a text that says nothing by itself")
    if "/tables/" in fixed.path:
        raise RefusedError(f"{symbol.text!r} is the name of a table")
    if fixed.entity is None and fixed.quantity in _OF_ELEMENTS:
        raise RefusedError(f"{symbol.text!r} is said of no element")


def _check_place(segment: Segment, symbol: Symbol, fixed: Claimable) -> None:
    """Refuse "loadings are secure", and a text where the name of an element belongs."""
    if fixed.quantity in _OF_GRID and segment.quantities and not segment.has(Sign.NUMBER):
        raise RefusedError(f"{symbol.text!r} is said of the grid, not of a quantity")
    named = next((noun for noun in _NAMED if segment.says(noun)), None)
    if named and isinstance(fixed.value, str) and fixed.quantity not in _NAMED[named]:
        raise RefusedError(f"{symbol.text!r} is no {named}")
    before = [one.text for one, other in pairwise(segment.symbols) if other is symbol]
    if before in (["at"], ["on"]) and isinstance(fixed.value, str) and fixed.quantity not in _PASSAGE | {"case"}:
        raise RefusedError(f"{symbol.text!r} is a text; an element belongs there")


def _saying(reached: Sequence[Claimable], symbol: Symbol, claims: _Claims, fixed: Claimable | None) -> list[Claimable]:
    if fixed is not None:
        bearing, against = [fact for fact in reached if fact == fixed], []
    else:
        bearing = [fact for fact in reached if (fact.quantity, fact.value) in claims]
        against = [fact for fact in reached if fact not in bearing and fact.quantity not in _DESCRIPTIVE]
    if not bearing or against or len({fact.entity for fact in bearing}) > 1:
        raise RefusedError(
            f"no field of the evidence says {symbol.text!r} of the same element and case; use a reference to a "
            "status field, or leave the claim out"
        )
    return bearing
