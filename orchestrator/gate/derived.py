"""Statuses that a row of evidence bears out by its own value and limit, where it has no field that says so."""

from collections.abc import Iterator

from pydantic import JsonValue

from orchestrator.gate.words import ENUM_FORMS
from tools.facts import lookup

WITHIN = ("within its limits", "within its limit", "within limits", "within its rating", "below its limit")
# Field of the value, field of the limit, and what it is to lie above or below that limit.
_ABOVE = (("loading_percent", "limit_percent", "overload"), ("vm_pu", "limit_max_pu", "overvoltage"))
_BELOW = (("vm_pu", "limit_min_pu", "undervoltage"),)


def derived_statuses(row: dict[str, JsonValue]) -> Iterator[tuple[str, str]]:
    """Each measured field of a row with the status that the row's limits give it.

    >>> list(derived_statuses({"loading_percent": 111.8, "limit_percent": 100.0}))
    [('loading_percent', 'overload')]
    """
    kept: dict[str, bool] = {}
    for table, sign in ((_ABOVE, 1), (_BELOW, -1)):
        for field, limit, status in table:
            value, bound = row.get(field), row.get(limit)
            if not isinstance(value, int | float) or not isinstance(bound, int | float):
                continue
            broken = sign * (value - bound) > 0
            kept[field] = kept.get(field, True) and not broken
            if broken:
                yield field, status
    yield from ((field, "within") for field, whole in kept.items() if whole)


def derived_forms(result: JsonValue, path: str) -> tuple[str, ...]:
    """The wordings of the status that the row around a value gives it; empty when it gives none."""
    above, _, field = path.rpartition("/")
    try:
        row = lookup(result, above)
    except KeyError:
        return ()
    if not isinstance(row, dict):
        return ()
    found = [status for name, status in derived_statuses(row) if name == field]
    return tuple(form for status in found for form in (WITHIN if status == "within" else ENUM_FORMS[status]))
