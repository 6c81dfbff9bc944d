"""What stands out, judged: the rules by which evidence decides between attack, fault and truth.

An added constant and a wrong calibration are the same to physics, so a step of one sensor is decided by whether
somebody had a hand in it, and by nothing else; without logs it stays undecided. What no sensor fault does is decided
without logs: a repetition of noise, and readings of a station that are wrong and still add up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.security.bad_data.places import Reach
from tools.security.schema.bad_data import BadDataKind, Discriminator, Evidence, FaultShape
from tools.vocabulary import Confidence

if TYPE_CHECKING:
    from tools.security.schema.bad_data import LogTrace

_INJECTION, _REPLAY, _FAULT, _REAL, _OPEN = (
    BadDataKind.INJECTION,
    BadDataKind.REPLAY,
    BadDataKind.SENSOR_FAULT,
    BadDataKind.REAL_EVENT,
    BadDataKind.UNDECIDED,
)
_LOW, _MEDIUM, _HIGH = Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH
_SHAPES = {
    FaultShape.DRIFT: (Discriminator.CREEPS, "creeps away from the truth, as a transducer does that ages"),
    FaultShape.STUCK: (Discriminator.HELD, "holds one value, as a frozen transmitter does"),
    FaultShape.SPIKE: (Discriminator.EXCURSION, "a short excursion, as from a disturbed transmission"),
    FaultShape.DROPOUT: (Discriminator.ABSENT, "sends nothing or only a part, as with a lost link"),
}
_SEVERAL = 3


@dataclass(frozen=True)
class Hand:
    """What the logs say of somebody who may have done it.

    Attributes:
        rows: Findings near, the most telling first.
        looked: Whether any log of accesses, commands or messages was there to look at.
    """

    rows: tuple[LogTrace, ...]
    looked: bool

    @property
    def came_in(self) -> bool:
        """Whether somebody was inside."""
        return any(row.came_in for row in self.rows)

    @property
    def came_before(self) -> bool:
        """Whether somebody was inside before what stands out, and not only at about that time."""
        return any(row.came_in and row.before for row in self.rows)

    @property
    def when(self) -> str:
        """When somebody was inside, by the logs."""
        return "shortly before" if self.came_before else "at about that time"

    @property
    def names_it(self) -> bool:
        """Whether a command names what is wrong."""
        return any(row.came_in and row.names_it for row in self.rows)

    def evidence(self) -> tuple[Evidence, ...]:
        """What that speaks for."""
        if self.came_in:
            inside = _for(Discriminator.CAME_IN if self.came_before else Discriminator.CAME_IN_THEN, _INJECTION)
            return (_for(Discriminator.NAMES_IT, _INJECTION), inside) if self.names_it else (inside,)
        if self.rows:
            then = any(row.before for row in self.rows)
            return (_for(Discriminator.TRIED if then else Discriminator.TRIED_THEN, _OPEN),)
        if self.looked:
            return (_for(Discriminator.NO_TRACE, _FAULT),)
        return (_for(Discriminator.NO_LOG, _OPEN),)


@dataclass(frozen=True)
class Verdict:
    """What it is, how sure that is, and why.

    Attributes:
        kind: Attack, fault, truth, or undecided.
        confidence: By rule.
        evidence: Most decisive first.
        cause: In a few words, no digits.
    """

    kind: BadDataKind
    confidence: Confidence
    evidence: tuple[Evidence, ...]
    cause: str


def of_repetition(sensors: int, contradicted: bool, hand: Hand) -> Verdict:
    """Readings that repeat earlier ones."""
    many = sensors > 1
    found = [_for(Discriminator.REPEATED, _REPLAY)]
    found += [_for(Discriminator.REPEATED_BY_MANY, _REPLAY)] if many else []
    found += [_for(Discriminator.CONTRADICTED, _OPEN)] if contradicted else []
    found += [one for one in hand.evidence() if one.discriminator is not Discriminator.NO_TRACE]
    cause = "plays earlier readings once more; a source that fills gaps with old readings would look the same"
    return Verdict(_REPLAY, _HIGH if hand.came_in or contradicted or many else _MEDIUM, tuple(found), cause)


def of_shape(shape: FaultShape, clear: bool, contradicted: bool, hand: Hand) -> Verdict:
    """Errors that come as sensors err: drift, a held value, an excursion, missing readings."""
    discriminator, cause = _SHAPES[shape]
    found = (_for(discriminator, _FAULT), *((_for(Discriminator.CONTRADICTED, _OPEN),) if contradicted else ()))
    found = (*found, *hand.evidence())
    if hand.names_it:
        return Verdict(_OPEN, _LOW, found, f"{cause}; but somebody who should not commanded this element {hand.when}")
    confidence = _LOW if hand.came_in else _HIGH if clear else _MEDIUM
    return Verdict(_FAULT, confidence, found, cause)


def of_step(reach: Reach, hand: Hand) -> Verdict:
    """One sensor, or one transducer, that is wrong by a constant from one moment on."""
    place = Discriminator.TRANSDUCER if reach is Reach.TRANSDUCER else Discriminator.CONTRADICTED
    found = (*hand.evidence(), _for(place, _OPEN), _for(Discriminator.CONSTANT, _OPEN))
    if hand.came_in:
        cause = f"an added value: it came at once, and {hand.when} somebody who should not was inside"
        return Verdict(_INJECTION, _HIGH if hand.names_it else _MEDIUM, found, cause)
    if hand.looked and not hand.rows:
        cause = "a wrong calibration or a replaced sensor; an added value would look the same, and left no trace"
        return Verdict(_FAULT, _LOW, found, cause)
    return Verdict(_OPEN, _LOW, found, "a wrong calibration or an added value: physics does not tell them apart")


def of_station(adds_up: bool, one_factor: bool, hand: Hand) -> Verdict:
    """Several readings of one station that are wrong over the same time."""
    if adds_up and not one_factor:
        found = (_for(Discriminator.ADDS_UP, _INJECTION), *hand.evidence())
        cause = "readings of a station falsified so that they add up; the far ends of its branches say otherwise"
        return Verdict(_INJECTION, _HIGH if hand.came_in else _MEDIUM, found, cause)
    why = Discriminator.COMMON_FACTOR if one_factor else Discriminator.SCATTERED
    found = (_for(why, _FAULT if one_factor else _OPEN), *hand.evidence())
    if hand.came_in:
        cause = f"several readings of a station falsified; {hand.when} somebody who should not was inside"
        return Verdict(_INJECTION, _MEDIUM, found, cause)
    if one_factor and hand.looked and not hand.rows:
        return Verdict(
            _FAULT, _LOW, found, "all readings of the station are wrong by one factor, as from a wrong scaling"
        )
    return Verdict(_OPEN, _LOW, found, "several readings of a station are wrong: its equipment, or somebody in it")


def of_lone(spike: bool, hand: Hand) -> Verdict:
    """A jump of a sensor that nothing else can confirm or contradict."""
    found = (_for(Discriminator.UNSUPPORTED, _OPEN), *hand.evidence())
    if spike and not hand.came_in:
        found = (_for(Discriminator.EXCURSION, _FAULT), *found)
        return Verdict(_FAULT, _LOW, found, _SHAPES[FaultShape.SPIKE][1])
    return Verdict(_OPEN, _LOW, found, "left its own course at once; no other measurement can say whether it is true")


def of_movement(moved: int, consistent: bool, logged: bool, hand: Hand) -> Verdict:
    """Something that moved, and that no measurement contradicts."""
    found: list[Evidence] = [_for(Discriminator.LOGGED, _REAL)] if logged else []
    found += [_for(Discriminator.CONSISTENT, _REAL)] if consistent else [_for(Discriminator.UNSUPPORTED, _OPEN)]
    found += [_for(Discriminator.MOVED_TOGETHER, _REAL)] if moved > 1 else []
    if hand.came_in and not logged:
        found = [*hand.evidence(), *found]
        cause = "fits all measurements; but somebody who should not was inside, and falsified as a whole it would too"
        return Verdict(_OPEN, _LOW, tuple(found), cause)
    found += [one for one in hand.evidence() if one.discriminator is not Discriminator.NO_TRACE]
    if not consistent and moved <= 1 and not logged:
        cause = "moved at once; no other measurement can say whether it is true"
        return Verdict(_OPEN, _LOW, tuple(found), cause)
    sure = logged or (consistent and moved >= _SEVERAL)
    return Verdict(_REAL, _HIGH if sure else _MEDIUM, tuple(found), "the grid moved, and the measurements show it")


def _for(discriminator: Discriminator, kind: BadDataKind) -> Evidence:
    return Evidence(discriminator=discriminator, speaks_for=kind)
