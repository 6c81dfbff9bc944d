"""A branch that trips before the evening peak, so that some further outage would break a limit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from orchestrator.demoday.clock import at_minute
from orchestrator.demoday.grid import demo_grid
from orchestrator.demoday.records import UNDER_PERMIT
from orchestrator.demoday.security import screen_minutes
from orchestrator.demoday.truth import Truth
from orchestrator.simulation.flows import Topology, meshed_branches, solve_steps, topology
from orchestrator.simulation.staff import SCADA
from tools.element import ElementKind, ElementRef
from tools.telemetry.schema.log import LogKind
from tools.telemetry.schema.operations import OutageKind, OutageRecord

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray

    from orchestrator.simulation.book import Book
    from orchestrator.simulation.injections import Injections

KIND = "n1_insecure"
START, END = (17 * 60 + 15, 18 * 60 + 15), (19 * 60 + 40, 20 * 60 + 40)
"""First and last minutes at which the branch trips, and at which it is back."""
LEAST_LOADING_PERCENT = 103.0
"""Worst loading after a further outage, at every minute: insecure by more than measurements err."""
_PEAK = 19 * 60
_TRIES = 200
_CAUSES = ("lightning", "flashover", "protection operated")


@dataclass(frozen=True)
class EveningOutage:
    """A branch out from ``start`` to ``end``, minutes of the day, the end excluded.

    Attributes:
        branch: The branch.
        start, end: Minutes.
        of: The grid without it.
        voltage: Voltages of these minutes.
        cause: As the control room records it.
    """

    branch: ElementRef
    start: int
    end: int
    of: Topology
    voltage: NDArray[np.complex128]
    cause: str

    @property
    def minutes(self) -> NDArray[np.int64]:
        """The minutes without the branch."""
        return np.arange(self.start, self.end)

    @property
    def buses(self) -> frozenset[int]:
        """Where the branch ends."""
        row = self.of.solved.net[self.branch.kind.value].loc[self.branch.index]
        ends = ("from_bus", "to_bus") if self.branch.kind is ElementKind.LINE else ("hv_bus", "lv_bus")
        return frozenset(int(row[end]) for end in ends)

    def truth(self) -> Truth:
        """Insecure at every minute of the outage, which ``draw_evening`` has proven."""
        return Truth(KIND, str(self.branch), at_minute(self.start), at_minute(self.end - 1), "security")

    def record(self, number: int) -> OutageRecord:
        """The outage as the control room records it; nobody loses supply."""
        start, end = at_minute(self.start), at_minute(self.end)
        return OutageRecord(
            id=f"demo-outage-{number:04d}",
            element=self.branch,
            kind=OutageKind.FORCED,
            start=start,
            end=end,
            expected_end=start + timedelta(minutes=120),
            cause=self.cause,
            simulated=True,
        )

    def write(self, book: Book) -> None:
        """Write the trip and the return into the logs."""
        for minute, action, closed, why in (
            (self.start, "open", False, f"tripped, {self.cause}"),
            (self.end, "close", True, "back in service"),
        ):
            at, text = at_minute(minute), f"{self.branch} {action}: {why}"
            common = {"host": SCADA, "element": self.branch, "closed": closed}
            origin = None if closed else "protection"
            book.add(LogKind.SWITCHING, at, origin=origin, action=action, text=text, **common)
            told = "return" if closed else "raise"
            book.add(LogKind.ALARM, at, action=told, text=f"circuit breakers of {self.branch}: {action}", **common)


def draw_evening(chance: Generator, whole: Topology, powers: Injections) -> EveningOutage:
    """A branch and a time such that every minute of its outage is insecure, and no limit is broken before it.

    It is none where people are at work.

    Raises:
        ArithmeticError: when no branch and time like that is found.
    """
    branches = [branch for branch in meshed_branches(whole) if str(branch) not in UNDER_PERMIT]
    for _ in range(_TRIES):
        branch = branches[int(chance.integers(len(branches)))]
        start, end = int(chance.integers(START[0], START[1] + 1)), int(chance.integers(END[0], END[1] + 1))
        cause = str(chance.choice(_CAUSES))
        of = topology(demo_grid(), (str(branch),))
        if _insecure(of, powers, np.array((start, end - 1, _PEAK))) is None:  # spares most of the work
            continue
        voltage = _insecure(of, powers, np.arange(start, end))
        if voltage is not None:
            return EveningOutage(branch, start, end, of, voltage, cause)
    raise ArithmeticError(f"no branch was found whose outage makes the evening insecure, in {_TRIES} tries")


def _insecure(of: Topology, powers: Injections, minutes: NDArray[np.int64]) -> NDArray[np.complex128] | None:
    """Voltages of these minutes when each of them is insecure for sure; else None."""
    voltage = solve_steps(of, powers, minutes)
    security = screen_minutes(of, powers, minutes, voltage)
    clear = security.loading_percent.min() >= LEAST_LOADING_PERCENT and security.insecure.min() > 0
    return voltage if clear and security.base.max() == 0 else None
