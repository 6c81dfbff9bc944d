"""Two states side by side: which violations are new or deeper, and which outages are worse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementRef
from tools.grid.schema.limit_check import Violation, ViolationKind
from tools.grid.screening.rows import outcomes
from tools.grid.screening.security import LOSS_TOLERANCE_MW
from tools.grid.screening.study import study_of
from tools.grid.verdict import SecurityFacts
from tools.vocabulary import OutageOutcome

if TYPE_CHECKING:
    from tools.grid.screening.resident import Resident
    from tools.grid.screening.screen import Screened
    from tools.grid.screening.security import Security

# What counts as deeper, in points: a hundredth of a pu, or one percent of a rating or of a unit's limit.
DEEPER_POINTS = 0.1
POINTS_PER_PU = 100.0


@dataclass(frozen=True)
class ViolationChange:
    """Violations of two states, by element and kind.

    Attributes:
        new: After and not before, in the order of the state after.
        deeper: Before, and further after.
        cleared: Before and not after.
    """

    new: tuple[Violation, ...]
    deeper: int
    cleared: int


@dataclass(frozen=True)
class ScreenedState:
    """A state with its screened outages."""

    state: Resident
    screened: Screened
    claim: Security

    @property
    def facts(self) -> SecurityFacts:
        """The security of the state as the verdict sees it; violations of islanding outages count too."""
        figures = self.screened.figures
        solved = figures["solved"]
        broken = solved & ((_broken(self.screened) - figures["units"] + figures["new_units"]) > 0)
        return SecurityFacts(
            secure=self.claim.secure,
            insecure=int(broken.sum()),
            diverged=int((~solved).sum()),
            avoidable=sum(self.claim.avoidable),
            depth=float(figures["depth"].sum()),
        )

    def count(self, outcome: OutageOutcome) -> int:
        """Outages with this outcome."""
        return sum(one is outcome for one in outcomes(study_of(self.state, self.screened)))


def compare_violations(before: Sequence[Violation], after: Sequence[Violation]) -> ViolationChange:
    """What an action does to the violations of a state."""
    depth_before = {(item.element, item.kind): depth_points(item) for item in before}
    keys_after = {(item.element, item.kind) for item in after}
    stood = [item for item in after if (item.element, item.kind) in depth_before]
    return ViolationChange(
        new=tuple(item for item in after if (item.element, item.kind) not in depth_before),
        deeper=sum(depth_points(item) > depth_before[item.element, item.kind] + DEEPER_POINTS for item in stood),
        cleared=len(depth_before.keys() - keys_after),
    )


def depth_points(violation: Violation) -> float:
    """How far a limit is exceeded, in points (see ``DEEPER_POINTS``)."""
    match violation.kind:
        case ViolationKind.UNDERVOLTAGE | ViolationKind.OVERVOLTAGE:
            value, limit, scale = violation.vm_pu, violation.limit_pu, POINTS_PER_PU
        case ViolationKind.OVERLOAD:
            value, limit, scale = violation.loading_percent, violation.limit_percent, 1.0
        case ViolationKind.ACTIVE_POWER:
            value, limit = violation.p_mw, violation.limit_p_mw
            scale = _percent_of(limit)
        case ViolationKind.REACTIVE_POWER:
            value, limit = violation.q_mvar, violation.limit_q_mvar
            scale = _percent_of(limit)
    assert value is not None  # noqa: S101 - a violation carries the fields of its kind
    assert limit is not None  # noqa: S101
    return abs(value - limit) * scale


def _percent_of(limit: float | None) -> float:
    # a limit of zero, as of a unit that may not absorb, is measured in MVA
    return 100.0 / max(abs(limit or 0.0), 1.0)


def worse_outages(before: ScreenedState, after: ScreenedState) -> tuple[ElementRef, ...]:
    """Outages that end worse with the action than without it, worst first by table order.

    Worse is: it solves no more, leaves more load without supply, violates more limits, or violates them deeper. An
    outage that is possible in one of the states only is not compared.
    """
    place_before = {before.state.refs[circuit]: k for k, circuit in enumerate(before.screened.asked.tolist())}
    broken_before, broken_after = _broken(before.screened), _broken(after.screened)
    worse = []
    for k, circuit in enumerate(after.screened.asked.tolist()):
        ref = after.state.refs[circuit]
        j = place_before.get(ref)
        if j is None:
            continue
        old, new = before.screened.figures[j], after.screened.figures[k]
        if not new["solved"] or not old["solved"]:
            is_worse = bool(old["solved"] and not new["solved"])
        else:
            is_worse = bool(broken_after[k] > broken_before[j] or new["depth"] > old["depth"] + DEEPER_POINTS)
        if is_worse or _lost(after, ref) > _lost(before, ref) + LOSS_TOLERANCE_MW:
            worse.append(ref)
    return tuple(worse)


def _broken(screened: Screened) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Violated limits after each outage, those of units that stood before it included."""
    figures = screened.figures
    total: np.ndarray[tuple[int], np.dtype[np.int64]] = (
        figures["new_overloads"] + figures["new_voltages"] + figures["standing"] + figures["units"]
    )
    return total


def _lost(state: ScreenedState, ref: ElementRef) -> float:
    """Load without supply after an outage, what stood without it before included.

    An action that brings load back must not look worse for hanging it on a branch that can fail. More generation
    behind a bridge is no loss that the action causes.
    """
    dead = np.isin(state.state.arrays.bus_index, list(state.state.dead_buses(ref)))
    return float(state.state.demand_mw[dead].sum())
