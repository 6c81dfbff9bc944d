"""Which intents the clauses of a question have, and what it inherits from the turn before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.question import Intent, ReportStatus
from orchestrator.resolve.changes import Changes
from orchestrator.resolve.conversation import Before, opens_as_follow_up
from orchestrator.resolve.intents import UNDERSTOOD, Embedder, Reading, read_clauses
from orchestrator.resolve.lexicon import is_known, lexicon
from orchestrator.resolve.mention import Marked, Mention
from orchestrator.resolve.scope import GARBAGE, Topic, reason_of, topic_of

_CLAUSE = re.compile(
    r"[?;!:]+|\.\s|\s+-\s+|,?\s+(?:and|but|also|plus|then)\s+(?!(?:bus|line|transformer|generator|load|shunt|"
    r"slack|switch) X(?:\s*(?:,|and|$|\?)))|,\s+"
)
_FRAGMENT_WORDS = 5
_NOT_INHERITED = frozenset({Intent.HELP, Intent.RECORD, Intent.STANDARDS})
PLAUSIBLE = 0.42
"""Least score where an element or a word of the trade is there; below ``UNDERSTOOD``, which needs none."""
_NEARER = 0.05
_HALF, _FEW = 2, 3
"""Known words that are wanted: one in two, or one in three beside an element."""


@dataclass(frozen=True)
class Wants:
    """What a question wants.

    Attributes:
        refusal: Why it is not answered; the intents are empty then.
        qualifications: Why it is answered only in part.
        inherited: Whether the intents come from the turn before.
        cued: Whether a deciding word speaks for one of them, not the likeness of the whole alone.
    """

    intents: tuple[Intent, ...] = ()
    refusal: str | None = None
    qualifications: tuple[str, ...] = ()
    inherited: bool = False
    cued: bool = True


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
    masked = re.sub(r"\s+", " ", Marked(changes.rest, tuple(mentions)).masked).strip(" ,.:;-")
    clauses = [clause.strip(" ,.?!") for clause in _CLAUSE.split(masked)]
    clauses = [clause for clause in clauses if clause]
    all_of_it, whole, *parts = read_clauses([full, masked, *clauses], embedder)
    if bare and len(masked.split()) <= 1 and not whole.cued:
        return Wants((Intent.OVERVIEW,))
    if topic := _topic([full, masked, *clauses], [all_of_it, whole, *parts], changes):
        refused = topic.status is ReportStatus.REFUSED or not mentions
        return Wants(refusal=topic.reason) if refused else Wants((Intent.STATE,), qualifications=(topic.reason,))
    intents = _intents(whole, parts, least=PLAUSIBLE if _evidence(masked, mentions) else UNDERSTOOD)
    intents = _answerable(intents, [whole, all_of_it], mentions, changed=changes.any)
    if changes.any:
        return _changed(intents, whole, parts, before, masked)
    if _inherits(masked, intents, [whole, *parts], mentions, before):
        return Wants(_from_last(before), inherited=True)
    return _understood(intents, whole, masked, mentions)


def _understood(intents: tuple[Intent, ...], whole: Reading, masked: str, mentions: Sequence[Mention]) -> Wants:
    if _beside(whole, masked, mentions):
        return Wants(refusal=reason_of("outside"))
    if not intents or not _readable(masked, mentions):
        return Wants(refusal=GARBAGE)
    return Wants(intents, cued=bool(set(intents) & whole.cued))


def _answerable(
    intents: tuple[Intent, ...], readings: Sequence[Reading], mentions: Sequence[Mention], *, changed: bool
) -> tuple[Intent, ...]:
    """Without an element or a change, the next best that needs none: "is a line above its rating" asks for limits."""
    needless = {Intent.DESCRIBE, Intent.PATH} if not mentions else set()
    if not changed:
        needless.add(Intent.WHAT_IF)
    if not intents or not set(intents) <= needless:
        return intents
    cued = frozenset().union(*(reading.cued for reading in readings)) - needless
    scores = readings[0].scores
    return (max(cued, key=lambda intent: scores[intent]),) if cued else intents


def _evidence(masked: str, mentions: Sequence[Mention]) -> bool:
    """Whether an element or a word of the trade shows that the grid is meant."""
    return bool(mentions) or any(word in lexicon().trade for word in re.findall(r"[a-z]{2,}", masked))


def _beside(whole: Reading, masked: str, mentions: Sequence[Mention]) -> bool:
    """Whether nothing but a common word speaks for an answer: "recommend a restaurant"."""
    if _evidence(masked, mentions):
        return False
    name, similarity = whole.topic
    return name == "outside" and similarity > whole.nearest + _NEARER


def _topic(clauses: Sequence[str], readings: Sequence[Reading], changes: Changes) -> Topic | None:
    """The first topic beyond this service; a margin is no topic where the amount to be tried is given."""
    found = (
        topic_of(clause, reading, cues_only=changes.any) for clause, reading in zip(clauses, readings, strict=True)
    )
    given = bool(changes.actions.items)
    return next((topic for topic in found if topic and not (given and topic.status is ReportStatus.QUALIFIED)), None)


def _intents(whole: Reading, parts: Sequence[Reading], *, least: float) -> tuple[Intent, ...]:
    """Of several clauses each that has a deciding word; else of the question as a whole."""
    found = [part.best[0] for part in parts if part.cued and part.best[1] >= UNDERSTOOD] if len(parts) > 1 else []
    if not found:
        intent, score = whole.best
        return (intent,) if score >= least else ()
    return tuple(dict.fromkeys(found))


def _changed(intents: Sequence[Intent], whole: Reading, parts: Sequence[Reading], before: Before, masked: str) -> Wants:
    """A what-if first, then what is asked under it."""
    cued = whole.cued.union(*(part.cued for part in parts))
    asked = tuple(intent for intent in intents if intent in cued and intent is not Intent.WHAT_IF)
    if re.search(r"\blosses\b(?! (?:on|of|in|at) (?:line|transformer) X)", masked) and not asked:
        asked = (Intent.TOTALS,)  # "what happens to the losses if ..."
    if Intent.RESTORE in asked:  # the outages are what has happened
        return Wants((Intent.RESTORE,))
    if Intent.CASCADE in asked:  # where it ends is more than what comes first
        return Wants(asked)
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
    """Whether enough of the words are words: neither random letters nor another language are answered."""
    words = re.findall(r"[^\W\d_]{2,}", masked)
    known = sum(is_known(word) for word in words)
    return known * (_FEW if mentions else _HALF) >= len(words)
