"""Solving a state by pandapower; a state that does not converge gives no number at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from pandapower import LoadflowNotConverged, rundcpp, runpp

from tools.element import ElementKind
from tools.errors import NotSolvedError
from tools.grid.branch_flows import BranchFlows, branch_flows
from tools.grid.connectivity import Connectivity, connectivity
from tools.grid.grid import Grid
from tools.grid.ratings import placeholder_branches
from tools.grid.schema.actions import Action
from tools.grid.schema.common import UnitState
from tools.grid.schema.power_flow import FlowModel
from tools.grid.soundness import require_values
from tools.grid.state import State, hypothesis_net
from tools.grid.unit_outputs import unit_outputs

if TYPE_CHECKING:
    from pandapower import pandapowerNet

TOLERANCE_MVA = 1e-8
MAX_ITERATIONS = 30
CACHED_STATES = 24


@dataclass(frozen=True, eq=False)
class SolvedState:
    """A state with the results of a power flow in ``net.res_*``; shared between calls, so nobody changes it.

    Attributes:
        state: What was solved.
        model: AC or DC.
        enforce_q_lims: Whether units at a reactive limit were turned into PQ nodes.
        solver: Engine, method and start that solved it.
        iterations: Newton iterations of the AC solution; None for DC or where the engine does not tell.
    """

    state: State
    model: FlowModel
    enforce_q_lims: bool
    solver: str = ""
    iterations: int | None = None

    @property
    def net(self) -> pandapowerNet:
        """The private net with its results."""
        return self.state.net

    @property
    def case(self) -> str:
        """Label of the state."""
        return self.state.case

    @cached_property
    def topology(self) -> Connectivity:
        """Islands of the state, and which of its buses have a source."""
        return connectivity(self.net)

    @cached_property
    def flows(self) -> BranchFlows:
        """What flows through every live branch."""
        return branch_flows(self.net, self.topology, ac=self.model is FlowModel.AC)

    @cached_property
    def units(self) -> tuple[UnitState, ...]:
        """What every live unit feeds in, by kind and index."""
        return unit_outputs(self.net, self.topology, self.case, ac=self.model is FlowModel.AC)

    @cached_property
    def placeholders(self) -> frozenset[tuple[ElementKind, int]]:
        """Branches whose loading means nothing, because their rating is a placeholder."""
        return placeholder_branches(self.net)

    @cached_property
    def by_loading(self) -> list[tuple[ElementKind, int]]:
        """Live branches with a real rating, the most loaded first; equal loadings by kind and index."""
        flows = self.flows
        order = np.argsort(-flows.loading_percent, kind="stable")
        ranked = [flows.key[at] for at in order if not np.isnan(flows.loading_percent[at])]
        return [key for key in ranked if key not in self.placeholders]


@dataclass(frozen=True)
class _Key:
    """What a cached solution depends on; its key stands for the grid."""

    grid: Grid = field(compare=False)
    key: str
    outages: tuple[str, ...]
    actions: tuple[Action, ...]
    model: FlowModel
    enforce_q_lims: bool


def solve(state: State, *, model: FlowModel = FlowModel.AC, enforce_q_lims: bool = False) -> SolvedState:
    """Solve a state; the results are written into its private net.

    Raises:
        NotSolvedError: when a value that the equations need is missing or cannot be, when no bus has a source, or no
            start vector leads to a solution; says what was tried.
    """
    require_values(state)
    solved = SolvedState(state, model, enforce_q_lims and model is FlowModel.AC)
    if not solved.topology.energised.any():
        raise NotSolvedError(f"The state {state.case!r} has no power flow: no bus has a source in service.")
    if model is FlowModel.DC:
        if not _linear(state.net) or not _has_numbers(solved):
            raise NotSolvedError(f"The linear DC equations of the state {state.case!r} have no unique solution.")
        return replace(solved, solver="pandapower rundcpp, linear")
    for start, voltages in _starts(state):
        if _converges(state.net, voltages, enforce_q_lims=enforce_q_lims) and _has_numbers(solved):
            return replace(solved, solver=_solver(state.net, start), iterations=_iterations(state.net))
    raise NotSolvedError(
        f"The power flow of the state {state.case!r} does not converge. Tried: Newton-Raphson, up to {MAX_ITERATIONS} "
        f"iterations, from {', '.join(start for start, _ in _starts(state))}; reactive limits of units "
        f"{'enforced' if enforce_q_lims else 'not enforced'}."
    )


def solved_state(
    grid: Grid,
    outages: Sequence[str] = (),
    actions: Sequence[Action] = (),
    *,
    model: FlowModel = FlowModel.AC,
    enforce_q_lims: bool = False,
) -> SolvedState:
    """The solved state of a hypothesis, kept for the next call; equal keys are taken for the same grid.

    Raises:
        NotSolvedError: as ``solve``; and what ``hypothesis_net`` raises.
    """
    return _solved(_Key(grid, grid.key, tuple(outages), tuple(actions), model, enforce_q_lims))


@lru_cache(maxsize=CACHED_STATES)
def _solved(key: _Key) -> SolvedState:
    state = hypothesis_net(key.grid, key.outages, key.actions)
    return solve(state, model=key.model, enforce_q_lims=key.enforce_q_lims)


def _starts(state: State) -> Iterator[tuple[str, dict[str, object]]]:
    """Start vectors in the order tried, each with its name; the base solution only where there is a hypothesis."""
    yield "DC angles", {"init": "dc"}
    yield "a flat start", {"init": "flat"}
    if not (state.outages or state.actions):
        return
    with suppress(NotSolvedError):
        base = solved_state(state.grid).net.res_bus
        vm_pu, va_degree = base.vm_pu.fillna(1.0).to_numpy(), base.va_degree.fillna(0.0).to_numpy()
        yield "the base solution", {"init_vm_pu": vm_pu, "init_va_degree": va_degree}


def _converges(net: pandapowerNet, start: dict[str, object], *, enforce_q_lims: bool) -> bool:
    try:
        runpp(
            net,
            max_iteration=MAX_ITERATIONS,
            tolerance_mva=TOLERANCE_MVA,
            enforce_q_lims=enforce_q_lims,
            lightsim2grid="auto",
            **start,
        )
    except (LoadflowNotConverged, FloatingPointError):  # the latter of pandapower's DC start, for a branch without x
        return False
    return bool(net.converged)


def _linear(net: pandapowerNet) -> bool:
    try:
        rundcpp(net)
    except FloatingPointError:  # a branch without reactance
        return False
    return True


def _has_numbers(solved: SolvedState) -> bool:
    """Whether every bus with a source has a voltage angle; a singular system may leave NaN without an error."""
    angles = solved.net.res_bus.va_degree.to_numpy(dtype=float)
    return bool(np.isfinite(angles[solved.topology.energised]).all())


def _solver(net: pandapowerNet, start: str) -> str:
    options = net._options  # noqa: SLF001 - the only place where pandapower keeps which engine it chose
    engine = "lightsim2grid" if options.get("lightsim2grid") else "numba" if options.get("numba") else "scipy"
    return f"pandapower runpp, Newton-Raphson ({engine}), from {start}"


def _iterations(net: pandapowerNet) -> int | None:
    iterations = (net.get("_ppc") or {}).get("iterations")
    return int(iterations) if iterations is not None else None
