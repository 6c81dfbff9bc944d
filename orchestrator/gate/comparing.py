"""A second value set beside the first: its limit, or what it was before."""

from collections.abc import Sequence
from dataclasses import replace

from orchestrator.gate.fitting import fitting
from orchestrator.gate.pool import Claimable, Pool
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.segments import Segment
from orchestrator.gate.symbols import Sign
from orchestrator.gate.typed_number import TypedNumber

AGAINST = frozenset({"against", "versus", "of"})
"""Words between a value and the one that it is set beside."""
_LIMITS = {"i": ("rating",), "vm": ("limit_min", "limit_max"), "loading": ("limit",)}
# Where a state came from.
_ORIGINS = {"after": "before", "out": "base"}
# Two values closer than this are hardly different.
_HARDLY = 0.05


def compared(
    segment: Segment, value: Claimable | None, number: TypedNumber | None, fixed: Claimable | None, pool: Pool
) -> Claimable | None:
    """What stands behind "against" without a word of its own: "75.4 Mvar against 40 Mvar"; None when nothing fits.

    Args:
        segment: The one behind "against".
        value: What the number before it was.
        number: As typed.
        fixed: What a reference leads to.
        pool: Where limits and earlier values are found.
    """
    if value is None or segment.lead not in AGAINST or segment.cases:
        return None
    if segment.bare:
        found = fitting(_limits(value, pool), number, fixed) or fitting(_before(value, pool), number, fixed)
        return found[0] if found else None
    if len(segment.elements) != 1 or not value.roles or segment.has(Sign.QUANTITY):
        return None
    # The extreme was elsewhere before: "0.929 pu at bus 32 instead of 0.913 pu at bus 17".
    found = fitting(_before(replace(value, entity=min(segment.elements)), pool), number, fixed)
    return found[0] if found else None


def _limits(value: Claimable, pool: Pool) -> list[Claimable]:
    names = (*(f"{side}_{value.quantity}" for side in ("limit", "min", "max")), *_LIMITS.get(value.quantity, ()))
    key = (value.entity, value.case, value.unit)
    return [fact for name in names for fact in pool.of(name) if (fact.entity, fact.case, fact.unit) == key]


def _before(value: Claimable, pool: Pool) -> list[Claimable]:
    key = (value.entity, value.unit, _ORIGINS.get((value.case or "").split(" ")[0]))
    alike = [fact for fact in pool.of(value.quantity) if (fact.entity, fact.unit, fact.case) == key]
    return [fact for fact in alike if not value.roles or fact.roles & value.roles]


def check_alike(numbers: Sequence[Claimable]) -> None:
    """In "hardly changes the losses" both values must be said, and lie close together.

    Raises:
        RefusedError: when they are not.
    """
    pair = numbers[-2:]
    values = [abs(float(fact.value)) for fact in pair]
    one = len({(fact.quantity, fact.unit, fact.entity) for fact in pair}) == 1
    if len(pair) == 1 or not one or max(values) - min(values) > _HARDLY * max(values):
        raise RefusedError("the evidence does not say that this hardly changes; give both values")
