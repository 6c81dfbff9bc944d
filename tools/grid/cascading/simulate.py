"""One cascade: outages, islands, balance, flows, protection, and again until nothing acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tools.grid.cascading.course import Balanced, Course, Event, Step
from tools.grid.cascading.islands import islands_of
from tools.grid.cascading.relays import Acting, Relays, Seen
from tools.grid.cascading.settle import Settling
from tools.grid.schema.cascade import CascadeOutcome, TripMechanism

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tools.grid.cascading.relays import Settings
    from tools.grid.cascading.subject import Initiating, Subject

MOST_STEPS = 1000


class Cascade:
    """The running state of one initiating set."""

    def __init__(self, subject: Subject, settings: Settings, initiating: Initiating) -> None:
        self._subject = subject
        self._initiating = initiating
        self._relays = Relays(settings)
        self._closed = np.ones(len(subject.arrays.start), dtype=bool)
        self._circuit_closed = np.ones(len(subject.arrays.circuits), dtype=bool)
        self._settling = Settling(subject)
        self._course = self._settling.course
        self._time_s = 0.0

    def run(self, horizon_s: float) -> Course:
        """Run until nothing acts within the horizon."""
        course, events = self._course, self._initiate()
        for _ in range(MOST_STEPS):
            balanced = self._settle(events)
            course.steps.append(Step(self._time_s, tuple(events), balanced, course.unserved_mw))
            seen = self._seen()
            if len(course.steps) == 1:
                course.worst_loading_percent = float(seen.loading_percent.max(initial=0.0))
                course.worst_pickup_percent = self._relays.settings.worst_pickup_percent(seen.loading_percent)
            acting = self._relays.next(seen, horizon_s - self._time_s)
            if acting is None:
                break
            self._time_s += acting.wait_s
            events = self._act(acting, seen)
        else:
            course.outcome = CascadeOutcome.UNFINISHED
        if course.outcome is CascadeOutcome.CONTAINED and course.tripped_branches:
            course.outcome = CascadeOutcome.CASCADE
        course.islands = len(course.steps[-1].islands)
        dead = self._subject.pandapower_buses(self._settling.dark)
        course.dead_buses, course.dead = int(dead.sum()), np.packbits(dead).tobytes()
        return course

    def _initiate(self) -> list[Event]:
        plant, found = self._subject.plant, []
        for ref in self._initiating.refs:
            unit = plant.find(ref.kind, ref.index)
            output = 0.0 if unit is None else max(float(plant.p_mw[unit]), 0.0)
            found.append(Event(ref.kind, ref.index, TripMechanism.INITIATING, generation_mw=output))
        for circuit in self._initiating.circuits:
            self._open(circuit)
        for unit in self._initiating.units:
            self._settling.trip_unit(unit)
        return found

    def _open(self, circuit: int) -> None:
        rows = self._subject.arrays.circuits.rows_of(circuit)
        self._closed[rows] = False
        self._circuit_closed[circuit] = False

    def _seen(self) -> Seen:
        """What the relays see; what is open or dark shows nothing."""
        subject, voltage = self._subject, self._settling.voltage
        arrays, dark = subject.arrays, self._settling.dark
        loading = np.where(self._circuit_closed[subject.rated], subject.loading_percent(voltage), 0.0)
        alive = self._closed & ~dark[arrays.start] & ~dark[arrays.end]
        across = np.where(alive, np.abs(np.rad2deg(subject.solver.across_rad(np.angle(voltage)))), 0.0)
        vm_pu = np.where(dark, np.nan, np.abs(voltage))
        return Seen(loading, across, vm_pu)

    def _act(self, acting: Acting, seen: Seen) -> list[Event]:
        subject, events = self._subject, []
        for place in acting.circuits.tolist():
            circuit = int(subject.rated[place])
            ref = subject.state.refs[circuit]
            loading = float(seen.loading_percent[place])
            events.append(Event(ref.kind, ref.index, TripMechanism.OVERCURRENT, loading_percent=loading))
            self._open(circuit)
        for row in acting.rows.tolist():
            if self._closed[row]:
                events.append(self._out_of_step(row, float(seen.across_degree[row])))
        self._course.tripped_branches += len(events)
        return events + self._shed(acting.buses, seen.vm_pu)

    def _settle(self, events: list[Event]) -> tuple[Balanced, ...]:
        """Islands in balance, after every corridor has opened that carries more than it can."""
        settling = self._settling
        while True:
            balanced = settling.settle(islands_of(self._subject.arrays, self._closed, settling.dark))
            events += settling.events
            if settling.split is None:
                return balanced
            events.append(self._out_of_step(*settling.split))
            self._course.tripped_branches += 1

    def _out_of_step(self, row: int, degree: float) -> Event:
        circuits = self._subject.arrays.circuits
        owner = np.flatnonzero(circuits.rows == row)
        if not len(owner):
            # an impedance or another branch that is no circuit: its bus stands for it
            self._closed[row] = False
            start = int(self._subject.arrays.start[row])
            return Event(*self._subject.bus_ref(start), TripMechanism.OUT_OF_STEP, va_degree=degree)
        circuit = int(circuits.owner[owner[0]])
        ref = self._subject.state.refs[circuit]
        self._open(circuit)
        return Event(ref.kind, ref.index, TripMechanism.OUT_OF_STEP, va_degree=degree)

    def _shed(self, buses: NDArray[np.int64], vm_pu: NDArray[np.float64]) -> list[Event]:
        share = self._relays.settings.protection.undervoltage_shed_percent / 100.0
        return [
            Event(
                *self._subject.bus_ref(bus),
                TripMechanism.UNDERVOLTAGE,
                vm_pu=float(vm_pu[bus]),
                shed_mw=self._settling.shed(np.array([bus]), share, TripMechanism.UNDERVOLTAGE),
            )
            for bus in buses.tolist()
        ]
