"""Checking a stored statement again: does each span still say what the stored evidence says?"""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from agents.evidence import Evidence
from agents.statement import Span, Statement, TokenSpan
from orchestrator.gate.derived import derived_forms
from orchestrator.gate.errors import UnrenderableReferenceError
from orchestrator.gate.value import stored_value, value_forms
from orchestrator.gate.wordings import numeric_characters


def verify_statement(statement: Statement, evidence: Mapping[str, Evidence], zone: ZoneInfo) -> list[str]:
    """Places where a statement and its evidence differ, with the reason; empty when it holds.

    Args:
        statement: As stored.
        evidence: The run's stored evidence by id.
        zone: The zone that the statement was rendered for.
    """
    faults = [fault for span in statement.spans if (fault := _span_fault(statement.text, span, evidence, zone))]
    covered: set[int] = set()
    pieces: list[Span | TokenSpan] = [*statement.spans, *statement.tokens]
    for piece in sorted(pieces, key=lambda item: item.start):
        positions = set(range(piece.start, piece.end))
        if piece.end > len(statement.text) or not positions:
            faults.append(f"text[{piece.start}:{piece.end}]: the span lies outside the text")
        elif positions & covered:
            faults.append(f"text[{piece.start}:{piece.end}]: the span overlaps another")
        covered |= positions
    faults += [
        f"text[{position}]: the digit {statement.text[position]!r} is neither from evidence nor a token"
        for position in numeric_characters(statement.text)
        if position not in covered
    ]
    return faults


def _span_fault(text: str, span: Span, evidence: Mapping[str, Evidence], zone: ZoneInfo) -> str | None:
    place = f"text[{span.start}:{span.end}]"
    try:
        forms = value_forms(stored_value(evidence, span.evidence, span.path), span.path, zone)
    except UnrenderableReferenceError as error:
        return f"{place}: {error}"
    said = text[span.start : span.end]
    if said in forms or said in derived_forms(evidence[span.evidence].result, span.path):
        return None
    return f"{place}: the text says {said!r}, evidence {span.evidence} at {span.path} says {forms[0]!r}"
