"""Elements that a question leaves out on purpose: "all lines except line 9"; no study can leave them out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from orchestrator.resolve.patterns import ELEMENTS, marks

_EXCEPT = re.compile(
    rf"\b(?:(?:except(?: for)?|excepting|excluding|besides|aside from|other than|apart from|but not|ignoring|ignore|"
    rf"leaving out|leave out|save for|avoiding|not counting)\s+(?:the\s+)?(?:{ELEMENTS})|"
    rf"not\s+(?:the\s+)?(?:{ELEMENTS})(?!\s+(?:is|are|out|off|on|open)\b))"
)
_CONTRAST = re.compile(rf"\b(?:instead of|rather than|in place of)\s+(?:the\s+)?(?P<elements>{ELEMENTS})")


@dataclass(frozen=True)
class Excepted:
    """What a text leaves out.

    Attributes:
        rest: The marked text without it.
        phrases: Marked texts of what is left out, to be told.
        used: Marks in them.
    """

    rest: str
    phrases: tuple[str, ...] = ()
    used: frozenset[int] = frozenset()


def read_exceptions(text: str) -> Excepted:
    """Take exceptions and contrasts out of a marked text; a contrast needs no telling: the change itself says it."""
    phrases: list[str] = []
    used: set[int] = set()

    def note(match: re.Match[str]) -> str:
        phrases.append(match[0])
        used.update(marks(match[0]))
        return " "

    def drop(match: re.Match[str]) -> str:
        used.update(marks(match[0]))
        return re.sub(re.escape(match["elements"]), "", match[0])

    rest = _CONTRAST.sub(drop, _EXCEPT.sub(note, text))
    return Excepted(rest, tuple(phrases), frozenset(used))
