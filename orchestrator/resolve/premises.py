"""Claims that a question takes for granted, for the evidence to confirm or correct."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agents.question import Premise
from orchestrator.resolve.mention import Marked
from orchestrator.resolve.patterns import marks

_NORMAL = (
    r"fine|ok|okay|good|normal|healthy|safe|alright|stable|within (?:its |the |all )?(?:limits?|rating|band|"
    r"range)|not overloaded|n-1 secure|secure|sound|no problem|not a problem|unloaded|balanced|correct|"
    r"lightly loaded|not loaded|no violations?|not violated|acceptable"
)
_BAD = (
    r"overload\w*|undervoltage|overvoltage|over voltage|under voltage|(?:too |so |very )?(?:low|high|hot)|"
    r"violat\w+|insecure|not (?:n-1 )?(?:ok|okay|fine|secure|normal|within\b[\w\s]*)|critical|in trouble|"
    r"heavily loaded|(?:so |heavily |highly |fully )+loaded|out of (?:limits?|bounds|range)|unsafe|bad|wrong|"
    r"abnormal"
)
CLAIM = re.compile(rf"\b(?P<bad>{_BAD})\b|\b(?P<normal>{_NORMAL})\b")
_GIVEN = re.compile(
    r"(?:^|,\s*|\band\s+|\bbut\s+)(?P<claim>(?:since|because|as|given(?: that)?|now that|seeing(?: that| as)?|"
    r"considering(?: that)?|knowing that|"
    r"with|despite|although|even though|while|provided(?: that)?|granted(?: that)?|"
    r"if,? as you said,?)\s+(?P<body>[^,?;]+?))\s*(?:,|;|\?|$|\b(?=what|how|why|can|could|should|is it|do we|"
    r"does|which)\b)"
)
_SO = re.compile(
    r"^(?P<body>[^,?;]*\b(?:is|are|runs?|looks?)\b[^,?;]*?)(?:[,;]\s*(?:so\s+)?|\s+so\s+)(?=what|how|why|can|"
    r"could|should|i|we|which|is|are|do|does|there|nothing|no)"
)
_WHY = re.compile(r"\b(?:why|how come|what makes|what causes|reason)\b(?P<body>[^?]*)")


@dataclass(frozen=True)
class Given:
    """Premises of a question and what remains of its text without them."""

    premises: tuple[Premise, ...]
    rest: str
    claims: tuple[str, ...] = ()
    """The texts that were taken out of the rest."""


def read_premises(marked: Marked) -> Given:
    """Read the claims of a marked question; outages are hypotheses and stay in the rest."""
    found: list[Premise] = []
    rest = marked.text
    claims: list[str] = []
    for pattern in (_GIVEN, _SO):
        for match in pattern.finditer(rest):
            if premises := _premises(match["body"], marked):
                found += premises
                claims.append(match["body"])
                rest = rest.replace(match[0], " ", 1)
    why = _WHY.search(rest)
    if why:
        found += _premises(why["body"], marked)
    return Given(tuple(dict.fromkeys(found)), rest.strip(" ,;"), tuple(claims))


def _premises(body: str, marked: Marked) -> list[Premise]:
    claim = CLAIM.search(body)
    if not claim:
        return []
    words = _words(body.strip(), marked)
    elements = [marked.mentions[number].first.ref for number in marks(body) if marked.mentions[number].items]
    normal = claim["normal"] is not None
    if not elements:
        return [Premise(text=words, claims_normal=normal)]
    return [Premise(text=words, element=element, claims_normal=normal) for element in elements]


def _words(body: str, marked: Marked) -> str:
    return re.sub(r"@(\d+)", lambda match: marked.mentions[int(match[1])].text, body)
