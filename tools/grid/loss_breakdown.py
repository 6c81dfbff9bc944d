"""The tool ``break_down_losses``: where a solved state loses its power, by branch, kind, voltage level and cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.context import ToolContext
from tools.coverage import Coverage, LeftOut
from tools.element import ElementKind, ElementRef
from tools.grid.branch_flows import BRANCH_KINDS
from tools.grid.branch_losses import BranchLosses, branch_losses
from tools.grid.elements import element_ref, resolve_element
from tools.grid.limit_coverage import in_scope
from tools.grid.marginal_losses import marginal_losses
from tools.grid.power_flow import drawn, generation_p_mw
from tools.grid.schema.losses import BranchLoss, BreakDownLossesArguments, LossBreakdown, MarginalLoss
from tools.grid.solve import SolvedState, solved_state
from tools.grid.supply import supply_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandapower import pandapowerNet


def break_down_losses(ctx: ToolContext, args: BreakDownLossesArguments) -> LossBreakdown:
    """Break down the losses of one AC state; what cannot be told apart is named, never guessed.

    Raises:
        NotSolvedError: when the state has no solution; no number is given then.
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: for a hypothesis or an element that cannot be.
    """
    grid = ctx.grids.grid(args.at)
    solved = solved_state(grid, args.outages, args.actions, enforce_q_lims=args.enforce_q_lims)
    asked = tuple(dict.fromkeys(resolve_element(solved.net, text, BRANCH_KINDS) for text in args.elements))
    losses, page = branch_losses(solved), slice(args.offset, args.offset + args.limit)
    places = _ranked(losses, asked)
    per_mw = _marginal(solved)
    dearest = [int(place) for place in np.argsort(-per_mw, kind="stable") if np.isfinite(per_mw[place])]
    generation, load = generation_p_mw(solved.net), drawn(solved.net, "p_mw")
    shunts = float(solved.net.res_shunt.p_mw.sum())
    return LossBreakdown(
        case=solved.case,
        solver=solved.solver,
        reactive_limits_enforced=solved.enforce_q_lims,
        supply=supply_of(solved.state, solved.topology),
        generation_p_mw=generation,
        load_p_mw=load,
        shunts_p_mw=shunts,
        loss_p_mw=losses.total_mw,
        loss_percent=losses.total_mw / generation * 100.0 if generation > 0 else None,
        series_loss_p_mw=float(np.nansum(losses.series_mw)),
        shunt_loss_p_mw=float(np.nansum(losses.shunt_mw)),
        undivided_loss_p_mw=float(losses.loss_mw[np.isnan(losses.shunt_mw)].sum()),
        unattributed_p_mw=generation - load - shunts - losses.total_mw,
        kinds=losses.by_kind(),
        levels=losses.by_level(),
        branches=tuple(_branch(solved, losses, place) for place in places[page]),
        omitted=len(places) - len(places[page]),
        dead=tuple(ref for ref in asked if solved.flows.position(ref.kind, ref.index) is None),
        marginal_losses=tuple(_bus(solved, per_mw, place) for place in dearest[page]),
        marginal_omitted=len(dearest) - len(dearest[page]),
        coverage=_coverage(solved, losses, len(dearest)),
        basis=grid.basis,
    )


def _ranked(losses: BranchLosses, asked: tuple[ElementRef, ...]) -> list[int]:
    """Places of the branches wanted, most losses first; equal ones in the order of the tables."""
    wanted = {(ref.kind, ref.index) for ref in asked}
    order = [int(place) for place in np.argsort(-losses.loss_mw, kind="stable")]
    return [place for place in order if not wanted or losses.key[place] in wanted]


def _branch(solved: SolvedState, losses: BranchLosses, place: int) -> BranchLoss:
    known = bool(np.isfinite(losses.shunt_mw[place]))
    return BranchLoss(
        element=element_ref(solved.net, *losses.key[place]),
        case=solved.case,
        loss_p_mw=float(losses.loss_mw[place]),
        series_loss_p_mw=float(losses.series_mw[place]) if known else None,
        shunt_loss_p_mw=float(losses.shunt_mw[place]) if known else None,
        share_percent=losses.share_percent(float(losses.loss_mw[place])),
    )


def _bus(solved: SolvedState, per_mw: NDArray[np.float64], place: int) -> MarginalLoss:
    return MarginalLoss(
        element=element_ref(solved.net, ElementKind.BUS, int(solved.topology.buses[place])),
        case=solved.case,
        marginal_loss_percent=float(per_mw[place]) * 100.0,
    )


def _marginal(solved: SolvedState) -> NDArray[np.float64]:
    """Further losses per further MW drawn at each bus; NaN where that is not known."""
    if _voltage_dependent(solved.net):
        return np.full(len(solved.net.bus), np.nan)
    return marginal_losses(solved.net)


def _voltage_dependent(net: pandapowerNet) -> bool:
    """Whether loads follow the voltage, which the marginal losses do not."""
    shares = [column for column in net.load.columns if str(column).startswith(("const_z_", "const_i_"))]
    return bool(net.load.loc[net.load.in_service.astype(bool), shares].fillna(0).to_numpy(dtype=float).any())


def _coverage(solved: SolvedState, losses: BranchLosses, buses: int) -> Coverage:
    in_service = sum(len(in_scope(solved.state, kind, None)) for kind in BRANCH_KINDS)
    undivided = int(np.isnan(losses.shunt_mw).sum())
    left = (
        ("branches", in_service - len(losses.key), "without supply"),
        ("branches", undivided, "the model does not tell losses by current from losses by voltage"),
        (
            "buses",
            int(solved.topology.energised.sum()) - buses,
            "their marginal loss is not known: loads depend on the voltage, or the equations are singular",
        ),
    )
    left_out = tuple(LeftOut(what=what, count=count, reason=reason) for what, count, reason in left if count)
    return Coverage(checked=len(losses.key), solved=len(losses.key), left_out=left_out)
