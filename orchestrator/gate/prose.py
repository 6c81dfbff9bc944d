"""The gate for a sentence that a language model typed: a statement grounded in evidence, or a refusal."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from agents.evidence import Evidence
from agents.statement import Ref, Statement, TokenKind
from orchestrator.gate.binding import Binder
from orchestrator.gate.canon import canonical, pronouns
from orchestrator.gate.cases import fold_cases
from orchestrator.gate.causing import CAUSING, REASON, check_causes
from orchestrator.gate.claims import fold_claims, fold_joins, fold_ranks
from orchestrator.gate.context import Context
from orchestrator.gate.counting import share_counts
from orchestrator.gate.derived import derived_forms
from orchestrator.gate.frame import GateFrame, Refusal
from orchestrator.gate.leftovers import check_words, mark_directions
from orchestrator.gate.losing import lost_amounts
from orchestrator.gate.masking import masked
from orchestrator.gate.pairing import paired
from orchestrator.gate.quantities import fold_all, fold_counts, fold_quantities
from orchestrator.gate.quoting import check_citations
from orchestrator.gate.refused import RefusedError
from orchestrator.gate.relating import fold_relations
from orchestrator.gate.render import StatementBuilder
from orchestrator.gate.scanning import scan
from orchestrator.gate.segments import segment
from orchestrator.gate.standing import stand_in
from orchestrator.gate.statuses import fold_statuses
from orchestrator.gate.symbols import Sign, Symbol
from orchestrator.gate.value import stored_value, value_forms
from orchestrator.gate.verify import verify_statement

LONGEST_SENTENCE = 700
"""Code points; a longer sentence is refused unread, which bounds the time."""
_MARKUP = re.compile(r"^(?:[-*•#>]+ +)+")
_EMPHASIS = re.compile(r"(?<![\w*])(\*\*|\*)(?=\S)([^*]{1,200})(?<=\S)\1(?![\w*])")


def gate_prose(prose: str, evidence: Mapping[str, Evidence], frame: GateFrame) -> Statement | Refusal:
    """Judge one sentence of a language model.

    Args:
        prose: As typed; references are written ``[[e1/lowest_voltage/vm_pu]]``.
        evidence: The run's evidence by id.
        frame: The rest that it is judged by.
    """
    return gate_sentence(prose, Context.of(evidence, frame))


def gate_sentence(prose: str, context: Context) -> Statement | Refusal:
    """Judge one sentence in a context that serves many."""
    try:
        return _grounded(_plain(prose), context)
    except RefusedError as reason:
        return Refusal(reason=str(reason), masked=masked(prose))


def _plain(prose: str) -> str:
    """The sentence without list marks and emphasis.

    Raises:
        RefusedError: for invisible characters, which could hide or split a number.
    """
    if len(prose) > LONGEST_SENTENCE:
        raise RefusedError("the sentence is too long; write short sentences")
    text = _EMPHASIS.sub(r"\2", _MARKUP.sub("", prose.strip())).strip()
    text = re.sub(r"[\n\r\t]+", " ", text).replace("’", "'")
    hidden = next((char for char in text if unicodedata.category(char) in {"Cc", "Cf", "Co", "Cn", "Mn", "Me"}), None)
    if hidden is not None:
        raise RefusedError(f"the invisible character U+{ord(hidden):04X} is not accepted")
    if not text:
        raise RefusedError("the sentence is empty")
    return text


def _grounded(text: str, context: Context) -> Statement:
    scanned = pronouns(scan(text, context))
    symbols = _recognised(scanned)
    symbols = paired(share_counts(symbols))
    check_words(symbols, recommending=context.frame.recommending)
    check_citations(scanned, context)
    said = _Said(text, scanned, {}, {})
    if any(symbol.sign in _CHECKED for symbol in symbols):
        segments = segment(symbols)
        binder = Binder(segments, context)
        binder.bind()
        said = _Said(text, scanned, binder.bound, binder.rewritten)
        facts = [fact for ref in binder.bound.values() if (fact := context.pool.at(ref.evidence, ref.path))]
        check_causes(symbols, [*facts, *binder.statuses], context.pool)
    elif any(symbol.text in CAUSING | REASON for symbol in symbols):
        raise RefusedError("a cause is claimed of nothing that evidence could bear out")
    return _statement(said, context)


def _recognised(scanned: Sequence[Symbol]) -> list[Symbol]:
    """Every phrase as the symbol that it stands for; an earlier pass takes precedence."""
    symbols = fold_joins(stand_in(canonical(scanned)))
    symbols = mark_directions(fold_ranks(fold_cases(symbols)))
    symbols = fold_claims(fold_relations(fold_counts(fold_all(symbols))))
    return lost_amounts(fold_quantities(fold_statuses(symbols)))


_CHECKED = {Sign.NUMBER, Sign.STATUS, Sign.ELEMENT, Sign.QUANTITY, Sign.CASE, Sign.DIRECTION, Sign.CLAIM}


@dataclass(frozen=True)
class _Said:
    """A sentence that holds, with what each place of it becomes."""

    text: str
    scanned: Sequence[Symbol]
    bound: Mapping[tuple[int, int], Ref]
    rewritten: Mapping[tuple[int, int], str]


def _statement(said: _Said, context: Context) -> Statement:
    """The sentence with every claim replaced by what the evidence says."""
    builder, done = StatementBuilder(), 0
    for start, end, printed, origin in sorted(_replacements(said, context), key=itemgetter(0)):
        builder.add_text(said.text[done:start])
        if isinstance(origin, Ref):
            builder.add_value(printed, origin)
        elif origin is None:
            builder.add_text(printed)
        else:
            builder.add_token(printed, origin)
        done = end
    builder.add_text(said.text[done:])
    statement = builder.build()
    if faults := verify_statement(statement, context.evidence, context.frame.zone):
        raise RefusedError(f"the sentence does not hold against the evidence: {faults[0]}")
    return statement


def _replacements(said: _Said, context: Context) -> Iterator[tuple[int, int, str, Ref | TokenKind | None]]:
    """Start, end, what is printed there, and where it comes from; None for another word of the same meaning."""
    for (start, end), ref in said.bound.items():
        yield start, end, _printed(ref, said.text[start:end], context), ref
    for (start, end), word in said.rewritten.items():
        yield start, end, word, None
    for symbol in said.scanned:
        start, end = symbol.start, symbol.end
        if not any(first <= start and end <= last for first, last in (*said.bound, *said.rewritten)):
            yield from _unbound(symbol, said.text[start:end], context)


def _unbound(symbol: Symbol, said: str, context: Context) -> Iterator[tuple[int, int, str, Ref | TokenKind | None]]:
    """What stands for itself: references of elements and texts, names, citations, times."""
    start, end = symbol.start, symbol.end
    if symbol.ref:
        yield start, end, _printed(symbol.ref, "", context), symbol.ref
    elif symbol.sign is Sign.NUMBER:
        raise RefusedError(f"it is not clear what {symbol.text.strip()!r} says")
    elif symbol.sign is Sign.ELEMENT:
        yield start, end, context.naming.written(symbol.text, min(symbol.elements)), TokenKind.IDENTIFIER
    elif symbol.token:
        yield start, end, said, symbol.token


def _printed(ref: Ref, said: str, context: Context) -> str:
    """What a reference shows; a status keeps the writer's wording when it says precisely the same."""
    forms = value_forms(stored_value(context.evidence, ref.evidence, ref.path), ref.path, context.frame.zone)
    if said in forms or said in derived_forms(context.evidence[ref.evidence].result, ref.path):
        return said
    return forms[0]
