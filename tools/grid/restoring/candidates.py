"""What could be done next, in the order of its worth; each is made when those before it were refused."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf, isfinite
from typing import TYPE_CHECKING

from tools.grid.restoring.broken import Broken
from tools.grid.restoring.moves import Margin, Move
from tools.grid.restoring.order import needed_first
from tools.grid.restoring.paths import Way, Ways
from tools.grid.restoring.plant import ORDINARY
from tools.grid.restoring.support import Support
from tools.grid.schema.restoration import RestorationAction

if TYPE_CHECKING:
    from tools.grid.restoring.blocks import BlockRule
    from tools.grid.restoring.progress import Progress
    from tools.grid.restoring.trial import Trial

# A block that breaks a limit is tried again in these shares.
_PARTS = (1.0, 0.5, 0.25)
_SAME_MW = 1e-6
# While units wait, ordinary load leaves this share of the band between the voltage of the units and the lowest allowed.
_MARGIN_SHARE = 0.5
# Of the loadings allowed it uses this share until then.
_LOADING_SHARE = 0.9
_TOWARDS_UNITS = frozenset({RestorationAction.ENERGISE, RestorationAction.CRANK})
_BRINGS_LOAD = frozenset({RestorationAction.PICK_UP, RestorationAction.ENERGISE})


class Candidates:
    """The order of steps; ``hold_back`` says whether load leaves cranking power free."""

    def __init__(self, progress: Progress, trial: Trial, rule: BlockRule) -> None:
        self._progress, self._subject, self._rule = progress, progress.subject, rule
        self._ways = Ways(progress.subject)
        self._support = Support(progress, trial, self._ways)
        self._needed = needed_first(progress.subject, rule.most_share)
        self._hurried = any(isfinite(unit.latest_min) for unit in progress.subject.units)
        band_pu = max(trial.args.unit_vm_pu - trial.args.vm_min_pu, 0.0)
        self._margin = Margin(_MARGIN_SHARE * band_pu, _LOADING_SHARE)
        self.hold_back = True

    def __iter__(self) -> Iterator[Move]:
        """Every step that could come next, the one to try first first."""
        ways = self._first_steps()
        yield from self._synchronisations()
        yield from self._support.growing_loops()
        if self._load_is_due():
            yield from self._loads({}, critical=True)
            yield from self._loads({}, critical=False)
        yield from self._support.raised()
        yield from self._units(ways, needed=True)
        yield from self._loads(ways, critical=True)
        yield from self._support.between()
        if self._progress.last in _BRINGS_LOAD:
            yield from self._support.moves(self._waiting(needed=False))
        yield from self._loads(ways, critical=False)
        yield from self._support.moves(self._waiting(needed=False))
        yield from self._remaining(ways)
        yield from self._units(ways, needed=False)
        yield from self._support.loops()

    def _load_is_due(self) -> bool:
        """Between two operations on the way to units one block comes back, as soon as a unit has been cranked.

        The units that run get their load, and while those that start need time, load does not wait for it. Where a
        unit must be cranked before it is cold, nothing comes before that.
        """
        if self._hurried or self._progress.last not in _TOWARDS_UNITS:
            return False
        return any(step.move.action is RestorationAction.CRANK for step in self._progress.course.steps)

    def _first_steps(self) -> dict[int, Way]:
        progress = self._progress
        resting = [
            move.at
            for move, _ in progress.resting()
            if move.action is RestorationAction.ENERGISE and progress.rests(move)
        ]
        return self._ways.first_steps(progress.status, resting) if not progress.status.lit.all() else {}

    def _synchronisations(self) -> Iterator[Move]:
        progress, status = self._progress, self._progress.status
        for _, at in sorted((ready, at) for at, ready in status.cranking.items() if ready <= progress.now_min):
            bus = self._subject.units[at].bus
            # it comes at the voltage that the others hold
            raised = frozenset({at}) if self._units_with(bus) & status.raised else frozenset()
            yield Move(RestorationAction.SYNCHRONISE, at, bus, raised=raised)

    def _waiting(self, *, needed: bool) -> list[int]:
        """Units that have not been cranked, the largest first."""
        status, units = self._progress.status, self._subject.units
        off = (at for at in range(len(units)) if at not in status.online and at not in status.cranking)
        reached = [at for at in off if units[at].bus >= 0 and not units[at].unlimited]
        chosen = [at for at in reached if (at in self._needed) is needed]
        return sorted(chosen, key=lambda at: (-units[at].most_mw, at))

    def _units(self, ways: dict[int, Way], *, needed: bool) -> Iterator[Move]:
        """Crank what has voltage, else go towards the nearest unit that what is online can crank."""
        units, status, waiting = self._subject.units, self._progress.status, self._waiting(needed=needed)
        for at in waiting:
            if status.lit[units[at].bus]:
                yield Move(RestorationAction.CRANK, at, units[at].bus)
        far = [(ways[units[at].bus], at) for at in waiting if units[at].bus in ways]
        most = max((island.capacity_mw for island in self._progress.flow.islands), default=0.0)
        affordable = [(way, at) for way, at in far if units[at].cranking_mw <= most * self._rule.most_share]
        for (_, branch), _ in sorted(affordable, key=lambda item: (item[0][0], -units[item[1]].most_mw, item[1])):
            yield self._energise(branch)

    def _energise(self, branch: int) -> Move:
        return Move(RestorationAction.ENERGISE, branch, self._subject.wiring.branches[branch].ends[0])

    def _loads(self, ways: dict[int, Way], *, critical: bool) -> Iterator[Move]:
        """Loads in their order: a block where there is voltage, else the first branch on the way."""
        status = self._progress.status
        for at, load in enumerate(self._subject.loads):
            left = load.p_mw - float(status.served_mw[at])
            if (load.priority < ORDINARY) is not critical or left <= _SAME_MW or load.bus < 0:
                continue
            if not status.lit[load.bus]:
                if load.bus in ways:
                    yield self._energise(ways[load.bus][1])
                continue
            yield from self._blocks(at, left)

    def _blocks(self, at: int, left_mw: float) -> Iterator[Move]:
        load, progress = self._subject.loads[at], self._progress
        whole = Move(RestorationAction.PICK_UP, at, load.bus)
        island = progress.flow.island_of(load.bus)
        if island is None or progress.rests(whole):
            return
        block = self._rule.block(load, left_mw, island, self._kept_mw(island.capacity_mw))
        if isinstance(block, Broken):
            progress.refuse(whole, block)
            return
        margin = self._margin if self.hold_back and load.priority >= ORDINARY else None
        for part in _PARTS if load.block_mw is None else (1.0,):
            # a smaller block is another step: the refusal of the larger one does not speak against it
            progress.wake(whole)
            yield Move(RestorationAction.PICK_UP, at, load.bus, block * part, margin=margin)

    def _kept_mw(self, capacity_mw: float) -> float:
        """Kept free for the unit with the largest cranking power that this much capacity can start."""
        if not self.hold_back or capacity_mw == inf:
            return 0.0
        most = capacity_mw * self._rule.most_share
        needs = (self._subject.units[at].cranking_mw for at in self._waiting(needed=True))
        return max((need for need in needs if need <= most), default=0.0)

    def _units_with(self, bus: int) -> frozenset[int]:
        """Units that run in the island of a bus."""
        island = self._progress.flow.island_of(bus)
        if island is None:
            return frozenset()
        units = self._subject.units
        return frozenset(at for at in self._progress.status.online if units[at].bus in island.buses)

    def _remaining(self, ways: dict[int, Way]) -> Iterator[Move]:
        """What is dark though it carries neither unit nor load; the nearest first."""
        for _, branch in sorted(set(ways.values())):
            if not self._subject.wiring.branches[branch].tie:
                yield self._energise(branch)
