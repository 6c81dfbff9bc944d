"""Outages of one state, solved and measured, whatever goes out together in each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from tools.element import ElementRef
    from tools.grid.screening.monitor import Monitor
    from tools.grid.screening.resident import Resident
    from tools.grid.screening.screen import Screened


@dataclass(frozen=True)
class OutageSet:
    """What one event takes out.

    Attributes:
        refs: The elements, at least one.
        group: Name of the common mode; empty for single outages and pairs.
    """

    refs: tuple[ElementRef, ...]
    group: str = ""


@dataclass(frozen=True)
class Solution:
    """One solved outage.

    Attributes:
        voltage: By bus of the matrix, pu; zero without supply.
        opened: Branch rows that are open.
        monitor: What is watched; without the units that are out.
        moved_slack: Unit that balances because the slack is lost; None otherwise.
    """

    voltage: NDArray[np.complex128]
    opened: NDArray[np.int64]
    monitor: Monitor
    moved_slack: ElementRef | None = None


@dataclass(frozen=True)
class Study:
    """Figures of outages, in the order in which they were asked for.

    Attributes:
        outages: What goes out in each.
        figures: See ``reduction.FIGURES``.
        lost_load_mw: Load cut off by each.
        lost_generation_mw: Generation cut off by each, the output of units that are themselves out included.
        dead_buses: Buses without supply after each.
        bridge: Whether the topology makes each lose load or generation.
        dark: Whether no bus has a source any more.
        by_pandapower: Outages that pandapower solved.
        not_retried: Outages left unsolved by the batch and not tried again.
        solution: Solves one of the outages again, or finds it in memory, for the rows that are shown.
    """

    outages: Sequence[OutageSet]
    figures: NDArray[np.void]
    lost_load_mw: NDArray[np.float64]
    lost_generation_mw: NDArray[np.float64]
    dead_buses: NDArray[np.int64]
    bridge: NDArray[np.bool_]
    dark: NDArray[np.bool_]
    by_pandapower: int
    not_retried: int
    solution: Callable[[int], Solution]

    @property
    def asked(self) -> NDArray[np.int64]:
        """Places of the outages, the last word on their rank."""
        return np.arange(len(self.figures))


def study_of(state: Resident, screened: Screened) -> Study:
    """Single outages of circuits as a study."""
    asked = screened.asked.tolist()

    def solution(place: int) -> Solution:
        return Solution(screened.voltage(place), state.opened[asked[place]], state.monitor)

    return Study(
        outages=tuple(OutageSet((state.refs[circuit],)) for circuit in asked),
        figures=screened.figures,
        lost_load_mw=screened.lost_load_mw,
        lost_generation_mw=screened.lost_generation_mw,
        dead_buses=np.array([len(state.dead[circuit]) for circuit in asked], dtype=np.int64),
        bridge=(screened.lost_load_mw > 0) | (screened.lost_generation_mw > 0),
        dark=np.zeros(len(asked), dtype=bool),
        by_pandapower=screened.by_pandapower,
        not_retried=screened.not_retried,
        solution=solution,
    )


def joined(first: Study, second: Study) -> Study:
    """Two studies of one state, one after the other."""
    size = len(first.figures)

    def solution(place: int) -> Solution:
        return first.solution(place) if place < size else second.solution(place - size)

    return Study(
        outages=(*first.outages, *second.outages),
        figures=np.concatenate((first.figures, second.figures)),
        lost_load_mw=np.concatenate((first.lost_load_mw, second.lost_load_mw)),
        lost_generation_mw=np.concatenate((first.lost_generation_mw, second.lost_generation_mw)),
        dead_buses=np.concatenate((first.dead_buses, second.dead_buses)),
        bridge=np.concatenate((first.bridge, second.bridge)),
        dark=np.concatenate((first.dark, second.dark)),
        by_pandapower=first.by_pandapower + second.by_pandapower,
        not_retried=first.not_retried + second.not_retried,
        solution=solution,
    )
