"""From a draft to a statement: references become values with their origin, plain words are checked."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from agents.evidence import Evidence
from agents.statement import Draft, Part, Ref, Span, Statement, Text, Token, TokenKind, TokenSpan
from orchestrator.gate.errors import UngroundedDraftError
from orchestrator.gate.untrusted import TEXT_LIMIT, neutralise
from orchestrator.gate.value import field_of, stored_value, value_forms
from orchestrator.gate.wordings import CRITERION, NUMBER_WORD, STATUS_WORD, numeric_characters


class StatementBuilder:
    """A statement in the making; positions are in code points."""

    def __init__(self) -> None:
        self._text = ""
        self._spans: list[Span] = []
        self._tokens: list[TokenSpan] = []

    def add_text(self, text: str) -> None:
        """Plain words; the name of a criterion such as N-1 becomes an identifier."""
        for match in CRITERION.finditer(text):
            start = len(self._text) + match.start()
            self._tokens.append(TokenSpan(start=start, end=start + len(match[0]), kind=TokenKind.IDENTIFIER))
        self._text += text

    def add_value(self, text: str, ref: Ref) -> None:
        """A value with the field that it came from."""
        start = len(self._text)
        self._text += text
        self._spans.append(Span(start=start, end=len(self._text), evidence=ref.evidence, path=ref.path))

    def add_token(self, text: str, kind: TokenKind) -> None:
        """Digits that are no measurement."""
        start = len(self._text)
        self._text += text
        self._tokens.append(TokenSpan(start=start, end=len(self._text), kind=kind))

    def build(self) -> Statement:
        """The finished statement."""
        return Statement(text=self._text, spans=tuple(self._spans), tokens=tuple(self._tokens))


def render(draft: Draft, evidence: Mapping[str, Evidence], zone: ZoneInfo) -> Statement:
    """Fill in every reference of a draft of our own.

    Args:
        draft: What is to be said.
        evidence: The run's evidence by id.
        zone: The control room's zone, for times.

    Raises:
        UngroundedDraftError: when plain words carry a digit, a number word or a claim of status.
        UnrenderableReferenceError: when a reference leads nowhere or to an absent value.
    """
    builder = StatementBuilder()
    for position, part in enumerate(draft.parts):
        if isinstance(part, Text):
            _refuse_claims(part.text, position, _fields_beside(draft.parts, position))
            builder.add_text(part.text)
        elif isinstance(part, Ref):
            value = stored_value(evidence, part.evidence, part.path)
            builder.add_value(value_forms(value, part.path, zone)[0], part)
        else:
            builder.add_token(_token_text(part), part.kind)
    return builder.build()


def _token_text(token: Token) -> str:
    # A token may end in a space that belongs to the sentence.
    tail = " " if token.text.endswith(" ") else ""
    return neutralise(token.text, TEXT_LIMIT) + tail


def _fields_beside(parts: tuple[Part, ...], position: int) -> str:
    """Names of the fields that a piece of text may label: those of the references right before and after it."""
    beside = parts[max(position - 1, 0) : position] + parts[position + 1 : position + 2]
    return " ".join(field_of(part.path) for part in beside if isinstance(part, Ref))


def _refuse_claims(text: str, position: int, fields: str) -> None:
    plain = CRITERION.sub("", text)
    if numeric_characters(plain):
        raise UngroundedDraftError(f"part {position} {text!r} carries a digit; use a Ref or a Token")
    if word := NUMBER_WORD.search(plain):
        raise UngroundedDraftError(f"part {position} {text!r} carries the number word {word[0]!r}; use a Ref")
    for word in STATUS_WORD.finditer(plain):
        # "insecure" beside a Ref to insecure_outages is the label of a count, not a claim.
        label = word[0].lower()
        if " " in label or label.removesuffix("s").removesuffix("ed") not in fields:
            raise UngroundedDraftError(f"part {position} {text!r} claims a status with {word[0]!r}; use a Ref")
