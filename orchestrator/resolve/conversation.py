"""What a follow-up takes over from the turns before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from agents.question import Hypothesis, Intent, ReportStatus, Resolved, Turn
from orchestrator.resolve.lexicon import lexicon
from orchestrator.resolve.mention import Marked, Mention
from orchestrator.resolve.patterns import marks
from tools.element import ElementKind, ElementRef, parse_canonical
from tools.grid.inventory import Inventory, Item
from tools.grid.schema.actions import Action

_RESET = re.compile(
    r"\b(reset|start over|start again|from scratch|forget (that|it|everything|all)|"
    r"clear (the )?(hypothes[ie]s|outages|changes|everything|all)|"
    r"back to (the )?(normal|base|start|original|intact)( case| state)?|(drop|undo|remove|cancel) (all|"
    r"everything|the hypothes[ie]s|the changes|the outages)|"
    r"base case|everything back in( service)?|intact grid|without (any )?(changes|hypothes[ie]s))\b"
)
_OPENING = re.compile(
    r"^(?:(?:ok|okay|alright|right|yes|good|fine|well)[\s,]+)*(?:additionally|in addition|furthermore|and|"
    r"but|also|what about|how about|same|then|so|or|ok and|with|without|plus|instead|now with|and now|"
    r"now)\b"
)
_PRONOUN = re.compile(
    r"\b(?:(?:that|this|the same|same|the|those|these|said)\s+(?P<kind>{kinds})\b(?!\s*(?:@|\d|number|voltage|"
    r"loading|flow|load\b))|"
    r"(?P<bare>its|it|that one|this one|that|this|there|them|they|those|the same one)\b(?!\s+(?:is|the|are)\b.*@))"
)
_IDIOM = re.compile(
    r"\b(how is it going|look it up|show it|where is it written|make it (?:n-1 )?secure|it possible|it ok to|"
    r"it safe to|that the|is there|are there|there (?:is|are|any)|it help|do it|does it (?:mean|matter)|"
    r"why is it that|is that all|(?:that|this) (?:model|grid|report|network|system|morning|run|record|"
    r"overload|violation|problem|standard))\b"
)
_NUMBER_ONLY = re.compile(
    r"^(?P<lead>(?:and|or|what about|how about|same for|and for|"
    r"also)?\s*(?:the\s+)?(?:number\s+)?)(?P<numbers>\d+(?:\s*(?:,|and)\s*\d+)*)(?P<tail>\s*(?:\?|instead|too|"
    r"as well)*)$"
)


@dataclass(frozen=True)
class Before:
    """The conversation up to now, on the same grid.

    Attributes:
        hypothesis: What is in force.
        last: The last turn that was understood.
        added: What the last turn laid over the grid; ``instead`` takes it back.
    """

    hypothesis: Hypothesis = field(default_factory=Hypothesis)
    last: Resolved | None = None
    added: Hypothesis = field(default_factory=Hypothesis)

    def focus(self, kinds: Sequence[ElementKind] = ()) -> tuple[ElementRef, ...]:
        """The elements that ``it`` can mean: those asked about, else those changed."""
        if self.last is None:
            return ()
        changed = (*self.added.outages, *_touched((*self.last.proposed, *self.added.actions)))
        for refs in (self.last.elements, changed, self.hypothesis.outages):
            fitting = tuple(ref for ref in refs if not kinds or ref.kind in kinds)
            if fitting:
                return fitting
        return ()


def conversation_before(grid: str, turns: Sequence[Turn]) -> Before:
    """Read the turns on this grid; those before another grid was asked about do not count."""
    recent: list[Turn] = []
    for turn in sorted(turns, key=lambda turn: turn.ordinal, reverse=True):
        if turn.grid != grid:
            break
        recent.append(turn)
    if not recent:
        return Before()
    understood = next((turn.resolved for turn in recent if turn.resolved.status is not ReportStatus.REFUSED), None)
    now = in_force(recent[0].resolved)
    earlier = in_force(recent[1].resolved) if len(recent) > 1 else Hypothesis()
    added = Hypothesis(
        outages=tuple(ref for ref in now.outages if ref not in earlier.outages),
        actions=tuple(action for action in now.actions if action not in earlier.actions),
    )
    return Before(now, understood, added)


def in_force(resolved: Resolved) -> Hypothesis:
    """What a turn leaves in force: a what-if stays, an action that was only asked for as advice does not."""
    asked = resolved.proposed if Intent.ADVICE not in resolved.intents else ()
    return Hypothesis(outages=resolved.hypothesis.outages, actions=merge_actions(resolved.hypothesis.actions, asked))


def merge_actions(old: Sequence[Action], new: Sequence[Action]) -> tuple[Action, ...]:
    """Actions in force after new ones: a later action of the same type on the same element takes over."""
    fresh = {(action.type, action.element) for action in new}
    return (*(action for action in old if (action.type, action.element) not in fresh), *new)


def merge_outages(
    old: Sequence[ElementRef], new: Sequence[ElementRef], back: Sequence[ElementRef]
) -> tuple[ElementRef, ...]:
    """Outages in force after new ones and restorations, in the order in which they came."""
    return tuple(ref for ref in dict.fromkeys((*old, *new)) if ref not in back)


def without_last(before: Before) -> Hypothesis:
    """The hypothesis as it was before the last turn, or none when the last turn added nothing."""
    if not (before.added.outages or before.added.actions):
        return Hypothesis()
    return Hypothesis(
        outages=tuple(ref for ref in before.hypothesis.outages if ref not in before.added.outages),
        actions=tuple(action for action in before.hypothesis.actions if action not in before.added.actions),
    )


def wants_reset(text: str) -> bool:
    """Whether a normalised text drops the hypotheses."""
    return bool(_RESET.search(text))


def strip_reset(text: str) -> str:
    """What is asked beside the reset."""
    return _RESET.sub(" ", text).strip(" ,.;:!")


def opens_as_follow_up(text: str) -> bool:
    """Whether a text begins as the continuation of another."""
    return bool(_OPENING.match(text))


def spell_out_numbers(text: str, before: Before) -> str:
    """``and 7?`` after a question about a bus is ``and bus 7?``."""
    match = _NUMBER_ONLY.match(text)
    focus = before.focus()
    if not match or not focus or (_amount_before(before) and "instead" in match["tail"]):
        return text
    return f"{match['lead']}{focus[0].kind} {match['numbers']}{match['tail']}"


def _amount_before(before: Before) -> bool:
    """Whether the turn before asked for an action with an amount: "20 instead" is another amount then."""
    return bool(before.last and any(action.type in _WITH_AMOUNT for action in before.last.proposed[-1:]))


def resolve_pronouns(marked: Marked, before: Before, inventory: Inventory) -> Marked:
    """Mark ``it``, ``that line``, ``there`` with what they mean in this question or in the turn before."""
    pattern = re.compile(_PRONOUN.pattern.replace("{kinds}", "|".join(map(re.escape, _singular()))))
    mentions = list(marked.mentions)

    def mark(match: re.Match[str]) -> str:
        if any(idiom.start() <= match.start() < idiom.end() for idiom in _IDIOM.finditer(marked.text)):
            return match[0]
        kinds = lexicon().kind_of[match["kind"]] if match["kind"] else ()
        named = marks(marked.text[: match.start()])
        if not match["kind"] and named:
            return f"@{named[-1]}" if match["bare"] in {"it", "its"} else match[0]
        items = tuple(item for ref in before.focus(kinds) if (item := inventory.get(ref.kind, ref.index)))
        if not items:
            return match[0]
        several = match["bare"] in {"them", "they", "those"} or (
            match["bare"] in {"it", "its", "there", "that", "this"} and not match["kind"]
        )
        found = _spoken(match[0], items if several else items[-1:])
        mentions.extend(found)
        return " and ".join(f"@{len(mentions) - len(found) + number}" for number in range(len(found)))

    text = pattern.sub(mark, marked.text)
    return replace(marked, text=text, mentions=tuple(mentions))


def _spoken(text: str, items: Sequence[Item]) -> list[Mention]:
    return [Mention(text, (item.ref.kind,), (item,)) for item in items[:_AT_MOST]]


def _singular() -> list[str]:
    known = lexicon()
    return sorted((word for word in known.kind_of if word not in known.plurals), key=len, reverse=True)


def _touched(actions: Sequence[Action]) -> tuple[ElementRef, ...]:
    parsed = (parse_canonical(action.element) for action in actions)
    return tuple(ElementRef(kind=found[0], index=found[1]) for found in parsed if found)


_AT_MOST = 10
_WITH_AMOUNT = frozenset({"redispatch", "shed_load", "transfer_load"})
