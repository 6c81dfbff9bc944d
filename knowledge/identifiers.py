"""Retrieval by name: a query that names a document or a clause gets that one first."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, NamedTuple, Self

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from knowledge.tokens import coarser, is_identifier, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langchain_core.callbacks import CallbackManagerForRetrieverRun

    from knowledge.digests import LibraryPassage

STANDARD = re.compile(r"\d{4,6}(-\d+)*|[a-z]{3}-\d{3}(-.+)?|c\d+\.\d+|\d{4}/\d{3,4}")
"""Looks like the name of a standard, ours or not."""

NAMED = "named"
"""Key of a found document's metadata: the query names it."""

TELLING_LENGTH = 8
"""From this length on the last word of a clause, such as RatioTapChanger, is telling without its kind."""

FORMS = 4
"""Coarser forms of an identifier that are looked at; no name of ours needs more, and hostile input gets no further."""


class Names(NamedTuple):
    """What a passage answers to, in the spelling of ``words``."""

    documents: frozenset[str]
    clause: str

    @classmethod
    def of(cls, passage: LibraryPassage) -> Self:
        """The names of one passage."""
        return cls(frozenset(" ".join(words(alias)) for alias in passage.aliases), " ".join(words(passage.clause)))

    def named_by(self, phrases: frozenset[str]) -> int:
        """How well phrases name it: 3 document and clause, 2 the document, 1 the clause alone, 0 neither."""
        kind, _, number = self.clause.rpartition(" ")
        if self.documents & phrases:
            return 3 if number in phrases else 2
        if not kind:  # "Annex": too common a word to name anything by itself
            return 0
        return int(self.clause in phrases or (len(number) >= TELLING_LENGTH and number in phrases))


class IdentifierRetriever(BaseRetriever):
    """Returns the passages that a query names, and only those it names best: document and clause, document, clause."""

    documents: tuple[Document, ...]
    names: tuple[Names, ...]
    width: int

    @classmethod
    def over(cls, documents: Sequence[Document], passages: Sequence[LibraryPassage]) -> Self:
        """Prepare the names of passages; the documents stand in the same order."""
        names = tuple(Names.of(passage) for passage in passages)
        width = max(len(name.split()) for item in names for name in (*item.documents, item.clause))
        return cls(documents=tuple(documents), names=names, width=width)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        del run_manager  # langchain hands it in; nothing is traced here
        asked = words(query)
        phrases = _phrases(asked, self.width)
        scores = [names.named_by(phrases) for names in self.names]
        best = max(scores)
        foreign = any(STANDARD.fullmatch(word) for word in asked)
        if best == 0 or (best == 1 and foreign):  # "IEC 61850 clause 7" does not mean another document's clause 7
            return []
        return [
            document.model_copy(update={"metadata": {**document.metadata, NAMED: True}})
            for document, score in zip(self.documents, scores, strict=True)
            if score == best
        ]


def _phrases(asked: list[str], width: int) -> frozenset[str]:
    """All runs of up to ``width`` words; a finer identifier also stands for its coarser ones."""
    forms = [coarser(word)[:FORMS] if is_identifier(word) else [word] for word in asked]
    return frozenset(
        " ".join(phrase)
        for size in range(1, width + 1)
        for start in range(len(forms) - size + 1)
        for phrase in product(*forms[start : start + size])
    )
