"""Evidence as lines that a language model can read and refer to."""

from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from agents.evidence import Evidence
from tools.facts import Fact, facts, is_element

_LINES_EACH = 120
"""Facts shown of one piece of evidence: verdicts and totals before rows, and of rows the ranked first."""
_LONGEST_TEXT = 300
"""Characters of a text value; drawings are longer and no reading matter."""


def fact_lines(evidence: Iterable[Evidence]) -> str:
    """One line for each fact: reference, element, case, quantity, value; texts in quotation marks."""
    return "\n".join(line for item in evidence for line in _lines(item))


def _lines(item: Evidence) -> Iterable[str]:
    found = [
        fact for fact in facts(item.result) if not (isinstance(fact.value, str) and len(fact.value) > _LONGEST_TEXT)
    ]
    found.sort(key=_rank)
    names = dict(_names(item.result))
    yield f"# {item.id}: {item.tool} {item.arguments or ''}".rstrip()
    for fact in found[:_LINES_EACH]:
        yield _line(item.id, fact, names)
    if len(found) > _LINES_EACH:
        yield f"({len(found) - _LINES_EACH} more fields of {item.id} are not listed)"


def _rank(fact: Fact) -> tuple[bool, bool]:
    """Facts of lists come later, and what surrounds a finding last: no verdict is cut off behind twenty violations."""
    parts = fact.path.split("/")
    return any(part.isdigit() for part in parts), "context" in parts


def _names(value: JsonValue) -> Iterator[tuple[str, str]]:
    """Elements with their names: what operators call them differs from the index in most grids."""
    if isinstance(value, dict):
        if is_element(value):
            yield f"{value['kind']}:{value['index']}", str(value["name"])
        for item in value.values():
            yield from _names(item)
    elif isinstance(value, list):
        for item in value:
            yield from _names(item)


def _line(identifier: str, fact: Fact, names: dict[str, str]) -> str:
    value = f'"{fact.value}"' if isinstance(fact.value, str) else fact.value
    unit = f"_{fact.unit}" if fact.unit else ""
    name = names.get(fact.entity or "")
    entity = f'{fact.entity} "{name}"' if name else fact.entity or "grid"
    return f"[[{identifier}{fact.path}]] {entity} | {fact.case or '-'} | {fact.quantity}{unit} = {value}"
