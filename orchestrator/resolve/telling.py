"""What an answer has to admit: parts of the question that it leaves out, or why it can not be given at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from agents.question import Intent
from orchestrator.resolve.accounting import Scene, left_over, spoken
from orchestrator.resolve.conditions import unread_conditions
from orchestrator.resolve.focus import not_shown
from orchestrator.resolve.ranked import bounds, is_the_limit, not_ranked
from tools.element import ElementKind, ElementRef
from tools.grid.inventory import BRANCH_KINDS, CIRCUIT_KINDS, UNIT_KINDS, Inventory

UNTAKEN = "A part of the question was not taken up; what was understood quotes it."
UNREAD = (
    "A condition or a change in the question was not understood, so nothing was computed for another case than was "
    "asked for. What can be laid over the grid: outages, switching, redispatch, tap positions, shunts, and load that "
    "is moved or shed, each with the number or name of the element."
)
BOUNDED = "A bound in the question is not applied; the values are shown, to be compared with it."
NOT_RANKED = (
    "The ranking does not follow all that was asked: ranked are loadings and losses of all branches, voltages of all "
    "buses, and outputs of all units."
)
UNSURE = "Too much of the question was not understood. Ask in other words, about the grid as it is or with a change."

_EVERY = frozenset(ElementKind)
_LOOKS_AT: Mapping[Intent, frozenset[ElementKind]] = {
    Intent.STATE: _EVERY,
    Intent.LIMITS: _EVERY - {ElementKind.SWITCH},
    Intent.WHAT_IF: _EVERY - {ElementKind.SWITCH},
    Intent.CASCADE: _EVERY,
    Intent.RESTORE: frozenset({ElementKind.BUS, ElementKind.GEN, ElementKind.EXT_GRID, ElementKind.LOAD}),
    Intent.WHY: _EVERY,
    Intent.ADVICE: _EVERY,
    Intent.DESCRIBE: _EVERY,
    Intent.PATH: _EVERY,
    Intent.LOSSES: frozenset(BRANCH_KINDS),
    Intent.SHORT_CIRCUIT: frozenset({ElementKind.BUS}),
    Intent.DRAW: _EVERY,
    Intent.SECURITY: frozenset(BRANCH_KINDS),
    Intent.DOUBLE_OUTAGES: frozenset({*CIRCUIT_KINDS, *UNIT_KINDS}),
    Intent.RECONFIGURE: frozenset({ElementKind.BUS}),
    Intent.SHED: frozenset(),
}
"""Kinds of elements in focus that the answer to an intent says something about; the others answer for the grid."""
_BEARS_CONDITIONS = frozenset(
    {
        Intent.ADVICE,
        Intent.CASCADE,
        Intent.RESTORE,
        Intent.SECURITY,
        Intent.DOUBLE_OUTAGES,
        Intent.SHED,
        Intent.WHY,
        Intent.STANDARDS,
        Intent.HELP,
        Intent.RECORD,
    }
)


@dataclass(frozen=True)
class Told:
    """What is admitted.

    Attributes:
        phrases: Of the question, in the user's words.
        reasons: Why the answer is qualified.
        refusal: Why there is none.
    """

    phrases: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    refusal: str | None = None


@dataclass(frozen=True)
class Made:
    """What a question was made into, beside its scene.

    Attributes:
        elements: In focus.
        changed: Whether something is laid over the grid by this question.
        cued: Whether a deciding word speaks for an intent.
        ranking: What is ranked by.
        masked: The rest as examples are written.
    """

    elements: tuple[ElementRef, ...]
    changed: bool
    cued: bool
    ranking: str | None
    masked: str


def looked_at(intents: Iterable[Intent], elements: Iterable[ElementRef]) -> frozenset[ElementRef]:
    """The elements in focus that the answers to some intents say something about."""
    kinds = frozenset().union(*(_LOOKS_AT.get(intent, frozenset()) for intent in intents))
    return frozenset(ref for ref in elements if ref.kind in kinds)


def tell(scene: Scene, made: Made, inventory: Inventory) -> Told:
    """Account for the words of a question and say what was not taken up."""
    intents = set(scene.intents)
    if intents & {Intent.STANDARDS, Intent.HELP}:
        return Told()
    bounded = bounds(scene.rest)
    rest = scene.rest
    for bound in bounded:
        rest = rest.replace(bound, " ")
    unread = [] if scene.loose else [spoken(clause, scene.mentions) for clause in unread_conditions(rest)]
    phrases = left_over(replace(scene, rest=rest))
    ranked = not_ranked(rest, made.ranking, inventory) if made.ranking else ()
    hidden = not_shown(made.masked, {ref.kind for ref in made.elements}) if Intent.STATE in intents else ()
    bearing = intents & _BEARS_CONDITIONS
    if unread and not made.changed and not (bearing and (bearing != {Intent.SECURITY} or not scene.taken)):
        return Told(tuple(dict.fromkeys(unread)), refusal=UNREAD)
    every = _merged([*unread, *phrases, *ranked, *hidden])
    if phrases and not made.cued and not scene.taken:
        return Told(every, refusal=UNSURE)
    reasons = (
        [BOUNDED] * any(not is_the_limit(bound) for bound in bounded)
        + [NOT_RANKED] * bool(ranked)
        + [UNTAKEN] * bool(unread or phrases or hidden)
    )
    return Told(every, tuple(reasons))


def _merged(phrases: Iterable[str]) -> tuple[str, ...]:
    """Each phrase once; those that lie within another are told with it."""
    distinct = [phrase for phrase in dict.fromkeys(phrases) if re.search(r"\w", phrase)]
    return tuple(one for one in distinct if not any(one != other and one in other for other in distinct))
