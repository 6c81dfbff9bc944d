"""A limit that a number is: that of the same element and state, with the value set against it as the sentence says."""

from collections.abc import Sequence

from orchestrator.gate.pool import Claimable, Pool
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.relating import holds
from orchestrator.gate.shown import shown
from orchestrator.gate.symbols import Symbol

_MAIN = {"percent": "loading", "pu": "vm", "ka": "i", "mw": "p", "mvar": "q"}


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
        if limit.relation == "beside" or (
            values and all(holds(limit.relation, value, float(fact.value), fact.quantity) for value in values)
        ):
            return fact
    raise RefusedError(f"the evidence does not bear out {limit.text!r}")
