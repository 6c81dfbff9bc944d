"""Which intents the clauses of a question have, and what it inherits from the turn before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.question import Intent, ReportStatus
from orchestrator.resolve.changes import Changes
from orchestrator.resolve.conversation import Before, opens_as_follow_up
from orchestrator.resolve.intents import UNDERSTOOD, Embedder, Reading, read_clauses
from orchestrator.resolve.lexicon import lexicon
from orchestrator.resolve.mention import Marked, Mention
from orchestrator.resolve.scope import GARBAGE, topic_of

_CLAUSE = re.compile(
    r"[?;!:]+|\.\s|\s+-\s+|,?\s+(?:and|but|also|plus|then)\s+(?!(?:bus|line|transformer|generator|load|shunt|"
    r"slack|switch) X(?:\s*(?:,|and|$|\?)))|,\s+"
)
_FRAGMENT_WORDS = 5
_NOT_INHERITED = frozenset({Intent.HELP, Intent.RECORD, Intent.STANDARDS})
_CONFIDENT = 0.75


@dataclass(frozen=True)
class Wants:
    """What a question wants.

    Attributes:
        refusal: Why it is not answered; the intents are empty then.
        qualifications: Why it is answered only in part.
        inherited: Whether the intents come from the turn before.
    """

    intents: tuple[Intent, ...] = ()
    refusal: str | None = None
    qualifications: tuple[str, ...] = ()
    inherited: bool = False


def read_wants(
    full: str, changes: Changes, mentions: Sequence[Mention], before: Before, embedder: Embedder, *, bare: bool
) -> Wants:
    """Read the intents of a question without its outages and actions.

    Args:
        full: The masked question with its outages and actions.
        changes: What it lays over the grid.
        mentions: Its elements.
        before: The conversation.
        embedder: Sentence embeddings.
        bare: Whether a reset was asked for: without anything else, the overview is wanted.
    """
    masked = re.sub(r"\s+", " ", Marked(changes.rest, tuple(mentions)).masked).strip(" ,.")
    if bare and len(masked.split()) <= 1:
        return Wants((Intent.OVERVIEW,))
    clauses = [clause.strip(" ,.?!") for clause in _CLAUSE.split(masked)]
    clauses = [clause for clause in clauses if clause]
    all_of_it, whole, *parts = read_clauses([full, masked, *clauses], embedder)
    qualifications, refusal = _topics([full, masked, *clauses], [all_of_it, whole, *parts], cues_only=changes.any)
    if refusal or (qualifications and not mentions):
        return Wants(refusal=refusal or qualifications[0])
    if qualifications and mentions:
        return Wants((Intent.STATE,), qualifications=qualifications)
    intents = _intents(whole, parts)
    if intents == (Intent.WHAT_IF,) and not changes.any and (cued := whole.cued | all_of_it.cued):
        intents = tuple(sorted(cued))[:1]
    if changes.any:
        return _changed(intents, whole, parts, before, masked)
    if _inherits(masked, intents, [whole, *parts], mentions, before):
        return Wants(_from_last(before), inherited=True)
    return Wants(intents) if intents and _readable(masked, mentions) else Wants(refusal=GARBAGE)


def _topics(
    clauses: Sequence[str], readings: Sequence[Reading], *, cues_only: bool
) -> tuple[tuple[str, ...], str | None]:
    for clause, reading in zip(clauses, readings, strict=True):
        topic = topic_of(clause, reading, cues_only=cues_only)
        if topic and topic.status is ReportStatus.REFUSED:
            return (), topic.reason
        if topic:
            return (topic.reason,), None
    return (), None


def _intents(whole: Reading, parts: Sequence[Reading]) -> tuple[Intent, ...]:
    """Of several clauses each that has a deciding word; else of the question as a whole."""
    found = [part.best[0] for part in parts if part.cued and part.best[1] >= UNDERSTOOD] if len(parts) > 1 else []
    if not found:
        intent, score = whole.best
        return (intent,) if score >= UNDERSTOOD else ()
    return tuple(dict.fromkeys(found))


def _changed(intents: Sequence[Intent], whole: Reading, parts: Sequence[Reading], before: Before, masked: str) -> Wants:
    """A what-if first, then what is asked under it."""
    cued = whole.cued.union(*(part.cued for part in parts))
    asked = tuple(intent for intent in intents if intent in cued and intent is not Intent.WHAT_IF)
    if not asked and opens_as_follow_up(masked) and before.last:
        return Wants(tuple(dict.fromkeys((Intent.WHAT_IF, *_from_last(before)))), inherited=True)
    return Wants((Intent.WHAT_IF, *asked))


def _inherits(
    masked: str, intents: Sequence[Intent], readings: Sequence[Reading], mentions: Sequence[Mention], before: Before
) -> bool:
    """Whether a fragment goes on with the question of the turn before: ``and bus 7?``."""
    if before.last is None or not before.last.intents or not mentions:
        return False
    words = [word for word in re.findall(r"[a-z]+", masked) if word != "x"]
    asks = any(reading.cued for reading in readings)
    short = len(words) <= _FRAGMENT_WORDS
    return short and not asks and (opens_as_follow_up(masked) or not intents or len(words) <= 1)


def _from_last(before: Before) -> tuple[Intent, ...]:
    last = before.last.intents if before.last else ()
    return tuple(intent for intent in last if intent not in _NOT_INHERITED) or (Intent.STATE,)


def _readable(masked: str, mentions: Sequence[Mention]) -> bool:
    """Whether most of the words are words: letters thrown at random are not answered."""
    words = re.findall(r"[a-z]{2,}", masked)
    known = sum(word in lexicon().vocabulary for word in words)
    return bool(mentions) or (bool(words) and known * 2 >= len(words))
