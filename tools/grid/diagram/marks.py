"""What the state of each drawn element is, in the few words that a picture can show."""

from dataclasses import dataclass, field
from enum import StrEnum

from tools.grid.schema.common import BranchState, BusState


class BusMark(StrEnum):
    """How a bus is drawn."""

    NORMAL = "normal"
    LOW = "low"
    HIGH = "high"
    DEAD = "dead"
    UNKNOWN = "unknown"


class BranchMark(StrEnum):
    """How a branch is drawn; ``out`` is an outage of the hypothesis, ``open`` is out of service in the model."""

    NORMAL = "normal"
    OVERLOADED = "overloaded"
    OUT = "out"
    OPEN = "open"
    DEAD = "dead"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Overlay:
    """The solved state as a picture shows it, keyed by canonical element.

    Attributes:
        solved: False when the state has no solution; then no bus or branch carries a value.
        loading_meaningful: False when no drawn branch has a rating that can be read.
        buses: Every drawn bus.
        branches: Every drawn branch.
        bus_states: Values of the energised buses.
        branch_states: Values of the branches in service.
    """

    solved: bool
    loading_meaningful: bool
    buses: dict[str, BusMark] = field(default_factory=dict)
    branches: dict[str, BranchMark] = field(default_factory=dict)
    bus_states: dict[str, BusState] = field(default_factory=dict)
    branch_states: dict[str, BranchState] = field(default_factory=dict)
