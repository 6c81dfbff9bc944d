"""What a reference shows: the text of one field of evidence, by its name, type and unit."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pydantic import JsonValue

from agents.evidence import Evidence
from orchestrator.gate.errors import UnrenderableReferenceError
from orchestrator.gate.shown import shown
from orchestrator.gate.untrusted import TEXT_LIMIT, element_text, neutralise
from orchestrator.gate.words import ENUM_FIELDS, WORDED_FIELDS, case_words, enum_forms, truth_forms
from tools.amount import Amount, is_amount
from tools.element import ElementRef
from tools.facts import is_element, lookup
from tools.subject import SubjectRef, is_subject
from tools.units import split_name

_RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)")
_SPELLED = re.compile(r"[a-z]+(_[a-z]+)+")  # as code spells an enumeration, which no free text is


# "No load is unserved" says a zero as truly as "0 MW of load is unserved".
_NOTHING = tuple(
    word
    for said in ("no", "none", "nobody", "nothing", "no one", "no customer", "not a single", "not one", "no single")
    for word in (said, said.capitalize())
)


_ONE = tuple(
    word for said in ("the only", "only", "the sole", "the single", "single") for word in (said, said.capitalize())
)


def field_of(path: str) -> str:
    """The field that a pointer leads to: its last part that is no position in a list.

    >>> field_of("/violations/0/vm_pu"), field_of("/meaningless/1")
    ('vm_pu', 'meaningless')
    """
    return next((part for part in reversed(path.split("/")[1:]) if not part.isdigit()), "")


def stored_value(evidence: Mapping[str, Evidence], identifier: str, path: str) -> JsonValue:
    """The value that a reference leads to.

    Raises:
        UnrenderableReferenceError: when there is no such evidence, no such field, or the field is absent.
    """
    if identifier not in evidence:
        raise UnrenderableReferenceError(f"there is no evidence {identifier!r} in this run")
    try:
        value = lookup(evidence[identifier].result, path)
    except KeyError as error:
        raise UnrenderableReferenceError(f"evidence {identifier} has no field {path!r}") from error
    if value is None:
        raise UnrenderableReferenceError(f"evidence {identifier} has no value at {path!r}")
    return value


def value_forms(value: JsonValue, path: str, zone: ZoneInfo) -> tuple[str, ...]:
    """The texts that show a value truthfully: the printed one first, for statuses also other wordings.

    Raises:
        UnrenderableReferenceError: for a list or a row, which is no single value.
    """
    quantity, suffix = split_name(field_of(path))
    if isinstance(value, bool):
        return truth_forms(quantity, value)
    if isinstance(value, int | float):
        return (shown(value, suffix), *(_NOTHING if value == 0 else ()), *(_ONE if value == 1 and not suffix else ()))
    if isinstance(value, str):
        return _text_forms(value, quantity, zone)
    if isinstance(value, dict) and is_element(value):
        return (element_text(ElementRef.model_validate(value)),)
    if isinstance(value, dict) and is_subject(value):
        return (neutralise(str(SubjectRef.model_validate(value)), TEXT_LIMIT),)
    if isinstance(value, dict) and is_amount(value):
        amount = Amount.model_validate(value)
        return (shown(amount.value, amount.unit or None),)
    raise UnrenderableReferenceError(f"{path!r} is no single value")


def _text_forms(value: str, quantity: str, zone: ZoneInfo) -> tuple[str, ...]:
    if quantity in ENUM_FIELDS or (quantity in WORDED_FIELDS and _SPELLED.fullmatch(value)):
        return enum_forms(value)
    if quantity == "case":
        return (case_words(value),)
    if _RFC3339.fullmatch(value):
        return (time_text(datetime.fromisoformat(value), zone),)
    return (neutralise(value, TEXT_LIMIT),)


def time_text(moment: datetime, zone: ZoneInfo) -> str:
    """Local time with its zone beside UTC, to the minute.

    >>> time_text(datetime(2026, 7, 1, 12, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
    '2026-07-01 14:00 CEST (12:00 UTC)'
    """
    utc = moment.astimezone(UTC)
    local = moment.astimezone(zone)
    if local.utcoffset() == utc.utcoffset():
        return f"{utc:%Y-%m-%d %H:%M} UTC"
    other = f"{utc:%H:%M}" if utc.date() == local.date() else f"{utc:%Y-%m-%d %H:%M}"
    return f"{local:%Y-%m-%d %H:%M %Z} ({other} UTC)"
