"""What a sentence is judged by: the facts, names, passages, times and words of the run."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from pydantic import JsonValue

from agents.evidence import Evidence
from orchestrator.gate.frame import GateFrame
from orchestrator.gate.naming import Naming
from orchestrator.gate.pool import Pool

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
    case: str | None

    @classmethod
    def of(cls, evidence: Mapping[str, Evidence], frame: GateFrame) -> Self:
        """Read the evidence once."""
        pool = Pool(evidence)
        asked = {str(element): element.name for element in frame.elements}
        names = pool.elements | asked
        hits = [passage for item in evidence.values() for passage in _passages(item.result)]
        hits += [Passage(item.document, item.clause, "", item.quote) for item in frame.citations]
        moments = {moment for item in evidence.values() for moment in (item.as_of, item.known_until)}
        return cls(evidence, frame, pool, Naming(names, asked), tuple(hits), tuple(sorted(moments)), frame.case)


def _passages(result: dict[str, JsonValue]) -> list[Passage]:
    hits = result.get("hits")
    return [
        Passage(str(hit["document"]), str(hit["clause"]), str(hit.get("title", "")), str(hit["quote"]))
        for hit in (hits if isinstance(hits, list) else [])
        if isinstance(hit, dict) and hit.keys() >= _PASSAGE
    ]
