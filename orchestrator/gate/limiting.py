"""A limit that a number is: that of the same element and state, with the value set against it as the sentence says."""

from collections.abc import Sequence

from orchestrator.gate.pool import Claimable, Pool
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.relating import holds
from orchestrator.gate.shown import shown
from orchestrator.gate.symbols import Symbol

_MAIN = {"percent": "loading", "pu": "vm", "ka": "i", "mw": "p", "mvar": "q"}

_OTHER = {
    "limit_min": "limit_max", "limit_max": "limit_min",
    "min_p": "max_p", "max_p": "min_p", "min_q": "max_q", "max_q": "min_q",
}  # fmt: skip
_MINIMA = frozenset({"limit_min", "min_p", "min_q"})
# In a list of violations there is only the limit that is broken.
_BROKEN = frozenset({"limit_p", "limit_q"})


def meant_limit(symbol: Symbol, limit: Symbol, matching: Sequence[Claimable], pool: Pool) -> Claimable:
    """The limit that a number stands for.

    Args:
        symbol: The number.
        limit: The words before it, with the relation that they claim.
        matching: Limits in reach with this value.
        pool: Where the value set against it is found.

    Raises:
        RefusedError: when there is none, or the value does not lie as the sentence says.
    """
    distinct = {(fact.entity, shown(float(fact.value), fact.unit)) for fact in matching}
    states = {fact.case for fact in matching if fact.case is not None}
    if len(distinct) != 1 or len(states) > 1:
        raise RefusedError(f"{symbol.text.strip()!r} is not the one limit of the element and case that is spoken of")
    for fact in matching:
        values = [
            float(item.value)
            for item in pool.of(_MAIN.get(fact.unit or "", ""))
            if (item.entity, item.case, item.unit) == (fact.entity, fact.case, fact.unit)
        ]
        if limit.relation == "beside":
            stands = not _other_is_broken(fact, values, pool) and _on_side(limit, fact, values)
        else:
            stands = (
                bool(values)
                and _on_side(limit, fact, values)
                and all(holds(limit.relation, value, float(fact.value), fact.quantity) for value in values)
            )
        if stands:
            return fact
    raise RefusedError(f"the evidence does not bear out {limit.text!r}")


def _other_is_broken(fact: Claimable, values: Sequence[float], pool: Pool) -> bool:
    """Beside an overvoltage the lower limit would mislead: "1.064 pu, limit 0.94 pu"."""
    other = _OTHER.get(fact.quantity, "")
    limits = [float(item.value) for item in pool.of(other) if item.entity == fact.entity]
    above = fact.quantity in _MINIMA
    return any((value > limit) if above else (value < limit) for value in values for limit in limits)


def _on_side(limit: Symbol, fact: Claimable, values: Sequence[float]) -> bool:
    """Whether a broken limit is the upper or the lower one, where the sentence says which."""
    words = limit.text.split()
    if fact.quantity not in _BROKEN and (fact.quantity, fact.unit) != ("limit", "pu"):
        return True
    if {"upper", "maximum"} & set(words):
        return all(value > float(fact.value) for value in values)
    if {"lower", "minimum"} & set(words):
        return all(value < float(fact.value) for value in values)
    return True
