"""From the words of a question about observations to a self-contained, typed one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agents.question import Intent, Question, ReportKind, ReportStatus, Resolved, Turn
from orchestrator.observing.asked import Asked
from orchestrator.observing.bounds import meant, out_of_reach, unreadable
from orchestrator.observing.continuing import goes_on, is_observed, last_of, time_of
from orchestrator.observing.cues import observed_intents, quantities
from orchestrator.observing.observable import Observable
from orchestrator.observing.subjects import Named, named, unknown_sensor
from orchestrator.observing.times import asked_time
from orchestrator.observing.understood import say_understood
from tools.errors import close_names
from tools.grid.inventory import Inventory
from tools.telemetry.schema.sensor import Sensor

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


def observe(question: Question, inventory: Inventory, seen: Observable, turns: Sequence[Turn] = ()) -> Resolved | None:
    """Understand a question about observations; None when it is about the grid's model.

    Args:
        question: With the user's words.
        inventory: Of the grid.
        seen: What can be observed.
        turns: Earlier turns of the conversation, any order: a fragment keeps the topic of the last one.
    """
    if question.kind is not ReportKind.ANSWER:
        return None
    about = named(question.text, seen.sensors, seen.assets, inventory)
    asked = asked_time(question.text, seen.as_of, seen.zone)
    last = last_of(question.grid, turns)
    if last is not None and not (is_observed(last) and goes_on(question.text, asked, about, inventory)):
        last = None
    intents = _intents(question.text, asked, about, seen) if last is None else _of_sensors(last.intents, about)
    if not intents:
        return None
    asked = meant(asked if asked.named or last is None else time_of(last), question.text, intents, seen.as_of)
    if reason := _unanswerable(question.text, intents, about, asked, seen):
        return _refused(reason, intents, about)
    resolved = _answerable(question.text, intents, about, asked, seen)
    if last is not None:
        resolved = _kept(resolved, about, last)
    return resolved.model_copy(update={"understood": say_understood(resolved, asked, seen, goes_on=last is not None)})


def _intents(text: str, asked: Asked, about: Named, seen: Observable) -> tuple[Intent, ...]:
    """What a question asks of sensors, logs and records; empty when it is about the grid's model."""
    intents = observed_intents(text)
    if not seen.sensors or _SUPPOSED.search(text) or _OF_THE_LIBRARY.search(text):
        # of a grid without sensors, and of an outage that is only supposed, the model tells; of a clause the library
        intents = tuple(intent for intent in intents if intent not in _SENSED)
    unknown = bool(seen.sensors) and unknown_sensor(text, seen.sensors) is not None
    if not intents and (about.sensors or unknown or _course(text, asked, about, seen)):
        return (Intent.MEASURED,)
    return _of_sensors(intents, about)


def _of_sensors(intents: tuple[Intent, ...], about: Named) -> tuple[Intent, ...]:
    """Of a named sensor first what is wrong with it, then how it stands against all others and the logs."""
    if Intent.TRUST not in intents or not about.sensors:
        return intents
    return (*(intent for intent in intents if intent is not Intent.BAD_DATA), Intent.BAD_DATA)


def _answerable(text: str, intents: tuple[Intent, ...], about: Named, asked: Asked, seen: Observable) -> Resolved:
    """The typed question, before it says what was understood."""
    sensors, reason = _sensors(text, intents, about, seen)
    assets = tuple(item.name for item in about.assets)
    if intents == (Intent.MEASURED,) and sensors and all(item.quantity == _OIL and item.asset for item in sensors):
        # what its oil says of a transformer, and what of it is not checked, belongs to the answer
        intents = (Intent.MEASURED, Intent.TRANSFORMERS)
        assets = tuple(dict.fromkeys([*assets, *(item.asset for item in sensors if item.asset)]))
    return Resolved(
        intents=intents,
        elements=about.elements,
        sensors=tuple(item.name for item in sensors),
        assets=assets,
        quantities=quantities(text),
        at=asked.at,
        start=asked.start if asked.over else None,
        end=asked.end if asked.over else None,
        record=seen.incident if Intent.INCIDENTS in intents else None,
        status=ReportStatus.QUALIFIED if reason else ReportStatus.ANSWERED,
        reason=reason,
    )


def _kept(resolved: Resolved, about: Named, last: Resolved) -> Resolved:
    """What a fragment leaves to the turn before: whom it is about, and which quantities."""
    kept: dict[str, object] = {} if resolved.quantities else {"quantities": last.quantities}
    if not (about.sensors or about.assets or about.elements):
        kept |= {"elements": last.elements, "sensors": last.sensors, "assets": last.assets}
        kept |= {"status": last.status, "reason": last.reason}
    return resolved.model_copy(update=kept)


def _unanswerable(text: str, intents: Sequence[Intent], about: Named, asked: Asked, seen: Observable) -> str | None:
    """Why a question about observations is not answered: a sensor, a quantity or a time that there is not."""
    if reason := unreadable(text):
        return reason
    unknown = unknown_sensor(text, seen.sensors) if seen.sensors else None
    if unknown is not None:
        names = [item.name for item in seen.sensors]
        return f"There is no sensor called {unknown!r}. {close_names(unknown, names)}"
    if Intent.FORECAST in intents and (about.elements or set(quantities(text)) - _LOAD_AHEAD):
        return ONLY_LOAD
    return out_of_reach(asked, seen.as_of, seen.zone, intents)


def _refused(reason: str, intents: Sequence[Intent], about: Named) -> Resolved:
    """What was understood, and why it is not answered."""
    understood = say_understood(Resolved(intents=tuple(intents), elements=about.elements), Asked(), None)
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
