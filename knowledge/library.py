"""The library: exact names, words and meaning, fused by reciprocal rank.

Passages are data. They are ranked and quoted; nothing in them is followed, and nothing leaves this machine.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from langchain_classic.retrievers import EnsembleRetriever
from langchain_core.documents import Document
from langsmith import tracing_context

from knowledge.dense import SIMILARITY, DenseRetriever, open_store
from knowledge.digests import LibraryPassage, load_corpus, manifest
from knowledge.embedding import PINNED_SHA256, load_embedder
from knowledge.errors import CorpusError
from knowledge.identifiers import NAMED, IdentifierRetriever
from knowledge.lexical import LexicalRetriever
from tools.context import Passage
from tools.result import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from knowledge.embedding import SentenceEmbedder

CANDIDATES = 50
"""Passages that each retriever contributes at most; more change no rank that is shown."""

WEIGHTS = (3.0, 1.0, 1.0)
"""Names, meaning, words. Reciprocal ranks of the last two add up to at most 2/61, so a named passage comes first."""

NEAR = 0.30
"""Cosine similarity below which a passage does not speak of the question.

Measured on this corpus: whatever operators ask has a passage at 0.37 or nearer, and what is none of our business
("write a poem about love") has none above 0.22.
"""


class HybridLibrary:
    """A ``PassageSource`` over passages in memory and an index that is built at the first search."""

    def __init__(
        self,
        passages: Sequence[LibraryPassage],
        folder: Path | None = None,
        embedder: Callable[[], SentenceEmbedder] = load_embedder,
    ) -> None:
        """Prepare a library; nothing is loaded or written yet.

        Args:
            passages: What can be found.
            folder: Where the index may live, in a sub-folder of its own; None keeps it in memory.
            embedder: Gives the embedder when it is first needed.

        Raises:
            CorpusError: when there is no passage at all.
        """
        if not passages:
            raise CorpusError("The library has no passages: its data files are missing. Reinstall the software.")
        self._passages = {passage.id: passage for passage in passages}
        self._folder = folder
        self._embedder = embedder
        self._loading = Lock()
        self._retriever: EnsembleRetriever | None = None

    def __len__(self) -> int:
        """How many passages can be found."""
        return len(self._passages)

    def warm(self) -> None:
        """Load the model and open or build the index, which else happens at the first search."""
        self._opened()

    def search(self, query: str, limit: int) -> Sequence[Passage]:
        """The passages nearest to a query, best first; none when nothing is near."""
        retriever = self._opened()
        with tracing_context(enabled=False):  # a tracing key in the environment must not send queries out
            found = retriever.invoke(query)
        near = [document for document in found if _is_near(document)][:limit]
        return [self._passage(str(document.id), rank) for rank, document in enumerate(near, start=1)]

    def _passage(self, identifier: str, rank: int) -> Passage:
        found = self._passages[identifier]
        return Passage(
            id=found.id,
            document=found.document,
            edition=found.edition,
            clause=found.clause,
            title=found.title,
            text=found.text,
            score=1.0 / rank,
        )

    def _opened(self) -> EnsembleRetriever:
        with self._loading:
            if self._retriever is None:
                self._retriever = self._build()
            return self._retriever

    def _build(self) -> EnsembleRetriever:
        passages = tuple(self._passages.values())
        documents = tuple(
            Document(page_content=passage.indexed_text, id=passage.id, metadata={"id": passage.id})
            for passage in passages
        )
        key = digest({"passages": manifest(passages), "model": dict(PINNED_SHA256)})
        store = open_store(self._folder, key, documents, self._embedder())
        limit = min(CANDIDATES, len(documents))
        return EnsembleRetriever(
            retrievers=[
                IdentifierRetriever.over(documents, passages),
                DenseRetriever(store=store, limit=limit),
                LexicalRetriever.over(documents, limit),
            ],
            weights=list(WEIGHTS),
            id_key="id",
        )


def open_library(folder: Path | None) -> HybridLibrary:
    """The library of the digests that come with this software; cheap, for the index opens at the first search.

    Args:
        folder: Where the index may be kept between runs, in a sub-folder; None keeps it in memory.
    """
    return HybridLibrary(load_corpus(), folder)


def _is_near(document: Document) -> bool:
    return NAMED in document.metadata or document.metadata.get(SIMILARITY, 0.0) >= NEAR
