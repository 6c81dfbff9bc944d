"""The feeder before and after the switchings, as the result shows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

from tools.element import ElementKind, ElementRef
from tools.errors import NotSolvedError
from tools.grid.connectivity import slack_buses
from tools.grid.elements import element_ref
from tools.grid.feeder.model import loops_closed
from tools.grid.operating_limits import operating_limits, operating_state
from tools.grid.path_graph import branch_graph
from tools.grid.power_flow import highest_loading
from tools.grid.rows import bus_row
from tools.grid.schema.reconfiguration import BranchLoss, FeederState, FeedPath
from tools.grid.solve import SolvedState, solved_state
from tools.grid.state import hypothesis_net
from tools.grid.supply import demand_p_mw, supply_of
from tools.grid.violations import find_violations

if TYPE_CHECKING:
    from tools.grid.grid import Grid
    from tools.grid.schema.actions import Action
    from tools.limits import LimitTable

SHOWN = 10


@dataclass(frozen=True)
class View:
    """What of a state is shown.

    Attributes:
        table: The limits.
        failures: Failures in a year by line; None where none are given.
        buses: Buses whose path is wanted; those of the lowest voltages when empty.
        offset, limit: Page of the losses; ``limit`` also bounds the paths to the lowest voltages.
    """

    table: LimitTable
    failures: Mapping[int, float] | None
    buses: tuple[int, ...]
    offset: int
    limit: int


def feeder_state(
    grid: Grid,
    outages: Sequence[str],
    actions: Sequence[Action],
    view: View,
    *,
    case: str,
    opened: Sequence[ElementRef],
) -> FeederState:
    """One state of the feeder, solved by pandapower; without numbers where it does not solve."""
    try:
        found = solved_state(grid, outages, actions)
    except NotSolvedError:
        state = hypothesis_net(grid, outages, actions)
        radial = loops_closed(state.net)[0] == 0
        return FeederState(case=case, solved=False, radial=radial, supply=supply_of(state), opened=tuple(opened))
    radial = loops_closed(found.net)[0] == 0
    solved = replace(found, state=replace(found.state, case=case))
    limits = operating_limits(solved.net, view.table, operating_state(solved.state))
    violations = find_violations(solved, limits)
    vm_pu = np.where(solved.topology.energised, solved.net.res_bus.vm_pu.to_numpy(dtype=float), np.nan)
    buses, flows = solved.topology.buses, solved.flows
    losses = _losses(solved)
    ways = _Ways(solved, view.failures)
    return FeederState(
        case=case,
        solved=True,
        radial=radial,
        supply=supply_of(solved.state),
        loss_p_kw=float(np.nansum(flows.loss_p_mw)) * 1e3,
        lowest_voltage=bus_row(solved, limits, int(buses[np.nanargmin(vm_pu)])),
        highest_loading=highest_loading(solved, limits),
        violation_count=len(violations),
        violations=violations[:SHOWN],
        interrupted_per_year_mw=ways.interrupted_mw() if radial and view.failures is not None else None,
        opened=tuple(opened),
        losses=losses[view.offset : view.offset + view.limit],
        losses_omitted=len(losses) - len(losses[view.offset : view.offset + view.limit]),
        line_loss_p_kw=_loss_of(solved, ElementKind.LINE),
        trafo_loss_p_kw=_loss_of(solved, ElementKind.TRAFO, ElementKind.TRAFO3W),
        paths=tuple(ways.paths(view.buses or _lowest(solved, min(view.limit, 3)))),
    )


def _losses(solved: SolvedState) -> tuple[BranchLoss, ...]:
    """Losses of the live branches, most first."""
    flows = solved.flows
    total = float(np.nansum(flows.loss_p_mw))
    order = np.argsort(-flows.loss_p_mw, kind="stable")
    return tuple(
        BranchLoss(
            element=element_ref(solved.net, *flows.key[at]),
            case=solved.case,
            loss_p_kw=float(flows.loss_p_mw[at]) * 1e3,
            share_percent=float(flows.loss_p_mw[at]) / total * 100.0 if total else 0.0,
        )
        for at in order.tolist()
        if np.isfinite(flows.loss_p_mw[at])
    )


def _loss_of(solved: SolvedState, *kinds: ElementKind) -> float | None:
    """Losses of all live branches of some kinds, kW; None where there are none."""
    flows = solved.flows
    found = [loss for key, loss in zip(flows.key, flows.loss_p_mw.tolist(), strict=True) if key[0] in kinds]
    return float(np.nansum(found)) * 1e3 if found else None


def _lowest(solved: SolvedState, count: int) -> tuple[int, ...]:
    vm_pu = np.where(solved.topology.energised, solved.net.res_bus.vm_pu.to_numpy(dtype=float), np.inf)
    return tuple(int(solved.topology.buses[at]) for at in np.argsort(vm_pu, kind="stable")[:count])


class _Ways:
    """The ways from the sources of a solved state to its buses."""

    def __init__(self, solved: SolvedState, failures: Mapping[int, float] | None) -> None:
        self._solved, self._failures = solved, failures
        self._graph = branch_graph(solved.net)
        sources = [bus for bus in slack_buses(solved.net) if bus in self._graph]
        self._way: dict[object, list[object]] = nx.multi_source_dijkstra_path(self._graph, sources, weight="weight")

    def interrupted_mw(self) -> float:
        """Load times the failures in a year of what feeds it."""
        loads = sorted(
            {int(bus) for table in ("load", "storage", "ward", "xward", "motor") for bus in self._solved.net[table].bus}
        )
        return sum(
            demand_p_mw(self._solved.net, [bus]) * self._failing(self._steps(bus)) for bus in loads if bus in self._way
        )

    def paths(self, buses: Sequence[int]) -> Iterator[FeedPath]:
        """The ways to these buses; one without supply has none."""
        net, flows = self._solved.net, self._solved.flows
        for bus in buses:
            if bus not in self._way:
                continue
            steps = self._steps(bus)
            places = [flows.position(ref.kind, ref.index) for ref in steps]
            yield FeedPath(
                element=element_ref(net, ElementKind.BUS, bus),
                case=self._solved.case,
                source=element_ref(net, ElementKind.BUS, int(str(self._way[bus][0]))),
                steps=tuple(steps),
                vm_pu=float(net.res_bus.vm_pu.at[bus]),
                loss_p_kw=sum(float(flows.loss_p_mw[at]) for at in places if at is not None) * 1e3,
                failures_per_year=None if self._failures is None else self._failing(steps),
            )

    def _failing(self, steps: Sequence[ElementRef]) -> float:
        rates = self._failures or {}
        return sum(rates.get(ref.index, 0.0) for ref in steps if ref.kind is ElementKind.LINE)

    def _steps(self, bus: int) -> list[ElementRef]:
        found = [
            min(self._graph[start][end].values(), key=lambda branch: float(branch["weight"]))["ref"]
            for start, end in pairwise(self._way[bus])
        ]
        return list(dict.fromkeys(found))
