"""``screen_contingencies``: every line and transformer out, one at a time, and what becomes of the grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.coverage import Coverage
from tools.element import ElementKind
from tools.errors import InvalidArgumentError
from tools.grid.elements import resolve_element
from tools.grid.insecurity import InsecureSpan, union
from tools.grid.schema.contingencies import ContingencyScreening, OutageRow, ScreenContingenciesArguments
from tools.grid.screening.ranking import ranked, severity_scores
from tools.grid.screening.resident import Resident, resident
from tools.grid.screening.rows import RowMaker, outcomes
from tools.grid.screening.screen import Screened, screen
from tools.grid.screening.security import LOSS_TOLERANCE_MW, Security, security
from tools.grid.span import Hypothesis, moments_of, span_of
from tools.vocabulary import OutageOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from tools.context import ToolContext
    from tools.grid.schema.basis import StateBasis
    from tools.grid.schema.span import SpanCoverage

BRIDGES_SHOWN = 20
TIMES_SHOWN = 50
KINDS = (ElementKind.LINE, ElementKind.TRAFO, ElementKind.TRAFO3W)


def screen_contingencies(ctx: ToolContext, args: ScreenContingenciesArguments) -> ContingencyScreening:
    """Take every line and transformer in service out, one at a time, and say what it costs.

    Unit reactive limits are not enforced by the solution; units beyond them are counted. docs/method.md explains the
    outcome, the score and the claim ``secure``.

    Raises:
        NotSolvedError: when the state before the outages does not solve.
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: for elements that cannot be taken out.
    """
    grid = ctx.grids.grid(args.at)
    state = resident(grid, args.outages, args.actions, ctx.limits)
    asked = _asked(state, args)
    wanted = [_circuit(state, text, "overloading") for text in args.overloading]
    screened = screen(state, asked, wanted)
    claim = security(state, screened, ctx.limits, all_kinds=len(asked) == len(state.refs))
    answer = _Answer(state, screened, claim, args, grid.basis).build()
    return answer if args.since is None else _with_span(ctx, args, args.since, answer)


def _with_span(
    ctx: ToolContext, args: ScreenContingenciesArguments, since: datetime, answer: ContingencyScreening
) -> ContingencyScreening:
    """The answer for the end of a span, with the intervals of the whole span."""
    end = args.at or ctx.clock.as_of
    span = span_of(ctx, Hypothesis(args.outages, args.actions), since, end)
    moments = moments_of(span, since, end, args.step_min)
    insecure = InsecureSpan(span, ctx.limits, lambda state: _present(state, args))
    found = insecure.find(moments)
    times, coverage = union(found), span.coverage(since, end, args.step_min)
    page = found[args.offset : args.offset + args.limit]
    return answer.model_copy(
        update={
            "intervals": tuple(insecure.row(item) for item in page),
            "intervals_omitted": len(found) - len(page),
            "insecure_times": tuple(times[:TIMES_SHOWN]),
            "insecure_times_omitted": max(len(times) - TIMES_SHOWN, 0),
            "span": coverage,
            "secure_over_span": _secure_over(answer, coverage, found=bool(times)),
        }
    )


def _secure_over(answer: ContingencyScreening, span: SpanCoverage, *, found: bool) -> bool | None:
    """The claim of the state at the end, for all of the span: what was not looked at is not called secure."""
    if found or answer.secure is False:
        return False
    unseen = span.unmeasured or span.unsolved or span.not_screened
    return None if unseen else answer.secure


def _present(state: Resident, args: ScreenContingenciesArguments) -> list[int]:
    """As ``_asked``; an element that is out at some time of a span is passed over at that time."""
    if not args.elements:
        return _asked(state, args)
    refs = {resolve_element(state.solved.net, text, KINDS) for text in args.elements}
    return [place for place, ref in enumerate(state.refs) if ref in refs]


def _asked(state: Resident, args: ScreenContingenciesArguments) -> list[int]:
    """Circuits to take out, in table order."""
    if args.elements:
        chosen = {_circuit(state, text, "elements") for text in args.elements}
        return sorted(chosen)
    return [place for place, ref in enumerate(state.refs) if ref.kind.value in args.kinds]


def _circuit(state: Resident, text: str, field: str) -> int:
    ref = resolve_element(state.solved.net, text, KINDS)
    place = state.arrays.circuits.find(ref.kind.value, ref.index)
    if place is None:
        raise InvalidArgumentError(f"{field}: {ref} is out of service or without supply, so it cannot go out")
    return place


@dataclass(frozen=True)
class _Answer:
    """Figures of all outages, on their way into the result."""

    state: Resident
    screened: Screened
    claim: Security
    args: ScreenContingenciesArguments
    # not that of the kept state: equal values at another time have another age
    basis: StateBasis | None

    def build(self) -> ContingencyScreening:
        """The result: totals over all outages, and the rows of one page."""
        scores = severity_scores(self.screened, float(self.state.demand_mw.sum()))
        maker, outcome = RowMaker(self.state, self.screened, scores), outcomes(self.state, self.screened)
        figures, lost = self.screened.figures, self.screened.lost_load_mw
        counts = {kind: sum(one is kind for one in outcome) for kind in OutageOutcome}
        joined = np.array([one in {OutageOutcome.SECURE, OutageOutcome.INSECURE} for one in outcome], dtype=bool)
        order = ranked(self.screened, scores)
        shown = order[figures["hit"][order]] if self.args.overloading else order
        page = shown[self.args.offset : self.args.offset + self.args.limit]
        bridges = self._bridges()
        lowest, highest, loading = self._extremes(joined)
        return ContingencyScreening(
            case=self.state.solved.case,
            secure=self.claim.secure,
            loading_meaningful=self.state.monitor.loading_meaningful,
            reactive_limits_enforced=False,
            coverage=self._coverage(counts),
            outages=len(outcome),
            connected=int(joined.sum()),
            secure_outages=counts[OutageOutcome.SECURE],
            insecure_outages=counts[OutageOutcome.INSECURE],
            islanding_outages=counts[OutageOutcome.ISLANDING],
            diverged_outages=counts[OutageOutcome.DIVERGED],
            outages_with_load_lost=int((lost > LOSS_TOLERANCE_MW).sum()),
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
        )

    def _extremes(self, joined: NDArray[np.bool_]) -> tuple[int | None, int | None, int | None]:
        """Places of the connected outages with the lowest and highest voltage and the highest loading."""
        if not joined.any():
            return None, None, None
        figures, places = self.screened.figures, np.flatnonzero(joined)
        loading = figures["loading_percent"][places]
        return (
            int(places[figures["lowest_pu"][places].argmin()]),
            int(places[figures["highest_pu"][places].argmax()]),
            int(places[loading.argmax()]) if self.state.monitor.loading_meaningful else None,
        )

    def _bridges(self) -> Sequence[int]:
        """Outages that lose load or generation, by MW of load and then of generation."""
        lost = zip(self.screened.lost_load_mw.tolist(), self.screened.lost_generation_mw.tolist(), strict=True)
        losing = [(-load, -generation, place) for place, (load, generation) in enumerate(lost) if load + generation > 0]
        return [place for *_, place in sorted(losing)]

    def _largest_loss(self, maker: RowMaker) -> OutageRow | None:
        lost = self.screened.lost_load_mw
        return maker.row(int(lost.argmax())) if len(lost) and lost.max() > LOSS_TOLERANCE_MW else None

    def _coverage(self, counts: dict[OutageOutcome, int]) -> Coverage:
        diverged = counts[OutageOutcome.DIVERGED]
        return Coverage(
            checked=sum(counts.values()),
            solved=sum(counts.values()) - diverged,
            diverged=diverged,
            islanding=counts[OutageOutcome.ISLANDING],
            left_out=self.claim.left_out,
        )

    def _solver(self) -> str:
        """Which engine solved the outages, without numbers."""
        if self.state.model is None:
            return f"pandapower, outage by outage: {self.state.alone_because}"
        name = "lightsim2grid batch, Newton-Raphson from the base solution, else from DC angles and a flat start"
        if self.screened.by_pandapower:
            name += "; by pandapower where the slack is lost or the batch did not solve an islanding outage"
        return name
