"""What is written down while a cascade runs: plain records, made into rows of the result afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field

from tools.element import ElementKind
from tools.grid.schema.cascade import CascadeOutcome, TripMechanism


@dataclass(frozen=True)
class Event:
    """As ``CascadeEvent``, the element by table and index."""

    kind: ElementKind
    index: int
    mechanism: TripMechanism
    loading_percent: float | None = None
    va_degree: float | None = None
    vm_pu: float | None = None
    frequency_hz: float | None = None
    shed_mw: float = 0.0
    generation_mw: float = 0.0


@dataclass(frozen=True)
class Balanced:
    """An energised island after a step."""

    bus: int
    buses: int
    generation_mw: float
    load_mw: float
    loss_mw: float
    frequency_hz: float


@dataclass(frozen=True)
class Step:
    """One step: when, what happened, and the islands after it."""

    time_s: float
    events: tuple[Event, ...]
    islands: tuple[Balanced, ...]
    unserved_mw: float


@dataclass
class Course:
    """What became of one initiating set; a quiet one has no steps.

    Attributes:
        dead: Which buses of the table lost supply, a bit for each, as ``numpy.packbits`` packs them.
    """

    outcome: CascadeOutcome = CascadeOutcome.CONTAINED
    steps: list[Step] = field(default_factory=list)
    lost_mw: dict[TripMechanism, float] = field(default_factory=dict)
    tripped_branches: int = 0
    tripped_generation_mw: float = 0.0
    islands: int = 1
    dead_buses: int = 0
    dead: bytes = b""
    worst_loading_percent: float | None = None
    worst_pickup_percent: float = 0.0
    lowest_hz: float | None = None
    voltage_collapses: int = 0

    @property
    def unserved_mw(self) -> float:
        """Load lost at the end."""
        return sum(self.lost_mw.values())

    @property
    def duration_s(self) -> float:
        """Time of the last event."""
        return self.steps[-1].time_s if self.steps else 0.0
