"""Rows of a restoration plan."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from tools.element import ElementKind, ElementRef
from tools.grid.elements import element_ref
from tools.grid.restoring.check import LimitCheck, circuit_ref
from tools.grid.schema.common import BusState
from tools.grid.schema.restoration import BranchLoading, RefusedStep, RestorationAction, RestorationStep

if TYPE_CHECKING:
    from tools.grid.restoring.course import Course, Refused, Step
    from tools.grid.restoring.subject import Subject


_SAME_MW = 1e-6


@dataclass(frozen=True)
class RowMaker:
    """Makes the rows of one plan."""

    subject: Subject
    check: LimitCheck
    dark_load_mw: float

    def step(self, place: int, step: Step) -> RestorationStep:
        """The row of a step; ``place`` counts from zero."""
        case, move, subject, island = self.case(place), step.move, self.subject, step.island
        restored = float(step.status.served_mw.sum())
        capacities = [one.capacity_mw for one in step.flow.islands]
        picked = move.amount_mw if move.action is RestorationAction.PICK_UP else None
        load = subject.loads[move.at] if picked is not None else None
        return RestorationStep(
            step=place + 1,
            element=move.element(subject),
            case=case,
            action=move.action,
            time_min=step.time_min,
            island=island.reference,
            picked_up_p_mw=picked,
            picked_up_percent=percent_of(float(step.status.served_mw[move.at]), load.p_mw) if load else None,
            cranking_p_mw=subject.units[move.at].cranking_mw if move.action is RestorationAction.CRANK else None,
            charging_q_mvar=self._charging(step),
            standing_angle_degree=step.angle_degree,
            voltage_difference_pu=step.difference_pu,
            generation_p_mw=island.generation_mw,
            load_p_mw=island.load_mw,
            loss_p_mw=island.loss_mw,
            online_capacity_p_mw=_known(island.capacity_mw),
            unit_share_percent=None if island.share is None else island.share * 100.0,
            lowest_voltage=self.bus_state(step, step.extremes.lowest, case),
            highest_voltage=self.bus_state(step, step.extremes.highest, case),
            highest_loading=self.loading(step, case),
            restored_p_mw=restored,
            restored_percent=percent_of(restored, self.dark_load_mw),
            capacity_p_mw=_known(sum(capacities)),
            energised_buses=self.energised(step),
            islands=len(step.flow.islands),
        )

    def case(self, place: int) -> str:
        """Label of the state after a step."""
        return f"{self.subject.case}, step {place + 1}"

    def energised(self, step: Step) -> int:
        """How many buses that were dark have voltage."""
        arrays = self.subject.wiring.arrays
        dark = np.isin(arrays.bus_index, list(self.subject.dark)) & (arrays.bus_place >= 0)
        return int(step.status.lit[arrays.bus_place[dark]].sum())

    def bus_state(self, step: Step, place: int, case: str) -> BusState:
        """Voltage at a place of the bus table."""
        arrays, bounds = self.subject.wiring.arrays, self.subject.bounds
        voltage = step.flow.voltage[arrays.bus_place[place]]
        ref = self.check.bus(place)
        vn_kv = float(self.subject.intended.bus.at[ref.index, "vn_kv"])
        return BusState(
            element=ref,
            case=case,
            vm_pu=float(abs(voltage)),
            vm_kv=float(abs(voltage)) * vn_kv,
            va_degree=float(np.degrees(np.angle(voltage))),
            vn_kv=vn_kv,
            limit_min_pu=float(bounds.low_pu[place]),
            limit_max_pu=float(bounds.high_pu[place]),
        )

    def loading(self, step: Step, case: str) -> BranchLoading | None:
        """The most loaded branch of the step's island."""
        column = step.extremes.loaded
        if column is None:
            return None
        return BranchLoading(
            element=circuit_ref(self.subject, column),
            case=case,
            loading_percent=float(step.extremes.loading_percent[column]),
            limit_percent=float(self.subject.bounds.loading_percent[column]),
        )

    def refused(self, course: Course) -> list[RefusedStep]:
        """What was refused, that which the plan never does first, then in the order of the last refusal."""
        done = {step.move.key for step in course.steps}
        rows = [self._refused(one, accepted=one.move.key in done) for one in course.refused.values()]
        return sorted(rows, key=lambda row: (row.accepted, row.action, row.element.kind, row.element.index))

    def _refused(self, one: Refused, *, accepted: bool) -> RefusedStep:
        broken = one.broken
        return RefusedStep(
            element=one.move.element(self.subject),
            case=self.case(one.after_step - 1) if one.after_step else self.subject.case,
            action=one.move.action,
            reason=broken.reason,
            tries=one.tries,
            accepted=accepted,
            at_element=broken.at,
            vm_pu=broken.vm_pu,
            loading_percent=broken.loading_percent,
            q_mvar=broken.q_mvar,
            p_mw=broken.p_mw,
            standing_angle_degree=broken.angle_degree,
        )

    def _charging(self, step: Step) -> float | None:
        if step.move.action not in {RestorationAction.ENERGISE, RestorationAction.CLOSE, RestorationAction.JOIN}:
            return None
        branch = self.subject.wiring.branches[step.move.at]
        return branch.charging_mvar if branch.ref.kind is ElementKind.LINE else None

    def dark(self, course: Course) -> list[ElementRef]:
        """Buses that are dark at the end, by index."""
        place = self.subject.wiring.place
        lit = course.steps[-1].status.lit if course.steps else self.subject.live.buses
        left = sorted(bus for bus in self.subject.dark if bus not in place or not lit[place[bus]])
        return [element_ref(self.subject.intended, ElementKind.BUS, bus) for bus in left]


def counts(course: Course) -> Counter[RestorationAction]:
    """How often each action is taken."""
    return Counter(step.move.action for step in course.steps)


def percent_of(part: float, whole: float) -> float:
    """Share in percent; what is rounding away from all is all."""
    return 100.0 if part >= whole - _SAME_MW else 100.0 * part / whole


def _known(value: float) -> float | None:
    return float(value) if isfinite(value) else None
