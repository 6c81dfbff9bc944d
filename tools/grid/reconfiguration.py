"""``reconfigure_feeder``: the radial configuration of least losses, how to get there, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind
from tools.grid.elements import resolve_element
from tools.grid.feeder.agent import train
from tools.grid.feeder.bound import bound_kw
from tools.grid.feeder.build import failure_rates, make_aim, make_network
from tools.grid.feeder.claims import coverage_of, proof_of
from tools.grid.feeder.figures import DEPTH, LOSS, LOWEST, OBJECTIVE, SOLVED, STATUS, evaluate
from tools.grid.feeder.model import Feeder, make_feeder
from tools.grid.feeder.ranking import EQUAL_POINTS
from tools.grid.feeder.search import Found, present, search
from tools.grid.feeder.sequence import actions_after, in_order, steps
from tools.grid.feeder.states import View, feeder_state
from tools.grid.feeder.verdict import judged
from tools.grid.schema.limit_check import ViolationKind
from tools.grid.schema.reconfiguration import (
    AgentOutcome,
    Configuration,
    FeederReconfiguration,
    FeederState,
    ReconfigureFeederArguments,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.context import ToolContext
    from tools.grid.feeder.network import Aim, Network
    from tools.grid.grid import Grid
    from tools.grid.schema.actions import Action
    from tools.limits import LimitTable

MOST_TOLD = 10**15
"""More configurations than this are told as absent: not every reader of JSON keeps them exact."""

_TENTH = 10
_KW = 1e3
_SEARCHED = frozenset({ViolationKind.UNDERVOLTAGE, ViolationKind.OVERVOLTAGE, ViolationKind.OVERLOAD})


def reconfigure_feeder(ctx: ToolContext, args: ReconfigureFeederArguments) -> FeederReconfiguration:
    """Find the radial configuration of least losses that supplies every bus that lines can reach.

    With ``outages`` it restores supply: what is dead is supplied again by closing ties, at least losses. Figures of
    ``before``, ``after`` and every step are pandapower's. docs/method.md explains the search, the bound and the proof.

    Raises:
        InvalidArgumentError: when the grid is run meshed or holds voltages inside, or an argument cannot be.
        UnknownElementError, AmbiguousElementError: for a reference that names nothing or several elements.
        NotSolvedError: when no radial configuration has a power flow solution.
    """
    grid = ctx.grids.grid(args.at)
    feeder = make_feeder(grid, args)
    network = make_network(feeder, args, ctx.limits)
    aim = make_aim(feeder, network, args)
    found = search(feeder, network, aim, args)
    return _Answer(grid, feeder, network, aim, found, args, ctx.limits).build()


@dataclass(frozen=True)
class _Answer:
    """A search on its way into the result."""

    grid: Grid
    feeder: Feeder
    network: Network
    aim: Aim
    found: Found
    args: ReconfigureFeederArguments
    limits: LimitTable

    def build(self) -> FeederReconfiguration:
        """Solve before, every step and after by pandapower, judge, and say what was searched."""
        feeder, best = self.feeder, self.found.best
        order = in_order(feeder, best.opened[0])
        actions = actions_after(feeder, order)
        before, after = self._state("before", feeder.state.actions), self._state("after", actions)
        deviation_kw = self._deviation_kw(before, after)
        claim = proof_of(self.found, self.aim, deviation_kw)
        objective_kw, floor_kw = float(best.figures[0, OBJECTIVE]), bound_kw(self.network, self.aim)
        saved_kw = None
        if before.loss_p_kw is not None and after.loss_p_kw is not None and not before.supply.dead_buses:
            saved_kw = before.loss_p_kw - after.loss_p_kw
        verdict = judged(feeder, self.limits, self.args, actions, saves=saved_kw is not None and saved_kw > 0)
        count = feeder.loops.configurations
        return FeederReconfiguration(
            case=feeder.state.case,
            before=before,
            after=after,
            loss_reduction_kw=saved_kw,
            loss_reduction_percent=saved_kw / before.loss_p_kw * 100.0 if saved_kw and before.loss_p_kw else None,
            switchings=tuple(steps(feeder, order)),
            objective_kw=objective_kw,
            limits_kept=after.solved and not any(item.kind in _SEARCHED for item in after.violations),
            max_switchings=self.args.max_switchings,
            method=self.found.method,
            proven=claim.proven,
            proof=claim.proof,
            bound_kw=floor_kw,
            gap_percent=_gap_percent(objective_kw, floor_kw, proven=claim.proven),
            configurations=count if count <= MOST_TOLD else None,
            searched=best.counts.solved + best.counts.excluded,
            excluded=best.counts.excluded,
            breaking_limits=best.counts.breaking,
            deviation_kw=deviation_kw,
            next_best=tuple(
                self._configuration(f"rank {rank}", opened, figures)
                for rank, (opened, figures) in enumerate(zip(best.opened[1:], best.figures[1:], strict=True), start=2)
            ),
            fewer_switchings=tuple(self._few()),
            agent=self._agent(objective_kw),
            coverage=coverage_of(feeder, self.found),
            verdict=verdict.verdict,
            reasons=verdict.reasons,
            security_before=verdict.security_before,
            security_after=verdict.security_after,
            basis=self.grid.basis,
        )

    def _state(self, case: str, actions: tuple[Action, ...]) -> FeederState:
        closed = self.feeder.closed.copy()
        if case == "after":
            closed[:] = True
            closed[self.found.best.opened[0]] = False
        net = self.feeder.state.net
        buses = tuple(resolve_element(net, text, (ElementKind.BUS,)).index for text in self.args.paths_to)
        view = View(
            self.limits, failure_rates(self.feeder, self.args), buses, offset=self.args.offset, limit=self.args.limit
        )
        outages = tuple(map(str, self.feeder.state.outages))
        return feeder_state(self.grid, outages, actions, view, case=case, opened=self.feeder.opened(closed))

    def _deviation_kw(self, before: FeederState, after: FeederState) -> float:
        """Largest difference of losses between sweep and pandapower, after and (where it is radial) before."""
        pairs = [(after.loss_p_kw, self.found.best.figures[0])]
        opened = present(self.feeder)
        if before.radial and len(opened) == self.feeder.loops.count:
            free = self.aim._replace(most_switchings=len(self.feeder.closed))
            pairs.append((before.loss_p_kw, evaluate(self.network, free, opened[None, :], np.inf)[0]))
        gaps = [
            abs(kw - float(figures[LOSS]) * _KW)
            for kw, figures in pairs
            if kw is not None and figures[STATUS] == SOLVED
        ]
        return max(gaps, default=float("inf")) if after.solved else np.inf

    def _few(self) -> list[Configuration]:
        found = []
        for opened, figures in self.found.few:
            row = self._configuration("", opened, figures)
            found.append(row.model_copy(update={"case": f"with {row.switchings} switchings"}))
        return found

    def _configuration(self, case: str, opened: NDArray[np.int64], figures: NDArray[np.float64]) -> Configuration:
        order = in_order(self.feeder, opened)
        return Configuration(
            case=case,
            switchings=len(order),
            closing=tuple(self.feeder.refs[item.row] for item in order if item.closed),
            opening=tuple(self.feeder.refs[item.row] for item in order if not item.closed),
            loss_p_kw=float(figures[LOSS]) * _KW,
            objective_kw=float(figures[OBJECTIVE]),
            min_vm_pu=float(figures[LOWEST]),
            limits_kept=bool(figures[DEPTH] <= EQUAL_POINTS),
        )

    def _agent(self, best_kw: float) -> AgentOutcome | None:
        episodes, seed = self.args.agent_episodes, self.args.seed
        trained = train(self.network, self.aim, self.feeder.loops, best_kw, episodes=episodes, seed=seed)
        if trained is None:
            return None
        figures = evaluate(self.network, self.aim, trained.opened[None, :], np.inf)[0]
        solved, tenth = bool(figures[STATUS] == SOLVED), max(len(trained.cost_kw) // _TENTH, 1)
        closed = np.ones(len(self.feeder.closed), dtype=np.bool_)
        closed[trained.opened] = False
        objective_kw = float(figures[OBJECTIVE])
        return AgentOutcome(
            case="trained agent",
            episodes=len(trained.cost_kw),
            seed=seed,
            solved=solved,
            opened=self.feeder.opened(closed),
            loss_p_kw=float(figures[LOSS]) * _KW if solved else None,
            objective_kw=objective_kw if solved else None,
            above_best_percent=(objective_kw / best_kw - 1.0) * 100.0 if solved and best_kw else None,
            limits_kept=bool(figures[DEPTH] <= EQUAL_POINTS) if solved else None,
            best_met_kw=trained.best_met_kw,
            first_mean_kw=float(trained.cost_kw[:tenth].mean()),
            last_mean_kw=float(trained.cost_kw[-tenth:].mean()),
        )


def _gap_percent(objective_kw: float, floor_kw: float | None, *, proven: bool) -> float | None:
    if proven:
        return 0.0
    if floor_kw is None or objective_kw <= 0:
        return None
    return max((objective_kw - floor_kw) / objective_kw * 100.0, 0.0)
