"""A span of states: which model state stands for which times, and the states moved to each of them.

The times of one topology share one state made by pandapower; the others are moved from it. Moving is exact but for the
tolerance of the solutions; where the batch engine cannot represent a state, every time is made whole by pandapower.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementRef
from tools.errors import InvalidArgumentError, NotSolvedError, SourceMissingError
from tools.grid.case import BASE
from tools.grid.operating_limits import OperatingLimits, operating_limits
from tools.grid.schema.span import SpanCoverage
from tools.grid.screening.moving import Moved, move
from tools.grid.screening.resident import Resident, resident
from tools.grid.slot_moves import POSITIONS, SlotMoves, slot_moves
from tools.grid.snapshot import state_of
from tools.grid.snapshot_readings import SlotValues
from tools.grid.snapshot_timeline import Timeline, timeline
from tools.grid.snapshot_topology import Topology
from tools.limits import OperatingState

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.context import ToolContext
    from tools.grid.schema.actions import Action
    from tools.limits import LimitTable

MAX_STATES = 3000
SWITCHED_SHOWN, NOT_SCREENED_SHOWN = 50, 20


@dataclass(frozen=True)
class Hypothesis:
    """What is laid over every state of the span."""

    outages: tuple[str, ...]
    actions: tuple[Action, ...]


@dataclass(frozen=True)
class MomentState:
    """The state of one moment: that of its topology, moved."""

    of: Resident
    moved: Moved
    topology: Topology
    limits: OperatingLimits


@dataclass(frozen=True)
class _Group:
    """The state that stands for a topology; None where it does not solve."""

    state: Resident | None
    value: NDArray[np.float64]
    limits: OperatingLimits
    moves: SlotMoves | None


class Span:
    """The states of a span, made when they are asked for."""

    def __init__(self, line: Timeline, hypothesis: Hypothesis, table: LimitTable) -> None:
        self._line, self._hypothesis, self._table = line, hypothesis, table
        self._positions = [place for place, slot in enumerate(line.slots) if slot.quantity in POSITIONS]
        self._groups: dict[tuple[Topology, bytes], _Group] = {}
        self.looked_at, self.unmeasured, self.unsolved = 0, 0, 0
        self.slack_lost: dict[ElementRef, None] = {}

    def states(self, moments: Sequence[datetime]) -> Iterator[tuple[datetime, MomentState | None]]:
        """Each moment with its state; None where it is not measured or does not solve."""
        values = self._line.values(moments)
        measured = self._line.reaches(values)
        for row, moment in enumerate(moments):
            self.looked_at += 1
            if not measured[row]:
                self.unmeasured += 1
                yield moment, None
                continue
            found = self._state(values, row, moment)
            self.unsolved += found is None
            yield moment, found

    def state(self, moment: datetime) -> MomentState:
        """The state of a moment that was looked at before.

        Raises:
            NotSolvedError: for a moment without a state.
        """
        found = self._state(self._line.values([moment]), 0, moment)
        if found is None:
            raise NotSolvedError(f"the state of {moment.isoformat()} has no solution")
        return found

    def whole(self, moment: datetime) -> Resident:
        """The state of a moment, made by pandapower.

        Raises:
            NotSolvedError: when it does not solve.
        """
        grid = state_of(self._line, self._line.values([moment]), 0, moment)
        return resident(grid, self._hypothesis.outages, self._hypothesis.actions, self._table)

    @property
    def case(self) -> str:
        """Label of the hypothesis that is laid over every state."""
        return next((group.state.solved.case for group in self._groups.values() if group.state is not None), BASE)

    def changes(self, start: datetime, end: datetime) -> tuple[datetime, ...]:
        """When the topology changes."""
        return self._line.switchings.changes(start, end)

    def coverage(self, start: datetime, end: datetime, step_min: int) -> SpanCoverage:
        """What was looked at so far."""
        switched = [
            ref
            for ref, events in self._line.switchings.events.items()
            if any(start < event.at <= end for event in events)
        ]
        return SpanCoverage(
            start=start,
            end=end,
            step_min=step_min,
            states=self.looked_at,
            unmeasured=self.unmeasured,
            unsolved=self.unsolved,
            not_screened=tuple(self.slack_lost)[:NOT_SCREENED_SHOWN],
            switched=tuple(switched[:SWITCHED_SHOWN]),
        )

    def _state(self, values: SlotValues, row: int, moment: datetime) -> MomentState | None:
        topology = self._line.switchings.at(moment)
        key = topology, values.value[row, self._positions].tobytes()
        if key not in self._groups:
            self._groups[key] = self._group(values, row, moment)
        group = self._groups[key]
        if group.state is None or group.moves is None:
            return None
        if group.state.model is None:
            raise InvalidArgumentError(
                f"since: a span of this grid cannot be looked at, because {group.state.alone_because}; "
                "right would be single times"
            )
        self.slack_lost.update((group.state.refs[circuit], None) for circuit in sorted(group.state.slack_lost))
        now = values.value[row]
        moved = move(group.state, group.moves.move(now, now - group.value))
        return None if moved is None else MomentState(group.state, moved, topology, group.limits)

    def _group(self, values: SlotValues, row: int, moment: datetime) -> _Group:
        state = self._whole(values, row, moment)
        normal = OperatingState.CONTINGENCY if self._hypothesis.outages else OperatingState.NORMAL
        limits = operating_limits(self._line.model.net, self._table, normal)
        moves = None if state is None else slot_moves(self._line.slots, state)
        return _Group(state, values.value[row].copy(), limits, moves)

    def _whole(self, values: SlotValues, row: int, moment: datetime) -> Resident | None:
        grid = state_of(self._line, values, row, moment)
        try:
            return resident(grid, self._hypothesis.outages, self._hypothesis.actions, self._table)
        except NotSolvedError:
            return None


def span_of(ctx: ToolContext, hypothesis: Hypothesis, start: datetime, end: datetime) -> Span:
    """The span of a run's grid.

    Raises:
        SourceMissingError: without telemetry of the grid's inputs: every time would be the model's own.
    """
    line = timeline(ctx.loaded_grid(), ctx.need_telemetry(), ctx.logs, ctx.outages, (start, end))
    if not line.is_measured:
        raise SourceMissingError("telemetry of the grid's loads and units")
    return Span(line, hypothesis, ctx.limits)


def moments_of(span: Span, start: datetime, end: datetime, step_min: int) -> tuple[datetime, ...]:
    """The times that are looked at: every step, the end, and each moment at which the topology changes.

    Raises:
        InvalidArgumentError: when the span is empty or has too many steps.
    """
    if start >= end:
        raise InvalidArgumentError(f"since {start.isoformat()} is not before at {end.isoformat()}")
    steps = int((end - start) / timedelta(minutes=step_min))
    if steps > MAX_STATES:
        raise InvalidArgumentError(
            f"step_min {step_min} gives {steps} states from {start.isoformat()} to {end.isoformat()}; right would "
            f"be at most {MAX_STATES}, so a longer step or a shorter span"
        )
    grid = {start + timedelta(minutes=step_min) * step for step in range(steps + 1)}
    return tuple(sorted(grid | {end} | set(span.changes(start, end))))
