"""How text becomes search terms: identifiers of standards stay whole, words lose what does not matter."""

from __future__ import annotations

import re

from bm25s.stopwords import STOPWORDS_EN_PLUS

WORD = re.compile(r"[a-z0-9]+(?:[./-][a-z0-9]+)*")
GLUED = re.compile(r"\b(en|iec|ieee|ansi|std)(?=\d)")  # "EN50160"
NERC = re.compile(r"\b(bal|cip|com|eop|fac|iro|mod|nuc|per|prc|tpl|top|var)[ _]?(?=\d{3}\b)")  # "TPL 001", "TPL001"
SHORT = {"art": "article", "arts": "article", "articles": "article", "req": "requirement", "sec": "section"}
LAST_SEPARATOR = re.compile(r"[./-][a-z0-9]+$")
STOP = frozenset(STOPWORDS_EN_PLUS)


def words(text: str) -> list[str]:
    """Lower-case words in their order, identifiers whole and in one spelling.

    >>> words("What does TPL 001 R5 say; and IEC60076-7, Art. 35?")
    ['what', 'does', 'tpl-001', 'r5', 'say', 'and', 'iec', '60076-7', 'article', '35']
    """
    lowered = NERC.sub(r"\1-", GLUED.sub(r"\1 ", text.lower()))
    return [SHORT.get(word, word) for word in WORD.findall(lowered)]


def is_identifier(word: str) -> bool:
    """Whether a word carries a digit, as clause numbers and names of standards do."""
    return any(letter.isdigit() for letter in word)


def coarser(identifier: str) -> list[str]:
    """The identifier, then what it is part of.

    >>> coarser("tpl-001-5.1")
    ['tpl-001-5.1', 'tpl-001-5', 'tpl-001']
    """
    forms = [identifier]
    while is_identifier(shorter := LAST_SEPARATOR.sub("", forms[-1])) and shorter != forms[-1]:
        forms.append(shorter)
    return forms


def terms(text: str) -> list[str]:
    """Search terms of a text: identifiers with what they are part of, and stemmed words without stop words.

    >>> terms("Low-voltage limits in C57.91")
    ['low', 'voltage', 'limit', 'c57.91', 'c57']
    """
    found: list[str] = []
    for word in words(text):
        if is_identifier(word):
            found += coarser(word)
        else:
            found += [_stem(part) for part in re.split(r"[./-]", word) if part not in STOP]
    return found


def _stem(word: str) -> str:
    """Plural and American spelling off; the same for corpus and query, so it need not be grammar."""
    single = word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word  # noqa: PLR2004
    return single.replace("iz", "is")
