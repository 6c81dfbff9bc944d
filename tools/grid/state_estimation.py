"""The tool ``estimate_state``: what the measurements of a moment say together, and which contradict the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.context import ToolContext
from tools.coverage import Coverage, LeftOut
from tools.element import ElementKind
from tools.grid.case import BASE
from tools.grid.elements import element_ref, resolve_element
from tools.grid.estimation.bad_data import chi_square_limit
from tools.grid.estimation.network import network
from tools.grid.estimation.rows import Rows
from tools.grid.estimation.run import SMALL_CURRENT, Estimation, estimate
from tools.grid.estimation.threads import one_thread
from tools.grid.schema.estimation import (
    NAMED,
    EstimatedBranch,
    EstimatedBus,
    EstimateStateArguments,
    EstimationStatus,
    Observed,
    StateEstimation,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from numpy.typing import NDArray

    from tools.grid.grid import Grid

SOLVER = "weighted least squares, Gauss-Newton on the normal equations, zero injections as exact constraints"
_Key = tuple[ElementKind, int]


def estimate_state(ctx: ToolContext, args: EstimateStateArguments) -> StateEstimation:
    """Estimate the state at a time from the telemetry, with the topology of that time.

    Raises:
        SourceMissingError: without telemetry.
        NoReadingsError: when the readings do not reach the time.
        NotSolvedError: when no bus has a source, or the estimate does not converge.
        UnknownElementError, AmbiguousElementError: for elements that are not there.
        InvalidArgumentError: for a grid beyond the size that can be tested.
    """
    telemetry = ctx.need_telemetry()
    grid, at = ctx.grids.grid(args.at), args.at or ctx.clock.as_of
    wanted = frozenset((ref.kind, ref.index) for ref in (resolve_element(grid.net, text) for text in args.elements))
    with one_thread():
        made = estimate(network(grid), telemetry, at, args.confidence_percent, args.residual_limit)
        return _Answer(grid, made, args, wanted).build(at)


class _Answer:
    """An estimation on its way into the result."""

    def __init__(self, grid: Grid, made: Estimation, args: EstimateStateArguments, wanted: frozenset[_Key]) -> None:
        self.grid, self.made, self.args, self.wanted = grid, made, args, wanted
        self.rows = Rows(grid.net, made)
        self.page = slice(args.offset, args.offset + args.limit)

    def build(self, at: datetime) -> StateEstimation:
        """The result."""
        made, args, read = self.made, self.args, self.made.read
        cleaned, before = made.cleaned, made.before
        active = cleaned.fit.active if cleaned is not None else np.zeros(len(read.usable), dtype=bool)
        critical = np.flatnonzero(cleaned.judged.critical) if cleaned is not None else np.zeros(0, dtype=np.int64)
        degrees = cleaned.judged.degrees_of_freedom if cleaned is not None else 0
        buses, branches, ranked = self._buses(), self._branches(), self._ranked(active)
        dark, unseen = self._dark_buses(), self._dark_branches()
        limit = chi_square_limit(args.confidence_percent, degrees) if degrees else None
        return StateEstimation(
            case=BASE,
            at=at,
            status=self._status(limit),
            observed=self._observed(bool(dark or unseen)),
            solver=SOLVER,
            iterations=made.iterations,
            measurements=int(read.usable.sum()) - made.small_currents,
            zero_injections=made.plan.constraints.count,
            states=int(made.seen.columns.sum()) if cleaned is not None else 0,
            degrees_of_freedom=degrees,
            objective=cleaned.judged.objective if cleaned is not None else None,
            objective_limit=limit,
            objective_before=before.objective if before is not None else None,
            objective_before_limit=(
                chi_square_limit(args.confidence_percent, before.degrees_of_freedom)
                if before is not None and before.degrees_of_freedom
                else None
            ),
            confidence_percent=args.confidence_percent,
            residual_limit=made.limit,
            rejected=tuple(self.rows.rejected())[:NAMED],
            rejected_measurements=len(cleaned.rejections) if cleaned is not None else 0,
            topology=tuple(self.rows.topology()),
            critical=tuple(self.rows.critical(critical[:NAMED])),
            critical_measurements=len(critical),
            unobservable=tuple(element_ref(self.grid.net, ElementKind.BUS, bus) for bus in dark[:NAMED]),
            unobservable_buses=len(dark),
            unobservable_flows=tuple(element_ref(self.grid.net, *key) for key in unseen[:NAMED]),
            unobservable_branches=len(unseen),
            observable_islands=made.seen.islands,
            residuals=self.rows.residuals(ranked[self.page]),
            residuals_omitted=len(ranked) - len(ranked[self.page]),
            buses=buses[0],
            buses_omitted=buses[1],
            branches=branches[0],
            branches_omitted=branches[1],
            measurements_covered=self._sensors_covered(active),
            buses_covered=self._covered("buses", len(self.rows.buses()), len(dark), self._unsupplied()),
            branches_covered=self._branches_covered(len(unseen)),
            noise_assumed=int(read.assumed.sum()),
            oldest_age_s=float(read.age_s[active].max()) if active.any() else None,
            simulated=bool(made.plan.simulated[made.plan.member[active[made.plan.owner]]].any()),
            basis=self.grid.basis,
        )

    def _status(self, limit: float | None) -> EstimationStatus:
        made, cleaned = self.made, self.made.cleaned
        if cleaned is None:
            return EstimationStatus.NOT_OBSERVABLE
        if made.suspicions:
            return EstimationStatus.TOPOLOGY_SUSPECTED
        if limit is None:
            return EstimationStatus.BAD_DATA_REJECTED if cleaned.rejections else EstimationStatus.NOT_TESTED
        if cleaned.exhausted or cleaned.judged.objective > limit:
            return EstimationStatus.INCONSISTENT
        return EstimationStatus.BAD_DATA_REJECTED if cleaned.rejections else EstimationStatus.CONSISTENT

    def _observed(self, gaps: bool) -> Observed:
        if self.made.cleaned is None:
            return Observed.NOT
        return Observed.PARTLY if gaps else Observed.FULLY

    def _asked(self, kind: ElementKind, index: int) -> bool:
        return not self.wanted or (kind, index) in self.wanted

    def _buses(self) -> tuple[tuple[EstimatedBus, ...], int]:
        chosen = [pair for pair in self.rows.buses() if self._asked(ElementKind.BUS, pair[0])]
        made = (self.rows.bus(*pair) for pair in chosen[self.page])
        found = tuple(row for row in made if row is not None)
        return found, len(chosen) - len(found)

    def _branches(self) -> tuple[tuple[EstimatedBranch, ...], int]:
        return self.rows.branches(self.page, self._asked)

    def _ranked(self, active: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Measurements that count, largest normalised residual first, critical ones last."""
        cleaned = self.made.cleaned
        if cleaned is None:
            return np.zeros(0, dtype=np.int64)
        items = self.made.plan.measurements
        chosen = np.flatnonzero(active)
        if self.wanted:
            mine = [self._asked(items[n].element.kind, items[n].element.index) for n in chosen]
            chosen = chosen[np.array(mine, dtype=bool)]
        size = np.nan_to_num(np.abs(cleaned.judged.normalised[chosen]), nan=-1.0)
        return np.asarray(chosen[np.argsort(-size, kind="stable")])

    def _dark_buses(self) -> list[int]:
        known = {bus for bus, _ in self.rows.buses()}
        return sorted(set(self.made.plan.net.node_of) - known)

    def _dark_branches(self) -> list[_Key]:
        seen = self.made.seen.end
        return [
            key
            for key, (one, other) in self.rows.ends().items()
            if self.made.cleaned is None or not (seen[one] and seen[other])
        ]

    def _unsupplied(self) -> int:
        live = self.grid.net.bus.in_service.to_numpy(dtype=bool)
        return int((live & (self.made.plan.net.bus_node < 0)).sum())

    def _sensors_covered(self, active: NDArray[np.bool_]) -> Coverage:
        made = self.made
        used = int(active[made.plan.owner].sum())
        reasons = {**made.plan.left_out, **made.read.left_out}
        if made.small_currents:
            reasons[SMALL_CURRENT] = made.small_currents
        if made.cleaned is not None and made.cleaned.rejections:
            reasons["rejected as bad data"] = sum(
                len(made.plan.measurements[item.number].sensors) for item in made.cleaned.rejections
            )
        left = _left_out(("sensors", count, reason) for reason, count in reasons.items())
        return Coverage(checked=len(made.plan.sensors), solved=used, left_out=left)

    def _branches_covered(self, unseen: int) -> Coverage:
        """Of a grid that is partly observable, no other status than the assumed one is tried."""
        ends = len(self.rows.ends())
        found = self._covered("branches", ends - unseen, unseen, 0)
        untried = ends if self.made.seen.ridge else 0
        rows = (("switch positions of branches", untried, "not doubted where the grid is only partly observable"),)
        return found.model_copy(update={"left_out": (*found.left_out, *_left_out(rows))})

    @staticmethod
    def _covered(what: str, known: int, dark: int, unsupplied: int) -> Coverage:
        rows = ((what, dark, "not observable"), (what, unsupplied, "without supply in the topology of the time"))
        return Coverage(checked=known + dark, solved=known, left_out=_left_out(rows))


def _left_out(rows: Iterable[tuple[str, int, str]]) -> tuple[LeftOut, ...]:
    return tuple(LeftOut(what=what, count=count, reason=reason) for what, count, reason in rows if count)
