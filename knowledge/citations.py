"""Citations of known clauses, without a search: what advice that is not a grid action rests on."""

from __future__ import annotations

from difflib import get_close_matches

from knowledge.digests import load_corpus
from knowledge.errors import CorpusError
from tools.result import Result


class Quotation(Result):
    """A clause with our digest of it; whoever cites gives it a number within the run."""

    document: str
    edition: str
    clause: str
    quote: str


def quote_clause(identifier: str) -> Quotation:
    """The quotation of one passage of the corpus.

    Args:
        identifier: As in ``PassageHit.id``, such as ``runbook/section-2.3``.

    Raises:
        CorpusError: when the corpus has no such passage; the message names close ones.

    >>> quote_clause("runbook/section-1.2").clause
    'Section 1.2'
    """
    passages = {passage.id: passage for passage in load_corpus()}
    if identifier not in passages:
        near = ", ".join(get_close_matches(identifier, passages)) or "none"
        raise CorpusError(f"The corpus has no passage {identifier!r}. Close identifiers: {near}.")
    found = passages[identifier]
    return Quotation(document=found.document, edition=found.edition, clause=found.clause, quote=found.text)
