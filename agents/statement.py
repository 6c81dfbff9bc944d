"""Text in which every number is a reference: the draft, and what the renderer makes of it.

A draft is a tuple of parts. ``Text`` carries prose without digits of its own; every number comes as a
``Ref`` to a field of evidence or as a ``Token`` of a kind that is no measurement (rules 1 and 2).
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from tools.result import Result


class TokenKind(StrEnum):
    """What a typed piece of text with digits may be, when it is no evidence."""

    IDENTIFIER = "identifier"  # an element, report or run by name
    TIME = "time"  # a date, a time, a zone
    CLAUSE = "clause"  # document, edition, clause number
    USER = "user"  # the user's own words or numbers
    QUOTE = "quote"  # quoted verbatim from a cited passage or a record


class Text(Result):
    """Prose; the gate refuses digits and number words in it."""

    type: Literal["text"] = "text"
    text: str


class Ref(Result):
    """A field of the run's evidence; the renderer fills in value, unit and, for elements, the name."""

    type: Literal["ref"] = "ref"
    evidence: str = Field(description="Evidence id, such as e1")
    path: str = Field(description="JSON pointer into the evidence's result")


class Token(Result):
    """Digits that are no measurement."""

    type: Literal["token"] = "token"
    kind: TokenKind
    text: str


Part = Annotated[Text | Ref | Token, Field(discriminator="type")]


class Draft(Result):
    """One sentence, or a few, before rendering."""

    parts: tuple[Part, ...]


class Span(Result):
    """A piece of a statement's text that came from evidence; positions in code points, end excluded."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    evidence: str
    path: str


class TokenSpan(Result):
    """A piece of a statement's text with a typed token; positions in code points, end excluded."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    kind: TokenKind


class Statement(Result):
    """Rendered text, with the origin of each number in it."""

    text: str
    spans: tuple[Span, ...] = ()
    tokens: tuple[TokenSpan, ...] = ()


class Struck(Result):
    """A sentence that the gate refused for good; its numbers are masked."""

    reason: str
    masked: str
