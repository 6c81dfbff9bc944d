"""What a question about short circuits says beside where: kind of fault, minimum or maximum, capacity, assumed data.

It is read from the words first and taken out of them, so that its numbers are not looked up as elements.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agents.question import Fault, Intent
from orchestrator.resolve.conversation import Before
from tools.element import ElementRef
from tools.grid.schema.short_circuit import AssumedField, Assumption, CurrentCase, FaultType

_NUMBER = r"(\d+(?:\.\d+)?)"
_FIELD = r"(?:ext_grid|gen|line|trafo|motor|sgen)\.[a-z0-9_]+"
_STATED = re.compile(
    rf"\b({_FIELD})(?: (?:of|at|for) ((?:ext_grid|gen|line|trafo|motor|sgen):\d+))?\s*(?:=|:|\bis\b|\bof\b)?\s*"
    r"(\d+(?:\.\d+)?|[yzd]n?[yzd]n?\b)",
    re.IGNORECASE,
)
_LEFT_BEHIND = re.compile(
    r"(?:(?:[,\s]|\b(?:and|with|assuming|assume|take|taking|using|use|given|say|let|set|then)\b)*\n)+[ ,]*",
    re.IGNORECASE,
)
"""What led to the data and stood between them; a line break marks where they were."""
_ABOUT = re.compile(
    r"\bshort[- ]?circuit(?:s|ed|ing)?\b(?! (?:impedance|voltage|reactance|resistance))|\bikss\b|\b[is]k''+|"
    r"\bfault (?:levels?|currents?|power|mva|ka|duty)\b|\bsc (?:current|level|power)s?\b|"
    r"\b(?:three|two|single|one|[123])[- ]?(?:phase|ph)\b.{0,30}\bfaults?\b|"
    r"\b(?:(?:three|two|single|one|[123])[- ]?(?:phase|ph)|bolted|dead) short\b|"
    r"\b\d+(?:\.\d+)? ?ka (?:breakers?|switchgear)\b|"
    r"\b(?:phase|line)[- ]to[- ](?:phase|line|ground|earth)\b|\b(?:earth|ground|bolted) faults?\b|"
    r"\bbreaking capacit(?:y|ies)\b|\biec 60909\b|\bbreakers?\b.{0,20}\d+(?:\.\d+)? ?ka\b|"
    r"\b(?:feeds?|feeding|contribut\w+)(?: in| into| to)? (?:a|the|any) fault\b",
    re.IGNORECASE,
)
_GRID_POWER = re.compile(rf"\b{_NUMBER}\s*(gva|mva)\b", re.IGNORECASE)
_GRID_RX = re.compile(rf"\br\s*/\s*x(?: ratio)?(?: of|\s*[=:])?\s*{_NUMBER}", re.IGNORECASE)
_SOURCE = re.compile(r"\b(?:ext_?grid|external grid|slack|infeed|upstream|grid connection)\b", re.IGNORECASE)
_CAPACITY = re.compile(
    r"\b(?:(?:(?:rated )?(?:breaking|interrupting|breaker|switching) (?:capacity|capability|current|rating)|breakers?|"
    r"switchgear)\b.{0,20}?|(?:above|over|exceeds?|more than|higher than|beyond|against|withstand|handle)\s+"
    r"(?:(?:the|our|its|their|a) )?)"
    rf"{_NUMBER}\s*ka\b|\b{_NUMBER}\s*ka\s+(?:breakers?|switchgear|breaking capacity)\b",
    re.IGNORECASE,
)
_KINDS = (
    (
        FaultType.LINE_TO_GROUND,
        r"(?:single|one|1)[- ]?(?:phase|ph|line)(?:[- ]to[- ](?:ground|earth))?|"
        r"(?:phase|line)[- ]to[- ](?:ground|earth)|(?:earth|ground)(?= faults?)|to (?:ground|earth)\b|\bslg\b",
    ),
    (
        FaultType.TWO_PHASE,
        r"(?:two|double|2)[- ]?(?:phase|ph)\b|(?:phase[- ]to[- ]phase|line[- ]to[- ]line)\b|\bll(?= fault)",
    ),
    (FaultType.THREE_PHASE, r"(?:three|3)[- ]?(?:phase|ph|pole)\b|\bbalanced(?= fault)|\bsymmetrical(?= fault)"),
)
_BREAKERS = re.compile(r"\b(?:circuit[- ]?)?breakers?\b(?=(?: \w+)? (?:at|on|of|in) )", re.IGNORECASE)
_BARE = re.compile(r"\bfaults?\b(?! (?:currents?|levels?|power|mva|ka|duty)\b)", re.IGNORECASE)
_AT_SOURCE = re.compile(
    r"(?:[\s,]*\b(?:assuming|assume|assumed|given|with|and|of|at|for|on|from|an?|the|fault|power|level)\b)*"
    r"[\s,]*\b(?:ext_?grid|external grid|slack|infeed|upstream(?: grid)?|grid connection)\b(?:\s+(?:of|with|and)\b)*",
    re.IGNORECASE,
)
_MINIMUM = re.compile(r"\b(?:min|minimum|minimal|smallest possible)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Stated:
    """What was read.

    Attributes:
        fault: None where the question is not about short circuits.
        rest: The question without it.
    """

    fault: Fault | None
    rest: str


def read_fault(text: str) -> Stated:
    """Read a question as it was typed."""
    fields = list(_STATED.finditer(text))
    if not fields and not _ABOUT.search(text):
        return Stated(None, text)
    text = " ".join(text.split())
    rest = _LEFT_BEHIND.sub(" ", _STATED.sub("\n", text))
    capacity = _CAPACITY.search(rest)
    if capacity:
        rest = rest.replace(capacity[0], " breaking capacity ")
    rest = _BREAKERS.sub("equipment", rest)  # else they are looked up as switches
    current = CurrentCase.MINIMUM if _MINIMUM.search(rest) else CurrentCase.MAXIMUM
    assumed, rest = _of_the_grid(rest, current)
    kind, rest = _kind(rest)
    rest = re.sub(r"\bshort[- ]?circuit(?:s|ed|ing)?\b", "fault", rest, flags=re.IGNORECASE)  # else it is a line
    rest = _BARE.sub("fault current", rest)  # else it is an outage
    if not _ABOUT.search(rest):
        rest += " fault current"
    known = {item.value for item in AssumedField}
    assumed += [_assumption(match) for match in fields if match[1].lower() in known]
    fault = Fault(
        kind=kind,
        current=current,
        breaking_capacity_ka=float(capacity[1] or capacity[2]) if capacity else None,
        assumptions=tuple(assumed),
    )
    return Stated(fault, re.sub(r"\s+", " ", rest).strip())


def fault_in_force(stated: Stated, before: Before, intents: Sequence[Intent], *, inherited: bool) -> Fault | None:
    """The fault of a question: its own, with what an earlier turn about short circuits assumed.

    Args:
        stated: What this question says.
        before: The conversation.
        intents: What the question wants.
        inherited: Whether it goes on with the question of the turn before.
    """
    if Intent.SHORT_CIRCUIT not in intents:
        return None
    old = before.last.fault if before.last else None
    fault = stated.fault or (old if inherited else None) or Fault()
    if old is None:
        return fault
    fresh = {(item.field, item.element) for item in fault.assumptions}
    kept = tuple(item for item in old.assumptions if (item.field, item.element) not in fresh)
    return fault.model_copy(update={"assumptions": (*kept, *fault.assumptions)})


def goes_on(stated: Stated, before: Before) -> tuple[ElementRef, ...]:
    """The buses of the turn before, where a question only states the data that were missing there."""
    if stated.fault is None or not stated.fault.assumptions or before.last is None or before.last.fault is None:
        return ()
    return before.last.elements


def _of_the_grid(text: str, current: CurrentCase) -> tuple[list[Assumption], str]:
    """Short-circuit power and R/X of the external grid in plain words; elsewhere such figures mean something else."""
    if not _SOURCE.search(text):
        return [], text
    least = current is CurrentCase.MINIMUM
    found = []
    if power := _GRID_POWER.search(text):
        scale = 1000.0 if power[2].lower() == "gva" else 1.0
        field = AssumedField.GRID_POWER_MIN if least else AssumedField.GRID_POWER_MAX
        found.append(Assumption(field=field, value=float(power[1]) * scale))
    if ratio := _GRID_RX.search(text):
        field = AssumedField.GRID_RX_MIN if least else AssumedField.GRID_RX_MAX
        found.append(Assumption(field=field, value=float(ratio[1])))
    if not found:
        return [], text
    return found, _AT_SOURCE.sub(" ", _GRID_RX.sub(" ", _GRID_POWER.sub(" ", text)))


def _kind(text: str) -> tuple[FaultType, str]:
    for kind, source in _KINDS:
        if re.search(rf"\b(?:{source})", text, re.IGNORECASE):
            return kind, re.sub(rf"\b(?:{source})", " ", text, flags=re.IGNORECASE)
    return FaultType.THREE_PHASE, text


def _assumption(match: re.Match[str]) -> Assumption:
    field = AssumedField(match[1].lower())
    if field is AssumedField.TRAFO_VECTOR_GROUP:
        return Assumption(field=field, value=_vector_group(match[3]), element=match[2])
    return Assumption(field=field, value=float(match[3]) if match[3][0].isdigit() else match[3], element=match[2])


def _vector_group(text: str) -> str:
    """``dyn`` as the standard writes it: the high-voltage winding in capitals.

    >>> [_vector_group(text) for text in ("dyn", "ynd", "YNyn", "zd")]
    ['Dyn', 'YNd', 'YNyn', 'Zd']
    """
    high = re.match(r"[yz]n(?=[a-z])|[yzd]", text.lower())
    return text if high is None else high[0].upper() + text.lower()[high.end() :]
