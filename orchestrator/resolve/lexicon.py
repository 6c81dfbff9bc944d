"""The words that operators use, read once from the data files beside this module."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from tools.element import ElementKind

_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class Lexicon:
    """Vocabulary of the domain.

    Attributes:
        kind_of: What operators call an element, singular and plural, to the kinds it can be, preferred first.
        plurals: Those of ``kind_of`` that speak of several elements.
        letters: Single letters that name a kind when a number is attached.
        abbreviations: Short forms to what they stand for.
        units: Units of power to their size in MW.
        glued: Words that may stand directly before a number.
        ordered: Words that slips of the pen are repaired towards, the commoner ones first.
        vocabulary: All words that are left as they are.
        trade: Words that show that the grid is meant.
        foreign: Common words of other languages.
    """

    kind_of: Mapping[str, tuple[ElementKind, ...]]
    plurals: frozenset[str]
    letters: Mapping[str, tuple[ElementKind, ...]]
    abbreviations: Mapping[str, str]
    units: Mapping[str, float]
    glued: frozenset[str]
    ordered: tuple[str, ...]
    vocabulary: frozenset[str]
    trade: frozenset[str]
    foreign: frozenset[str]


_CUES = ("cues.yaml", "topics.yaml")
_WHOLE = 4
_PLAIN = 7
_ENDINGS = ("ly", "ing", "ed", "er", "est", "ful", "ness", "able", "ion", "ions", "ment", "ments")
_GROUPS: Mapping[str, tuple[ElementKind, ...]] = {
    "branch": (ElementKind.LINE, ElementKind.TRAFO, ElementKind.TRAFO3W, ElementKind.IMPEDANCE, ElementKind.DCLINE),
    "trafo": (ElementKind.TRAFO, ElementKind.TRAFO3W),
    "gen": (ElementKind.GEN, ElementKind.SGEN, ElementKind.EXT_GRID),
}


def load_yaml(name: str) -> dict[str, object]:
    """A data file of this package."""
    loaded = yaml.safe_load(files("orchestrator.resolve").joinpath(name).read_text(encoding="utf-8"))
    return dict(loaded)


@cache
def lexicon() -> Lexicon:
    """The lexicon of ``lexicon.yaml`` and of the words in ``examples.yaml``."""
    raw = load_yaml("lexicon.yaml")
    names, kinds = mapping(raw["kinds"]), {}
    plurals: set[str] = set()
    for kind, words in names.items():
        refers = _GROUPS[kind] if kind in _GROUPS else (ElementKind(kind),)
        for word in strings(words):
            kinds[word] = refers
            plural = word if word.endswith("es") and kind in {"bus", "branch", "switch", "storage"} else f"{word}s"
            kinds[plural] = refers
            plurals.add(plural)
    abbreviations = {key: str(value) for key, value in mapping(raw["abbreviations"]).items()}
    units = {key: float(str(value)) for key, value in mapping(raw["units"]).items()}
    letters = {key: _GROUPS.get(str(kind), (ElementKind(str(kind)),)) for key, kind in mapping(raw["letters"]).items()}
    repaired = [*_split(kinds), *_example_words("intents"), *str(raw["words"]).split(), *units]
    topics = _example_words("topics")
    # a slip is never repaired towards a short word of a topic that is refused: "hooked" does not mean "hacked"
    ordered = tuple(dict.fromkeys([*repaired, *(word for word in topics if len(word) >= _PLAIN)]))
    return Lexicon(
        kind_of=kinds,
        plurals=frozenset(plurals),
        letters=letters,
        abbreviations=abbreviations,
        units=units,
        glued=frozenset({"by", "to", "at", "top", "and", "or", "from", "between"}),
        ordered=tuple(word for word in ordered if len(word) > 1),
        vocabulary=frozenset({*ordered, *topics})
        | _cue_words()
        | frozenset(str(raw[("common")]).split())
        | frozenset(abbreviations.values()),
        trade=frozenset([*_split(kinds), *str(raw["trade"]).split(), *units]) - frozenset(str(raw["everyday"]).split()),
        foreign=frozenset(str(raw["foreign"]).split()),
    )


def is_known(word: str) -> bool:
    """Whether a word, or the word that it is inflected from, is left as it is."""
    known = lexicon().vocabulary
    return word in known or any(
        word.endswith(ending) and len(word) >= len(ending) + _WHOLE and word[: -len(ending)] in known
        for ending in _ENDINGS
    )


def _split(phrases: Mapping[str, object]) -> list[str]:
    return [word for phrase in phrases for word in _LETTERS.findall(phrase)]


def _example_words(group: str) -> list[str]:
    return [
        word
        for phrases in mapping(load_yaml("examples.yaml")[group]).values()
        for phrase in strings(phrases)
        for word in _LETTERS.findall(phrase.casefold())
    ]


def _cue_words() -> frozenset[str]:
    """Words that decide are never taken for a slip of another."""
    text = " ".join(files("orchestrator.resolve").joinpath(name).read_text(encoding="utf-8") for name in _CUES)
    return frozenset(word for word in _LETTERS.findall(text) if len(word) >= _WHOLE)


def mapping(value: object) -> dict[str, object]:
    """A value of a data file that has to be a mapping."""
    if not isinstance(value, dict):
        raise TypeError(f"a mapping is wanted, not {value!r:.60}")
    return {str(key): item for key, item in value.items()}


def strings(value: object) -> list[str]:
    """A value of a data file that has to be a list of texts."""
    if not isinstance(value, list):
        raise TypeError(f"a list is wanted, not {value!r:.60}")
    return [str(item) for item in value]
