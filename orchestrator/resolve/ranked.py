"""What a ranking question asks for beyond what is ranked: other measures, the other end, a bound, one kind alone."""

from __future__ import annotations

import re

from orchestrator.resolve.lexicon import lexicon
from tools.element import ElementKind
from tools.grid.inventory import BRANCH_KINDS, Inventory

_MEASURES = re.compile(
    r"\b(?:voltage )?(?:angles?)\b|\breactive\b|\bmvar\b|\b(?:biggest|largest|highest|smallest|lowest|heaviest) "
    r"(?:load|demand|consumption|consumer|customer)s?\b|\bloads? (?:is|are) (?:the )?(?:biggest|largest|"
    r"highest|smallest)\b|"
    r"\b(?:which|what) (?:loads?|consumers?|customers?|shunts?)\b|"
    r"\blongest\b|\bshortest\b|\boldest\b|\b(?:highest|largest|biggest) (?:rating|impedance|capacity|tap)\b|"
    r"\b(?:reserve|spare|margin|headroom)\b"
)
_INVERSE = re.compile(
    r"\b(?:least|lightly|lightest|emptiest|coolest|lowest|smallest|minimum|less|under|"
    r"below)\b(?!.{0,25}\b(?:voltages?|pu|kv|bus|buses|volts?)\b)"
)
_INVERSE_VOLTAGE = re.compile(r"\b(?:voltages?|pu|kv|bus|buses|volts?)\b")
_BOUND = re.compile(
    r"\b(?:above|below|over|under|exceed\w*|higher than|lower than|more than|less than|greater than|"
    r"between|beyond|at least|at most)\s+"
    r"\d+(?:\.\d+)?(?:\s+and\s+\d+(?:\.\d+)?)?(?:\s*(?:percent|pu|kv|mw|mva))?|"
    r"[<>]=?\s*\d+(?:\.\d+)?(?:\s*(?:percent|pu|kv))?"
)
_THE_LIMIT = re.compile(r"(?<!\d)100(?:\.0+)?\s*percent")
"""A hundred percent of a rating is the limit that is checked anyway."""


def is_the_limit(bound: str) -> bool:
    """Whether a bound is the rating itself."""
    return bool(_THE_LIMIT.search(bound))


def bounds(text: str) -> tuple[str, ...]:
    """Bounds that a question names: ``above 80 percent``; values are shown, the comparison is left to the reader."""
    return tuple(match[0] for match in _BOUND.finditer(text))


def not_ranked(text: str, ranking: str, inventory: Inventory) -> tuple[str, ...]:
    """Phrases of a ranking question that the ranking does not follow.

    Args:
        text: What remains of the question, marked.
        ranking: What is ranked by.
        inventory: Of the grid: lines alone need no telling where there are only lines.
    """
    plain = _BOUND.sub(" ", text)
    found = [match[0] for match in _MEASURES.finditer(plain)]
    if not ranking.endswith("voltage"):
        found += [match[0] for match in _INVERSE.finditer(plain)]
        found += _one_kind(plain, inventory) if ranking in {"loading", "losses"} else []
    return tuple(dict.fromkeys(found))


def _one_kind(text: str, inventory: Inventory) -> list[str]:
    """``transformers`` in a ranking of all branches, where the grid has others as well."""
    present = [kind for kind in BRANCH_KINDS if inventory.by_kind.get(kind)]
    if len(present) <= 1 and ElementKind.LINE in present:
        asked = [kind for kind in _branch_words(text) if not set(kind[1]) & set(present)]
    else:
        asked = [kind for kind in _branch_words(text) if ElementKind.LINE not in kind[1]]
    return [word for word, _ in asked]


def _branch_words(text: str) -> list[tuple[str, tuple[ElementKind, ...]]]:
    known = lexicon().kind_of
    words = re.findall(r"[a-z]+", text)
    return [
        (word, known[word])
        for word in words
        if word in known and set(known[word]) & set(BRANCH_KINDS) and word not in {"branch", "branches"}
    ]
