"""Quotes and clause numbers: accepted only when the run has found that very passage."""

import re

from agents.statement import TokenKind
from orchestrator.gate.context import Context, Passage
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.symbols import Sign, Symbol

_CLOSING = {'"': '"', "“": "”"}
_SHORTEST_QUOTE = 4
"""Words; with fewer, a claim could be stitched together from pieces of passages."""
_CLAUSE_WORD = re.compile(
    r"(?:clauses?|sections?|articles?|requirements?|annex|class|chapter|table|paragraph|§)[ \u00a0]?[\w.()-]+",
    re.IGNORECASE,
)


def quote_at(text: str, at: int, context: Context) -> Symbol | None:
    """The quotation that begins here, None when the mark opens none.

    Raises:
        RefusedError: when it is not verbatim in a passage, or in the user's words.
    """
    closing = _CLOSING.get(text[at])
    end = text.find(closing, at + 1) if closing else -1
    if end < 0:
        return None
    quoted = " ".join(text[at + 1 : end].split()).rstrip(",.")
    if any(quoted == passage.title for passage in context.passages):
        return Symbol(Sign.CITATION, at, end + 1, quoted, token=TokenKind.CLAUSE)
    if len(quoted.split()) >= _SHORTEST_QUOTE:
        if any(quoted in " ".join(passage.quote.split()) for passage in context.passages):
            return Symbol(Sign.CITATION, at, end + 1, quoted, token=TokenKind.QUOTE)
        if quoted in " ".join(context.frame.question.split()):
            return Symbol(Sign.USER, at, end + 1, quoted, token=TokenKind.USER)
    raise RefusedError(f"the quotation {quoted[:60]!r} is not verbatim in any passage found by this run")


def citation_at(text: str, at: int, context: Context) -> Symbol | None:
    """The document or clause that begins here, None when there is none.

    Raises:
        RefusedError: for a clause that this run has not found.
    """
    for passage in context.passages:
        for name in (passage.document, passage.clause, passage.title):
            end = at + len(name)
            whole = not text[end : end + 1].isalnum() and not re.match(r"[.-]\w", text[end : end + 2])
            # A title may be ordinary words ("High voltage"): only its exact spelling is a citation.
            cited = name is not passage.title or _names(text, passage)
            same = text[at:end] == name or (cited and text[at:end].lower() == name.lower())
            if name and whole and same:
                return Symbol(Sign.CITATION, at, end, text[at:end], token=TokenKind.CLAUSE)
    match = _CLAUSE_WORD.match(text, at)
    if match and any(char.isdigit() for char in match[0]):
        raise RefusedError(f"{match[0]!r} is not among the clauses that this run has found")
    return None


def _names(text: str, passage: Passage) -> bool:
    """Whether the sentence names the passage by document and clause: then its title is one in any spelling."""
    said = text.lower()
    return passage.document.lower() in said and passage.clause.lower() in said


def check_citations(symbols: list[Symbol], context: Context) -> None:
    """Refuse a sentence whose document, clause, title and quote do not belong to one passage.

    A clause alone says nothing that could be checked, so the passage's title or a quote must stand beside it.
    """
    cited = [symbol for symbol in symbols if symbol.sign is Sign.CITATION]
    _check_references(symbols, cited=bool(cited))
    if not cited:
        return
    fitting = [
        passage
        for passage in context.passages
        if all(_belongs(symbol, passage.document, passage.clause, passage.title, passage.quote) for symbol in cited)
    ]
    if not fitting:
        raise RefusedError("document, clause, title and quote do not belong to one passage that this run has found")
    proof = {fitting[0].title.lower()} if fitting[0].title else set()
    quoted = any(symbol.token is TokenKind.QUOTE for symbol in cited)
    if not quoted and not any(symbol.text.lower() in proof for symbol in cited):
        raise RefusedError("a clause is cited without its title or a verbatim quote, so the citation cannot be checked")


_HIT = re.compile(r"(/hits/[0-9]+)/(document|edition|clause|title|quote)")


def _check_references(symbols: list[Symbol], *, cited: bool) -> None:
    """References to passages: what stands together must belong to one passage, and name its document."""
    groups: list[dict[str, str]] = []
    for symbol in symbols:
        match = _HIT.fullmatch(symbol.ref.path) if symbol.ref else None
        if symbol.ref and match:
            if not groups or match[2] in groups[-1]:
                groups.append({})
            groups[-1][match[2]] = f"{symbol.ref.evidence}{match[1]}"
    stated = [symbol.ref for symbol in symbols if symbol.sign is Sign.STATUS and symbol.ref]
    texts = [ref for ref in stated if "/hits/" not in ref.path]
    if groups and texts:
        raise RefusedError("a passage and a status stand in one sentence; cite the passage in a sentence of its own")
    for group in groups:
        if len(set(group.values())) > 1:
            raise RefusedError("document, clause, title and quote do not belong to one passage")
        if "document" not in group and not cited:
            raise RefusedError("a passage is cited without its document")


def _belongs(symbol: Symbol, document: str, clause: str, title: str, quote: str) -> bool:
    if symbol.token is TokenKind.QUOTE:
        return symbol.text in " ".join(quote.split())
    return symbol.text.lower() in {document.lower(), clause.lower(), title.lower()}
