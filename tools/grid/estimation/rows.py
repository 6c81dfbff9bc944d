"""Result rows of an estimation; what is not observable has no row."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from tools.amount import Amount
from tools.element import ElementKind, ElementRef
from tools.grid.case import BASE
from tools.grid.elements import element_ref
from tools.grid.estimation.bad_data import expected_error
from tools.grid.estimation.equations import ACTIVE, Equations, Row
from tools.grid.estimation.placing import SQRT3
from tools.grid.schema.estimation import (
    CriticalMeasurement,
    EstimatedBranch,
    EstimatedBus,
    MeasuredValue,
    RejectedMeasurement,
    TopologySuspicion,
)
from tools.telemetry.schema.sensor import Side

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pandapower import pandapowerNet

    from tools.grid.estimation.run import Estimation
    from tools.subject import SubjectRef

SENSORS_SHOWN = 20


class Rows:
    """Rows of one estimation over one net."""

    def __init__(self, net: pandapowerNet, made: Estimation) -> None:
        self.net, self.made = net, made
        self.plan, self.read = made.plan, made.read

    def _named(self, number: int) -> tuple[ElementRef, Side | None]:
        item = self.plan.measurements[number]
        ref = item.element
        if ref.name == "" and ref.index in self.net[ref.kind.value].index:
            ref = element_ref(self.net, ref.kind, ref.index)
        return ref, Side(item.side) if item.side else None

    def _sensors(self, number: int) -> tuple[SubjectRef, ...]:
        numbers = self.plan.measurements[number].sensors[:SENSORS_SHOWN]
        return tuple(self.plan.sensors[sensor].ref for sensor in numbers)

    def _sensors_omitted(self, number: int) -> int:
        return max(len(self.plan.measurements[number].sensors) - SENSORS_SHOWN, 0)

    def _amount(self, number: int, value: float) -> Amount:
        return Amount(value=float(value) * float(self.plan.scale[number]), unit=self.plan.measurements[number].unit)

    def residuals(self, numbers: NDArray[np.int64]) -> tuple[MeasuredValue, ...]:
        """Measured against estimated."""
        cleaned = self.made.cleaned
        if cleaned is None:
            return ()
        found = []
        for number in numbers.tolist():
            element, side = self._named(number)
            measured, residual = float(self.read.value[number]), float(cleaned.fit.residual[number])
            score = float(cleaned.judged.normalised[number])
            found.append(
                MeasuredValue(
                    element=element,
                    case=BASE,
                    side=side,
                    quantity=self.plan.measurements[number].quantity,
                    sensors=self._sensors(number),
                    sensors_omitted=self._sensors_omitted(number),
                    measured=self._amount(number, measured),
                    estimated=self._amount(number, measured - residual),
                    residual=self._amount(number, residual),
                    noise=self._amount(number, float(self.read.sigma[number])),
                    normalised_residual=score if np.isfinite(score) else None,
                    critical=bool(cleaned.judged.critical[number]),
                    age_s=float(self.read.age_s[number]),
                )
            )
        return tuple(found)

    def rejected(self) -> Iterator[RejectedMeasurement]:
        """In the order of rejection."""
        cleaned = self.made.cleaned
        if cleaned is None:
            return
        for item in cleaned.rejections:
            number = item.number
            element, side = self._named(number)
            measured = float(self.read.value[number])
            error, _ = expected_error(self.made.problem, cleaned.fit, number)
            alike = [sensor for other in item.alike for sensor in self._sensors(other)]
            yield RejectedMeasurement(
                element=element,
                case=BASE,
                side=side,
                quantity=self.plan.measurements[number].quantity,
                sensors=self._sensors(number),
                sensors_omitted=self._sensors_omitted(number),
                measured=self._amount(number, measured),
                estimated=self._amount(number, measured - error),
                error=self._amount(number, error),
                normalised_residual=item.normalised,
                indistinguishable=tuple(alike[:SENSORS_SHOWN]),
                indistinguishable_omitted=max(len(alike) - SENSORS_SHOWN, 0),
                age_s=float(self.read.age_s[number]),
            )

    def critical(self, numbers: NDArray[np.int64]) -> Iterator[CriticalMeasurement]:
        """Measurements that nothing checks."""
        for number in numbers.tolist():
            element, side = self._named(number)
            quantity = self.plan.measurements[number].quantity
            yield CriticalMeasurement(
                element=element,
                case=BASE,
                side=side,
                quantity=quantity,
                sensors=self._sensors(number),
                sensors_omitted=self._sensors_omitted(number),
            )

    def topology(self) -> Iterator[TopologySuspicion]:
        """Doubted statuses."""
        for item in self.made.suspicions:
            measured = None if item.measured is None else Amount(value=item.measured[0], unit=item.measured[1])
            yield TopologySuspicion(
                element=element_ref(self.net, item.kind, item.index),
                case=BASE,
                assumed_in_service=item.in_service,
                evidence=item.evidence,
                measured=measured,
                objective=item.objective,
                rejected=item.rejected,
            )

    def buses(self) -> list[tuple[int, int]]:
        """Index and node of the observable buses, the lowest voltage first."""
        cleaned, plan = self.made.cleaned, self.plan
        if cleaned is None:
            return []
        seen = [(bus, node) for bus, node in plan.net.node_of.items() if self.made.seen.node[node]]
        size = cleaned.fit.state.magnitude
        return sorted(seen, key=lambda pair: (float(size[pair[1]]), pair[0]))

    def bus(self, bus: int, node: int) -> EstimatedBus | None:
        """The voltage of an observable bus."""
        cleaned, place = self.made.cleaned, self.plan.place
        if cleaned is None:
            return None
        state, covariance = cleaned.fit.state, cleaned.fit.gain.covariance
        column = int(place.angle[node])
        vm_pu, vn_kv = float(state.magnitude[node]), float(self.net.bus.at[bus, "vn_kv"])
        spread = float(covariance[place.magnitude[node], place.magnitude[node]])
        turn = float(covariance[column, column]) if column >= 0 else 0.0
        return EstimatedBus(
            element=element_ref(self.net, ElementKind.BUS, bus),
            case=BASE,
            vm_pu=vm_pu,
            vm_kv=vm_pu * vn_kv,
            va_degree=float((np.rad2deg(state.angle[node]) + 180.0) % 360.0 - 180.0),
            error_vm_pu=max(spread, 0.0) ** 0.5,
            error_va_degree=float(np.rad2deg(max(turn, 0.0) ** 0.5)),
        )

    def ends(self) -> dict[tuple[ElementKind, int], tuple[int, int]]:
        """Both ends of the branches with two, where they are in service."""
        return self.plan.net.two_ended

    def branches(
        self, page: slice, asked: Callable[[ElementKind, int], bool]
    ) -> tuple[tuple[EstimatedBranch, ...], int]:
        """Flows of observable branches, the largest current first, and how many rows the page leaves out."""
        cleaned = self.made.cleaned
        if cleaned is None:
            return (), 0
        net, flows, state = self.plan.net, self.made.flows, cleaned.fit.state
        power = flows.values(state) * net.base_mva
        half, seen = len(net.near), self.made.seen.end
        amps = np.hypot(power[:half], power[half:]) / (state.magnitude[net.near] * net.vn_kv[net.near] * SQRT3)
        chosen = [
            (float(max(amps[one], amps[other])), kind, index, one, other)
            for (kind, index), (one, other) in net.two_ended.items()
            if seen[one] and seen[other] and asked(kind, index)
        ]
        chosen.sort(key=lambda row: (-row[0], row[1], row[2]))
        error = self._errors([row[3] for row in chosen[page]])
        found = tuple(
            EstimatedBranch(
                element=element_ref(self.net, kind, index),
                case=BASE,
                p_from_mw=float(power[one]),
                q_from_mvar=float(power[half + one]),
                p_to_mw=float(power[other]),
                q_to_mvar=float(power[half + other]),
                loss_p_mw=float(power[one] + power[other]),
                i_ka=i_ka,
                error_p_from_mw=spread,
            )
            for (i_ka, kind, index, one, other), spread in zip(chosen[page], error, strict=True)
        )
        return found, len(chosen) - len(found)

    def _errors(self, ends: list[int]) -> list[float]:
        """Standard errors of the active powers at some branch ends, MW."""
        cleaned = self.made.cleaned
        if cleaned is None:
            return []
        wanted = Equations(self.plan.net, self.plan.place, [Row(ACTIVE, (end,)) for end in ends])
        variance = wanted.spread(wanted.slopes(cleaned.fit.state), cleaned.fit.gain.covariance)
        return [float(value) * self.plan.net.base_mva for value in np.sqrt(np.maximum(variance, 0.0))]
