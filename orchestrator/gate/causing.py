"""Words of cause: they may stand only where the evidence itself sets cause beside effect."""

from collections.abc import Iterable, Sequence

from orchestrator.gate.pool import Claimable, Pool
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.symbols import Sign, Symbol

CAUSING = frozenset({"causes", "causing", "cause", "caused", "resulting"})
BECOMING = frozenset({"becomes", "become", "becoming"})
REASON = frozenset({"because", "since", "so", "thus", "hence", "therefore"})
# What an outage does, in the row of that outage.
_EFFECTS = frozenset(
    {"outcome", "unserved_p", "lost_generation_p", "dead_buses", "islands", "new_overloads", "new_voltage_violations"}
)
_STATUSES = frozenset({"kind", "derived"})
_WHY_REJECTED = frozenset({"reasons", "new_violation_count", "worse_outages", "avoidable_losses"})


def check_causes(symbols: Sequence[Symbol], bound: Iterable[Claimable], pool: Pool) -> None:
    """Refuse a word of cause that the evidence does not bear out.

    Raises:
        RefusedError: naming the word.
    """
    words = {symbol.text for symbol in symbols if symbol.sign is Sign.WORD}
    facts = list(bound)
    if (said := words & REASON) and not (
        _left_out(facts) or _follows(facts) or _unchecked(facts) or _rejected(facts) or _insecure(facts)
    ):
        raise RefusedError(f"{min(said)!r} claims a cause that no field of the evidence names; leave the cause out")
    if (said := words & CAUSING) and not all(_caused(fact, pool) for fact in facts):
        raise RefusedError(f"{min(said)!r} claims a cause that no field of the evidence names; say 'with ... out'")
    if words & BECOMING and not all(_is_new(fact, pool) for fact in facts if fact.quantity in _STATUSES):
        raise RefusedError("'becomes' claims a change that no earlier state bears out; say 'is'")


def _left_out(facts: Sequence[Claimable]) -> bool:
    """How many were left out, and the reason that stands in the same row."""
    rows = {(fact.evidence, fact.path.rpartition("/")[0].rpartition("/")[0]) for fact in facts if "left" in fact.roles}
    why = {
        (fact.evidence, fact.path.rpartition("/")[0].rpartition("/")[0]) for fact in facts if fact.quantity == "reason"
    }
    return (
        bool(rows and why) and {evidence for evidence, _ in why} == {evidence for evidence, _ in rows} and why <= rows
    )


def _follows(facts: Sequence[Claimable]) -> bool:
    """A value of one element and state, and the status that the value's own limit gives it."""
    whose = {(fact.entity, fact.case) for fact in facts}
    status = any(fact.quantity in {"derived", "kind"} for fact in facts)
    return len(whose) == 1 and None not in next(iter(whose)) and status and len(facts) > 1


def _unchecked(facts: Sequence[Claimable]) -> bool:
    """Loadings mean nothing, and the ratings are why."""
    names = {(fact.quantity, fact.value) for fact in facts}
    meaningless = ("loading_meaningful", False) in names or any("left" in fact.roles for fact in facts)
    if ("rating_is_placeholder", True) in names:
        return meaningless
    why = {value for name, value in names if name in {"kind", "reason"} and "rating" in str(value)}
    why |= {fact.path for fact in facts if "defect:placeholder_rating" in fact.roles}
    return meaningless and bool(why)


def _rejected(facts: Sequence[Claimable]) -> bool:
    """A verdict, and the reasons that the same simulation gives for it."""
    verdicts = {fact.evidence for fact in facts if fact.quantity == "verdict" and fact.value == "rejected"}
    why = [fact for fact in facts if fact.quantity != "verdict"]
    return bool(verdicts and why) and all(
        fact.evidence in verdicts and fact.quantity in _WHY_REJECTED and bool(fact.value) for fact in why
    )


def _insecure(facts: Sequence[Claimable]) -> bool:
    """The grid is not secure, and the same screening counts the outages that make it so."""
    verdicts = {fact.evidence for fact in facts if (fact.quantity, fact.value) == ("secure", False)}
    why = [fact for fact in facts if fact.quantity not in {"secure", "outages"}]
    return bool(verdicts and why) and all(
        fact.evidence in verdicts and fact.quantity == "insecure_outages" and bool(fact.value) for fact in why
    )


def _caused(fact: Claimable, pool: Pool) -> bool:
    """Whether the fact is what an outage does: its own row says so, or the base case was checked and is free of it."""
    if not (fact.case or "").startswith("out "):
        return False
    if fact.quantity in _EFFECTS and fact.entity is None:
        return bool(fact.value)
    return fact.quantity not in _STATUSES or _is_new(fact, pool)


def _is_new(fact: Claimable, pool: Pool) -> bool:
    """Whether the state before was checked, and the element did not have this status in it."""
    origin = "before" if (fact.case or "").startswith("after") else "base"
    checked = any(item.case == origin for name in ("status", "violation_count") for item in pool.of(name))
    standing = any(
        (item.entity, item.value, item.case) == (fact.entity, fact.value, origin)
        for name in _STATUSES
        for item in pool.of(name)
    )
    return checked and not standing
