"""What a restoration is asked for: what is dark, what gives the first voltage, which loads come first."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agents.question import RestorationWish
from tools.element import ElementKind, ElementRef

_WHOLE = re.compile(
    r"\b(whole|entire|complete|total|full|all of|everything|nation ?wide|system ?wide)\b.{0,30}"
    r"\b(black ?(out)?|blacked out|dark|dead|down|out|off|collapsed?|shut ?down|grid|network|system)\b|"
    r"\b(grid|network|system|everything) (is|has|went|goes|was|all|being|collapsed|got|gone)\b.{0,20}"
    r"\b(black|blacked out|dark|dead|down|collapsed|black ?out)\b|\b(black ?start|from scratch|from zero)\b"
)
_SOURCES = frozenset({ElementKind.GEN, ElementKind.EXT_GRID})


def restoration_wish(text: str, elements: Sequence[ElementRef], *, changed: bool) -> RestorationWish:
    """The wish in a normalised question.

    Args:
        text: The question.
        elements: Elements in focus, outages not among them.
        changed: Whether outages or actions are in force: then what they leave dark is meant, unless all is said to be.

    >>> restoration_wish("the whole grid is black, restore it", (), changed=False).whole_grid
    True
    """
    dead = tuple(ref for ref in elements if ref.kind is ElementKind.BUS)
    return RestorationWish(
        whole_grid=bool(_WHOLE.search(text)) or not (changed or dead),
        black_start=tuple(ref for ref in elements if ref.kind in _SOURCES),
        critical=tuple(ref for ref in elements if ref.kind is ElementKind.LOAD),
        dead=() if _WHOLE.search(text) else dead,
    )
