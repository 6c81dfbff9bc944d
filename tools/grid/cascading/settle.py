"""Islands brought to balance: governors, shedding stages, and a flow that solves, or an island that goes dark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tools.grid.cascading.collapse import Weakness, weakness
from tools.grid.cascading.course import Balanced, Course, Event
from tools.grid.cascading.flows import Island, IslandFlow, Slack
from tools.grid.cascading.frequency import FARTHEST, Balance, Machines, balance
from tools.grid.schema.cascade import TripMechanism

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.cascading.subject import Subject

# Losses that balance and flow agree to, MW; what is left is taken by the units that balance the island.
SAME_LOSSES_MW = 1e-2
MOST_ROUNDS = 12
# Load that the weak area of an island whose power flow does not solve sheds at a time, of its load before the outages.
COLLAPSE_BLOCK = 0.2
# Frequencies closer than this to a stage count as having reached it.
SAME_HZ = 1e-9
# A frequency this close to the farthest one is none: nothing balances the island.
EDGE_HZ = 1e-6


class Settling:
    """Units, load and voltages in the course of one cascade."""

    def __init__(self, subject: Subject) -> None:
        plant = subject.plant
        self._subject = subject
        self.course = Course()
        self.events: list[Event] = []
        self.split: tuple[int, float] | None = None
        self.voltage = subject.base_voltage.copy()
        self.dark = np.zeros(len(self.voltage), dtype=bool)
        self._on = np.ones(len(plant.bus), dtype=bool)
        self._connected = np.ones(len(self.voltage))
        self._stages_done = np.zeros(len(self.voltage), dtype=np.int64)
        self._changed = np.zeros(len(self.voltage), dtype=bool)
        self._settled: dict[bytes, Balanced] = {}
        losses = plant.p_mw.sum() + (plant.fixed_mva - plant.demand_mva).real.sum()
        self._loss_share = max(float(losses) / max(subject.load_mw, 1.0), 0.0) if subject.ac else 0.0

    def trip_unit(self, unit: int) -> None:
        """Take a unit out."""
        self._on[unit] = False
        self._changed[self._subject.plant.bus[unit]] = True

    def shed(self, buses: NDArray[np.int64], share: float, why: TripMechanism) -> float:
        """Disconnect a share of the load before the outages; what is left at most. Returns MW at nominal frequency."""
        before = self._connected[buses]
        after = np.maximum(before - share, 0.0)
        # whoever is down to rounding is disconnected
        after[after < SAME_HZ] = 0.0
        lost = float(((before - after) * self._subject.plant.demand_mva.real[buses]).sum())
        self._connected[buses] = after
        self._changed[buses] = True
        self.course.lost_mw[why] = self.course.lost_mw.get(why, 0.0) + lost
        return lost

    def settle(self, islands: list[Island]) -> tuple[Balanced, ...]:
        """Balance every island that changed; the events are in ``events``.

        Where ``split`` names a branch row (with the angle across it), its island has no balance yet: the row has to
        open, and the islands have to be settled again.
        """
        self.events, self.split = [], None
        found: dict[bytes, Balanced] = {}
        for island in islands:
            key = island.buses.tobytes() + island.rows.tobytes()
            known = self._settled.get(key) if not self._changed[island.buses].any() else None
            balanced = known or self._settle(island)
            if balanced is not None:
                found[key] = balanced
            if self.split is not None:
                return ()
        self._changed[:] = False
        self._settled = found
        frequencies = [one.frequency_hz for one in found.values()]
        if frequencies:
            self.course.lowest_hz = min([*frequencies, *([self.course.lowest_hz] if self.course.lowest_hz else [])])
        return tuple(sorted(found.values(), key=lambda one: (-one.buses, one.bus)))

    def _settle(self, island: Island) -> Balanced | None:
        """Balance an island; where its flow does not solve, its weak area sheds load, or its weakest corridor opens."""
        collapsing, loss_mw = 0.0, self._loss_share * self._load_mw(island)
        weak: NDArray[np.int64] | None = None
        while True:
            solved = self._solved(island, loss_mw)
            if not isinstance(solved, _Unsolved):
                if solved is not None and collapsing:
                    self._note(island, TripMechanism.VOLTAGE_COLLAPSE, shed_mw=collapsing)
                return solved
            if weak is None:
                self.course.voltage_collapses += 1
                weak = self._gives_way(island, solved)
                if weak is None:
                    return None
            lost = self.shed(weak, COLLAPSE_BLOCK, TripMechanism.VOLTAGE_COLLAPSE)
            collapsing += lost
            if lost <= 0.0:
                if collapsing:
                    self._note(island, TripMechanism.VOLTAGE_COLLAPSE, shed_mw=collapsing)
                collapsing, weak = 0.0, None
            loss_mw = min(loss_mw, self._loss_share * self._load_mw(island))

    def _gives_way(self, island: Island, failed: _Unsolved) -> NDArray[np.int64] | None:
        """Buses whose load, once shed, lets the flow solve; None where a corridor has to open, or all is lost."""
        solver, held, flat = self._subject.solver, self._held(island), np.ones(len(island.buses), dtype=complex)
        load = (self._connected * self._subject.plant.demand_mva.real)[island.buses] > 0

        def solve(share: float, start: NDArray[np.complex128] | None) -> IslandFlow | None:
            begin = flat if start is None else start
            return solver.ac(island, share * failed.power_mva, held, failed.slack, begin, again=start is None)

        found = weakness(solve, load) if self._subject.ac else Weakness(load, None)
        weak = island.buses[found.buses]
        if len(weak) and found.voltage is not None:
            relieved = failed.power_mva + np.where(
                found.buses, (self._connected * self._subject.plant.demand_mva)[island.buses], 0.0
            )
            if solver.ac(island, relieved, held, failed.slack, found.voltage) is not None:
                return weak
        if found.voltage is None or not len(island.rows):
            self._darken(island, TripMechanism.VOLTAGE_COLLAPSE)
            return None
        angle = np.zeros(len(self.dark))
        angle[island.buses] = np.angle(found.voltage)
        across = np.abs(np.rad2deg(solver.across_rad(angle)[island.rows]))
        self.split = (int(island.rows[across.argmax()]), float(across.max()))
        return None

    def _solved(self, island: Island, loss_mw: float) -> Balanced | _Unsolved | None:
        """The island's balance, or what does not solve; None where it went dark."""
        for _ in range(MOST_ROUNDS):
            found = self._balanced(island, loss_mw)
            if found is None:
                return None
            units, state = found
            flow = self._flow(island, units, state)
            if isinstance(flow, _Unsolved):
                return flow
            missing = flow.loss_mw - loss_mw if self._subject.ac else 0.0
            self.voltage[island.buses] = flow.voltage
            if abs(missing) <= SAME_LOSSES_MW:
                return self._record(island, state, flow, missing)
            loss_mw = flow.loss_mw
        # losses and balance do not find each other: no better than a flow that does not solve
        return _Unsolved(self._power(island, units, state), self._shares(units, state))

    def _record(self, island: Island, state: Balance, flow: IslandFlow, missing_mw: float) -> Balanced:
        fixed = float(self._subject.plant.fixed_mva.real[island.buses].sum())
        by = self._subject.control
        load = self._load_mw(island) * (1.0 + by.damping * state.deviation_hz / by.nominal_hz)
        return Balanced(
            bus=int(island.buses[0]),
            buses=len(island.buses),
            # what is fed in beside the units counts as generation, so that nothing is hidden in the load
            generation_mw=float(state.p_mw.sum()) + missing_mw + fixed,
            load_mw=load,
            loss_mw=flow.loss_mw,
            frequency_hz=by.nominal_hz + state.deviation_hz,
        )

    def _balanced(self, island: Island, loss_mw: float) -> tuple[NDArray[np.int64], Balance] | None:
        """Units and their balance after every stage that acts; None when the island went dark."""
        plant, by = self._subject.plant, self._subject.control
        inside = np.zeros(len(self.dark), dtype=bool)
        inside[island.buses] = True
        other = loss_mw - float(plant.fixed_mva.real[island.buses].sum())
        while True:
            units = np.flatnonzero(self._on & inside[plant.bus])
            if not plant.forming[units].any():
                self._darken(island, TripMechanism.NO_SOURCE)
                return None
            machines = Machines(
                plant.p_mw[units], plant.min_p_mw[units], plant.max_p_mw[units], self._subject.gain[units]
            )
            state = balance(machines, self._load_mw(island), other, by)
            frequency = by.nominal_hz + state.deviation_hz
            # where nothing balances the island, the frequency falls on: it has no value to be told
            told = frequency if frequency > (1 - FARTHEST) * by.nominal_hz + EDGE_HZ else None
            done = int(self._stages_done[island.buses[0]])
            if done < len(by.stages) and frequency <= by.stages[done].frequency_hz + SAME_HZ:
                self._stages_done[island.buses] = done + 1
                share = by.stages[done].shed_percent / 100.0
                lost = self.shed(island.buses, share, TripMechanism.UNDERFREQUENCY_STAGE)
                self._note(island, TripMechanism.UNDERFREQUENCY_STAGE, frequency_hz=told, shed_mw=lost)
            elif frequency < by.lowest_hz:
                self._darken(island, TripMechanism.UNDERFREQUENCY, frequency_hz=told)
                return None
            elif frequency > by.highest_hz:
                self._trip_smallest(units, state, frequency)
            else:
                return units, state

    def _trip_smallest(self, units: NDArray[np.int64], state: Balance, frequency: float) -> None:
        """Too much is fed in: the smallest unit that feeds goes first; who feeds nothing goes only with the last."""
        plant, most = self._subject.plant, (1 + FARTHEST) * self._subject.control.nominal_hz
        output = np.where(state.p_mw > 0, state.p_mw, np.inf)
        unit = int(units[output.argmin()])
        self.trip_unit(unit)
        lost = max(float(state.p_mw[output.argmin()]), 0.0)
        self.course.tripped_generation_mw += lost
        self.events.append(
            Event(
                plant.kind[unit],
                int(plant.index[unit]),
                TripMechanism.OVERFREQUENCY,
                frequency_hz=frequency if frequency < most - EDGE_HZ else None,
                generation_mw=lost,
            )
        )

    def _darken(self, island: Island, why: TripMechanism, *, frequency_hz: float | None = None) -> None:
        plant = self._subject.plant
        inside = np.zeros(len(self.dark), dtype=bool)
        inside[island.buses] = True
        units = np.flatnonzero(self._on & inside[plant.bus])
        fed_in = np.maximum(plant.fixed_mva.real[island.buses], 0.0)
        generation = float(np.maximum(plant.p_mw[units], 0.0).sum() + fed_in.sum())
        self._on[units] = False
        lost = self.shed(island.buses, 1.0, why)
        self.dark[island.buses] = True
        self.voltage[island.buses] = 0.0
        self.course.tripped_generation_mw += generation
        self._note(island, why, frequency_hz=frequency_hz, shed_mw=lost, generation_mw=generation)

    def _note(self, island: Island, why: TripMechanism, **figures: float | None) -> None:
        self.events.append(Event(*self._subject.bus_ref(int(island.buses[0])), why, **figures))  # type: ignore[arg-type]

    def _load_mw(self, island: Island) -> float:
        return float((self._connected[island.buses] * self._subject.plant.demand_mva.real[island.buses]).sum())

    def _held(self, island: Island) -> NDArray[np.float64]:
        """Voltage that units hold at each bus of an island."""
        plant = self._subject.plant
        holding = np.zeros(len(self.dark), dtype=bool)
        holding[plant.bus[self._on & plant.forming]] = True
        target = np.abs(self._subject.arrays.voltage[island.buses])
        return np.where(holding[island.buses], target, np.nan)

    def _shares(self, units: NDArray[np.int64], state: Balance) -> Slack:
        """Who takes what the flow still asks for: units between their limits by their droop, else the largest."""
        plant = self._subject.plant
        taking = units[state.free & plant.forming[units]]
        if not len(taking):
            forming = units[plant.forming[units]]
            taking = forming[[int(np.argmax(plant.max_p_mw[forming]))]]
        gain = np.maximum(self._subject.gain[taking], SAME_HZ)
        buses, at = np.unique(plant.bus[taking], return_inverse=True)
        shares = np.bincount(at, weights=gain)
        return Slack(buses, shares / shares.sum())

    def _power(self, island: Island, units: NDArray[np.int64], state: Balance) -> NDArray[np.complex128]:
        """What is fed in at each bus of an island, MVA."""
        plant, by = self._subject.plant, self._subject.control
        factor = 1.0 + by.damping * state.deviation_hz / by.nominal_hz
        drawn = self._connected * (plant.demand_mva.real * factor + 1j * plant.demand_mva.imag)
        power = plant.fixed_mva - drawn
        np.add.at(power, plant.bus[units], state.p_mw + 1j * plant.q_mvar[units])
        inside: NDArray[np.complex128] = power[island.buses]
        return inside

    def _flow(self, island: Island, units: NDArray[np.int64], state: Balance) -> IslandFlow | _Unsolved:
        power, solver = self._power(island, units, state), self._subject.solver
        if not self._subject.ac:
            linear = solver.dc(island, power.real)
            return linear or _Unsolved(power, self._shares(units, state))
        start = np.where(self.voltage[island.buses] == 0, 1.0, self.voltage[island.buses])
        slack = self._shares(units, state)
        return solver.ac(island, power, self._held(island), slack, start) or _Unsolved(power, slack)


@dataclass(frozen=True)
class _Unsolved:
    """Powers for which the flow of an island does not solve."""

    power_mva: NDArray[np.complex128]
    slack: Slack
