"""What can be moved in a state without switching a branch, how far, and what each move feeds in at which bus.

A tap moved or a shunt switched changes the admittances; to first order that is a power fed in at the ends (the change
of the power that the element draws at the present voltages, with the sign turned), so all levers are patterns of
injections.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.schema.actions import Action, Redispatch, SetTap, ShedLoad, SwitchShunt, TransferLoad

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tools.grid.schema.remedies import LoadTie
    from tools.grid.screening.resident import Resident


class LeverKind(StrEnum):
    """The five actions that are moved by an amount or a step; branches are switched elsewhere."""

    REDISPATCH = "redispatch"
    SET_TAP = "set_tap"
    SWITCH_SHUNT = "switch_shunt"
    TRANSFER_LOAD = "transfer_load"
    SHED_LOAD = "shed_load"


CONTINUOUS = frozenset({LeverKind.REDISPATCH, LeverKind.TRANSFER_LOAD, LeverKind.SHED_LOAD})
"""Kinds that move by MW; the rest moves by whole steps and makes another matrix."""


# Moves below it are not ordered.
LEAST_MW = 0.05


@dataclass(frozen=True)
class Lever:
    """Something that moves in one direction.

    Attributes:
        kind: What it does.
        element: Canonical form.
        sign: 1 feeds more in, or raises the position; -1 the opposite.
        most: How far it can move, MW or steps, above zero.
        feeds: Bus of the matrix and MVA fed in there for each MW or step.
        holds: Whether it is a unit that holds a voltage, whose own output moves, and not what else is at the bus.
        now: Tap position now.
        to_bus: Where a transferred load goes, canonical.
        step_mw: Least amount of a discrete feeder; zero where any amount can be had.
    """

    kind: LeverKind
    element: str
    sign: float
    most: float
    feeds: tuple[tuple[int, complex], ...]
    holds: bool = False
    now: int = 0
    to_bus: str = ""
    step_mw: float = 0.0

    @property
    def whole(self) -> bool:
        """Whether it moves by whole steps."""
        return self.kind not in CONTINUOUS or self.step_mw > 0

    @property
    def unit(self) -> float:
        """MW of one step, 1 for what is counted in MW or positions."""
        return self.step_mw or 1.0

    def ordered(self, mw: float) -> float:
        """MW rounded up to what a dispatcher would order, within its range; next to nothing is not ordered at all."""
        if self.whole:
            return min(mw, self.most)
        return min(float(np.ceil(round(mw * 10.0, 6)) / 10.0), self.most) if mw > LEAST_MW else 0.0

    def moved(self, amount: float) -> Action:
        """The action that moves it by MW as ordered, or by steps."""
        mw = self.ordered(amount)
        match self.kind:
            case LeverKind.REDISPATCH:
                return Redispatch(element=self.element, delta_p_mw=self.sign * mw)
            case LeverKind.SHED_LOAD:
                return ShedLoad(element=self.element, p_mw=mw)
            case LeverKind.TRANSFER_LOAD:
                return TransferLoad(element=self.element, to_bus=self.to_bus, p_mw=mw)
            case LeverKind.SET_TAP:
                return SetTap(element=self.element, tap_pos=self.now + round(self.sign * amount))
        return SwitchShunt(element=self.element, closed=self.sign > 0)


def unit_levers(state: Resident, ramp_mw: Mapping[str, float] | None = None) -> tuple[Lever, ...]:
    """Units that can be raised to their maximum or lowered to their minimum; the slack takes the balance itself.

    Static generators count where the model calls them controllable.

    Args:
        state: The state.
        ramp_mw: Most that each unit can move in the time there is; None where time does not bind.
    """
    return tuple(lever for lever in (*_units(state), *_static(state)) for lever in _ramped(lever, ramp_mw))


def _ramped(lever: Lever, ramp_mw: Mapping[str, float] | None) -> Iterator[Lever]:
    most = lever.most if ramp_mw is None else min(lever.most, ramp_mw.get(lever.element, 0.0))
    if most > 0:
        yield Lever(lever.kind, lever.element, lever.sign, most, lever.feeds, holds=lever.holds)


def _units(state: Resident) -> Iterator[Lever]:
    gen = state.solved.net.gen
    for index, row in gen[gen.in_service.astype(bool) & ~gen.slack.astype(bool)].iterrows():
        yield from _ranged(state, f"gen:{index}", row, holds=True)


def _static(state: Resident) -> Iterator[Lever]:
    sgen = state.solved.net.sgen
    if "controllable" not in sgen:
        return
    for index, row in sgen[sgen.in_service.astype(bool) & sgen.controllable.eq(True)].iterrows():
        yield from _ranged(state, f"sgen:{index}", row, holds=False)


def _ranged(state: Resident, element: str, row: Mapping[str, float], *, holds: bool) -> Iterator[Lever]:
    bus, p_mw = place_of(state, int(row["bus"])), float(row["p_mw"]) * float(row["scaling"])
    highest, lowest = float(row.get("max_p_mw", np.nan)), float(row.get("min_p_mw", np.nan))
    # a unit without limits is not raised, and lowered to zero at most
    up = highest - p_mw if np.isfinite(highest) else 0.0
    down = p_mw - (max(lowest, 0.0) if np.isfinite(lowest) else 0.0)
    if bus < 0 or not row["scaling"]:
        return
    for sign, most in ((1.0, up), (-1.0, down)):
        if most > 0:
            yield Lever(LeverKind.REDISPATCH, element, sign, most, ((bus, complex(sign)),), holds=holds)


def load_levers(state: Resident, steps_mw: Mapping[str, float] | None = None) -> tuple[Lever, ...]:
    """Loads that can be shed, whole or in part; by feeder steps where they are given."""
    load = state.solved.net.load
    levers = []
    for index, row in load[load.in_service.astype(bool)].iterrows():
        bus, p_mw = place_of(state, int(row["bus"])), float(row["p_mw"]) * float(row["scaling"])
        if bus >= 0 and p_mw > 0:
            feeds = ((bus, complex(1.0, float(row["q_mvar"] / row["p_mw"]))),)
            step_mw = (steps_mw or {}).get(f"load:{index}", 0.0)
            levers.append(Lever(LeverKind.SHED_LOAD, f"load:{index}", 1.0, p_mw, feeds, step_mw=step_mw))
    return tuple(levers)


def tie_levers(state: Resident, ties: Sequence[LoadTie]) -> tuple[Lever, ...]:
    """Loads that can be moved through the ties that were named; the model itself knows none."""
    load, levers = state.solved.net.load, []
    for tie in ties:
        row = load.loc[int(tie.element.partition(":")[2])]
        bus, far = place_of(state, int(row["bus"])), place_of(state, int(tie.to_bus.partition(":")[2]))
        p_mw = float(row["p_mw"]) * float(row["scaling"])
        if min(bus, far) >= 0 and bus != far and p_mw > 0 and row["in_service"]:
            per_mw = complex(1.0, float(row["q_mvar"] / row["p_mw"]))
            most = min(p_mw, tie.max_p_mw or p_mw)
            feeds = ((bus, per_mw), (far, -per_mw))
            levers.append(Lever(LeverKind.TRANSFER_LOAD, tie.element, 1.0, most, feeds, to_bus=tie.to_bus))
    return tuple(levers)


def shunt_levers(state: Resident) -> tuple[Lever, ...]:
    """Shunts switched in or out."""
    levers = []
    for index, row in state.solved.net.shunt.iterrows():
        bus = place_of(state, int(row["bus"]))
        if bus < 0 or not (row["q_mvar"] or row["p_mw"]):
            continue
        sign = -1.0 if row["in_service"] else 1.0
        at_vn = float(row.get("vn_kv", np.nan)) / float(state.arrays.vn_kv[bus])
        ratio = float(np.abs(state.arrays.voltage[bus])) / (at_vn if np.isfinite(at_vn) else 1.0)
        drawn = complex(row["p_mw"], row["q_mvar"]) * float(row["step"]) * ratio**2
        levers.append(Lever(LeverKind.SWITCH_SHUNT, f"shunt:{index}", sign, 1.0, ((bus, -sign * drawn),)))
    return tuple(levers)


_TAP_DATA = ("tap_pos", "tap_min", "tap_max", "tap_step_percent")


def tap_levers(state: Resident) -> tuple[Lever, ...]:
    """Ratio taps of transformers in service, raised and lowered."""
    trafo, circuits = state.solved.net.trafo, state.arrays.circuits
    if not set(_TAP_DATA) <= set(trafo.columns):
        return ()
    known = trafo[list(_TAP_DATA)].astype(float).notna().all(axis=1)
    if "tap_changer_type" in trafo:
        known &= trafo.tap_changer_type.isin(("Ratio", "Symmetrical"))
    levers = []
    for index, row in trafo[known & trafo.in_service.astype(bool)].iterrows():
        circuit = circuits.find("trafo", int(index))
        if circuit is None or not row["tap_step_percent"]:
            continue
        now, high = int(row["tap_pos"]), -1.0 if row.get("tap_side") == "lv" else 1.0
        for sign, most in ((1.0, float(row["tap_max"]) - now), (-1.0, now - float(row["tap_min"]))):
            if most >= 1:
                ratio = 1.0 + high * sign * float(row["tap_step_percent"]) / 100.0
                feeds = _of_ratio(state, int(state.opened[circuit][0]), ratio)
                levers.append(Lever(LeverKind.SET_TAP, f"trafo:{index}", sign, float(int(most)), feeds, now=now))
    return tuple(levers)


def _of_ratio(state: Resident, row: int, ratio: float) -> tuple[tuple[int, complex], ...]:
    """What a ratio times ``ratio`` at the start of a branch feeds in at its ends, MVA."""
    arrays = state.arrays
    start, end = int(arrays.start[row]), int(arrays.end[row])
    v_start, v_end = arrays.voltage[start], arrays.voltage[end]
    own, across = 1.0 / ratio**2 - 1.0, 1.0 / ratio - 1.0
    into_start = v_start * np.conj(arrays.yff[row] * own * v_start + arrays.yft[row] * across * v_end)
    into_end = v_end * np.conj(arrays.ytf[row] * across * v_start)
    return (start, complex(-into_start * arrays.base_mva)), (end, complex(-into_end * arrays.base_mva))


def place_of(state: Resident, bus: int) -> int:
    """Bus of the matrix for a pandapower bus; -1 without supply."""
    return int(state.arrays.bus_place[np.flatnonzero(state.arrays.bus_index == bus)[0]])
