"""Elements of a pandapower network by canonical form, by name and by number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from tools.element import ElementKind, ElementRef, parse_canonical
from tools.errors import AmbiguousElementError, InvalidArgumentError, UnknownElementError

if TYPE_CHECKING:
    from pandapower import pandapowerNet

# Words that people put before a number; a word that fits two tables looks in both.
_WORDS: dict[str, tuple[ElementKind, ...]] = {kind.value: (kind,) for kind in ElementKind} | {
    "busbar": (ElementKind.BUS,),
    "node": (ElementKind.BUS,),
    "cable": (ElementKind.LINE,),
    "transformer": (ElementKind.TRAFO, ElementKind.TRAFO3W),
    "generator": (ElementKind.GEN,),
    "unit": (ElementKind.GEN,),
    "external grid": (ElementKind.EXT_GRID,),
    "ext grid": (ElementKind.EXT_GRID,),
    "static generator": (ElementKind.SGEN,),
    "battery": (ElementKind.STORAGE,),
    "breaker": (ElementKind.SWITCH,),
}
_WORD_AND_NUMBER = re.compile(rf"({'|'.join(sorted(_WORDS, key=len, reverse=True))})[\s:#]*(\d{{1,18}})", re.IGNORECASE)
_LISTED = 5


def text_of(value: object) -> str:
    """A name as text: empty when missing, without the ``.0`` that a float column gives a whole number.

    >>> text_of(12.0), text_of(None), text_of(" Bus 7 ")
    ('12', '', 'Bus 7')
    """
    if value is None or (isinstance(value, float) and value != value) or value is pd.NA:  # noqa: PLR0124 - NaN
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def table(net: pandapowerNet, kind: ElementKind) -> pd.DataFrame:
    """The pandapower table of a kind; empty when the network has none."""
    found = net.get(kind.value)
    return found if isinstance(found, pd.DataFrame) else pd.DataFrame()


def element_ref(net: pandapowerNet, kind: ElementKind, index: int) -> ElementRef:
    """The reference to an element of a known kind and index.

    Raises:
        UnknownElementError: when the table has no such index.
    """
    rows = table(net, kind)
    if index not in rows.index:
        raise UnknownElementError(kind, f"{kind}:{index}", (f"{kind}:{known}" for known in rows.index))
    name = text_of(rows["name"].at[index]) if "name" in rows else ""
    return ElementRef(kind=kind, index=int(index), name=name)


def row_of(net: pandapowerNet, kind: ElementKind, index: int) -> dict[str, object]:
    """The cells of one element by column, each in its own type."""
    rows = table(net, kind)
    return {str(column): _cell(rows[column].at[index]) for column in rows}


def _cell(cell: object) -> object:
    if cell is pd.NA:
        return None
    return cell.item() if isinstance(cell, np.generic) else cell


def number_in(row: Mapping[str, object], column: str) -> float | None:
    """A finite number of a row; None where it is missing or no number."""
    cell = row.get(column)
    try:
        number = float(cell)  # type: ignore[arg-type]  # whatever is no number raises
    except (TypeError, ValueError):
        return None
    return number if isfinite(number) else None


def element_refs(net: pandapowerNet, kind: ElementKind, indices: Iterable[int]) -> tuple[ElementRef, ...]:
    """References to several elements of one kind, in the order given."""
    return tuple(element_ref(net, kind, int(index)) for index in indices)


def resolve_element(net: pandapowerNet, text: str, kinds: Sequence[ElementKind] | None = None) -> ElementRef:
    """The one element that a text names.

    ``line:14`` is always the index. Any other text is looked up as a name; ``line 14`` is looked up as a name (of the
    whole text, or ``14`` among the lines) and as an index, and both must mean the same element.

    Args:
        net: The network.
        text: Canonical form, name, or kind and number.
        kinds: Kinds that the caller can use; all when None.

    Raises:
        InvalidArgumentError: when the text is empty, or names a kind that the caller cannot use.
        UnknownElementError: when nothing fits; the message has the nearest names.
        AmbiguousElementError: when several elements fit; the message lists them in canonical form.
    """
    wanted = tuple(kinds) if kinds is not None else tuple(ElementKind)
    text = " ".join(text.split())
    if not text:
        raise InvalidArgumentError("element: an empty text names no element; give one as kind:index, such as line:14")
    if (canonical := parse_canonical(text)) is not None:
        _check_kind(text, canonical[:1], wanted)
        return element_ref(net, *canonical)
    fits = _by_name(net, text, wanted)
    if (number := _WORD_AND_NUMBER.fullmatch(text)) is not None:
        of_word = _WORDS[number[1].lower()]
        if not fits:
            _check_kind(text, of_word, wanted)
        fits += _by_number(net, number[2], [kind for kind in of_word if kind in wanted])
    elif text.isdecimal() and (len(wanted) == 1 or not fits):
        fits += _by_number(net, text, wanted)
    return _only(net, text, wanted, list(dict.fromkeys(fits)))


def _check_kind(text: str, given: Sequence[ElementKind], wanted: Sequence[ElementKind]) -> None:
    if not set(given) & set(wanted):
        raise InvalidArgumentError(f"element: {text!r} is a {given[0]}; wanted is one of {', '.join(wanted)}")


def _by_name(net: pandapowerNet, text: str, kinds: Sequence[ElementKind]) -> list[ElementRef]:
    """Elements of this name; those that also agree in upper and lower case come alone."""
    loose = text.casefold()
    fits = [ref for ref in _named(net, kinds) if " ".join(ref.name.split()).casefold() == loose]
    return [ref for ref in fits if " ".join(ref.name.split()) == text] or fits


def _named(net: pandapowerNet, kinds: Sequence[ElementKind]) -> list[ElementRef]:
    return [
        ElementRef(kind=kind, index=int(index), name=name)
        for kind in kinds
        if "name" in (rows := table(net, kind))
        for index, value in zip(rows.index, rows["name"], strict=True)
        if (name := text_of(value))
    ]


def _by_number(net: pandapowerNet, number: str, kinds: Sequence[ElementKind]) -> list[ElementRef]:
    """Elements whose name is the number, and those whose index it is."""
    by_name = _by_name(net, number, kinds)
    return by_name + [element_ref(net, kind, int(number)) for kind in kinds if int(number) in table(net, kind).index]


def _only(net: pandapowerNet, text: str, kinds: Sequence[ElementKind], fits: Sequence[ElementRef]) -> ElementRef:
    if len(fits) == 1:
        return fits[0]
    if fits:
        listed = ", ".join(f'{ref} (named "{ref.name}")' if ref.name else str(ref) for ref in fits[:_LISTED])
        more = f" and {len(fits) - _LISTED} more" if len(fits) > _LISTED else ""
        raise AmbiguousElementError(f"{text!r} fits several elements: {listed}{more}. Give one as kind:index.")
    known = [name for kind in kinds for index in table(net, kind).index for name in (f"{kind}:{index}",)]
    known += [ref.name for ref in _named(net, kinds)]
    raise UnknownElementError(kinds[0] if len(kinds) == 1 else "element", text, known)
