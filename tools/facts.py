"""The facts of a result: each leaf with its entity, quantity, unit, case, time and place."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pydantic import JsonValue

from tools.units import split_name

_REF_KEYS = frozenset({"kind", "index", "name"})


@dataclass(frozen=True)
class Fact:
    """One leaf of a stored result.

    Attributes:
        entity: Canonical element (``line:14``) of the nearest enclosing row, None for the grid as a whole.
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
    if is_element(value):
        assert isinstance(value, dict)  # noqa: S101 - narrows the type that is_element has established
        yield replace(above, value=f"{value['kind']}:{value['index']}")
    elif isinstance(value, dict):
        here = _scope(value, above)
        for key, item in value.items():
            quantity, unit = split_name(key)
            yield from _walk(item, replace(here, quantity=quantity, unit=unit, path=f"{here.path}/{_escape(key)}"))
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _walk(item, replace(above, path=f"{above.path}/{position}"))
    else:
        yield Fact(above.entity, above.quantity, above.unit, above.case, above.at, value, above.path)


def _scope(row: dict[str, JsonValue], above: Fact) -> Fact:
    """The entity, case and time that hold inside a row."""
    element, case, at = row.get("element"), row.get("case"), row.get("at")
    return replace(
        above,
        entity=f"{element['kind']}:{element['index']}" if isinstance(element, dict) else above.entity,
        case=case if isinstance(case, str) else above.case,
        at=at if isinstance(at, str) else above.at,
    )


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
