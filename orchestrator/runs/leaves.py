"""The leaves of a JSON value, each with its JSON pointer (RFC 6901)."""

from collections.abc import Iterator

from pydantic import JsonValue


def leaves(value: JsonValue, pointer: str = "") -> Iterator[tuple[str, JsonValue]]:
    """All leaves in order; an empty list or object counts as one, or its loss would go unseen.

    >>> list(leaves({"a": [1, {}]}))
    [('/a/0', 1), ('/a/1', {})]
    """
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from leaves(item, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list) and value:
        for position, item in enumerate(value):
            yield from leaves(item, f"{pointer}/{position}")
    else:
        yield pointer, value
