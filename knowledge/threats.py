"""The table of threats as data: techniques, clauses and response for each kind of finding on security."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import Field, TypeAdapter, ValidationError

from knowledge.digests import LibraryPassage, load_corpus, passage_id
from knowledge.errors import CorpusError
from knowledge.limits import SourceKey
from tools.limits import ClauseRef
from tools.result import Result
from tools.security.schema.context import Response, Technique, Threat, ThreatTable

THREATS = Path(__file__).parent / "threats.yaml"
ATTACK = "attack-ics"
"""Digest that describes the techniques; the clause is 'Technique T0855', its title the name."""


class ResponseEntry(Result):
    """What a person should do, and the section of the runbook that says more."""

    text: str = Field(min_length=20)
    section: str


class ThreatEntry(Result):
    """One entry of the file: what some kinds of findings have in common."""

    kinds: tuple[str, ...] = Field(min_length=1)
    techniques: tuple[str, ...] = Field(description="Numbers such as T0855; none for a fault of the plant")
    effects: tuple[str, ...] = Field(default=(), description="Numbers of techniques named only for what took effect")
    clauses: tuple[SourceKey, ...] = Field(min_length=1)
    response: ResponseEntry


@cache
def known_threats() -> ThreatTable:
    """The table that comes with this software.

    Raises:
        CorpusError: when the file is malformed or cites what the corpus does not have.
    """
    return read_threats(THREATS)


def read_threats(path: Path) -> ThreatTable:
    """Read a file of threats; see ``known_threats``."""
    try:
        entries = TypeAdapter(tuple[ThreatEntry, ...]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise CorpusError(f"The file of threats {path.name!r} is malformed: {error}") from error
    passages = {passage.id: passage for passage in load_corpus()}
    threats = tuple(_threat(kind, entry, passages) for entry in entries for kind in entry.kinds)
    kinds = [threat.kind for threat in threats]
    if twice := sorted({kind for kind in kinds if kinds.count(kind) > 1}):
        raise CorpusError(f"The file of threats {path.name!r} names the kind {twice[0]!r} twice.")
    return ThreatTable(threats=threats)


def _threat(kind: str, entry: ThreatEntry, passages: dict[str, LibraryPassage]) -> Threat:
    def cited(document: str, clause: str) -> LibraryPassage:
        key = passage_id(document, clause)
        if key not in passages:
            raise CorpusError(f"A threat cites {key!r}, which the corpus does not have. Add the clause or correct it.")
        return passages[key]

    def described(number: str) -> Technique:
        found = cited(ATTACK, f"Technique {number}")
        return Technique(id=number, name=found.title, source=_clause(found))

    runbook = cited("runbook", entry.response.section)
    return Threat(
        kind=kind,
        techniques=tuple(described(number) for number in entry.techniques),
        effects=tuple(described(number) for number in entry.effects),
        clauses=tuple(_clause(cited(key.id, key.clause)) for key in entry.clauses),
        response=Response(text=entry.response.text, source=_clause(runbook)),
    )


def _clause(passage: LibraryPassage) -> ClauseRef:
    return ClauseRef(document=passage.document, edition=passage.edition, clause=passage.clause)
