"""Verbs of change: "falls to" and "rises to" need the value before, and it must lie on the right side."""

from collections.abc import Iterable, Sequence

from orchestrator.gate.context import Context
from orchestrator.gate.governing import is_start
from orchestrator.gate.pool import Claimable
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.segments import Segment
from orchestrator.gate.symbols import Sign

# Extremes that bound what an element without a value of its own can have had.
_HIGHEST = frozenset({"highest_voltage", "highest_loading"})
_LOWEST = frozenset({"lowest_voltage"})


def check_direction(
    segments: Sequence[Segment], position: int, fact: Claimable, roles: frozenset[str], context: Context
) -> None:
    """Refuse a change that no earlier value bears out.

    Args:
        segments: The sentence.
        position: Of the segment with the later value.
        fact: The later value.
        roles: Extremes that the words ask for.
        context: The run.

    Raises:
        RefusedError: naming the verb.
    """
    later = position and is_start(segments, position - 1)
    directions = segments[position].every(Sign.DIRECTION) or (
        segments[position - 1].every(Sign.DIRECTION) if later else []
    )
    if not directions or is_start(segments, position):
        return
    up = bool(directions[0].upward)
    earlier = _earlier(fact, roles, context, up=up)
    sides = [float(fact.value) > value for value in earlier if value != fact.value]
    if not sides or len(sides) != len(earlier) or any(side is not up for side in sides):
        raise RefusedError(f"{directions[0].text!r} claims a change that no earlier value bears out; say 'is' instead")


def _earlier(fact: Claimable, roles: frozenset[str], context: Context, *, up: bool) -> list[float]:
    """The value before: the element's own, or the extreme of all that it cannot have been beyond."""
    origin = "before" if (fact.case or "").startswith("after") else "base"
    if fact.case == origin:
        return []
    alike = [item for item in context.pool.of(fact.quantity) if (item.unit, item.case) == (fact.unit, origin)]
    if extremes := roles & fact.roles:
        return _values(item for item in alike if extremes & item.roles)
    own = _values(item for item in alike if item.entity == fact.entity)
    if not own and origin == "before" and context.case == "base":
        key = (fact.entity, fact.unit, "base")
        own = _values(item for item in context.pool.of(fact.quantity) if (item.entity, item.unit, item.case) == key)
    bounding = _HIGHEST if up else _LOWEST
    return own or _values(item for item in alike if bounding & item.roles)


def _values(facts: Iterable[Claimable]) -> list[float]:
    return [float(fact.value) for fact in facts if isinstance(fact.value, int | float)]
