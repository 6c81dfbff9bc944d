"""Retrieval by name: a query that names a document or a clause gets that one first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from knowledge.digests import LibraryPassage
from knowledge.tokens import coarser, is_identifier, words

if TYPE_CHECKING:
    from langchain_core.callbacks import CallbackManagerForRetrieverRun

STANDARD = re.compile(r"\d{4,6}(-\d+)*|[a-z]{3}-\d{3}(-.+)?|c\d+\.\d+|\d{4}/\d{3,4}")
"""Looks like the name of a standard, ours or not."""

NAMED = "named"
"""Key of a found document's metadata: the query names it."""

TELLING_LENGTH = 8
"""From this length on the last word of a clause, such as RatioTapChanger, is telling without its kind."""


class IdentifierRetriever(BaseRetriever):
    """Returns the passages that a query names, and only those it names best: document and clause, document, clause."""

    documents: tuple[Document, ...]
    passages: tuple[LibraryPassage, ...]

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        del run_manager  # langchain hands it in; nothing is traced here
        asked = words(query)
        foreign = any(STANDARD.fullmatch(word) for word in asked)
        scores = [_naming(asked, passage) for passage in self.passages]
        best = max(scores, default=0)
        if best == 0 or (best == 1 and foreign):  # "IEC 61850 clause 7" does not mean another document's clause 7
            return []
        return [
            document.model_copy(update={"metadata": {**document.metadata, NAMED: True}})
            for document, score in zip(self.documents, scores, strict=True)
            if score == best
        ]


def _naming(asked: list[str], passage: LibraryPassage) -> int:
    """3 for document and clause, 2 for the document, 1 for the clause alone, 0 for neither."""
    clause = words(passage.clause)
    if any(_contains(asked, words(alias)) for alias in passage.aliases):
        return 3 if _contains(asked, clause) or clause[-1] in asked else 2
    if len(clause) == 1:  # "Annex": too common a word to name anything by itself
        return 0
    return int(_contains(asked, clause) or (len(clause[-1]) >= TELLING_LENGTH and clause[-1] in asked))


def _contains(asked: list[str], name: list[str]) -> bool:
    """Whether the words of a name stand together in the query; a finer identifier contains its coarser one."""
    width = len(name)
    return any(
        all(_matches(asked[start + place], name[place]) for place in range(width))
        for start in range(len(asked) - width + 1)
    )


def _matches(asked: str, named: str) -> bool:
    return asked == named or (is_identifier(asked) and named in coarser(asked))
