"""What a list in an answer does not spell out: its rows by name, and how many the evidence itself leaves out."""

from collections.abc import Iterable, Iterator

from agents.statement import Draft
from orchestrator.compose.board import Exhibit, R
from orchestrator.compose.phrases import Piece, draft, listed

_NAMED = 12
_WHO = ("subject", "element", "case", "id")
_ELSE = ("start", "since", "at", "frequency_hz")


def rest(
    found: Exhibit[R], what: str, key: str, places: Iterable[int], omitted: str | None = "omitted"
) -> Iterator[Draft]:
    """``Further open items, in full in the evidence: a, b and c; beyond these: 12.`` Nothing where all was told.

    Args:
        found: With the list.
        what: What its rows are, in the plural.
        key: Field of the list.
        places: Rows that were not spelt out.
        omitted: Field that counts what the tool itself left out; None where it leaves out nothing.
    """
    rows = getattr(found.result, key)
    names = [_name(found, rows[place], key, place) for place in places]
    beyond: Piece = found.ref(omitted) if omitted is not None and getattr(found.result, omitted) else ""
    if names:
        more: Piece = ["; beyond these: ", beyond] if beyond else ""
        told = names if len(names) <= _NAMED else [*names[:_NAMED], "others"]
        yield draft(f"Further {what}, in full in the evidence: ", listed(told), more, ".")
    elif beyond:
        yield draft(f"Further {what} that are not listed: ", beyond, ".")


def _name(found: Exhibit[R], row: object, key: str, place: int) -> Piece:
    """Who or where, and of which kind; a row that is about nobody goes by its time or frequency."""
    fields = [name for name in _WHO if getattr(row, name, None)] or [name for name in _ELSE if getattr(row, name, None)]
    kind: Piece = [": ", found.ref(key, place, "kind")] if getattr(row, "kind", None) else ""
    return [found.ref(key, place, fields[0]), kind]
