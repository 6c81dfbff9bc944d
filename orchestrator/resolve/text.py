"""The words of a question as they are compared: one spelling for quotes, dashes, abbreviations and slips."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

from rapidfuzz.distance import OSA, Postfix, Prefix
from rapidfuzz.process import extract

from orchestrator.resolve.lexicon import is_known, lexicon

_QUOTES = str.maketrans("“”„«»`´’‘‚–—−‐‑", "\"\"\"\"\"'''''-----")
_SECURITY = re.compile(r"\(?\bn\s*[-_]?\s*(?:minus\s+)?(?:1|one)\b\)?")
_WORD = re.compile(r"\"[^\"]*\"|[^\W\d_]+(?:'[^\W\d_]+)?")
_GLUED = re.compile(r"\b([^\W\d_]{2,})(?=\d)")
_GREETING = re.compile(
    r"^(?:(?:(?:good )?(?:morning|evening|afternoon|night)|thanks|thank you|cheers|ok|okay)(?: \w+)?\s*[,.!;-]+\s*|"
    r"(?:hi|hello|hey|yo)(?: there| all| team)?\b[\s,.!;-]*)(?=\w)"
)
_TAG = re.compile(
    r",?\s*\b(?:is|are|was|does|do|has|have|can|will|would|did)(?:n't|nt| not) (?:it|they|we|there|"
    r"that)\b\s*(?=[?.!,]|$)"
)
_LONG = 6
_SHORT = 3


def normalise(text: str) -> str:
    """Lower case, plain quotes and dashes, single blanks, ``n-1`` in one form; digits stay as typed.

    >>> normalise("Worst  N–1??")
    'worst n-1??'
    """
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES).casefold()
    plain = _SECURITY.sub("n-1", plain)
    plain = re.sub(r"\b(?:put|giv)(?:e|s|es|ing|ting)? out\b(?! of)", "produce", plain)
    plain = re.sub(r"\bw/(?:o|out)\b", "without", plain)
    plain = re.sub(r"\bre-(?=dispatch|arrang|configur)", "re", plain)
    plain = re.sub(r"\bacc(?:ording|\.)?\s*to\b", "according to", plain)
    plain = _TAG.sub("", plain)
    plain = _GREETING.sub("", plain.strip())
    return re.sub(r"\s+", " ", plain.replace("%", " percent")).strip()


def repair(text: str, protected: Collection[str]) -> str:
    """Spell the words of a normalised text as the domain does; digits and quoted names stay as typed.

    Args:
        text: Normalised.
        protected: Words of the grid's own names: never changed, and slips of the pen are not repaired towards them.

    >>> repair("wat is teh voltge at bus5", ())
    'what is the voltage at bus 5'
    """
    apart = _GLUED.sub(lambda match: _apart(match[1], protected), text)
    return _WORD.sub(lambda match: _spelt(match[0], protected), apart)


def proper_names(text: str) -> frozenset[str]:
    """Words that a capital marks as names, in lower case: no slip of the pen is sought in them.

    >>> sorted(proper_names("Loading of line 9 and Dover?"))
    ['dover']
    """
    words = re.findall(r"[^\W\d_]+", text)
    large = [word for word in words if word[0].isupper()]
    if len(large) * 2 > len(words):
        return frozenset()
    inside = re.finditer(r"(?<=[^\W_] )([^\W\d_]{4,})", text)
    return frozenset(match[1].casefold() for match in inside if match[1].istitle())


def _apart(word: str, protected: Collection[str]) -> str:
    if word in protected or word == "n":
        return word
    known = lexicon()
    fixed = _spelt(word, protected)
    return f"{fixed} " if fixed in known.kind_of or fixed in known.glued else word


def _spelt(word: str, protected: Collection[str]) -> str:
    if word.startswith('"') or word in protected:
        return word
    known = lexicon()
    return known.abbreviations.get(word) or (word if is_known(word) else _nearest(word))


@lru_cache(maxsize=4096)
def _nearest(word: str) -> str:
    """The one domain word that a slip of the pen turns into this word; the word itself when unsure."""
    if len(word) < _SHORT:
        return word
    slips = 2 if len(word) >= _LONG else 1
    known = lexicon()
    near = extract(word, known.ordered, scorer=OSA.distance, score_cutoff=slips, limit=6)
    if not near:
        return word
    best = min(distance for _, distance, _ in near)
    # equal distance: ends are seldom mistyped, the first letter least, then the commoner word comes first
    ranked = sorted(
        (candidate for candidate in near if candidate[1] == best),
        key=lambda found: (found[0][0] != word[0], -_shared(found[0], word), found[2]),
    )
    fixed: str = ranked[0][0]
    return fixed


def _shared(one: str, other: str) -> int:
    """Letters that two words share at their beginning and at their end."""
    return int(Prefix.similarity(one, other) + Postfix.similarity(one, other))
