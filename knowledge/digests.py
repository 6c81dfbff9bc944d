"""The digests of the library: read from data files, checked, and turned into passages."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml
from pydantic import Field, ValidationError

from knowledge.errors import CorpusError
from tools.result import Result, digest

if TYPE_CHECKING:
    from collections.abc import Sequence

CORPUS = Path(__file__).parent / "corpus"


class Clause(Result):
    """One clause in our words; its text becomes one passage."""

    clause: str = Field(min_length=3, description="Number as the document gives it, such as 'Article 35'")
    title: str = Field(min_length=3)
    text: str = Field(min_length=40)


class Digest(Result):
    """Our digest of one document; it holds nothing of the document's own wording."""

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    document: str = Field(min_length=3, description="Name that a citation shows")
    edition: str = Field(min_length=1, description="Edition that the clause numbers belong to")
    title: str = Field(min_length=3)
    aliases: tuple[str, ...] = Field(min_length=1, description="What people type when they mean this document")
    notice: str = Field(min_length=20, description="Says that this is a digest and what is authoritative")
    clauses: tuple[Clause, ...] = Field(min_length=1)


class LibraryPassage(Result):
    """One clause with what retrieval and a citation need.

    The text is data from a file: it is shown and ranked, never followed.
    """

    id: str = Field(description="Digest and clause, such as 'sogl/article-35'")
    document: str
    edition: str
    clause: str
    title: str
    text: str
    aliases: tuple[str, ...]

    @property
    def indexed_text(self) -> str:
        """What is searched by words and meaning; names of documents have a retriever of their own."""
        return f"{self.title}. {self.text}"


def read_digest(path: Path) -> Digest:
    """Read one digest.

    Raises:
        CorpusError: naming the file and the field that is wrong.
    """
    try:
        return Digest.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise CorpusError(f"The digest {path.name!r} is not YAML: {error}") from error
    except ValidationError as error:
        raise CorpusError(f"The digest {path.name!r} is malformed: {error}") from error


def passages_of(digests: Sequence[Digest]) -> tuple[LibraryPassage, ...]:
    """One passage for each clause, in the order of the digests.

    Raises:
        CorpusError: when two clauses have the same identifier.
    """
    passages = tuple(
        LibraryPassage(
            id=passage_id(item.id, clause.clause),
            document=item.document,
            edition=item.edition,
            clause=clause.clause,
            title=clause.title,
            text=clause.text.strip(),
            aliases=item.aliases,
        )
        for item in digests
        for clause in item.clauses
    )
    known: set[str] = set()
    for passage in passages:
        if passage.id in known:
            raise CorpusError(f"Two clauses of the library have the identifier {passage.id!r}; each needs its own.")
        known.add(passage.id)
    return passages


def passage_id(digest_id: str, clause: str) -> str:
    """Identifier of a clause's passage.

    >>> passage_id("en50160", "Clause 4.2.2")
    'en50160/clause-4.2.2'
    """
    return f"{digest_id}/{clause.lower().replace(' ', '-')}"


@cache
def load_corpus() -> tuple[LibraryPassage, ...]:
    """All passages that come with this software, by file name, then in their order in the file."""
    return passages_of([read_digest(path) for path in sorted(CORPUS.glob("*.yaml"))])


def manifest(passages: Sequence[LibraryPassage]) -> str:
    """SHA-256 over all passages; any change of text, clause or order changes it."""
    return digest([passage.model_dump(mode="json") for passage in passages])
