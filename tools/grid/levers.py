"""What can be moved in a state, and by how much: units, loads, shunts, taps, branches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.schema.actions import Action, Redispatch, SetTap, ShedLoad, SwitchBranch, SwitchShunt
from tools.grid.screening.linear import LinearGrid

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from tools.grid.screening.needs import Need
    from tools.grid.screening.resident import Resident

# Closest equipment tried for a voltage, and branches tried for an overload.
NEAREST = 3


@dataclass(frozen=True)
class Lever:
    """Something that moves continuously, in one direction.

    Attributes:
        element: Canonical form.
        bus: Bus of the matrix.
        sign: 1 feeds more in (a unit raised, a load shed), -1 less.
        most_mw: How far it can move, above zero.
        mvar_per_mw: Reactive power that moves with it.
        is_load: Whether moving it disconnects load.
    """

    element: str
    bus: int
    sign: float
    most_mw: float
    mvar_per_mw: float = 0.0
    is_load: bool = False

    def effect(self, need: Need) -> float:
        """What one MW of it does towards a need."""
        return self.sign * float(need.per_mw[self.bus] + self.mvar_per_mw * need.per_mvar[self.bus])

    def moved(self, p_mw: float) -> Action:
        """The action that moves it; rounded up to what a dispatcher would order, within its range."""
        amount = min(float(np.ceil(p_mw * 10.0) / 10.0), self.most_mw)
        if self.is_load:
            return ShedLoad(element=self.element, p_mw=amount)
        return Redispatch(element=self.element, delta_p_mw=self.sign * amount)


def unit_levers(state: Resident) -> tuple[Lever, ...]:
    """Units that can be raised to their maximum or lowered to their minimum; the slack takes the balance itself."""
    gen = state.solved.net.gen
    levers = []
    for index, row in gen[gen.in_service.astype(bool) & ~gen.slack.astype(bool)].iterrows():
        bus = _place(state, int(row["bus"]))
        p_mw = float(row["p_mw"]) * float(row["scaling"])
        highest, lowest = float(row.get("max_p_mw", np.nan)), float(row.get("min_p_mw", np.nan))
        # a unit without limits is not raised, and lowered to zero at most
        up = highest - p_mw if np.isfinite(highest) else 0.0
        down = p_mw - (max(lowest, 0.0) if np.isfinite(lowest) else 0.0)
        if bus >= 0:
            levers += [Lever(f"gen:{index}", bus, 1.0, up)] if up > 0 else []
            levers += [Lever(f"gen:{index}", bus, -1.0, down)] if down > 0 else []
    return tuple(levers)


def load_levers(state: Resident) -> tuple[Lever, ...]:
    """Loads that can be shed, whole or in part."""
    load = state.solved.net.load
    levers = []
    for index, row in load[load.in_service.astype(bool)].iterrows():
        bus, p_mw = _place(state, int(row["bus"])), float(row["p_mw"]) * float(row["scaling"])
        if bus >= 0 and p_mw > 0:
            levers.append(Lever(f"load:{index}", bus, 1.0, p_mw, float(row["q_mvar"] / row["p_mw"]), is_load=True))
    return tuple(levers)


def shunt_moves(state: Resident, needs: Sequence[Need]) -> Iterator[tuple[Action, NDArray[np.float64]]]:
    """Shunts switched, each with its effect on every need."""
    shunt = state.solved.net.shunt
    for index, row in shunt.iterrows():
        bus = _place(state, int(row["bus"]))
        if bus >= 0:
            closed = not row["in_service"]
            fed_mvar = -float(row["q_mvar"]) * float(row["step"]) * (1.0 if closed else -1.0)
            effect = np.array([need.per_mvar[bus] * fed_mvar for need in needs])
            yield SwitchShunt(element=f"shunt:{index}", closed=closed), effect


def tap_moves(state: Resident, needs: Sequence[Need]) -> Iterator[tuple[Action, NDArray[np.float64]]]:
    """Taps moved one or two positions, each with its effect on the voltage needs, which spreads like reactive power."""
    trafo = state.solved.net.trafo
    if not {"tap_pos", "tap_min", "tap_max", "tap_step_percent"} <= set(trafo.columns):
        return
    known = trafo[["tap_pos", "tap_min", "tap_max", "tap_step_percent"]].astype(float).notna().all(axis=1)
    for index, row in trafo[known & trafo.in_service.astype(bool)].iterrows():
        bus = _place(state, int(row["lv_bus"]))
        if bus < 0:
            continue
        own = LinearGrid(state.arrays).voltage_gain(bus)[bus] / state.arrays.base_mva
        # a higher position on the high-voltage side lowers the voltage below it
        side = -1.0 if row["tap_side"] == "hv" else 1.0
        for steps in (-2, -1, 1, 2):
            position = int(row["tap_pos"]) + steps
            if own > 0 and row["tap_min"] <= position <= row["tap_max"]:
                raised_pu = side * steps * float(row["tap_step_percent"]) / 100.0
                effect = np.array([need.per_mvar[bus] / own * raised_pu for need in needs])
                yield SetTap(element=f"trafo:{index}", tap_pos=position), effect


def branch_moves(
    state: Resident, needs: Sequence[Need], kept_out: frozenset[str]
) -> Iterator[tuple[Action, NDArray[np.float64]]]:
    """Branches opened, where that relieves an overload of the state; and closed, where they are out.

    Args:
        state: The state.
        needs: What it needs.
        kept_out: Branches out of service in the hypothesis: they are not there to be closed.
    """
    yield from _openings(state, needs)
    for table in ("line", "trafo"):
        frame = state.solved.net[table]
        for index in frame.index[~frame.in_service.astype(bool)].tolist()[:NEAREST]:
            if f"{table}:{index}" not in kept_out:
                # what a closed branch does is not estimated: it is tried after what is known to help
                yield SwitchBranch(element=f"{table}:{index}", closed=True), np.array([n.required / 2 for n in needs])


def _openings(state: Resident, needs: Sequence[Need]) -> Iterator[tuple[Action, NDArray[np.float64]]]:
    """The branches whose opening takes most off the first overload, by the outage's own redistribution."""
    first = next((need for need in needs if need.row is not None and not need.opened), None)
    if first is None:
        return
    arrays, linear = state.arrays, LinearGrid(state.arrays)
    moves = []
    for circuit, ref in enumerate(state.refs):
        rows = state.opened[circuit]
        row = int(rows[0])
        if len(rows) > 1 or row == first.row or len(state.dead[circuit]):
            continue
        start, end = int(arrays.start[row]), int(arrays.end[row])
        # what flowed through the opened branch flows from its start to its end through the rest
        current = arrays.yff[row] * arrays.voltage[start] + arrays.yft[row] * arrays.voltage[end]
        flow_mw = float((arrays.voltage[start] * np.conj(current)).real) * arrays.base_mva
        moves.append((float(first.per_mw[start] - first.per_mw[end]) * flow_mw, circuit, row, ref, flow_mw))
    for gain, _, row, ref, flow_mw in sorted(moves, key=lambda move: (-move[0], move[1]))[:NEAREST]:
        own = linear.flow_share(row)
        start, end = int(arrays.start[row]), int(arrays.end[row])
        rest = 1.0 - float(own[start] - own[end])
        if gain > 0 and rest > 0:
            shift = flow_mw / rest
            effect = np.array([float(need.per_mw[start] - need.per_mw[end]) * shift for need in needs])
            yield SwitchBranch(element=str(ref), closed=False), effect


def _place(state: Resident, bus: int) -> int:
    """Bus of the matrix for a pandapower bus; -1 without supply."""
    return int(state.arrays.bus_place[np.flatnonzero(state.arrays.bus_index == bus)[0]])
