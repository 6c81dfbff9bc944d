"""What holds the voltage up or relieves a branch: higher set-points, capacitors, condensers, loops."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

from tools.element import ElementKind
from tools.grid.connectivity import BRANCH_TERMINALS
from tools.grid.restoring.moves import Move
from tools.grid.schema.restoration import RefusalReason, RestorationAction

if TYPE_CHECKING:
    from tools.grid.restoring.broken import Broken
    from tools.grid.restoring.paths import Ways
    from tools.grid.restoring.progress import Progress
    from tools.grid.restoring.trial import Trial

_LOW = frozenset({RefusalReason.UNDERVOLTAGE, RefusalReason.MARGIN, RefusalReason.NOT_SOLVED})
_WEAK = _LOW | {RefusalReason.OVERLOAD}
# Steps that bring something back; a loop that does not hold is no reason to look for support.
_WANTED = frozenset({RestorationAction.PICK_UP, RestorationAction.ENERGISE, RestorationAction.CRANK})
# From this share of what a breaker may close across, an angle only grows with more load: the loop is closed now.
_ANGLE_SHARE = 0.25


@dataclass(frozen=True)
class Support:
    """Offers support where the restoration stands refused for want of it."""

    progress: Progress
    trial: Trial
    ways: Ways

    def moves(self, waiting: Collection[int]) -> Iterator[Move]:
        """What may let a refused step pass, the nearest to where its limit is broken first.

        Args:
            waiting: Units that have not been cranked.
        """
        weak = self._weak(_WEAK)
        if not weak:
            return
        near: dict[int, int] = nx.multi_source_dijkstra_path_length(self.ways.graph, weak, weight=lambda *_: 1)
        far = len(self.ways.graph)
        found = [(min(near.get(end, far) for end in self._ends(move)), move) for _, move in self._loops()]
        if self._weak(_LOW):
            found += [(near.get(move.bus, far), move) for move in self._capacitors()]
        found += [(near.get(move.bus, far), move) for move in self._crankings(waiting)]
        yield from (move for _, move in sorted(found, key=lambda item: (item[0], item[1].key)))

    def growing_loops(self) -> Iterator[Move]:
        """Open branches whose angle, with more load, would soon be too wide for their breaker."""
        most = self.trial.args.standing_angle_degree
        yield from (move for angle, move in self._loops() if _ANGLE_SHARE * most <= angle <= most)

    def loops(self) -> Iterator[Move]:
        """Open branches inside an island, the smallest angle first; none where the grid is run without loops."""
        yield from (move for _, move in sorted(self._loops(), key=lambda item: (item[0], item[1].at)))

    def between(self) -> Iterator[Move]:
        """Open branches between two islands."""
        for at, islands in self._open():
            if len(islands) > 1:
                yield Move(RestorationAction.JOIN, at, self.progress.subject.wiring.branches[at].ends[0])

    def _open(self) -> Iterator[tuple[int, set[int]]]:
        """Open branches, not ties, that have voltage at every end, with the islands that they touch."""
        status, flow = self.progress.status, self.progress.flow
        for at, branch in enumerate(self.progress.subject.wiring.branches):
            if not branch.tie and not status.closed[branch.rows[0]] and all(status.lit[list(branch.ends)]):
                yield at, {id(flow.island_of(bus)) for bus in branch.ends}

    def _loops(self) -> list[tuple[float, Move]]:
        """Branches that would close a loop, with the angle across them; between three windings it is not told: zero."""
        subject, progress = self.progress.subject, self.progress
        if subject.radial:
            return []
        inside = [at for at, islands in self._open() if len(islands) == 1]
        if not inside:
            return []
        across = np.abs(self.trial.solver.engine(progress.status).across_rad(np.angle(progress.flow.voltage)))
        branches = subject.wiring.branches
        return [
            (
                float(np.degrees(across[branches[at].rows[0]])) if len(branches[at].rows) == 1 else 0.0,
                Move(RestorationAction.CLOSE, at, branches[at].ends[0]),
            )
            for at in inside
        ]

    def _capacitors(self) -> Iterator[Move]:
        subject, status = self.progress.subject, self.progress.status
        for at, shunt in enumerate(subject.shunts):
            if at not in status.shunts and status.lit[shunt.bus]:
                yield Move(RestorationAction.SHUNT, at, shunt.bus)

    def _crankings(self, waiting: Collection[int]) -> Iterator[Move]:
        """Units that hold voltage, or feed from the other side of what is loaded, where they can be cranked."""
        units, status = self.progress.subject.units, self.progress.status
        for at in waiting:
            if status.lit[units[at].bus]:
                yield Move(RestorationAction.CRANK, at, units[at].bus)

    def raised(self) -> Iterator[Move]:
        """Units from the voltage at which they start to the higher one of the model, each island at once, if wanted."""
        if not self._weak(_LOW):
            return
        units, status = self.progress.subject.units, self.progress.status
        start_pu = self.trial.args.unit_vm_pu
        lowered = {at for at in status.online - status.raised if units[at].vm_pu > start_pu}
        for island in self.progress.flow.islands:
            inside = frozenset(at for at in lowered if units[at].bus in island.buses)
            if inside:
                first = min(inside)
                yield Move(RestorationAction.RAISE, first, units[first].bus, raised=inside)

    def _weak(self, reasons: Collection[RefusalReason]) -> set[int]:
        """Buses of the matrix at which steps stand refused for such reasons."""
        progress = self.progress
        return {
            self._where(move, broken)
            for move, broken in progress.resting()
            if broken.reason in reasons and move.action in _WANTED and progress.rests(move)
        }

    def _where(self, move: Move, broken: Broken) -> int:
        wiring, ref = self.progress.subject.wiring, broken.at
        if ref is None:
            return move.bus
        bus = ref.index
        if ref.kind is not ElementKind.BUS:
            terminals = BRANCH_TERMINALS.get(ref.kind)
            if terminals is None:
                return move.bus
            bus = int(wiring.net[ref.kind].at[ref.index, terminals[0][0]])
        return wiring.place.get(bus, move.bus)

    def _ends(self, move: Move) -> tuple[int, ...]:
        return self.progress.subject.wiring.branches[move.at].ends
