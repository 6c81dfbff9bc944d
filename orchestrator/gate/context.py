"""What a sentence is judged by: the facts, names, passages, times and words of the run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Self

from pydantic import JsonValue

from agents.evidence import Evidence
from orchestrator.gate.frame import GateFrame
from orchestrator.gate.naming import Naming
from orchestrator.gate.pool import Pool

_POOLS_KEPT = 8
_PASSAGE = {"document", "edition", "clause", "quote"}


@dataclass(frozen=True)
class Passage:
    """A piece of the library that the run has found."""

    document: str
    clause: str
    title: str
    quote: str


@dataclass(frozen=True)
class Context:
    """Everything that is made once for the sentences of a text."""

    evidence: Mapping[str, Evidence]
    frame: GateFrame
    pool: Pool
    naming: Naming
    passages: tuple[Passage, ...]
    times: tuple[datetime, ...]
    texts: tuple[tuple[str, str], ...]
    case: str | None

    @classmethod
    def of(cls, evidence: Mapping[str, Evidence], frame: GateFrame) -> Self:
        """Read the evidence once."""
        pool = _pool_of(tuple(_Same(item) for item in evidence.values()))
        asked = {str(element): element.name for element in frame.elements}
        names = pool.elements | asked
        hits = [passage for item in evidence.values() for passage in _passages(item.result)]
        hits += [Passage(item.document, item.clause, "", item.quote) for item in frame.citations]
        moments = {moment for item in evidence.values() for moment in (item.as_of, item.known_until)}
        return cls(
            evidence, frame, pool, Naming(names, asked), tuple(hits), tuple(sorted(moments)), pool.texts(), frame.case
        )


@dataclass(frozen=True, eq=False)
class _Same:
    """Evidence by identity: it is immutable, and hashing its whole result would cost more than reading it."""

    item: Evidence

    def __hash__(self) -> int:
        return id(self.item)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.item is self.item


@lru_cache(maxsize=_POOLS_KEPT)
def _pool_of(evidence: tuple[_Same, ...]) -> Pool:
    """The facts of a set of evidence, read once; the sentences of a run are all judged by the same."""
    return Pool(tuple(same.item for same in evidence))


def _passages(result: dict[str, JsonValue]) -> list[Passage]:
    hits = result.get("hits")
    return [
        Passage(str(hit["document"]), str(hit["clause"]), str(hit.get("title", "")), str(hit["quote"]))
        for hit in (hits if isinstance(hits, list) else [])
        if isinstance(hit, dict) and hit.keys() >= _PASSAGE
    ]
