"""What is refused: orders to switch, smuggled instructions, other languages, other topics."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from agents.question import Intent, ReportStatus
from orchestrator.resolve.intents import ELSEWHERE, OUTSIDE, Reading
from orchestrator.resolve.lexicon import lexicon, load_yaml, mapping, strings

ORDER = (
    "This service advises and never switches anything. The effect can be asked instead: what happens if it is done? "
    "A person decides and switches."
)
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
    r"\bas an? (ai|language model)\b|"
    r"\bwithout (any )?(restrictions|checks|evidence)\b|\b(say|tell|claim|report) (me |"
    r"them )?that .{0,40}\b(is|are) (secure|fine|ok|normal)\b"
)
_CONTROL = (
    r"open|close|reclose|trip|switch|turn|disconnect|connect|reconnect|energi[sz]e|de-?energi[sz]e|start|stop|"
    r"shut|raise|lower|reduce|increase|"
    r"decrease|set|shed|move|transfer|shift|ramp|redispatch|isolate|earth|ground|restore|operate|execute|"
    r"block|unlock|put|take|tap|cut|curtail|"
    r"boost|remove|bring|dispatch|synchroni[sz]e|change|adjust|drop|send|perform|apply|activate|deactivate|"
    r"kill|black ?start"
)
_POLITE = (
    r"(?:(?:please|now|ok|okay|hey|hi|hello|just|immediately|quick|quickly|then|right|alright|so|urgent|"
    r"urgently|emergency|"
    r"can you|could you|will you|would you|i want you to|i would like you to|i need you to|i order you to|"
    r"you must|you should|you have to|"
    r"you need to|go ahead and|go and|let us|do|and|at once|team|crew|gridcrew|operator)[\s,:!]+)*"
)
_ORDER = re.compile(rf"^{_POLITE}(?:{_CONTROL})\b(?!\s*(?:the\s+)?(?:last|report|previous|earlier|run|record))")
_THEN_ORDER = re.compile(
    rf"\b(?:and|then|so|,)\s+(?:please\s+|then\s+|now\s+)*(?:{_CONTROL})\s+(?:the\s+|all\s+)*(?:@\d+|breaker|"
    rf"generator|everything).{{0,30}}\b(?:now|immediately|at once)\b"
)
_HYPOTHETICAL = re.compile(
    r"\b(if|suppose|supposing|simulat\w+|what happens|what would|would|effect|effects|consequences?|impact|"
    r"test|study|studies|should|imagine|assum\w+|"
    r"analy[sz]e|hypothetical\w*|what-if|can i|can we|could i|could we|may i|may we|is it|does it|do we|"
    r"will it|better|helps?|try|check|"
    r"want to know|with|without|what does|what do)\b"
)
_ASKED = re.compile(r"\b(what|how|which|show|tell|list|voltages?|loadings?|violations?|then what|give)\b")
_SERVICE_ASKED = re.compile(rf"^{_POLITE}(?:can|could|will|would) you (?:please )?(?:{_CONTROL})\b")

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
    "planning": frozenset({Intent.STANDARDS, Intent.RECORD, Intent.HELP}),
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


def is_order(text: str, *, continues: bool) -> bool:
    """Whether a marked text tells this service to switch.

    Args:
        text: The marked question.
        continues: Whether it goes on with a hypothesis of the conversation: "and close line 32 too".
    """
    if _SERVICE_ASKED.search(text):
        return not re.search(r"\b(if|simulat\w+|suppose)\b", text)
    if _THEN_ORDER.search(text) and not re.search(r"\b(if|suppose|simulat\w+)\b", text):
        return True
    if not _ORDER.search(text) or text.endswith("?"):
        return False
    if _HYPOTHETICAL.search(text) or _ASKED.search(text):
        return False
    return not (continues and re.match(r"(?:and|also|then|plus)\b", text))


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


@cache
def _topics() -> tuple[Topic, ...]:
    return tuple(_topic(name, mapping(raw)) for name, raw in load_yaml("topics.yaml").items())


def _topic(name: str, raw: Mapping[str, object]) -> Topic:
    cues = tuple(re.compile(source) for source in strings(raw["cues"]))
    return Topic(name, ReportStatus(str(raw["status"])), str(raw["reason"]), cues)
