"""The vocabulary of an intent: the words that it takes up, from its cues and examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from agents.question import Intent
from orchestrator.resolve.lexicon import lexicon, load_yaml, mapping, strings

_ENDINGS = ("ings", "ing", "edly", "ies", "ed", "es", "s", "ly")
_STEM = 3
_OPENING = 4
_LOOKS = re.compile(r"\(\?<?[!=][^)]*\)|\\[bwdsWDS.]|\[[^\]]*\]|\{[^}]*\}")
_OPEN = re.compile(r"([a-z]+)\\w[*+]")
_SLOT = re.compile(r"\{\w+\}")
_LETTERS = re.compile(r"[^\W\d_]+")

_TAKES_UP: Mapping[Intent, frozenset[Intent]] = {
    Intent.OVERVIEW: frozenset({Intent.LIMITS, Intent.TOTALS, Intent.SECURITY}),
    Intent.LIMITS: frozenset({Intent.STATE}),
    Intent.SECURITY: frozenset({Intent.LIMITS, Intent.WHAT_IF, Intent.RANKING, Intent.DRAW}),
    Intent.DOUBLE_OUTAGES: frozenset({Intent.SECURITY, Intent.LIMITS, Intent.WHAT_IF, Intent.RANKING, Intent.DRAW}),
    Intent.CASCADE: frozenset({Intent.LIMITS, Intent.SECURITY, Intent.WHAT_IF, Intent.DRAW}),
    Intent.RESTORE: frozenset({Intent.ADVICE, Intent.WHAT_IF, Intent.SECURITY, Intent.CASCADE}),
    Intent.WHAT_IF: frozenset({Intent.LIMITS, Intent.OVERVIEW}),
    Intent.ADVICE: frozenset({Intent.LIMITS, Intent.STATE}),
    Intent.SHED: frozenset({Intent.LIMITS, Intent.SECURITY, Intent.ADVICE}),
    Intent.WHY: frozenset({Intent.LIMITS, Intent.STATE, Intent.TOTALS, Intent.SECURITY}),
    Intent.RANKING: frozenset({Intent.STATE}),
    Intent.DRAW: frozenset({Intent.DESCRIBE}),
}
"""Intents whose subject another intent has as its object: "why is it overloaded" takes "overloaded" up."""


def stem(word: str) -> str:
    """What inflections of a word share, crudely: "loaded" and "loading" are "load".

    >>> [stem(word) for word in ("losses", "loss", "cutting", "contingencies", "contingency")]
    ['loss', 'loss', 'cut', 'contingenc', 'contingenc']
    """
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) >= len(ending) + _STEM and not (ending == "s" and word.endswith("ss")):
            word = word[: -len(ending)]
            if len(word) > _STEM and word[-1] == word[-2] and word[-1] in "bdgmnprt":
                word = word[:-1]
            break
    return word[:-1] if word[-1] in "eiy" and len(word) > _STEM else word


@dataclass(frozen=True)
class Vocabulary:
    """Words that are taken up.

    Attributes:
        stems: Of whole words.
        openings: Beginnings of words: ``violat`` of a cue that goes on as it likes.
    """

    stems: frozenset[str] = frozenset()
    openings: frozenset[str] = frozenset()

    def __contains__(self, word: str) -> bool:
        return stem(word) in self.stems or any(word.startswith(opening) for opening in self.openings)

    def __or__(self, other: Vocabulary) -> Vocabulary:
        return Vocabulary(self.stems | other.stems, self.openings | other.openings)


def takes_up(intents: Iterable[Intent]) -> Vocabulary:
    """The words that some intents take up."""
    every = frozenset(intents)
    every |= frozenset().union(*(_TAKES_UP.get(intent, frozenset()) for intent in every))
    vocabulary = Vocabulary()
    for intent in every:
        vocabulary |= _of(intent)
    return vocabulary


@cache
def neutral() -> Vocabulary:
    """The words that change no meaning."""
    return _words(str(load_yaml("neutral.yaml")["function"]).split())


@cache
def of_change() -> Vocabulary:
    """The words that stand around a change."""
    return _words(str(load_yaml("neutral.yaml")["change"]).split())


@cache
def kinds() -> Vocabulary:
    """What elements are called."""
    return _words(phrase for phrase in lexicon().kind_of if " " not in phrase)


@cache
def _of(intent: Intent) -> Vocabulary:
    cues, own = load_yaml("cues.yaml"), load_yaml("neutral.yaml")
    sources = [
        source for strength in ("strong", "weak") for source in strings(mapping(cues[strength]).get(intent.value, []))
    ]
    examples = strings(mapping(load_yaml("examples.yaml")["intents"])[intent.value])
    words = [word for source in sources for word in _LETTERS.findall(_LOOKS.sub(" ", _OPEN.sub(" ", source)))]
    words += [word for phrase in examples for word in _LETTERS.findall(_SLOT.sub(" ", phrase.casefold()))]
    words += str(mapping(own["intents"]).get(intent.value, "")).split()
    openings = [match[1] for source in sources for match in _OPEN.finditer(source)]
    return Vocabulary(_words(words).stems, frozenset(word for word in openings if len(word) >= _OPENING))


def _words(words: Iterable[str]) -> Vocabulary:
    return Vocabulary(frozenset(stem(word) for word in words))
