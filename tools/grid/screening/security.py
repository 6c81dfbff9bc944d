"""Rule 4's N-1 secure, from the figures of all outages: True needs full coverage, False needs one proof."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tools.coverage import LeftOut
from tools.errors import NotSolvedError
from tools.grid.screening.arrays import OUTAGE_TABLES
from tools.grid.screening.resident import Resident, resident
from tools.grid.screening.rows import violations
from tools.grid.screening.screen import losses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.grid.screening.screen import Screened
    from tools.grid.screening.study import Study
    from tools.limits import LimitTable

# Branches that can be in service and are not taken out by an order-1 screening.
_NOT_SCREENED = ("impedance", "dcline", "tcsc")
# A loss below this is rounding of sums, no loss.
LOSS_TOLERANCE_MW = 1e-6


@dataclass(frozen=True)
class Security:
    """The claim and what it rests on.

    Attributes:
        secure: None when nothing insecure was found but not everything was checked.
        avoidable: For each outage whether it loses more than the intact topology makes unavoidable.
        left_out: What was not checked, and why.
    """

    secure: bool | None
    avoidable: tuple[bool, ...]
    left_out: tuple[LeftOut, ...]


def security(state: Resident, screened: Screened, table: LimitTable, *, all_kinds: bool) -> Security:
    """Whether a state is N-1 secure.

    Args:
        state: The state before the outages.
        screened: Its outages.
        table: Limits where the grid model has none.
        all_kinds: Whether every outage was asked for, and not a choice of them.
    """
    avoidable = avoidable_losses(state, screened.asked.tolist(), table)
    solved = screened.figures["solved"]
    broken = bool((violations(screened)[solved] > 0).any()) or any(avoidable) or state.monitor.base_violations > 0
    gaps = _gaps(state, screened, all_kinds=all_kinds)
    # a grid that does not solve after an outage is not secure, but the claim that it is insecure needs a solution
    # and where nothing can go out, nothing was proven
    proven = bool(len(solved)) and bool(solved.all()) and not gaps
    secure = False if broken else True if proven else None
    return Security(secure, avoidable, (*gaps, *_out_of_service(state)))


def with_units(claim: Security, study: Study, units: int, left_out: Sequence[LeftOut]) -> Security:
    """The claim over single outages of units as well; groups are beyond N-1 and do not bear on it.

    Args:
        claim: Of the circuits.
        study: The units, first, and the groups.
        units: How many of its outages are single units.
        left_out: Units that were asked for and cannot go out.
    """
    solved, broken = study.figures["solved"][:units], violations(study)[:units]
    if bool((broken[solved] > 0).any()):
        return replace(claim, secure=False, left_out=(*claim.left_out, *left_out))
    secure = claim.secure if claim.secure is False or solved.all() else None
    return replace(claim, secure=secure, left_out=(*claim.left_out, *left_out))


def avoidable_losses(state: Resident, asked: Sequence[int], table: LimitTable) -> tuple[bool, ...]:
    """For each outage whether it cuts off load or generation that it would not cut off in the intact grid."""
    whole = state.solved.state
    load_mw, generation_mw = losses(state, asked)
    lossy = load_mw + generation_mw > LOSS_TOLERANCE_MW
    in_force = whole.grid.basis is not None and whole.grid.basis.outages
    if not (whole.outages or whole.actions or in_force) or not lossy.any():
        return (False,) * len(lossy)
    try:
        intact = resident(whole.grid.model if in_force else whole.grid, (), (), table)
    except NotSolvedError:
        # nothing is known to be unavoidable
        return tuple(bool(loses) for loses in lossy)
    result = []
    for loses, circuit in zip(lossy.tolist(), asked, strict=True):
        if not loses:
            result.append(False)
            continue
        unavoidable = intact.dead_buses(state.refs[circuit])
        more = [place for place in state.dead[circuit] if int(state.arrays.bus_index[place]) not in unavoidable]
        result.append(bool((state.demand_mw[more] + state.generation_mw[more]).sum() > LOSS_TOLERANCE_MW))
    return tuple(result)


def _gaps(state: Resident, screened: Screened, *, all_kinds: bool) -> tuple[LeftOut, ...]:
    """What a claim of security would have to know and does not."""
    gaps = gaps_of(state, screened.not_retried)
    if all_kinds:
        return gaps
    others = len(state.refs) - len(screened.asked)
    return (LeftOut(what="outages", count=others, reason="not asked for"), *gaps)


def gaps_of(state: Resident, not_retried: int) -> tuple[LeftOut, ...]:
    """What was not checked in the outages that were asked for, and which branches cannot be asked for."""
    net, monitor = state.solved.net, state.monitor
    gaps = []
    if not_retried:
        reason = "counted as diverged: no solution from the state before, and not tried from other starts"
        gaps.append(LeftOut(what="outages", count=not_retried, reason=reason))
    for table in _NOT_SCREENED:
        in_service = int(net[table].in_service.sum()) if table in net and len(net[table]) else 0
        if in_service:
            gaps.append(LeftOut(what=f"{table} outages", count=in_service, reason="only lines and transformers go out"))
    unrated = len(state.refs) - len(monitor.thermal.circuits)
    if unrated:
        gaps.append(LeftOut(what="loadings", count=unrated, reason="the rating is missing or a placeholder"))
    band = monitor.contingency
    unlimited = int((np.isnan(band.vm_min_pu) & np.isnan(band.vm_max_pu)).sum())
    if unlimited:
        gaps.append(LeftOut(what="voltages", count=unlimited, reason="neither the model nor the library has a limit"))
    return tuple(gaps)


def _out_of_service(state: Resident) -> Sequence[LeftOut]:
    """Branches that cannot go out because they are out, or are without supply."""
    net = state.solved.net
    present = {(ref.kind.value, ref.index) for ref in state.refs}
    left = []
    for table in OUTAGE_TABLES:
        missing = sum((table, int(index)) not in present for index in net[table].index)
        if missing:
            left.append(LeftOut(what=f"{table} outages", count=missing, reason="out of service or without supply"))
    return left
