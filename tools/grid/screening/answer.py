"""From the figures of all outages to the result: totals, and the rows of one page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np

from tools.coverage import Coverage
from tools.grid.schema.contingencies import ContingencyScreening, OutageRow
from tools.grid.screening.ranking import ranked, severity_scores
from tools.grid.screening.rows import RowMaker, outcomes
from tools.grid.screening.security import LOSS_TOLERANCE_MW
from tools.vocabulary import OutageOutcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from tools.grid.schema.basis import StateBasis
    from tools.grid.schema.common import BranchState, BusState
    from tools.grid.schema.contingencies import ScreenContingenciesArguments
    from tools.grid.schema.outage_effects import OutageEffects
    from tools.grid.screening.resident import Resident
    from tools.grid.screening.security import Security
    from tools.grid.screening.study import Study

BRIDGES_SHOWN = 20


class RowSource(Protocol):
    """Makes rows by the place of their outage."""

    def row(self, position: int) -> OutageRow:
        """The row of one of the outages."""
        ...

    def bus(self, position: int, which: str) -> BusState | None:
        """The bus with the lowest or the highest voltage."""
        ...

    def highest_loading(self, position: int) -> BranchState | None:
        """The circuit with the highest loading."""
        ...

    def effects(self, positions: Sequence[int], most: int) -> OutageEffects | None:
        """What these outages do to so many branches and buses that they affect most; None where states differ."""
        ...


@dataclass(frozen=True)
class Answer:
    """Figures of all outages, on their way into the result.

    Attributes:
        basis: Not that of the kept state: equal values at another time have another age.
        rows: Makes the rows from the scores; None for outages of the state itself.
    """

    state: Resident
    study: Study
    claim: Security
    args: ScreenContingenciesArguments
    basis: StateBasis | None
    rows: Callable[[NDArray[np.float64]], RowSource] | None = None

    def build(self) -> ContingencyScreening:
        """The result: totals over all outages, and the rows of one page."""
        scores = severity_scores(self.study, float(self.state.demand_mw.sum()))
        maker, figures = self._maker(scores), self.study.figures
        order = ranked(self.study, scores)
        shown = order[figures["hit"][order]] if self.args.overloading else order
        page = shown[self.args.offset : self.args.offset + self.args.limit]
        bridges = self._bridges()
        lowest, highest, loading = self._extremes()
        counts = self.counts
        return ContingencyScreening(
            case=self.state.solved.case,
            secure=self.claim.secure,
            loading_meaningful=self.state.monitor.loading_meaningful,
            reactive_limits_enforced=False,
            coverage=self._coverage(),
            outages=len(figures),
            connected=counts[OutageOutcome.SECURE] + counts[OutageOutcome.INSECURE],
            secure_outages=counts[OutageOutcome.SECURE],
            insecure_outages=counts[OutageOutcome.INSECURE],
            islanding_outages=counts[OutageOutcome.ISLANDING],
            diverged_outages=counts[OutageOutcome.DIVERGED],
            outages_with_load_lost=int((self.study.lost_load_mw > LOSS_TOLERANCE_MW).sum()),
            outages_adding_overloads=int((figures["new_overloads"] > 0).sum()),
            outages_adding_voltage_violations=int((figures["new_voltages"] > 0).sum()),
            base_violations=self.state.monitor.base_violations,
            bridges=tuple(maker.row(place) for place in bridges[:BRIDGES_SHOWN]),
            bridges_omitted=max(len(bridges) - BRIDGES_SHOWN, 0),
            rows=tuple(maker.row(int(place)) for place in page),
            omitted=len(shown) - len(page),
            lowest_voltage=None if lowest is None else maker.bus(lowest, "lowest_bus"),
            highest_voltage=None if highest is None else maker.bus(highest, "highest_bus"),
            highest_loading=None if loading is None else maker.highest_loading(loading),
            largest_loss=self._largest_loss(maker),
            solver=self._solver(),
            basis=self.basis,
            effects=maker.effects(page.tolist(), self.args.affected) if self.args.affected and len(page) else None,
        )

    def _maker(self, scores: NDArray[np.float64]) -> RowSource:
        return RowMaker(self.state, self.study, scores) if self.rows is None else self.rows(scores)

    @cached_property
    def outcome(self) -> NDArray[np.object_]:
        """What became of the grid after each outage."""
        return np.array(outcomes(self.study), dtype=object)

    @cached_property
    def counts(self) -> dict[OutageOutcome, int]:
        """Outages by outcome."""
        return {kind: int((self.outcome == kind).sum()) for kind in OutageOutcome}

    def _extremes(self) -> tuple[int | None, int | None, int | None]:
        """Places of the connected outages with the lowest and highest voltage and the highest loading."""
        connected = (self.outcome == OutageOutcome.SECURE) | (self.outcome == OutageOutcome.INSECURE)
        if not connected.any():
            return None, None, None
        figures, places = self.study.figures, np.flatnonzero(connected)
        loading = figures["loading_percent"][places]
        return (
            int(places[figures["lowest_pu"][places].argmin()]),
            int(places[figures["highest_pu"][places].argmax()]),
            int(places[loading.argmax()]) if self.state.monitor.loading_meaningful else None,
        )

    def _bridges(self) -> Sequence[int]:
        """Outages that lose load or generation by topology, by MW of load and then of generation."""
        places = np.flatnonzero(self.study.bridge)
        keys = (places, -self.study.lost_generation_mw[places], -self.study.lost_load_mw[places])
        found: list[int] = places[np.lexsort(keys)].tolist()
        return found

    def _largest_loss(self, maker: RowSource) -> OutageRow | None:
        lost = self.study.lost_load_mw
        return maker.row(int(lost.argmax())) if len(lost) and lost.max() > LOSS_TOLERANCE_MW else None

    def _coverage(self) -> Coverage:
        diverged, every = self.counts[OutageOutcome.DIVERGED], len(self.study.figures)
        return Coverage(
            checked=every,
            solved=every - diverged,
            diverged=diverged,
            islanding=self.counts[OutageOutcome.ISLANDING],
            left_out=self.claim.left_out,
        )

    def _solver(self) -> str:
        """Which engine solved the outages, without numbers."""
        if self.state.model is None:
            return f"pandapower, outage by outage: {self.state.alone_because}"
        name = "lightsim2grid batch, Newton-Raphson from the base solution, else from DC angles and a flat start"
        if self.study.by_pandapower:
            name += "; by pandapower where the slack is lost or the batch did not solve an islanding outage"
        return name
