"""From the words of a question to a self-contained, typed one; wrong understanding must be visible, never silent."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from agents.question import Hypothesis, Intent, Question, ReportKind, ReportStatus, Resolved, RestorationWish, Turn
from orchestrator.resolve import conversation as talk
from orchestrator.resolve.actions import SWITCHED
from orchestrator.resolve.changes import Changes, read_changes
from orchestrator.resolve.conditions import bare_numbers, name_the_only, picked_by_value
from orchestrator.resolve.continuing import continue_changes, takes_the_place
from orchestrator.resolve.dispatching import dispatch_wish
from orchestrator.resolve.exceptions import read_exceptions
from orchestrator.resolve.faults import Stated, fault_in_force, goes_on, read_fault
from orchestrator.resolve.focus import quantities, ranked_by, record_asked, rows_asked
from orchestrator.resolve.intents import Embedder
from orchestrator.resolve.lookup import Lookup
from orchestrator.resolve.mention import Doubt, Marked, Mention
from orchestrator.resolve.mentions import find_mentions
from orchestrator.resolve.orders import ORDER, is_order
from orchestrator.resolve.parsed import Parsed, elements_in_focus, ends_of_path, scene_of, single
from orchestrator.resolve.patterns import counted
from orchestrator.resolve.premises import read_premises
from orchestrator.resolve.restoring import restoration_wish
from orchestrator.resolve.scope import refuse_words
from orchestrator.resolve.screening import name_second, name_twice, read_group
from orchestrator.resolve.shedding import read_shedding
from orchestrator.resolve.singled import single_out
from orchestrator.resolve.telling import Made, tell
from orchestrator.resolve.text import normalise, proper_names, repair
from orchestrator.resolve.understood import describe
from orchestrator.resolve.wants import Wants, read_wants
from orchestrator.resolve.wishes import read_wishes
from tools.element import ElementRef
from tools.grid.inventory import Inventory
from tools.grid.schema.actions import Action, SwitchBranch

_SEARCH_LENGTH = 500
_NEED_ELEMENTS = frozenset({Intent.DESCRIBE, Intent.PATH})
_OF_ALL = frozenset({Intent.RANKING, Intent.TOTALS, Intent.OVERVIEW})
_MANY_OUTAGES = 10

AMBIGUOUS = (
    "A number fits one element by name and another by index; both are shown, and the name counts first in a change."
)
GUESSED = "An element was taken as the nearest that fits."
CUT = "A set of elements was cut to its first part."
BY_VALUE = "An element of a change has to be named; it is not looked up by its value within the same question."
UNKNOWN = "An element that was named is not in this grid; what was understood lists the nearest that are."
WHICH = "Say which element is meant: its kind with its number, or its name."
HAPPENS = "Say what happens to the element: it trips, is opened or closed, is set to a value; or ask for its state."
TOO_MANY_OUT = "So many elements out at once are not simulated together; name a few."


def resolve(question: Question, inventory: Inventory, turns: Sequence[Turn], embedder: Embedder) -> Resolved:
    """Make a question self-contained.

    Args:
        question: With the user's words and the grid's name.
        inventory: Of the grid that the question names.
        turns: Earlier turns of the conversation, any order; those on another grid end the memory.
        embedder: Sentence embeddings.

    Returns:
        What was understood; refused or qualified with a reason, never an error.
    """
    before = talk.conversation_before(question.grid, turns)
    if question.kind is not ReportKind.ANSWER:
        return _finished(Resolved(intents=(Intent.OVERVIEW, Intent.LIMITS, Intent.SECURITY)), (), inventory)
    stated = read_fault(question.text)
    plain = name_twice(normalise(stated.rest))
    reset = talk.wants_reset(plain)
    if reset:
        before = talk.Before(last=before.last)
    if reason := refuse_words(normalise(question.text)):
        return _refused(reason, before, (), inventory)
    english = frozenset(word for word in re.findall(r"[^\W\d_]{5,}", plain) if embedder.knows(word))
    text = counted(repair(plain, _protected(inventory) | proper_names(question.text) | english))
    if reset:
        text = talk.strip_reset(text)
    singled = single_out(bare_numbers(talk.spell_out_numbers(text, before), before.focus()), inventory)
    if singled.problem:
        return _refused(singled.problem, before, (), inventory)
    text = name_the_only(singled.text, inventory)
    marked = find_mentions(text, inventory)
    marked = talk.resolve_pronouns(marked, before, inventory)
    planned = read_shedding(marked, Lookup(inventory))
    grouped = read_group(replace(marked, text=name_second(planned.rest)))
    marked = replace(marked, text=grouped.rest)
    if reason := _unanswerable(marked, before):
        return _refused(reason, before, marked.mentions, inventory)
    given = read_premises(marked)
    excepted = read_exceptions(given.rest)
    rest = Marked(excepted.rest, marked.mentions)
    changes = read_changes(rest, Lookup(inventory), hypothetical=_hypothetical(rest.text))
    changes = continue_changes(marked, _closing(changes, before), before)
    parsed = Parsed(question, text, rest, given, excepted, changes, before, reset, planned, grouped)
    return _put_together(parsed, stated, inventory, embedder)


def _unanswerable(marked: Marked, before: talk.Before) -> str | None:
    """Why a marked question is not even read."""
    if is_order(marked.text, continues=before.last is not None):
        return ORDER
    if any(mention.doubt is Doubt.UNKNOWN for mention in marked.mentions):
        return UNKNOWN
    return BY_VALUE if picked_by_value(marked.text) else None


def _closing(changes: Changes, before: talk.Before) -> Changes:
    """Back in service what no hypothesis has taken out is closed: a tie line of the model that stands open."""
    fresh = [mention for mention in changes.restored if not set(_out(mention)) & set(before.hypothesis.outages)]
    refs = [ref for mention in fresh for ref in _out(mention) if ref.kind in SWITCHED]
    if not refs:
        return changes
    closed = tuple(SwitchBranch(element=str(ref), closed=True) for ref in refs)
    kept = tuple(mention for mention in changes.restored if mention not in fresh)
    return replace(changes, restored=kept, actions=replace(changes.actions, items=(*changes.actions.items, *closed)))


def _hypothetical(text: str) -> bool:
    return bool(re.search(r"\b(if|suppose|what happens|simulat\w+|with|without)\b", text))


def _put_together(parsed: Parsed, stated: Stated, inventory: Inventory, embedder: Embedder) -> Resolved:
    mentions = parsed.marked.mentions
    wants = read_wants(parsed.marked.masked, parsed.changes, mentions, parsed.before, embedder, bare=parsed.reset)
    if wants.refusal:
        return _refused(_needs(parsed.changes) or wants.refusal, parsed.before, mentions, inventory)
    intents = wants.intents
    elements = elements_in_focus(parsed, wants) or goes_on(stated, parsed.before)
    if (
        len(intents) == 1
        and intents[0] in _OF_ALL
        and single(parsed)
        and not re.search(r"\b(?:total|sum)\b", parsed.text)
    ):
        intents = (Intent.STATE,)
    if Intent.STATE in intents and not elements:
        intents = tuple(dict.fromkeys(Intent.RANKING if intent is Intent.STATE else intent for intent in intents))
    if problem := _problem(parsed, wants, elements):
        return _refused(problem, parsed.before, mentions, inventory)
    wished = read_wishes(parsed, intents, elements)
    parsed, intents, elements = wished.parsed, wished.intents, wished.elements
    masked = Marked(parsed.changes.rest, mentions).masked
    made = Made(elements, parsed.changes.any, wants.cued, _ranking(intents, masked, wants, parsed.before), masked)
    told = tell(scene_of(parsed, intents, elements, rows_asked(masked)), made, inventory)
    if told.refusal:
        return _refused(told.refusal, parsed.before, mentions, inventory, told.phrases)
    asked = quantities(masked) or (parsed.before.last.quantities if wants.inherited and parsed.before.last else ())
    reasons = [*wants.qualifications, *_doubts(mentions), *told.reasons]
    resolved = Resolved(
        intents=intents,
        elements=elements,
        ends=ends_of_path(parsed) if Intent.PATH in intents else (),
        hypothesis=_hypothesis(parsed),
        proposed=parsed.changes.actions.items,
        quantities=asked,
        ranking=made.ranking,
        limit=rows_asked(masked),
        premises=parsed.given.premises,
        fault=fault_in_force(stated, parsed.before, intents, inherited=wants.inherited),
        search=parsed.question.text[:_SEARCH_LENGTH] if Intent.STANDARDS in intents else None,
        record=record_asked(parsed.text) if Intent.RECORD in intents else None,
        untaken=told.phrases,
        dispatch=dispatch_wish(parsed.text) if Intent.DISPATCH in intents else None,
        remedies=wished.remedies,
        shedding=parsed.planned.wish if Intent.SHED in intents else None,
        screening=wished.screening,
        restoration=_restoration(parsed, intents, elements),
        reset=parsed.reset,
        status=ReportStatus.QUALIFIED if reasons else ReportStatus.ANSWERED,
        reason=" ".join(dict.fromkeys(reasons)) or None,
    )
    return _finished(resolved, mentions, inventory)


def _restoration(parsed: Parsed, intents: Sequence[Intent], elements: Sequence[ElementRef]) -> RestorationWish | None:
    if Intent.RESTORE not in intents:
        return None
    hypothesis = _hypothesis(parsed)
    changed = bool(hypothesis.outages or hypothesis.actions or parsed.changes.actions.items)
    return restoration_wish(parsed.text, elements, changed=changed)


def _ranking(intents: Sequence[Intent], masked: str, wants: Wants, before: talk.Before) -> str | None:
    if Intent.RANKING not in intents:
        return None
    if wants.inherited and before.last and before.last.ranking:
        return before.last.ranking
    return ranked_by(masked)


def _problem(parsed: Parsed, wants: Wants, elements: Sequence[ElementRef]) -> str | None:
    changes = parsed.changes
    if parsed.planned.problem:
        return parsed.planned.problem
    if changes.actions.needs and Intent.ADVICE not in wants.intents:
        return _needs(changes)
    if sum(len(_out(mention)) for mention in changes.outages) > _MANY_OUTAGES:
        return TOO_MANY_OUT
    if wants.intents == (Intent.WHAT_IF,) and not changes.any and not parsed.before.hypothesis.outages:
        return HAPPENS if elements else WHICH
    if set(wants.intents) <= _NEED_ELEMENTS and not elements:
        return WHICH
    return None


def _needs(changes: Changes) -> str:
    """What the actions of a question still need."""
    return " ".join(dict.fromkeys(need.reason for need in changes.actions.needs))


def _out(mention: Mention) -> tuple[ElementRef, ...]:
    """What is out: a set as a whole, of several readings the first."""
    items = mention.items if mention.doubt in {Doubt.SET, Doubt.TOO_MANY} else mention.items[:1]
    return tuple(item.ref for item in items)


def _hypothesis(parsed: Parsed) -> Hypothesis:
    instead = parsed.changes.any and (
        parsed.changes.instead
        or re.search(r"\binstead\b|\brather than\b", parsed.text)
        or (takes_the_place(parsed.text) and _only_marks(parsed))
    )
    if parsed.changes.instead:  # another amount takes the place of the last action alone
        kept = tuple(one for one in parsed.before.hypothesis.actions if one not in parsed.before.added.actions[-1:])
        return Hypothesis(outages=parsed.before.hypothesis.outages, actions=kept)
    old = talk.without_last(parsed.before) if instead else parsed.before.hypothesis
    out = [ref for mention in parsed.changes.outages for ref in _out(mention)]
    back = [ref for mention in parsed.changes.restored for ref in _out(mention)]
    closed = [ref for ref in old.outages if any(_closes(action, ref) for action in parsed.changes.actions.items)]
    return Hypothesis(outages=talk.merge_outages(old.outages, out, [*back, *closed]), actions=old.actions)


def _only_marks(parsed: Parsed) -> bool:
    """Whether the question is a fragment whose elements are all changed: its opening decides."""
    return len(parsed.changes.used) == len(parsed.marked.mentions) and talk.opens_as_follow_up(parsed.text)


def _closes(action: Action, ref: ElementRef) -> bool:
    return isinstance(action, SwitchBranch) and action.closed and action.element == str(ref)


def _doubts(mentions: Sequence[Mention]) -> list[str]:
    words = {Doubt.NAME_AND_INDEX: AMBIGUOUS, Doubt.SAME_NAME: AMBIGUOUS, Doubt.GUESSED: GUESSED, Doubt.TOO_MANY: CUT}
    return [words[mention.doubt] for mention in mentions if mention.doubt in words]


def _protected(inventory: Inventory) -> frozenset[str]:
    return frozenset(word for name in inventory.by_name for word in re.findall(r"[^\W\d_]+", name))


def _refused(
    reason: str,
    before: talk.Before,
    mentions: Sequence[Mention],
    inventory: Inventory,
    untaken: tuple[str, ...] = (),
) -> Resolved:
    """A refusal; what is in force stays in force, and the elements that were recognised are shown."""
    resolved = Resolved(hypothesis=before.hypothesis, status=ReportStatus.REFUSED, reason=reason, untaken=untaken)
    return _finished(resolved, mentions, inventory)


def _finished(resolved: Resolved, mentions: Sequence[Mention], inventory: Inventory) -> Resolved:
    return resolved.model_copy(update={"understood": describe(resolved, mentions, inventory)})
