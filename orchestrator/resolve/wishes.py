"""What a question wishes of a study beside its elements: each intent's own words, read once the intents are known."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from agents.question import Intent, RemedyWish, ScreeningWish
from orchestrator.resolve.mention import Marked
from orchestrator.resolve.parsed import Parsed
from orchestrator.resolve.remedying import remedy_wish, without_means
from orchestrator.resolve.screening import first_outage, in_sequence, single_outages, successive_outages
from tools.element import ElementRef


@dataclass(frozen=True)
class Wished:
    """A question with its wishes.

    Attributes:
        parsed: Without what a wish has taken up: an outage to act before, what is said of the means.
        intents: What is answered.
        elements: In focus.
        remedies: Of a question for advice.
        screening: Of a question about outages; None for the usual.
    """

    parsed: Parsed
    intents: tuple[Intent, ...]
    elements: tuple[ElementRef, ...]
    remedies: RemedyWish | None = None
    screening: ScreeningWish | None = None


def read_wishes(parsed: Parsed, intents: tuple[Intent, ...], elements: tuple[ElementRef, ...]) -> Wished:
    """Read the wishes of all intents of a question."""
    wished = Wished(parsed, intents, elements)
    if Intent.ADVICE in intents:
        wished = _advice(wished)
    if Intent.DOUBLE_OUTAGES in intents and in_sequence(parsed.marked.text):
        return _successive(wished)
    if Intent.SECURITY in intents:
        masked = Marked(parsed.changes.rest, parsed.marked.mentions).masked
        return replace(wished, screening=single_outages(parsed.marked, masked, parsed.grouped.group))
    return wished


def _advice(wished: Wished) -> Wished:
    """An outage that shall be borne has not happened: it is no part of the state."""
    changes = wished.parsed.changes
    wish = remedy_wish(wished.parsed.marked, changes)
    told = replace(wished.parsed, changes=replace(changes, rest=without_means(changes.rest)))
    kept = tuple(ref for ref in wished.elements if ref not in wish.barred)
    wished = replace(wished, parsed=told, remedies=wish, elements=kept)
    return wished if wish.mode == "corrective" else _without_outages(wished, wish.contingencies)


def _successive(wished: Wished) -> Wished:
    """The first of two outages is no part of the state, and neither is what is done after it."""
    changes = wished.parsed.changes
    first = first_outage(changes)
    wish = successive_outages(first, changes.actions.items)
    if not first:
        return replace(wished, screening=wish)
    wished = _without_outages(wished, first)
    done = replace(wished.parsed.changes, actions=replace(changes.actions, items=()))
    elements = tuple(dict.fromkeys((*first, *wished.elements)))
    return _settled(replace(wished, parsed=replace(wished.parsed, changes=done), elements=elements, screening=wish))


def _without_outages(wished: Wished, refs: Collection[ElementRef]) -> Wished:
    changes = wished.parsed.changes
    kept = tuple(mention for mention in changes.outages if mention.first.ref not in refs)
    return _settled(replace(wished, parsed=replace(wished.parsed, changes=replace(changes, outages=kept))))


def _settled(wished: Wished) -> Wished:
    """Without a change left, nothing is asked about one."""
    if wished.parsed.changes.any or wished.parsed.before.hypothesis.outages:
        return wished
    return replace(wished, intents=_but(wished.intents, Intent.WHAT_IF))


def _but(intents: Sequence[Intent], left_out: Intent) -> tuple[Intent, ...]:
    return tuple(intent for intent in intents if intent is not left_out) or tuple(intents)
