"""Which of the facts that fit a clause's words is meant: exactly one, or none at all."""

from collections.abc import Iterable, Sequence

from orchestrator.gate.pool import Claimable, Pool
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.shown import shown
from orchestrator.gate.symbols import Symbol
from orchestrator.gate.typed_number import TypedNumber

# Counts of outages, each at most their number.
_OF_OUTAGES = ("outages", "insecure", "secure", "islanding", "diverged", "worse")


def is_meant(number: TypedNumber, fact: Claimable) -> bool:
    """Whether a typed number is a fact's value."""
    value = fact.value
    return isinstance(value, int | float) and not isinstance(value, bool) and number.means(value, fact.unit)


def all_zero(candidates: Sequence[Claimable], quantities: Iterable[str]) -> list[Claimable]:
    """Candidates of "no voltage violations", which speaks of several counts: each must be there, and zero."""
    if {fact.quantity for fact in candidates} != set(quantities) or any(fact.value != 0 for fact in candidates):
        return []
    return list(candidates)


def refuse_several(candidates: Sequence[Claimable]) -> None:
    """Refuse when the words fit facts of different meaning, or facts that disagree.

    Raises:
        RefusedError: naming the meanings.
    """
    meanings = {(fact.entity, fact.quantity, fact.unit, fact.case, fact.at) for fact in candidates}
    values = {shown(fact.value, fact.unit) for fact in candidates if isinstance(fact.value, int | float)}
    if len(meanings) > 1:
        names = sorted({f"{entity or 'grid'} {quantity} ({case or '-'})" for entity, quantity, _, case, _ in meanings})
        raise RefusedError(f"several fields fit the words: {', '.join(names[:4])}; name element, quantity and case")
    if len(values) > 1:
        raise RefusedError("two pieces of evidence differ in this value; use a reference to the one that is meant")


def unmatched(symbol: Symbol, candidates: Sequence[Claimable]) -> str:
    """Why a number stands for no fact."""
    if candidates:
        return f"{symbol.text.strip()!r} is not what the evidence says of this element, quantity and case"
    return (
        f"no field of the evidence has the element, quantity, unit and case that the words around "
        f"{symbol.text.strip()!r} name; use a reference"
    )


def check_all(fact: Claimable, pool: Pool) -> None:
    """In "all 32 outages are islanding" the count must be that of the whole.

    Raises:
        RefusedError: when the evidence does not say so.
    """
    above = fact.path.rpartition("/")[0]
    if fact.quantity == "checked":
        complete = pool.at(fact.evidence, f"{above}/left_out/0/count") is None
    elif fact.quantity == "count":
        looked_at = pool.at(fact.evidence, f"{above}/checked")
        beside = pool.at(fact.evidence, f"{above.partition('/left_out')[0]}/checked") if "/left_out" in above else None
        complete = (looked_at is not None and looked_at.value == fact.value) or (
            beside is not None and not beside.value
        )
    else:
        whole = pool.at(fact.evidence, f"{above}/outages")
        complete = whole is not None and whole.value == fact.value and fact.quantity.startswith(_OF_OUTAGES)
    if not complete:
        raise RefusedError("the evidence does not say that it is all of them; leave 'all' out")
