"""What an operator wants: lexical cues first, and the nearest example phrases by their sentence embeddings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from agents.question import Intent
from orchestrator.resolve.lexicon import load_yaml, mapping, strings

STRONG = 0.45
WEAK = 0.12
TIER = 0.3
_TIERS: Mapping[Intent, float] = {
    Intent.WHY: 2,
    Intent.ADVICE: 3.2,
    Intent.RECONFIGURE: 4,
    Intent.RECORD: 2,
    Intent.DRAW: 2,
    Intent.DISPATCH: 4,
    Intent.STANDARDS: 5,
    Intent.CASCADE: 2.2,
    Intent.RESTORE: 4.2,
    Intent.SECURITY: 1.6,
    Intent.DOUBLE_OUTAGES: 4.5,
    Intent.SHORT_CIRCUIT: 3,
    Intent.SHED: 4,
    Intent.LOSSES: 2.1,
    Intent.MODEL: 1,
    Intent.HELP: 1,
    Intent.DESCRIBE: 0.6,
    Intent.PATH: 0.6,
}
"""What is asked about a state comes before the state that is named: "why is it overloaded" asks why."""
UNDERSTOOD = 0.58
"""Least score of an intent that counts as understood; calibrated on phrases outside ``examples.yaml``."""
OUTSIDE = 0.5
"""Least similarity at which a question is taken to lie outside the job."""
ELSEWHERE = 0.62
"""The same for a topic of the trade without a source here; its own words tell it more surely."""
_NEAREST = 3
_SLOTS = re.compile(r"\{(\w+)\}")


class Embedder(Protocol):
    """Sentences to unit vectors: MiniLM in service."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row a text, of length one."""
        ...

    def knows(self, word: str) -> bool:
        """Whether a word is common English, so that no slip of the pen is sought in it."""
        ...


@dataclass(frozen=True)
class Reading:
    """How one clause is read.

    Attributes:
        scores: Similarity plus cues, of each intent.
        cued: Intents with a deciding word.
        topics: Similarity to the topics that are not answered.
        nearest: Similarity to the examples of the nearest intent, without its words.
    """

    scores: Mapping[Intent, float]
    cued: frozenset[Intent]
    topics: Mapping[str, float]
    nearest: float

    @property
    def best(self) -> tuple[Intent, float]:
        """The intent with the highest score."""
        intent = max(self.scores, key=lambda key: self.scores[key])
        return intent, self.scores[intent]

    @property
    def topic(self) -> tuple[str, float]:
        """The nearest topic that is not answered."""
        name = max(self.topics, key=lambda key: self.topics[key])
        return name, self.topics[name]


@dataclass(frozen=True)
class _Examples:
    labels: tuple[Intent | str, ...]
    vectors: NDArray[np.float32]


_embedded: WeakKeyDictionary[Embedder, _Examples] = WeakKeyDictionary()


def read_clauses(clauses: Sequence[str], embedder: Embedder) -> tuple[Reading, ...]:
    """Read masked clauses; the examples are embedded at an embedder's first use."""
    examples = _examples(embedder)
    distinct = tuple(dict.fromkeys(clauses))
    similarities = embedder.embed(distinct) @ examples.vectors.T
    read = {clause: _reading(clause, row, examples.labels) for clause, row in zip(distinct, similarities, strict=True)}
    return tuple(read[clause] for clause in clauses)


def _reading(clause: str, similarities: NDArray[np.float32], labels: tuple[Intent | str, ...]) -> Reading:
    near: dict[Intent | str, list[float]] = {}
    for label, similarity in zip(labels, similarities.tolist(), strict=True):
        near.setdefault(label, []).append(similarity)
    level = {label: _level(values) for label, values in near.items()}
    strong = frozenset(intent for intent, patterns in _cues("strong").items() if _any(patterns, clause))
    weak = frozenset(intent for intent, patterns in _cues("weak").items() if _any(patterns, clause))
    lift = {intent: TIER * _TIERS.get(intent, 0) for intent in strong}
    scores = {
        intent: level[intent] + STRONG * (intent in strong) + WEAK * (intent in weak) + lift.get(intent, 0.0)
        for intent in level
        if isinstance(intent, Intent)
    }
    return Reading(
        scores,
        strong,
        {str(label): value for label, value in level.items() if not isinstance(label, Intent)},
        max(value for label, value in level.items() if isinstance(label, Intent)),
    )


def _level(similarities: list[float]) -> float:
    """The nearest example, backed by the ones behind it: one chance hit does not decide."""
    nearest = sorted(similarities, reverse=True)[:_NEAREST]
    return 0.7 * nearest[0] + 0.3 * sum(nearest) / len(nearest)


def _any(patterns: tuple[re.Pattern[str], ...], clause: str) -> bool:
    return any(pattern.search(clause) for pattern in patterns)


@cache
def _cues(strength: str) -> Mapping[Intent, tuple[re.Pattern[str], ...]]:
    groups = mapping(load_yaml("cues.yaml")[strength])
    return {Intent(name): tuple(re.compile(source) for source in strings(group)) for name, group in groups.items()}


def _examples(embedder: Embedder) -> _Examples:
    if embedder not in _embedded:
        labels: list[Intent | str] = []
        phrases: list[str] = []
        raw = load_yaml("examples.yaml")
        for name, group in mapping(raw["intents"]).items():
            phrases += strings(group)
            labels += [Intent(name)] * len(strings(group))
        for name, group in mapping(raw["topics"]).items():
            phrases += strings(group)
            labels += [name] * len(strings(group))
        vectors = embedder.embed([_SLOTS.sub(r"\1 X", phrase.casefold()) for phrase in phrases])
        _embedded[embedder] = _Examples(tuple(labels), vectors)
    return _embedded[embedder]
