"""A statement cut into pieces of one origin each: prose, evidence, or a typed token."""

import re
from dataclasses import dataclass

from agents.statement import Span, Statement, TokenSpan
from orchestrator.publish.errors import MalformedStatementError

_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d ")


@dataclass(frozen=True)
class Segment:
    """A piece of a statement's text.

    Attributes:
        css: ``ev`` for evidence, the token kind for a token, empty for prose.
        evidence: Evidence id, empty unless ``css`` is ``ev``.
        path: JSON pointer into the evidence's result.
    """

    text: str
    css: str = ""
    evidence: str = ""
    path: str = ""

    @property
    def is_time(self) -> bool:
        """Whether it shows a date and a time, which may break between its words."""
        return _TIME.match(self.text) is not None

    @property
    def anchor(self) -> str:
        """Where the appendix shows the value."""
        return anchor(self.evidence, self.path)


def segments(statement: Statement) -> tuple[Segment, ...]:
    """The pieces in reading order; together they are exactly the statement's text.

    Raises:
        MalformedStatementError: when spans overlap or end outside the text.
    """
    pieces: list[Segment] = []
    position = 0
    spans: list[Span | TokenSpan] = [*statement.spans, *statement.tokens]
    for span in sorted(spans, key=lambda item: (item.start, item.end)):
        if not position <= span.start <= span.end <= len(statement.text):
            raise MalformedStatementError(
                f"span {span.start}..{span.end} overlaps another or leaves the text {statement.text!r}"
            )
        pieces.append(Segment(statement.text[position : span.start]))
        pieces.append(_piece(statement.text[span.start : span.end], span))
        position = span.end
    pieces.append(Segment(statement.text[position:]))
    return tuple(piece for piece in pieces if piece.text)


def _piece(text: str, span: Span | TokenSpan) -> Segment:
    if isinstance(span, Span):
        return Segment(text, css="ev", evidence=span.evidence, path=span.path)
    return Segment(text, css=span.kind.value)


def anchor(evidence: str, path: str) -> str:
    """The fragment identifier of a value in the appendix.

    >>> anchor("e1", "/branches/0/loading_percent")
    'e1-branches-0-loading_percent'
    """
    return evidence + path.replace("/", "-").replace("~", "_")
