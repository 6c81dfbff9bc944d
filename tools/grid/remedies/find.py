"""``find_remedies``: what helps a violated or insecure state, before an outage or after it, proven or refused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tools.coverage import Coverage, LeftOut
from tools.element import ElementRef
from tools.errors import InvalidArgumentError, NotSolvedError
from tools.grid.apply_actions import canonical_action
from tools.grid.case import outage_label
from tools.grid.elements import resolve_element
from tools.grid.operating_limits import LOADING_TOLERANCE_PERCENT, operating_limits, operating_state
from tools.grid.power_flow import highest_loading
from tools.grid.remedies.barred import barred_elements
from tools.grid.remedies.means import QUICK, THOROUGH, Effort, Means, mw_of
from tools.grid.remedies.point import Base
from tools.grid.remedies.search import REJECTED_SHOWN, Found, search
from tools.grid.schema.actions import ShedLoad, TransferLoad
from tools.grid.schema.remedies import BeyondEmergency, FindRemediesArguments, LoadTie, Remedy, RemedySearch
from tools.grid.screening.resident import Resident, resident
from tools.grid.screening.rows import violations
from tools.grid.screening.screen import Screened, screen
from tools.grid.screening.security import security
from tools.grid.state import OUTAGE_KINDS
from tools.vocabulary import ActionVerdict

if TYPE_CHECKING:
    from pandapower import pandapowerNet

    from tools.context import ToolContext
    from tools.grid.schema.simulation import ActionSimulation

# Outages that corrective remedies are looked for, the most violated first, where none is named.
MOST_CORRECTED = 10
SHOWN = 100
_NOTHING: tuple[tuple[BeyondEmergency, ...], tuple[ElementRef, ...], tuple[LeftOut, ...]] = ((), (), ())


def find_remedies(ctx: ToolContext, args: FindRemediesArguments) -> RemedySearch:
    """Look for actions against what is violated now or after an outage; docs/method.md says how and what it cannot see.

    Raises:
        NotSolvedError: when the state itself does not solve.
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: for elements or amounts that cannot be.
    """
    grid = ctx.grids.grid(args.at)
    state = resident(grid, args.outages, args.actions, ctx.limits)
    means = _means(state.solved.net, args, barred_elements(ctx, args.at or ctx.clock.as_of))
    named = _named(state, args)
    base = Base(grid, ctx.limits, args.outages, args.actions, frozenset(map(str, named)) if named else None)
    asked = sorted(_circuit(state, ref) for ref in named) if named else list(range(len(state.refs)))
    screened = screen(state, asked)
    insecure = _insecure(screened)
    maker = _Maker(args, means, QUICK if args.effort == "quick" else THOROUGH)
    if args.mode == "preventive":
        found = search(base, means, maker.effort)
        shown, trials = maker.remedies(found, state.solved.case, None), [found]
        tried = maker.rejected(found, state.solved.case, None)
        beyond, unrelieved, left = _NOTHING
    else:
        order = insecure if not named else range(len(asked))
        outages = [state.refs[int(screened.asked[place])] for place in order]
        shown, tried, trials, beyond, unrelieved = _corrective(base, maker, state, outages[:MOST_CORRECTED])
        left = _not_corrected(len(outages))
    simulated = [one for found in trials for one in found.attempts]
    count = {verdict: sum(one.verdict is verdict for one in simulated) for verdict in ActionVerdict}
    passed = count[ActionVerdict.VERIFIED] + count[ActionVerdict.BEST_AVAILABLE]
    claim = security(state, screened, ctx.limits, all_kinds=not named)
    solved = int(screened.figures["solved"].sum())
    remains = trials[0].least_remains if args.mode == "preventive" else None
    return RemedySearch(
        case=state.solved.case,
        mode=args.mode,
        violations=state.monitor.base_violations,
        insecure_outages=len(insecure),
        remedies=shown,
        tried=tried,
        omitted=passed - len(shown),
        verified=count[ActionVerdict.VERIFIED],
        best_available=count[ActionVerdict.BEST_AVAILABLE],
        rejected=count[ActionVerdict.REJECTED],
        planned=sum(found.planned for found in trials),
        beyond_emergency=beyond,
        unrelieved=unrelieved,
        linear_limit_without_shedding=None if remains is None else remains > 0,
        barred=tuple(sorted(means.barred))[:SHOWN],
        barred_omitted=max(len(means.barred) - SHOWN, 0),
        coverage=Coverage(
            checked=len(asked),
            solved=solved,
            diverged=len(asked) - solved,
            islanding=sum(len(state.dead[circuit]) > 0 for circuit in asked),
            left_out=(*claim.left_out, *_unusable(state.solved.net, args), *left),
        ),
        basis=grid.basis,
    )


def _corrective(
    base: Base, maker: _Maker, state: Resident, outages: list[ElementRef]
) -> tuple[tuple[Remedy, ...], tuple[Remedy, ...], list[Found], tuple[BeyondEmergency, ...], tuple[ElementRef, ...]]:
    """Remedies after each outage; one that breaks an emergency rating at once is beyond them."""
    shown: list[Remedy] = []
    tried: list[Remedy] = []
    trials, beyond, unrelieved = [], [], []
    for ref in outages:
        case = outage_label(state.solved.case, ref)
        after = replace(base, outages=(*base.outages, str(ref)), watched=None)
        late = _beyond_emergency(after, ref, case, maker.args.emergency_loading_percent)
        if late is not None:
            beyond.append(late)
            continue
        found = search(after, maker.means, maker.effort)
        trials.append(found)
        remedies = maker.remedies(found, case, ref)
        if not remedies and not (found.start is not None and found.start.clean):
            unrelieved.append(ref)
        shown += remedies
        tried += maker.rejected(found, case, ref)
    return tuple(shown), tuple(tried), trials, tuple(beyond), tuple(unrelieved)


def _beyond_emergency(after: Base, ref: ElementRef, case: str, emergency_percent: float) -> BeyondEmergency | None:
    """Whether nothing can wait after an outage; the normal rating (100 %) alone gives no time to wait in."""
    try:
        state = after.state()
    except NotSolvedError:
        return BeyondEmergency(element=ref, case=case, solved=False)
    above = int((state.monitor.loading_before_percent > emergency_percent + LOADING_TOLERANCE_PERCENT).sum())
    if not above or not state.monitor.loading_meaningful or emergency_percent <= 100.0:  # noqa: PLR2004 - the rating
        return None
    limits = operating_limits(state.solved.net, after.limits, operating_state(state.solved.state))
    return BeyondEmergency(
        element=ref, case=case, solved=True, beyond=above, worst=highest_loading(state.solved, limits)
    )


@dataclass(frozen=True)
class _Maker:
    """Makes rows of simulated sets."""

    args: FindRemediesArguments
    means: Means
    effort: Effort

    def remedies(self, found: Found, case: str, contingency: ElementRef | None) -> tuple[Remedy, ...]:
        """The first rows, best first."""
        return tuple(
            self._row(rank, one, case, contingency) for rank, one in enumerate(found.passed[: self.args.limit], start=1)
        )

    def rejected(self, found: Found, case: str, contingency: ElementRef | None) -> tuple[Remedy, ...]:
        """The best of what was rejected; nothing where something was not."""
        best = () if found.passed else found.attempts[:REJECTED_SHOWN]
        return tuple(self._row(rank, one, case, contingency) for rank, one in enumerate(best, start=1))

    def _row(self, rank: int, one: ActionSimulation, case: str, contingency: ElementRef | None) -> Remedy:
        before, after = one.security_before, one.security_after
        return Remedy(
            rank=rank,
            case=case,
            contingency=contingency,
            actions=one.proposed,
            elements=one.elements,
            operations=len(one.proposed),
            moved_p_mw=sum(abs(mw_of(action)) for action in one.proposed if not isinstance(action, ShedLoad)),
            shed_p_mw=one.shed_p_mw,
            cost=self.means.cost(one.proposed) if self.args.prices else None,
            verdict=one.verdict,
            reasons=one.reasons,
            violations_before=one.before.violation_count,
            violations_after=one.after.violation_count,
            cleared_violations=one.cleared_violation_count,
            new_violations=one.new_violation_count,
            unserved_before_p_mw=one.before.supply.unserved_p_mw,
            unserved_after_p_mw=one.after.supply.unserved_p_mw,
            insecure_before=None if before is None else before.insecure_outages + before.diverged_outages,
            insecure_after=None if after is None else after.insecure_outages + after.diverged_outages,
            worse_outages=None if after is None else after.worse_outages,
            secure_after=None if after is None else after.secure,
            highest_loading=one.after.highest_loading,
        )


def _insecure(screened: Screened) -> list[int]:
    """Places of the outages that violate a limit or do not solve, the deepest first."""
    figures = screened.figures
    broken = (violations(screened) > 0) | ~figures["solved"]
    order = np.lexsort((np.arange(len(figures)), -figures["depth"], figures["solved"]))
    return [int(place) for place in order if broken[place]]


def _named(state: Resident, args: FindRemediesArguments) -> tuple[ElementRef, ...]:
    kinds = [kind for kind in OUTAGE_KINDS if kind.value in ("line", "trafo", "trafo3w")]
    return tuple(dict.fromkeys(resolve_element(state.solved.net, text, kinds) for text in args.contingencies))


def _circuit(state: Resident, ref: ElementRef) -> int:
    place = state.arrays.circuits.find(ref.kind.value, ref.index)
    if place is None:
        raise InvalidArgumentError(
            f"contingencies: {ref} is out of service or without supply; name lines and transformers in service"
        )
    return place


def _means(net: pandapowerNet, args: FindRemediesArguments, barred: frozenset[str]) -> Means:
    if args.ramp_percent is not None and args.time_min is None:
        raise InvalidArgumentError("ramp_percent: without time_min it says nothing; give the minutes that there are")
    if args.mode == "preventive" and (args.time_min is not None or args.emergency_loading_percent > 100.0):  # noqa: PLR2004
        raise InvalidArgumentError("mode: emergency_loading_percent and time_min belong to corrective remedies")
    ties = tuple(_tie(net, tie) for tie in args.ties)
    ramp_mw = None
    if args.ramp_percent is not None and args.time_min is not None:
        share = args.ramp_percent / 100.0 * args.time_min
        ramp_mw = {
            f"{table}:{index}": float(most) * share
            for table in ("gen", "sgen")
            if "max_p_mw" in net[table]
            for index, most in net[table].max_p_mw.dropna().items()
        }
    return Means(
        allowed=frozenset(args.allowed),
        barred=barred | frozenset(str(resolve_element(net, text)) for text in args.barred),
        price_per_mw={str(resolve_element(net, one.element)): one.price for one in args.prices},
        ties=ties,
        ramp_mw=ramp_mw,
    )


def _tie(net: pandapowerNet, tie: LoadTie) -> LoadTie:
    probe = TransferLoad(element=tie.element, to_bus=tie.to_bus, p_mw=tie.max_p_mw or 1.0)
    action, _ = canonical_action(net, probe)
    assert isinstance(action, TransferLoad)  # noqa: S101 - the canonical action is of the same type
    return LoadTie(element=action.element, to_bus=action.to_bus, max_p_mw=tie.max_p_mw)


def _unusable(net: pandapowerNet, args: FindRemediesArguments) -> tuple[LeftOut, ...]:
    """Levers that the model has and the search cannot move, and why."""
    left = []
    if "transfer_load" in args.allowed and not args.ties:
        left.append(
            LeftOut(what="load transfers", count=len(net.load), reason="no tie was named, the model knows none")
        )
    if "set_tap" in args.allowed and len(net.trafo):
        columns = [net.trafo[name].notna() for name in ("tap_min", "tap_max", "tap_pos") if name in net.trafo]
        able = int(np.logical_and.reduce(columns).sum()) if columns else 0
        if able < len(net.trafo):
            reason = "the model has no tap range"
            left.append(LeftOut(what="tap changers", count=len(net.trafo) - able, reason=reason))
    if "redispatch" in args.allowed and len(net.sgen):
        fixed = (
            len(net.sgen) - int(net.sgen.controllable.eq(True).sum()) if "controllable" in net.sgen else len(net.sgen)
        )
        if fixed:
            left.append(LeftOut(what="static generators", count=fixed, reason="not controllable in the model"))
    return tuple(left)


def _not_corrected(count: int) -> tuple[LeftOut, ...]:
    if count <= MOST_CORRECTED:
        return ()
    reason = "corrective remedies are looked for after the most violated outages; name others"
    return (LeftOut(what="outages", count=count - MOST_CORRECTED, reason=reason),)
