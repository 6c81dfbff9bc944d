"""From the words of a question about observations to a self-contained, typed one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from agents.question import Intent, Question, ReportKind, ReportStatus, Resolved
from agents.statement import Statement, TokenKind
from orchestrator.gate.value import time_text
from orchestrator.observing.asked import Asked
from orchestrator.observing.bounds import meant, out_of_reach
from orchestrator.observing.cues import observed_intents, quantities
from orchestrator.observing.subjects import Named, named, unknown_sensor
from orchestrator.observing.times import asked_time
from orchestrator.planning.span import LOOKS_BACK
from orchestrator.resolve.understood import Words
from tools.errors import close_names
from tools.grid.inventory import Inventory
from tools.telemetry.schema.operations import Asset
from tools.telemetry.schema.sensor import Sensor

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
_SENSED = frozenset(
    {
        Intent.BAD_DATA,
        Intent.CAUSES,
        Intent.DARK,
        Intent.FREQUENCY,
        Intent.OSCILLATIONS,
        Intent.POWER_QUALITY,
        Intent.RISK,
    }
)
_SHOWN = 6
_COURSE = re.compile(
    r"\b(?:highest|lowest|peak|maximum|minimum|max|min|least|most) (?:system |total )?(?:load|demand)\b|"
    r"\b(?:load|demand) (?:was |were |is |been )?(?:(?:the|at its) )?(?:highest|lowest|peak\w*|maximum|minimum)\b|"
    r"\b(?:load|demand) (?:look|develop|behave|go|run|change|vary|curve|profile)\w*\b|"
    r"\b(?:course|curve|profile) of the (?:load|demand)\b",
    re.IGNORECASE,
)
"""The course of the load over a time: it was measured, and no study of one state tells it."""
_JUDGED = re.compile(
    r"limit|violat|secur|n-1|overload|allow|exceed|within|why|what if|happens|should|out of (?:range|band)|normal|"
    r"\b(?:ok|okay|fine|alright|good|acceptable|in band)\b",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(r"\b(?:if|suppose|assum\w*|would|could|after the (?:loss|outage|trip)|n-[12])\b", re.IGNORECASE)
_OF_THE_LIBRARY = re.compile(
    r"\b(?:what|which|where) .{0,40}\b(?:say|state|require|define|prescribe|clause|standard|limits? for)s?\b",
    re.IGNORECASE,
)
_OIL = "top_oil_temperature"
_LOAD_AHEAD = frozenset({"load", "p"})
ONLY_LOAD = "Only the load of the whole grid is forecast; voltages, flows and single elements to come are not checked."
NOT_SAID = (
    "Nothing that was named has a sensor of that quantity; name a sensor, or an element with what is measured there."
)


@dataclass(frozen=True)
class Observable:
    """What can be observed of a grid, and when is now.

    Attributes:
        sensors: All sensors that the run may see.
        assets: All assets.
        as_of: The run's time.
        zone: The control room's zone.
        incident: Identifier of the newest incident; None when there is none.
    """

    sensors: Sequence[Sensor]
    assets: Sequence[Asset]
    as_of: datetime
    zone: ZoneInfo
    incident: str | None = None


def observe(question: Question, inventory: Inventory, seen: Observable) -> Resolved | None:
    """Understand a question about observations; None when it is about the grid's model.

    Args:
        question: With the user's words.
        inventory: Of the grid.
        seen: What can be observed.
    """
    if question.kind is not ReportKind.ANSWER:
        return None
    about = named(question.text, seen.sensors, seen.assets, inventory)
    asked = asked_time(question.text, seen.as_of, seen.zone)
    intents = observed_intents(question.text)
    if not seen.sensors or _SUPPOSED.search(question.text) or _OF_THE_LIBRARY.search(question.text):
        # of a grid without sensors, and of an outage that is only supposed, the model tells; of a clause the library
        intents = tuple(intent for intent in intents if intent not in _SENSED)
    unknown = unknown_sensor(question.text, seen.sensors) if seen.sensors else None
    if not intents and (about.sensors or unknown or _course(question.text, asked, about, seen)):
        intents = (Intent.MEASURED,)
    if not intents:
        return None
    asked = meant(asked, question.text, intents, seen.as_of)
    if reason := _unanswerable(question.text, intents, about, unknown, asked, seen):
        return _refused(reason, intents, about)
    sensors, reason = _sensors(question.text, intents, about, seen)
    assets = tuple(item.name for item in about.assets)
    if intents == (Intent.MEASURED,) and sensors and all(item.quantity == _OIL and item.asset for item in sensors):
        # what its oil says of a transformer, and what of it is not checked, belongs to the answer
        intents = (Intent.MEASURED, Intent.TRANSFORMERS)
        assets = tuple(dict.fromkeys([*assets, *(item.asset for item in sensors if item.asset)]))
    resolved = Resolved(
        intents=intents,
        elements=about.elements,
        sensors=tuple(item.name for item in sensors),
        assets=assets,
        quantities=quantities(question.text),
        at=asked.at,
        start=asked.start if asked.over else None,
        end=asked.end if asked.over else None,
        record=seen.incident if Intent.INCIDENTS in intents else None,
        status=ReportStatus.QUALIFIED if reason else ReportStatus.ANSWERED,
        reason=reason,
    )
    return resolved.model_copy(update={"understood": _understood(resolved, asked, seen)})


def _unanswerable(
    text: str, intents: Sequence[Intent], about: Named, unknown: str | None, asked: Asked, seen: Observable
) -> str | None:
    """Why a question about observations is not answered: a sensor, a quantity or a time that there is not."""
    if unknown is not None:
        names = [item.name for item in seen.sensors]
        return f"There is no sensor called {unknown!r}. {close_names(unknown, names)}"
    if Intent.FORECAST in intents and (about.elements or set(quantities(text)) - _LOAD_AHEAD):
        return ONLY_LOAD
    return out_of_reach(asked, seen.as_of, seen.zone, intents)


def _refused(reason: str, intents: Sequence[Intent], about: Named) -> Resolved:
    """What was understood, and why it is not answered."""
    understood = _understood(Resolved(intents=tuple(intents), elements=about.elements), Asked(), None)
    return Resolved(status=ReportStatus.REFUSED, reason=reason, understood=understood)


def _course(text: str, asked: Asked, about: Named, seen: Observable) -> bool:
    """Whether a question is about how something measured went over a time, and about no judgement of it."""
    if not asked.over or _JUDGED.search(text):
        return False
    if _COURSE.search(text) and not about.elements:
        return any(item.quantity == "load" for item in seen.sensors)
    named = {str(item) for item in about.elements}
    wanted = quantities(text)
    return any(str(item.element) in named and item.quantity in wanted for item in seen.sensors)


def _sensors(
    text: str, intents: Sequence[Intent], about: Named, seen: Observable
) -> tuple[tuple[Sensor, ...], str | None]:
    """The sensors that a question is about; which, where it names an element or a quantity instead."""
    if about.sensors or Intent.MEASURED not in intents:
        return about.sensors, None
    asked = quantities(text) or (("load",) if _COURSE.search(text) else ())
    places = {str(item) for item in about.elements}
    names = {item.name for item in about.assets}
    found = [
        item
        for item in seen.sensors
        if (not asked or item.quantity in asked)
        and ((not places and not names) or str(item.element) in places or item.asset in names)
    ]
    if not found and seen.sensors:
        return (), NOT_SAID
    return tuple(found) if asked or places or names else (), None


def _understood(resolved: Resolved, asked: Asked, seen: Observable | None) -> Statement:
    words = Words()
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
    elif back := max((LOOKS_BACK[intent] for intent in resolved.intents if intent in LOOKS_BACK), default=None):
        words.say("; no time is named: ")
        moments = seen.as_of - back, seen.as_of
    for position, moment in enumerate(item for item in moments if item is not None):
        words.say(" to " if position else "")
        words.token(time_text(moment, seen.zone), TokenKind.TIME)
