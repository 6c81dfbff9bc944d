"""The steps that can be taken, and what each makes of the state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tools.grid.schema.restoration import RestorationAction

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tools.element import ElementRef
    from tools.grid.restoring.status import Status
    from tools.grid.restoring.subject import Subject


@dataclass(frozen=True)
class Margin:
    """What a step leaves free in the restored part.

    Attributes:
        vm_pu: Above the lowest voltage allowed.
        loading_share: Of the loadings allowed, what it may use.
    """

    vm_pu: float
    loading_share: float


@dataclass(frozen=True)
class Move:
    """One step.

    Attributes:
        action: What is done.
        at: Position of what it is done to, among branches, units, loads or shunts.
        bus: A bus of the matrix that has voltage once it is done.
        amount_mw: Load block.
        raised: Units that hold the voltage of the model from then on.
        margin: What it leaves for the cranking and the switching to come; None where nothing is kept.
    """

    action: RestorationAction
    at: int
    bus: int
    amount_mw: float = 0.0
    raised: frozenset[int] = frozenset()
    margin: Margin | None = None

    @property
    def key(self) -> tuple[RestorationAction, int]:
        """What stands for the step, whatever its amount."""
        return (self.action, self.at)

    def element(self, subject: Subject) -> ElementRef:
        """What it is done to."""
        if self.action in _OF_BRANCHES:
            return subject.wiring.branches[self.at].ref
        if self.action is RestorationAction.PICK_UP:
            return subject.loads[self.at].ref
        if self.action is RestorationAction.SHUNT:
            return subject.shunts[self.at].ref
        return subject.units[self.at].ref


_OF_BRANCHES = frozenset({RestorationAction.ENERGISE, RestorationAction.JOIN, RestorationAction.CLOSE})


def carry_out(subject: Subject, status: Status, move: Move, ready_min: float = 0.0) -> Status:
    """The state after a step.

    Args:
        subject: What is restored.
        status: The state before it; not changed.
        move: The step.
        ready_min: When a unit that it cranks can be synchronised.
    """
    if move.action in _OF_BRANCHES or move.action is RestorationAction.START:
        return _energised(subject, status, move)
    if move.action is RestorationAction.PICK_UP:
        served = status.served_mw.copy()
        served[move.at] += move.amount_mw
        return replace(status, served_mw=served)
    if move.action is RestorationAction.SHUNT:
        return replace(status, shunts=status.shunts | {move.at})
    if move.action is RestorationAction.CRANK:
        return replace(status, cranking={**status.cranking, move.at: ready_min})
    raised = status.raised | move.raised
    if move.action is RestorationAction.RAISE:
        return replace(status, raised=raised)
    left = {unit: ready for unit, ready in status.cranking.items() if unit != move.at}
    return replace(status, cranking=left, online=status.online | {move.at}, raised=raised)


def _energised(subject: Subject, status: Status, move: Move) -> Status:
    """Voltage where it was dark, or two places that have it joined."""
    closed, lit, online = status.closed, status.lit.copy(), status.online
    if move.action is RestorationAction.START:
        online = online | {move.at}
        lit[subject.units[move.at].bus] = True
    else:
        branch, arrays = subject.wiring.branches[move.at], subject.wiring.arrays
        closed = closed.copy()
        closed[branch.rows] = True
        lit[arrays.start[branch.rows]] = lit[arrays.end[branch.rows]] = True
    return replace(status, closed=closed, lit=lit, online=online, shunts=status.shunts | _reactors(subject, lit))


def _reactors(subject: Subject, lit: NDArray[np.bool_]) -> set[int]:
    """Shunts that come with their bus: capacitors wait until the voltage asks for them."""
    return {at for at, one in enumerate(subject.shunts) if one.q_mvar >= 0 and lit[one.bus]}
