"""What a question lays over the grid: outages, restorations and actions, read from a marked text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from orchestrator.resolve.actions import Actions, read_actions
from orchestrator.resolve.lookup import Lookup
from orchestrator.resolve.mention import Marked, Mention
from orchestrator.resolve.patterns import DENIED, ELEMENTS, marks
from tools.element import ElementKind
from tools.grid.inventory import BRANCH_KINDS
from tools.grid.schema.actions import SwitchShunt

_AUX = (
    r"(?:(?:is|are|was|were|be|being|been|gets?|got|goes|go|going|has|have|had|also|both|all|would|should|"
    r"might|could|were to|"
    r"simultaneously|together|at once|at the same time|"
    r"suddenly|now|still|stays?|remains?|left|taken|tak(?:e|es|ing)|switched|turned|put|suffers?|an?|to|the|"
    r"out and|on)\s+)*"
)
STATE = (
    r"(?:(?:out of (?:service|operation)|in outage|outage|outages|out for maintenance|on maintenance|"
    r"under maintenance|offline|out|off|"
    r"open(?:ed|s|ing)?|tripp?(?:ed|ing|s)?|trip|fail(?:s|ed|ing|ures?)?|lost|disconnect(?:ed|s)?|unavailable|"
    r"not available|down|dead|"
    r"de-?energi[sz]ed|gone|isolated|removed|missing|fault(?:ed|s)?|dropp?(?:ed|ing|s)?|drop|blown|dies|"
    r"shut(?:s|ting)?(?: ?down)?|stop(?:s|ped)?|quits?|faulty|kaputt?|bursts?|explode[sd]?|struck|snaps?|"
    r"under repair|in repair|being (?:repaired|serviced)|decommissioned|in the absence|"
    r"broken|breaks|away|goes? (?:dark|black)|f(?:a|e)ll(?:s|ing|en)? (?:out|off|over)|burn(?:s|t|ed)?(?: down)?|"
    r"collapses?|pulled|knocked out|kicked out)\b|"
    r"(?:goes|went)(?=\s*(?:[?.,;:-]|$|and\b|then\b|please\b|now\b|what\b|how\b|do\b|does\b)))"
)
_AFTER = re.compile(rf"(?P<elements>{ELEMENTS})\s+(?:lines?\s+|transformers?\s+)?{_AUX}{STATE}")
_BEFORE = re.compile(
    rf"\b(?:(?:double|simultaneous|combined)\s+)?(?:(?:los(?:e|es|ing|t)|loss of|outages? (?:of|on|at)|"
    rf"trip(?:s|ping|ped)?(?: of| off)?|without|minus|"
    rf"failures? of|fail(?:ing|s)?|"
    rf"dropping(?: out)?|drop|contingency (?:of|on|at)|contingency|fault (?:on|at|in)|n-1 (?:of|on|for|at)|"
    rf"out of service:?|"
    rf"remov(?:e|es|ing)|knock(?:s|ing)? out|tak(?:e|es|ing) out|tak(?:e|es|ing)|outage|"
    rf"unavailability of|in the absence of|absence of|disconnection of|removal of|tripping of|"
    rf"shut ?down of|isolation of|maintenance (?:of|on|at)|"
    rf"maintain(?:ing)?|out:?(?! of))\s+)"
    rf"(?:(?:the|both|all|of|also|only)\s+)*(?P<elements>{ELEMENTS})(?:\s+(?:out of service|"
    rf"out for maintenance|offline|off|out)\b)?"
)
_DOUBLE = re.compile(
    rf"\b(?:double|two|pairs? of) (?:outages?|contingenc(?:y|ies)|trips?|failures?) (?:of|among|between|on) (?:the )?"
    rf"(?P<elements>{ELEMENTS})"
)
_PAIR = 2
_BACK = re.compile(
    rf"(?P<elements>{ELEMENTS})\s+{_AUX}(?:back|restored|into service|in service|closed again|"
    r"reconnected|available again|"
    rf"in again)\b(?:\s+(?:in service|in|on)\b)?|"
    rf"\b(?:restor(?:e|ing)|reconnect(?:ing)?|bring(?:ing)? back|put(?:ting)? back|back with|"
    rf"re-?energi[sz](?:e|ing))\s+(?:the\s+)?(?P<later>{ELEMENTS})"
    r"(?:\s+(?:back|again|in service|to service|in))*"
)
_QUESTION_OF_STATUS = re.compile(
    rf"^(?:is|are|was|were)\s+(?:the\s+)?{ELEMENTS}\s+(?:still\s+|really\s+|now\s+)?(?:in|out|on|off|open|"
    rf"closed|in service|out of service|offline|dead|connected|at (?:its |their |the |full )?(?:max\w*|"
    rf"min\w*|full|limits?|ceiling|output|power)|"
    rf"energi[sz]ed)\b(?:\s+of service)?\s*(?:or\b.*)?\??$"
)
_REMEDY = re.compile(
    r"^(?:and |so |but |ok )*how (?:can|could|do|should|to|would|may)\b|\bway to\b|\bwhat would help\b"
)
_SENTENCE = re.compile(r"^.*[.;,!?:-]\s|^.*\b(?:and|so|but)\s", re.DOTALL)
_LAID_OVER = re.compile(r"\b(?:if|when|while|with|without|after|once|suppose|assuming|should @)\b")
_OPEN_TO_TAKE = frozenset(
    {
        *BRANCH_KINDS,
        ElementKind.BUS,
        ElementKind.GEN,
        ElementKind.SGEN,
        ElementKind.EXT_GRID,
        ElementKind.LOAD,
        ElementKind.SHUNT,
        ElementKind.STORAGE,
        ElementKind.SWITCH,
    }
)


@dataclass(frozen=True)
class Changes:
    """What is laid over the grid.

    Attributes:
        outages: Mentions that are out.
        restored: Mentions that are back.
        actions: Actions with the words they were read from.
        rest: The marked text without the outages, for the focus.
        used: Marks that belong to a change.
        instead: Whether they take the place of what the turn before laid over the grid.
        pieces: The texts that actions were read from; what is out has no words to spare.
    """

    outages: tuple[Mention, ...] = ()
    restored: tuple[Mention, ...] = ()
    actions: Actions = field(default_factory=Actions)
    rest: str = ""
    used: frozenset[int] = frozenset()
    instead: bool = False
    pieces: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether the question changes the grid at all."""
        return bool(self.outages or self.restored or self.actions.items)


