"""Words that ask for what was measured, logged or recorded, rather than for what the model would do."""

import re
from functools import cache
from importlib.resources import files

import yaml

from agents.question import Intent

_QUANTITIES = (
    ("ambient_temperature", r"ambient(?: temperature)?|outside temperature|air temperature|weather"),
    ("top_oil_temperature", r"(?:top[- ])?oil(?: temperature)?"),
    ("q", r"reactive(?: power)?|mvars?"),
    ("vm", r"voltages?|volts?|kv"),
    ("p", r"active power|power|flows?|mw|output|megawatts?"),
    ("load", r"system load|total load|demand"),
    ("i", r"currents?|amps?|amperes?"),
)


@cache
def _cues() -> tuple[tuple[Intent, re.Pattern[str]], ...]:
    listed = yaml.safe_load((files("orchestrator.observing") / "cues.yaml").read_text(encoding="utf-8"))
    return tuple(
        (Intent(name), re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)) for name, patterns in listed.items()
    )


def observed_intents(text: str) -> tuple[Intent, ...]:
    """What a question asks of sensors, logs and records; empty when it asks of the grid's model only.

    A measured value named beside a specific matter, as in "faulty sensors", is that matter; so is an incident.

    >>> observed_intents("which sensors cannot be trusted?")
    (<Intent.TRUST: 'trust'>,)
    """
    found = tuple(intent for intent, pattern in _cues() if pattern.search(text))
    if Intent.INCIDENTS in found:
        return (Intent.INCIDENTS,)
    return found if len(found) <= 1 else tuple(intent for intent in found if intent is not Intent.MEASURED)


def quantities(text: str) -> tuple[str, ...]:
    """Measured quantities that a question names, in the vocabulary of sensors.

    >>> quantities("the oil temperature and the voltage")
    ('top_oil_temperature', 'vm')
    """
    return tuple(name for name, words in _QUANTITIES if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE))
