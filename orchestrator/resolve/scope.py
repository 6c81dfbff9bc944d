"""What is refused: smuggled instructions, other languages, other topics."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from agents.question import Intent, ReportStatus
from orchestrator.resolve.intents import ELSEWHERE, OUTSIDE, Reading
from orchestrator.resolve.lexicon import lexicon, load_yaml, mapping, strings

INJECTION = "The rules of this service cannot be changed by a question. Ask about the grid."
LANGUAGE = "Only English is understood. Ask the question in English."
GARBAGE = (
    "This was not understood. Ask about voltages, loadings, limits, outages, a what-if with an element and an action, "
    "a remedy, the model, a rule, or the last report."
)

_INJECTION = re.compile(
    r"\b(ignore|disregard|forget|override|bypass|drop)\b.{0,30}\b(rules?|instructions?|prompts?|previous|"
    r"guidelines|restrictions|training|safety)\b|"
    r"\bsystem prompt\b|\byou are now\b|\bact as\b|\bpretend\b|\bjailbreak\b|\bdeveloper mode\b|\brole ?play\b|"
    r"\b(reveal|print|show|repeat) .{0,20}\b(prompts?|instructions)\b|\bnew instructions\b|</?\w+>|"
    r"\[/?(?:system|assistant|user|inst|admin)\]|"
    r"\b(?:new|updated|changed) (?:rules?|instructions?|polic(?:y|ies)|orders?)\s*:|"
    r"\balways (?:answer|say|reply|respond|report)\b|\b(?:answer|reply|respond) only\b|\bfrom now on\b|"
    r"\bas an? (ai|language model)\b|\byour (new |only |real )?(job|task|role|rule|purpose|instructions?) (is|are)\b|"
    r"\b(say|claim|answer|write) (?!.{0,25}\b(?:if|whether)\b)(?:that )?.{0,40}\b(is|are) (n-1 )?(secure|fine|ok|"
    r"normal|safe)\b|"
    r"\bwithout (any )?(restrictions|checks|evidence)\b|\b(say|tell|claim|report) (me |"
    r"them )?that .{0,40}\b(is|are) (secure|fine|ok|normal)\b"
)


_FOREIGN_ENOUGH = 2


@dataclass(frozen=True)
class Topic:
    """A subject that is refused or qualified.

    Attributes:
        cues: Words that tell.
    """

    name: str
    status: ReportStatus
    reason: str
    cues: tuple[re.Pattern[str], ...]


_COVERED: Mapping[str, frozenset[Intent]] = {
    "dynamics": frozenset({Intent.STANDARDS, Intent.RECORD, Intent.HELP}),
    "planning": frozenset(
        {Intent.STANDARDS, Intent.RECORD, Intent.HELP, Intent.RECONFIGURE, Intent.DISPATCH, Intent.SHED, Intent.RESTORE}
    ),
    "reliability": frozenset({Intent.STANDARDS, Intent.RECORD}),
    "maintenance": frozenset({Intent.STANDARDS, Intent.RECORD}),
    "alarms": frozenset({Intent.STANDARDS, Intent.RECORD}),
    "cyber": frozenset({Intent.STANDARDS, Intent.RECORD}),
    "telemetry": frozenset({Intent.STANDARDS, Intent.RECORD}),
    "forecast": frozenset({Intent.RECORD}),
    "transfer": frozenset({Intent.STANDARDS}),
}
"""Intents that answer a question although it names such a topic: the library, or what was reported."""


def refuse_words(text: str) -> str | None:
    """The reason to refuse a normalised text by its words alone, None when there is none."""
    if _INJECTION.search(text):
        return INJECTION
    words = re.findall(r"[^\W\d_]+", text)
    if not words:
        return GARBAGE
    letters = "".join(words)
    if sum(letter.isascii() for letter in letters) < len(letters) / 2:
        return LANGUAGE
    foreign = sum(word in lexicon().foreign for word in words)
    if foreign >= _FOREIGN_ENOUGH and foreign >= sum(
        word in lexicon().vocabulary and word not in lexicon().foreign for word in words
    ):
        return LANGUAGE
    return None


def topic_of(clause: str, reading: Reading, *, cues_only: bool) -> Topic | None:
    """The topic beyond this service that a clause is about, None when it is answered here."""
    for topic in _topics():
        if any(cue.search(clause) for cue in topic.cues) and not _COVERED.get(topic.name, frozenset()) & reading.cued:
            return topic
    name, similarity = reading.topic
    least = OUTSIDE if name == "outside" else ELSEWHERE
    if cues_only or reading.cued or similarity < max(least, reading.best[1]):
        return None
    return next(topic for topic in _topics() if topic.name == name)


def reason_of(name: str) -> str:
    """Why a topic is not answered."""
    return next(topic.reason for topic in _topics() if topic.name == name)


@cache
def _topics() -> tuple[Topic, ...]:
    return tuple(_topic(name, mapping(raw)) for name, raw in load_yaml("topics.yaml").items())


def _topic(name: str, raw: Mapping[str, object]) -> Topic:
    cues = tuple(re.compile(source) for source in strings(raw["cues"]))
    return Topic(name, ReportStatus(str(raw["status"])), str(raw["reason"]), cues)