def read_changes(marked: Marked, lookup: Lookup, *, hypothetical: bool) -> Changes:
    """Read outages, restorations and actions.

    Args:
        marked: The question.
        lookup: Finds the load at a bus.
        hypothetical: Whether the words ask what would be; a plain question for status is no change.
    """
    if _QUESTION_OF_STATUS.match(marked.text) and not hypothetical:
        return Changes(rest=marked.text)
    remedy = _REMEDY.search(marked.text)
    if remedy and not _LAID_OVER.search(marked.text):
        return _told_before(marked, remedy.start())
    restored, text = _strip(marked.text, _BACK)
    actions = read_actions(text, marked, lookup)
    text = actions.rest
    before, text = ([], text) if _pairs_among(text) else _strip(text, _BEFORE)
    after, text = _strip(text, _AFTER)
    out = [number for number in sorted({*before, *after}) if _can_go(marked.mentions[number])]
    shunts = [number for number in out if marked.mentions[number].first.ref.kind is ElementKind.SHUNT]
    switched = tuple(SwitchShunt(element=str(marked.mentions[number].first.ref), closed=False) for number in shunts)
    needs = tuple(need for need in actions.needs if need.amount or not need.numbers <= set(out))
    actions = replace(actions, items=(*actions.items, *switched), needs=needs)
    return Changes(
        outages=tuple(marked.mentions[number] for number in out if number not in shunts),
        restored=tuple(marked.mentions[number] for number in restored),
        actions=actions,
        rest=text,
        used=frozenset({*out, *restored, *actions.used}),
        pieces=actions.pieces,
    )


def _told_before(marked: Marked, remedy: int) -> Changes:
    """Outages that are told as facts before a remedy is asked for: "line 24 tripped. How do I get supply back?"""
    head = _SENTENCE.match(marked.text[:remedy])
    if not head:
        return Changes(rest=marked.text)
    found, text = _strip(head[0], _AFTER)
    out = [number for number in found if _can_go(marked.mentions[number])]
    return Changes(
        outages=tuple(marked.mentions[number] for number in out),
        rest=text + marked.text[head.end() :],
        used=frozenset(out),
    )


def _pairs_among(text: str) -> bool:
    """Whether pairs of more than two elements are asked for, which are not all out at once."""
    named = _DOUBLE.search(text)
    return named is not None and len(marks(named["elements"])) > _PAIR


def _can_go(mention: Mention) -> bool:
    return bool(set(mention.kinds) & _OPEN_TO_TAKE)


def _strip(text: str, pattern: re.Pattern[str]) -> tuple[list[int], str]:
    found: list[int] = []

    def note(match: re.Match[str]) -> str:
        if DENIED.search(text[: match.start()]):
            return match[0]
        found.extend(marks(next(group for group in match.groups() if group)))
        return " "

    rest = pattern.sub(note, text)
    return found, rest


def outages_named(marked: Marked) -> tuple[Mention, ...]:
    """Mentions that a text has as outages, whether or not it lays them over the grid."""
    before, text = _strip(marked.text, _BEFORE)
    after, _ = _strip(text, _AFTER)
    return tuple(marked.mentions[number] for number in sorted({*before, *after}) if _can_go(marked.mentions[number]))
