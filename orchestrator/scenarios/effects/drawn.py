"""One trouble with everything about it decided: when, where, how much, and what it changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from orchestrator.scenarios.physics import World
from orchestrator.simulation.log_lines import Line
from orchestrator.simulation.measuring import Fault
from orchestrator.simulation.messages import Message
from tools.telemetry.schema.operations import OutageRecord

if TYPE_CHECKING:
    from numpy.random import Generator

    from orchestrator.scenarios.schema.troubles import Lasting, Trouble, TroubleKind
    from orchestrator.scenarios.timeline import Timeline


@dataclass(frozen=True)
class Magnitude:
    """How much: ``unit`` is pandapower's suffix or a word such as sigma."""

    value: float
    unit: str


@dataclass(frozen=True)
class When:
    """Steps of a trouble, the end excluded."""

    start: int
    end: int


@dataclass(frozen=True)
class Drawn:
    """One trouble, decided.

    Attributes:
        label: How expectations name it.
        kind: Which kind.
        subject: What a finding of it is about: line:5, sensor:NAME, host:NAME, account:NAME.
        when: Its steps.
        magnitude: How much.
        cause: Why it happens, in a few words.
        culprit: What is at fault, where that is not the subject.
        change: What it does to the physics; None where the grid is as it was.
        fault: What it does to the readings of the subject; None where sensors are right.
        faults: What it does to the readings of further sensors, by name.
        lines: What logs say of it.
        record: The outage as the control room records it.
        messages: What it sends over the network.
        touched: Further subjects that a finding may well be about.
    """

    label: str
    kind: TroubleKind
    subject: str
    when: When
    magnitude: Magnitude
    cause: str
    culprit: str = ""
    change: Callable[[World], World] | None = None
    fault: Fault | None = None
    faults: tuple[tuple[str, Fault], ...] = ()
    lines: tuple[Line, ...] = ()
    record: OutageRecord | None = None
    messages: tuple[Message, ...] = ()
    touched: tuple[str, ...] = ()

    @property
    def falsified(self) -> dict[str, Fault]:
        """What it does to readings, by sensor."""
        own = {self.subject.removeprefix("sensor:"): self.fault} if self.fault is not None else {}
        return {**own, **dict(self.faults)}


def pick(chance: Generator, span: tuple[float, float]) -> float:
    """A number of a range; the ends of a range of one number are that number."""
    return float(chance.uniform(*span))


def pick_count(chance: Generator, span: tuple[int, int]) -> int:
    """A whole number of a range, both ends included."""
    return int(chance.integers(span[0], span[1] + 1))


def draw_time(trouble: Lasting, timeline: Timeline, chance: Generator) -> When:
    """Begin and end of a trouble that lasts; at least one step, cut off at the period's end."""
    start = draw_start(trouble, timeline, chance)
    length = max(1, round(pick(chance, trouble.duration_min) * 60 / timeline.step_s))
    return When(start, min(start + length, timeline.steps))


def draw_start(trouble: Trouble, timeline: Timeline, chance: Generator) -> int:
    """The step at which a trouble begins; one step before it is left, so that there is a before."""
    return min(max(1, timeline.step_of(pick(chance, trouble.start_min))), timeline.steps - 1)
