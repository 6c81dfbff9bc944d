"""The facts of a result: each leaf with its entity, quantity, unit, case, time and place."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pydantic import JsonValue

from tools.amount import is_amount
from tools.subject import is_subject
from tools.units import split_name

_REF_KEYS = frozenset({"kind", "index", "name"})


@dataclass(frozen=True)
class Fact:
    """One leaf of a stored result.

    Attributes:
        entity: Canonical element (``line:14``) or subject (``sensor:OT``) of the nearest enclosing row, None for
            the grid as a whole.
        quantity: The field's name without its unit suffix.
        unit: pandapower's suffix (``percent``, ``mw``); None for counts, texts and enums.
        case: Which state the value belongs to (``base``, ``out line:14``, ``after``); None where it has none.
        at: RFC 3339 time of the nearest enclosing row; None where it has none.
        value: Number, text or truth value as stored.
        path: JSON pointer (RFC 6901) from the root of the result.
    """

    entity: str | None
    quantity: str
    unit: str | None
    case: str | None
    at: str | None
    value: float | int | str | bool
    path: str


def is_element(value: JsonValue) -> bool:
    """Whether a JSON value is a stored ``ElementRef``."""
    return isinstance(value, dict) and value.keys() == _REF_KEYS


def facts(result: dict[str, JsonValue]) -> tuple[Fact, ...]:
    """Flatten the canonical JSON of a result; absent (null) leaves are no facts.

    >>> facts({"element": {"kind": "line", "index": 9, "name": ""}, "loading_percent": 111.8})[1].entity
    'line:9'
    """
    root = Fact(entity=None, quantity="", unit=None, case=None, at=None, value="", path="")
    return tuple(_walk(result, root))


def _walk(value: JsonValue, above: Fact) -> Iterator[Fact]:
    if value is None:
        return
    if isinstance(value, dict):
        leaf = _leaf(value, above)
        yield from (leaf,) if leaf else _fields(value, above)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _walk(item, replace(above, path=f"{above.path}/{position}"))
    else:
        yield Fact(above.entity, above.quantity, above.unit, above.case, above.at, value, above.path)


def _leaf(value: dict[str, JsonValue], above: Fact) -> Fact | None:
    """An object that stands for one value: a name, or an amount with its unit."""
    if is_element(value):
        return replace(above, value=f"{value['kind']}:{value['index']}")
    if is_subject(value):
        return replace(above, value=f"{value['kind']}:{value['name']}")
    if is_amount(value):
        number, unit = value["value"], value["unit"]
        if isinstance(number, int | float) and isinstance(unit, str):
            return replace(above, unit=unit or None, value=number)
    return None


def _fields(row: dict[str, JsonValue], above: Fact) -> Iterator[Fact]:
    """The fields of a row; a ``value`` is of the quantity that the row names."""
    here = _scope(row, above)
    spoken = row.get("quantity")
    for key, item in row.items():
        quantity, unit = split_name(key)
        if key == "value" and isinstance(spoken, str):
            quantity = spoken
        yield from _walk(item, replace(here, quantity=quantity, unit=unit, path=f"{here.path}/{_escape(key)}"))


def _scope(row: dict[str, JsonValue], above: Fact) -> Fact:
    """The entity, case and time that hold inside a row."""
    case, at = row.get("case"), row.get("at")
    return replace(
        above,
        entity=_entity(row) or above.entity,
        case=case if isinstance(case, str) else above.case,
        at=at if isinstance(at, str) else above.at,
    )


def _entity(row: dict[str, JsonValue]) -> str | None:
    """Whose row it is: the element's, else the subject's."""
    element, subject = row.get("element"), row.get("subject")
    if isinstance(element, dict):
        return f"{element['kind']}:{element['index']}"
    return f"{subject['kind']}:{subject['name']}" if isinstance(subject, dict) else None


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def lookup(result: JsonValue, path: str) -> JsonValue:
    """The value at a JSON pointer.

    Raises:
        KeyError: when the pointer leads nowhere.
    """
    value = result
    for raw in path.split("/")[1:]:
        key = raw.replace("~1", "/").replace("~0", "~")
        if isinstance(value, list) and key.isdigit() and int(key) < len(value):
            value = value[int(key)]
        elif isinstance(value, dict) and key in value:
            value = value[key]
        else:
            raise KeyError(path)
    return value
