"""The sequence: cranking power first, then critical loads, then the rest by size, each step only if it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from tools.errors import NotSolvedError
from tools.grid.restoring.blocks import BlockRule
from tools.grid.restoring.broken import Broken
from tools.grid.restoring.course import Course
from tools.grid.restoring.flow import Flow
from tools.grid.restoring.moves import Move
from tools.grid.restoring.paths import Way, Ways
from tools.grid.restoring.plant import ORDINARY
from tools.grid.schema.restoration import RefusalReason, RestorationAction

if TYPE_CHECKING:
    from tools.grid.restoring.status import Status
    from tools.grid.restoring.subject import Subject
    from tools.grid.restoring.trial import Trial

MOST_STEPS = 5000
# A refused step is tried again once load has grown by this share, or units were added.
_GROWN = 0.1
# A block that breaks a limit is tried again in these shares.
_PARTS = (1.0, 0.5, 0.25)
_SAME_MW = 1e-6
# The live part must come out as pandapower solved it.
_SAME_PU = 1e-6
# What more load can cure; the rest waits for units, shunts, loops or the end.
_HELPED_BY_LOAD = frozenset({RefusalReason.OVERVOLTAGE, RefusalReason.REACTIVE, RefusalReason.MINIMUM})
_HELPED_BY_LOOPS = frozenset(
    {
        RefusalReason.OVERLOAD,
        RefusalReason.UNDERVOLTAGE,
        RefusalReason.ANGLE,
        RefusalReason.VOLTAGE_DIFFERENCE,
        RefusalReason.NOT_SOLVED,
    }
)
_LOOPS = frozenset({RestorationAction.CLOSE, RestorationAction.JOIN})
# Few, and worth a trial whenever load has grown.
_WORTH_TRYING = frozenset({RestorationAction.SYNCHRONISE, RestorationAction.CRANK})


@dataclass(frozen=True)
class _Mark:
    """How far things were when a step was refused."""

    units: int
    loops: int
    served_mw: float


class Sequence:
    """Builds the course, one step after the other, the same for the same question."""

    def __init__(self, subject: Subject, trial: Trial, rule: BlockRule, start: Status, horizon_min: float) -> None:
        self._subject, self._trial, self._rule = subject, trial, rule
        self._status, self._flow, self._now = start, _first_flow(trial, start), 0.0
        self._horizon = horizon_min
        self._ways = Ways(subject)
        self._course = Course()
        self._resting: dict[tuple[RestorationAction, int], tuple[_Mark, RefusalReason]] = {}
        self._hold_back = True

    def run(self) -> Course:
        """Take steps until none is left that holds."""
        for at, start_min in self._subject.first.items():
            self._now = max(self._now, start_min)
            self._try(Move(RestorationAction.START, at, self._subject.units[at].bus))
        while len(self._course.steps) < MOST_STEPS:
            if self._now >= self._horizon:
                self._course.beyond_horizon = True
                break
            if any(self._try(move) for move in self._candidates()):
                continue
            if not self._wait() and not self._once_more():
                break
        return self._course

    def _wait(self) -> bool:
        """Let time pass until the next unit can be synchronised."""
        later = [ready for ready in self._status.cranking.values() if ready > self._now]
        if not later:
            return False
        self._now = min(later)
        self._resting.clear()
        return True

    def _once_more(self) -> bool:
        """Try all that was refused once more before giving up, first as it is, then with nothing kept for cranking."""
        if self._resting:
            before = len(self._course.steps)
            self._resting.clear()
            if any(self._try(move) for move in self._candidates()):
                return len(self._course.steps) > before
        if self._hold_back:
            self._hold_back = False
            self._resting.clear()
            return True
        return False

    def _try(self, move: Move) -> bool:
        if self._rests(move):
            return False
        step = self._trial.take(self._status, self._flow, move, self._now)
        if isinstance(step, Broken):
            self._refuse(move, step)
            return False
        self._course.steps.append(step)
        self._status, self._flow, self._now = step.status, step.flow, step.time_min
        self._resting.pop(move.key, None)
        return True

    def _refuse(self, move: Move, broken: Broken) -> None:
        self._course.refuse(move, broken)
        self._resting[move.key] = (self._mark(), broken.reason)

    def _mark(self) -> _Mark:
        status = self._status
        return _Mark(
            len(status.online) + len(status.shunts) + len(status.raised),
            sum(step.move.action in _LOOPS for step in self._course.steps),
            float(status.served_mw.sum()) + sum(self._subject.units[at].cranking_mw for at in status.cranking),
        )

    def _rests(self, move: Move) -> bool:
        """Whether nothing has changed since a step was refused that could let it pass now."""
        if move.key not in self._resting:
            return False
        then, reason = self._resting[move.key]
        now = self._mark()
        if reason is RefusalReason.TOO_LATE:
            return True
        grown = abs(now.served_mw - then.served_mw) > _GROWN * max(then.served_mw, _SAME_MW)
        grown = grown and (reason in _HELPED_BY_LOAD or move.action in _WORTH_TRYING)
        rewired = reason in _HELPED_BY_LOOPS and now.loops != then.loops
        if now.units != then.units or grown or rewired:
            del self._resting[move.key]
            return False
        return True

    def _candidates(self) -> Iterator[Move]:
        """What could be done next, in the order of its worth; each is made when those before it were refused."""
        yield from self._synchronisations()
        yield from self._crankings()
        ways = self._first_steps()
        yield from self._towards_units(ways)
        yield from self._loads(ways, critical=True)
        yield from self._branches_between(RestorationAction.JOIN)
        yield from self._loads(ways, critical=False)
        yield from self._voltage_support()
        yield from self._remaining(ways)
        if not self._subject.radial:
            yield from self._branches_between(RestorationAction.CLOSE)

    def _first_steps(self) -> dict[int, Way]:
        resting = [
            at
            for action, at in list(self._resting)
            if action is RestorationAction.ENERGISE and self._rests(Move(action, at, 0))
        ]
        return self._ways.first_steps(self._status, resting) if not self._status.lit.all() else {}

    def _synchronisations(self) -> Iterator[Move]:
        ready = [(when, at) for at, when in self._status.cranking.items() if when <= self._now]
        for _, at in sorted(ready):
            bus = self._subject.units[at].bus
            # it comes at the voltage that the others hold
            raised = frozenset({at}) if self._units_with(bus) & self._status.raised else frozenset()
            yield Move(RestorationAction.SYNCHRONISE, at, bus, raised=raised)

    def _waiting(self) -> list[int]:
        """Units that have not been cranked, the largest first."""
        status = self._status
        off = (at for at in range(len(self._subject.units)) if at not in status.online and at not in status.cranking)
        reached = [at for at in off if self._subject.units[at].bus >= 0 and not self._subject.units[at].unlimited]
        return sorted(reached, key=lambda at: (-self._subject.units[at].most_mw, at))

    def _crankings(self) -> Iterator[Move]:
        for at in self._waiting():
            bus = self._subject.units[at].bus
            if self._status.lit[bus]:
                yield Move(RestorationAction.CRANK, at, bus)

    def _towards_units(self, ways: dict[int, Way]) -> Iterator[Move]:
        """The nearest unit that what is online can crank comes first."""
        units = self._subject.units
        far = [(ways[units[at].bus], at) for at in self._waiting() if units[at].bus in ways]
        most = max((island.capacity_mw for island in self._flow.islands), default=0.0)
        affordable = [(way, at) for way, at in far if units[at].cranking_mw <= most * self._rule.most_share]
        for (_, branch), _ in sorted(affordable, key=lambda item: (item[0][0], -units[item[1]].most_mw, item[1])):
            yield self._energise(branch)

    def _energise(self, branch: int) -> Move:
        return Move(RestorationAction.ENERGISE, branch, self._subject.wiring.branches[branch].ends[0])

    def _loads(self, ways: dict[int, Way], *, critical: bool) -> Iterator[Move]:
        """Loads in their order: a block where there is voltage, else the first branch on the way."""
        for at, load in enumerate(self._subject.loads):
            left = load.p_mw - float(self._status.served_mw[at])
            if (load.priority < ORDINARY) is not critical or left <= _SAME_MW or load.bus < 0:
                continue
            if not self._status.lit[load.bus]:
                if load.bus in ways:
                    yield self._energise(ways[load.bus][1])
                continue
            yield from self._blocks(at, left)

    def _blocks(self, at: int, left_mw: float) -> Iterator[Move]:
        load = self._subject.loads[at]
        whole = Move(RestorationAction.PICK_UP, at, load.bus)
        island = self._flow.island_of(load.bus)
        if island is None or self._rests(whole):
            return
        block = self._rule.block(load, left_mw, island, self._kept_mw(island.capacity_mw))
        if isinstance(block, Broken):
            self._refuse(whole, block)
            return
        for part in _PARTS if load.block_mw is None else (1.0,):
            # a smaller block is another step: the refusal of the larger one does not speak against it
            self._resting.pop(whole.key, None)
            yield Move(RestorationAction.PICK_UP, at, load.bus, block * part)

    def _kept_mw(self, capacity_mw: float) -> float:
        """Kept free for the unit with the largest cranking power that this much capacity can start."""
        if not self._hold_back or capacity_mw == inf:
            return 0.0
        most = capacity_mw * self._rule.most_share
        needs = (self._subject.units[at].cranking_mw for at in self._waiting())
        return max((need for need in needs if need <= most), default=0.0)

    def _branches_between(self, action: RestorationAction) -> Iterator[Move]:
        """Open branches, not ties, between islands (to join them) or inside one (to close a loop)."""
        status, flow = self._status, self._flow
        for at, branch in enumerate(self._subject.wiring.branches):
            if branch.tie or status.closed[branch.rows[0]] or not all(status.lit[list(branch.ends)]):
                continue
            islands = {id(flow.island_of(bus)) for bus in branch.ends}
            if (len(islands) > 1) is (action is RestorationAction.JOIN):
                yield Move(action, at, branch.ends[0])

    def _voltage_support(self) -> Iterator[Move]:
        """Capacitors and the voltages of the model, once a step was refused for low voltage."""
        low = {RefusalReason.UNDERVOLTAGE, RefusalReason.NOT_SOLVED}
        if not any(reason in low for _, reason in self._resting.values()):
            return
        for at, shunt in enumerate(self._subject.shunts):
            if at not in self._status.shunts and self._status.lit[shunt.bus]:
                yield Move(RestorationAction.SHUNT, at, shunt.bus)
        units, start = self._subject.units, self._trial.args.unit_vm_pu
        lowered = {at for at in self._status.online - self._status.raised if units[at].vm_pu > start}
        for island in self._flow.islands:
            inside = frozenset(at for at in lowered if units[at].bus in island.buses)
            if inside:
                first = min(inside)
                yield Move(RestorationAction.RAISE, first, units[first].bus, raised=inside)

    def _units_with(self, bus: int) -> frozenset[int]:
        """Units that run in the island of a bus."""
        island = self._flow.island_of(bus)
        if island is None:
            return frozenset()
        return frozenset(at for at in self._status.online if self._subject.units[at].bus in island.buses)

    def _remaining(self, ways: dict[int, Way]) -> Iterator[Move]:
        """What is dark though it carries neither unit nor load; the nearest first."""
        for _, branch in sorted(set(ways.values())):
            if not self._subject.wiring.branches[branch].tie:
                yield self._energise(branch)


def _first_flow(trial: Trial, start: Status) -> Flow:
    """The live part as it stands; no island where there is none."""
    if not start.lit.any():
        return Flow(np.zeros(len(start.lit), dtype=complex), ())
    found = trial.solver.solve(start, None, -1)
    live = trial.subject.live
    if isinstance(found, Broken) or np.abs(found.voltage - live.voltage)[start.lit].max() > _SAME_PU:
        raise NotSolvedError(
            "The live part has no power flow that the plan's engine reproduces, so nothing is planned on it; "
            "check_model tells what is unusual in it."
        )
    return found
