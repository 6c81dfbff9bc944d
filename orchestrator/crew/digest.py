"""Evidence as lines that a language model can read and refer to."""

from collections.abc import Iterable

from agents.evidence import Evidence
from tools.facts import Fact, facts

_LINES_EACH = 120
"""Facts shown of one piece of evidence; ranked results put what matters first."""
_LONGEST_TEXT = 300
"""Characters of a text value; drawings are longer and no reading matter."""


def fact_lines(evidence: Iterable[Evidence]) -> str:
    """One line for each fact: reference, element, case, quantity, value; texts in quotation marks."""
    return "\n".join(line for item in evidence for line in _lines(item))


def _lines(item: Evidence) -> Iterable[str]:
    found = [
        fact for fact in facts(item.result) if not (isinstance(fact.value, str) and len(fact.value) > _LONGEST_TEXT)
    ]
    yield f"# {item.id}: {item.tool} {item.arguments or ''}".rstrip()
    for fact in found[:_LINES_EACH]:
        yield _line(item.id, fact)
    if len(found) > _LINES_EACH:
        yield f"({len(found) - _LINES_EACH} more fields of {item.id} are not listed)"


def _line(identifier: str, fact: Fact) -> str:
    value = f'"{fact.value}"' if isinstance(fact.value, str) else fact.value
    name = fact.quantity if fact.unit is None else f"{fact.quantity}_{fact.unit}"
    return f"[[{identifier}{fact.path}]] {fact.entity or 'grid'} | {fact.case or '-'} | {name} = {value}"
