"""What was understood of a question about observations, and which time is looked at."""

from __future__ import annotations

from agents.question import Intent, Resolved
from agents.statement import Statement, TokenKind
from orchestrator.gate.value import time_text
from orchestrator.observing.asked import Asked
from orchestrator.observing.observable import Observable
from orchestrator.planning.span import LOOKS_BACK
from orchestrator.resolve.understood import Words

_ASKED = {
    Intent.MEASURED: "what was measured",
    Intent.TRUST: "which readings and sensors can be trusted",
    Intent.ESTIMATE: "the state estimated from the measurements",
    Intent.FORECAST: "the load ahead",
    Intent.TRANSFORMERS: "temperatures and ageing of transformers",
    Intent.CYBER: "who came in and what was commanded",
    Intent.BAD_DATA: "whether readings are falsified, replayed, faulty or true",
    Intent.PROTOCOL: "the messages of telecontrol and substation protocols",
    Intent.RELIABILITY: "outages on record and what they mean for customers",
    Intent.DARK: "who is without supply and which element is at fault",
    Intent.OSCILLATIONS: "oscillations and their damping",
    Intent.FREQUENCY: "how far and how fast the frequency went",
    Intent.POWER_QUALITY: "power quality against its limits",
    Intent.RISK: "the risk that an incident is under way",
    Intent.CAUSES: "the causes of what departed",
    Intent.ALARMS: "the alarms",
    Intent.PERMITS: "the permits to work",
    Intent.OPEN_ITEMS: "what earlier shifts left open",
    Intent.INCIDENTS: "the incident",
}
_SHOWN = 6


def say_understood(resolved: Resolved, asked: Asked, seen: Observable | None, *, goes_on: bool = False) -> Statement:
    """One sentence, in which every digit lies in a token.

    Args:
        resolved: The typed question.
        asked: Its time in the user's words.
        seen: When is now; None where no time is looked at.
        goes_on: Whether the topic is that of the question before.
    """
    words = Words()
    words.say("as in the question before, " if goes_on else "")
    words.say(" and ".join(_ASKED[intent] for intent in resolved.intents))
    shown = [*(f"sensor:{name}" for name in resolved.sensors), *resolved.assets, *map(str, resolved.elements)]
    for position, name in enumerate(shown[:_SHOWN]):
        words.say(", " if position else "; ")
        words.token(name, TokenKind.IDENTIFIER)
    if len(shown) > _SHOWN:
        words.say(" and others")
    if seen is not None:
        _time(words, resolved, asked, seen)
    words.say(".")
    return words.statement()


def _time(words: Words, resolved: Resolved, asked: Asked, seen: Observable) -> None:
    """Which time is looked at; where none is named, how far back."""
    moments = (resolved.start, resolved.end) if resolved.start and resolved.end else (resolved.at,)
    if asked.named:
        words.say("; time: ")
        words.token(f"“{asked.words}”", TokenKind.USER)
        words.say(", " if any(moments) else "")
    elif any(moments):
        words.say("; time as before: ")
    elif back := max((LOOKS_BACK[intent] for intent in resolved.intents if intent in LOOKS_BACK), default=None):
        words.say("; no time is named: ")
        moments = seen.as_of - back, seen.as_of
    for position, moment in enumerate(item for item in moments if item is not None):
        words.say(" to " if position else "")
        words.token(time_text(moment, seen.zone), TokenKind.TIME)
