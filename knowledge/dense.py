"""Retrieval by meaning: MiniLM vectors in Chroma, a cache that is rebuilt whenever it is not what it should be."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import chromadb
from chromadb.api.collection_configuration import CreateCollectionConfiguration, CreateHNSWConfiguration
from chromadb.config import Settings
from chromadb.errors import ChromaError
from langchain_chroma import Chroma
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from chromadb import ClientAPI
    from langchain_core.callbacks import CallbackManagerForRetrieverRun

    from knowledge.embedding import SentenceEmbedder

QUIET = Settings(anonymized_telemetry=False)
PREFIX = "passages-"
KEY_LENGTH = 40
"""Chroma takes names of up to 512 characters, older versions of up to 63."""

SIMILARITY = "similarity"
"""Key of a found document's metadata: cosine similarity to the query, -1 to 1."""


class LocalEmbeddings(Embeddings):
    """Our embedder in langchain's shape; Chroma's own default would download a model."""

    def __init__(self, embedder: SentenceEmbedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One vector for each text."""
        return [[float(number) for number in row] for row in self._embedder.embed(texts)]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a query; MiniLM treats queries and passages alike."""
        return self.embed_documents([text])[0]


class DenseRetriever(BaseRetriever):
    """Ranks documents by cosine similarity and notes it in their metadata."""

    store: Chroma
    limit: int

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        del run_manager  # langchain hands it in; nothing is traced here
        found = self.store.similarity_search_with_score(query, k=self.limit)
        return [
            document.model_copy(update={"metadata": {**document.metadata, SIMILARITY: 1.0 - distance}})
            for document, distance in found
        ]


def open_store(parent: Path | None, key: str, documents: Sequence[Document], embedder: SentenceEmbedder) -> Chroma:
    """The vectors of exactly these documents, from the disk when it holds them, else computed anew.

    The collection's name carries the key, so an index of other documents or another model is never read.
    One process at a time may use a folder.

    Args:
        parent: Holds the index in a sub-folder that is created and deleted at will; None keeps the vectors in memory.
        key: Digest of documents and model.
        documents: Each with an ``id``.
        embedder: Makes the vectors.
    """
    embeddings = LocalEmbeddings(embedder)
    name = f"{PREFIX}{key[:KEY_LENGTH]}"
    if parent is None:
        return _filled(chromadb.EphemeralClient(QUIET), name, documents, embeddings)
    folder = parent / f"chroma-{chromadb.__version__}"  # another version's files are never opened
    if not _sound(folder):
        shutil.rmtree(folder)
    client = chromadb.PersistentClient(folder, QUIET)
    try:
        _drop_others(client, name)
        return _filled(client, name, documents, embeddings)
    except ChromaError:  # the index is a cache: what Chroma cannot read is made again, once
        client.close()
        shutil.rmtree(folder)
    return _filled(chromadb.PersistentClient(folder, QUIET), name, documents, embeddings)


def _filled(client: ClientAPI, name: str, documents: Sequence[Document], embeddings: Embeddings) -> Chroma:
    store = _store(client, name, embeddings)
    if not _holds(store, documents):
        client.delete_collection(name)
        store = _store(client, name, embeddings)
        store.add_documents(list(documents), ids=[str(document.id) for document in documents])
    return store


def _drop_others(client: ClientAPI, name: str) -> None:
    """Remove the vectors of earlier corpora, which nothing will read again."""
    for other in [collection.name for collection in client.list_collections()]:
        if other.startswith(PREFIX) and other != name:
            client.delete_collection(other)


def _store(client: ClientAPI, name: str, embeddings: Embeddings) -> Chroma:
    configuration = CreateCollectionConfiguration(hnsw=CreateHNSWConfiguration(space="cosine"))
    return Chroma(name, embeddings, client=client, collection_configuration=configuration)


def _holds(store: Chroma, documents: Sequence[Document]) -> bool:
    """Whether every document can be read and found: after a crash or a second writer these counts differ."""
    wanted = {str(document.id) for document in documents}
    if set(store.get(include=[])["ids"]) != wanted:
        return False
    found = store.similarity_search_with_score(documents[0].page_content, k=len(documents))
    return {str(document.id) for document, _ in found} == wanted


def _sound(folder: Path) -> bool:
    """Whether the database file can be read; Chroma's engine panics on some damaged files instead of raising."""
    file = folder / "chroma.sqlite3"
    if not file.is_file():
        return not folder.exists()
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("SELECT 1 FROM migrations")  # raises without the table that Chroma opens first
            return bool(connection.execute("PRAGMA quick_check").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False
