"""A question after reading, and the elements that it looks at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.question import Intent, Question
from orchestrator.resolve import conversation as talk
from orchestrator.resolve.accounting import Scene, spoken
from orchestrator.resolve.changes import Changes
from orchestrator.resolve.dispatching import reserve_asked
from orchestrator.resolve.exceptions import Excepted
from orchestrator.resolve.focus import quantities, record_asked
from orchestrator.resolve.mention import Doubt, Marked, Mention
from orchestrator.resolve.patterns import marks
from orchestrator.resolve.premises import Given
from orchestrator.resolve.screening import Grouped
from orchestrator.resolve.shedding import Planned
from orchestrator.resolve.telling import looked_at
from orchestrator.resolve.wants import Wants
from tools.element import ElementKind, ElementRef
from tools.grid.inventory import BRANCH_KINDS

_KEEP_FOCUS = frozenset({Intent.WHY, Intent.ADVICE, Intent.STATE, Intent.DESCRIBE, Intent.PATH})
_PAIR = 2


@dataclass(frozen=True)
class Parsed:
    """A question after reading, before it is put together."""

    question: Question
    text: str
    marked: Marked
    given: Given
    excepted: Excepted
    changes: Changes
    before: talk.Before
    reset: bool
    planned: Planned
    grouped: Grouped


def _is_all(mention: Mention) -> bool:
    """Whether a mention is of all lines or of all buses, which a ranking is over anyway."""
    return bool(re.match(r"(?:all|every|each)\b.*\b(?:lines?|buses|branches)$", mention.text.strip()))


def single(parsed: Parsed) -> bool:
    """Whether single elements are named: then their values are wanted, not a ranking of all."""
    free = [mention for number, mention in enumerate(parsed.marked.mentions) if number not in parsed.changes.used]
    return bool(free) and all(mention.doubt not in {Doubt.SET, Doubt.TOO_MANY} for mention in free)


def elements_in_focus(parsed: Parsed, wants: Wants) -> tuple[ElementRef, ...]:
    """Elements in focus: those of the question that are not changed, else those it goes on about."""
    spent = parsed.changes.used | parsed.excepted.used | parsed.planned.used | parsed.grouped.used
    numbers = [number for number in range(len(parsed.marked.mentions)) if number not in spent]
    claimed = [premise.element for premise in parsed.given.premises if premise.element]
    named = [item.ref for number in numbers for item in parsed.marked.mentions[number].items]
    told = {ref for ref in claimed if not _stands(parsed, ref)}
    found = tuple(dict.fromkeys(ref for ref in named if ref not in told or Intent.WHY in wants.intents))
    if not found and _KEEP_FOCUS & set(wants.intents):
        found = tuple(dict.fromkeys(claimed))
    if found or not parsed.before.last:
        return found
    if wants.inherited or _KEEP_FOCUS & set(wants.intents):
        return _fitting(parsed, wants)
    return ()


def _stands(parsed: Parsed, ref: ElementRef) -> bool:
    """Whether a claimed element is asked about outside the claim as well."""
    return any(item.ref == ref for number in marks(parsed.given.rest) for item in parsed.marked.mentions[number].items)


def _fitting(parsed: Parsed, wants: Wants) -> tuple[ElementRef, ...]:
    """Elements of the turn before, unless the quantity asked for now belongs to another kind."""
    last = (
        parsed.before.focus() if not parsed.changes.any else (parsed.before.last.elements if parsed.before.last else ())
    )
    asked = set(quantities(parsed.changes.rest))
    if Intent.STATE in wants.intents and asked and not wants.inherited:
        branches = {"loading", "i", "loss"} & asked
        buses = "vm" in asked
        return tuple(
            ref
            for ref in last
            if (ref.kind in BRANCH_KINDS) == bool(branches) and (ref.kind is ElementKind.BUS) == buses
        )
    return last


def ends_of_path(parsed: Parsed) -> tuple[ElementRef, ...]:
    """Both ends of a path, by their preferred readings; none when only one is named."""
    asked = [
        mention.first.ref for number, mention in enumerate(parsed.marked.mentions) if number not in parsed.changes.used
    ]
    ends = tuple(dict.fromkeys(asked))
    return ends[:_PAIR] if len(ends) >= _PAIR else ()


def scene_of(parsed: Parsed, intents: tuple[Intent, ...], elements: Sequence[ElementRef], rows: int | None) -> Scene:
    """What the account of the question is made over."""
    mentions, changes = parsed.marked.mentions, parsed.changes
    changed = {item.ref for number in changes.used for item in mentions[number].items}
    claimed = {premise.element for premise in parsed.given.premises if premise.element}
    if Intent.RANKING in intents:  # "all lines" is what a ranking is over
        changed |= {item.ref for mention in mentions if _is_all(mention) for item in mention.items}
    return Scene(
        intents=intents,
        taken=frozenset(changed | claimed) | looked_at(intents, elements),
        changed=frozenset(changed),
        rest=changes.rest,
        pieces=changes.pieces,
        claims=parsed.given.claims,
        mentions=mentions,
        numbers=frozenset({str(rows)} if rows else ())
        | frozenset(re.findall(r"\d+", record_asked(parsed.text) or ""))
        | (reserve_asked(parsed.text) if Intent.DISPATCH in intents else frozenset()),
        loose=changes.actions.loose or changes.instead,
        also=tuple(spoken(phrase, mentions) for phrase in parsed.excepted.phrases),
    )
