"""Facts that are what a number or a reference says."""

from collections.abc import Sequence

from orchestrator.gate.choosing import is_meant
from orchestrator.gate.pool import Claimable
from orchestrator.gate.typed_number import TypedNumber

# Counts of different things share one name.
_COUNTING = frozenset({"count", "checked", "out_of_service", "omitted", "solved", "diverged", "islanding"})


def fitting(candidates: Sequence[Claimable], number: TypedNumber | None, fixed: Claimable | None) -> list[Claimable]:
    """Those that say what the reference leads to, or have the value that was typed.

    Args:
        candidates: As the words allow.
        number: As typed; None for a reference.
        fixed: What the reference leads to; None for a typed number.
    """
    if fixed is not None:
        return [fixed] if any(_same(fact, fixed) for fact in candidates) else []
    return [fact for fact in candidates if number is not None and is_meant(number, fact)]


def _same(fact: Claimable, other: Claimable) -> bool:
    """Whether two fields say the same: whose, what, when and how much."""
    return (
        _key(fact) == _key(other)
        and fact.value == other.value
        and (fact.quantity not in _COUNTING or fact.path == other.path)
    )


def _key(fact: Claimable) -> tuple[str | None, ...]:
    return (fact.entity, fact.quantity, fact.unit, fact.case, fact.at)
