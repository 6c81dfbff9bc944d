"""Retrieval by words (BM25): strong where MiniLM is weak, on clause numbers, acronyms and rare terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import bm25s
import numpy as np
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from knowledge.tokens import terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langchain_core.callbacks import CallbackManagerForRetrieverRun


class LexicalRetriever(BaseRetriever):
    """Ranks documents by BM25; a document without any term of the query is left out."""

    documents: tuple[Document, ...]
    index: bm25s.BM25
    limit: int

    @classmethod
    def over(cls, documents: Sequence[Document], limit: int) -> Self:
        """Index documents; ``limit`` is how many an answer holds at most."""
        index = bm25s.BM25()
        index.index([terms(document.page_content) for document in documents], show_progress=False)
        return cls(documents=tuple(documents), index=index, limit=limit)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        del run_manager  # langchain hands it in; nothing is traced here
        known = [term for term in terms(query) if term in self.index.vocab_dict]
        if not known:
            return []
        scores = self.index.get_scores(known)
        best = np.argsort(-scores, kind="stable")[: self.limit]
        return [self.documents[place] for place in best if scores[place] > 0]
