"""The grid at a time: the model with the switchings, outages and readings of that time.

Topology is that of the switching log and the outage records. Loads, active powers of units, voltages that units hold,
tap positions and shunts are those of the newest readings that are not after the time, fresh and good, with the sensor's
sign applied; ``snapshot_readings`` says what stands in for the others, and the basis names each. Other quantities
follow from the power flow and are not read.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

import numpy as np

from tools.amount import Amount
from tools.element import ElementKind, ElementRef
from tools.grid.elements import element_ref
from tools.grid.grid import Grid
from tools.grid.outages import take_out
from tools.grid.schema.basis import StandIn, StateBasis, SubstitutedValue, SubstitutionReason
from tools.grid.slack import move_lost_slack
from tools.grid.snapshot_readings import SlotValues
from tools.grid.snapshot_slots import Slot
from tools.grid.snapshot_timeline import Timeline, timeline
from tools.grid.snapshot_topology import Topology

if TYPE_CHECKING:
    from pandapower import pandapowerNet

    from tools.telemetry.sources import LogSource, OutageSource, TelemetrySource

SUBSTITUTED_SHOWN = 20
OUTAGES_SHOWN = 50
_SCALED = frozenset({"p", "q"})


def snapshot(
    grid: Grid,
    telemetry: TelemetrySource | None,
    logs: LogSource | None,
    outages: OutageSource | None,
    at: datetime,
) -> Grid:
    """The grid at a time.

    Args:
        grid: The model, or a state of it at another time.
        telemetry: Readings; None where there is no such source, as for the others.
        logs: The switching log.
        outages: Outage records.
        at: The time, timezone-aware.

    Returns:
        A grid of the same fingerprint with its ``basis``.

    Raises:
        NoReadingsError: when the model's inputs are measured, but most of them have no fresh reading at the time.
    """
    return state_at(timeline(grid.model, telemetry, logs, outages, (at, at)), at)


def state_at(line: Timeline, at: datetime) -> Grid:
    """The grid at one time of a span.

    Raises:
        NoReadingsError: as ``snapshot``.
    """
    values = line.values([at])
    if line.is_measured and not line.reaches(values)[0]:
        raise line.refuse(at)
    return state_of(line, values, 0, at)


def state_of(line: Timeline, values: SlotValues, row: int, at: datetime) -> Grid:
    """The grid with one row of values and the topology of its time."""
    model, topology = line.model, line.switchings.at(at)
    net = deepcopy(model.net)
    for slot, value, fresh, used in zip(
        line.slots, values.value[row].tolist(), values.fresh[row], values.used[row], strict=True
    ):
        if fresh or used or value != slot.model:
            _write(net, slot, value)
    moved = _switch(net, model, topology)
    basis = _Basis(line, values, row, topology).build(at, moved)
    return replace(model, net=net, basis=basis, loaded=model, state=_digest(values, row, topology))


def _write(net: pandapowerNet, slot: Slot, value: float) -> None:
    table = net[slot.kind.value]
    if slot.quantity == "switched":
        table.at[slot.index, "in_service"] = bool(value)
    elif slot.quantity in _SCALED:
        table.at[slot.index, slot.column] = value / float(table.at[slot.index, "scaling"])
    else:
        table.at[slot.index, slot.column] = value


def _switch(net: pandapowerNet, model: Grid, topology: Topology) -> ElementRef | None:
    """Bring the topology into force; returns the unit that balances where the slack is lost."""
    for ref in topology.back:
        column = "closed" if ref.kind is ElementKind.SWITCH else "in_service"
        net[ref.kind.value].at[ref.index, column] = True
    for ref in topology.out:
        column = "closed" if ref.kind is ElementKind.SWITCH else "in_service"
        # a bus that is out takes its branches along, and a shunt may be out by its own reading
        if net[ref.kind.value].at[ref.index, column]:
            take_out(net, ref)
    return move_lost_slack(net, model.net) if topology.out or topology.back else None


def _digest(values: SlotValues, row: int, topology: Topology) -> str:
    """Equal for equal values and topology: the times at which nothing changed are one state."""
    positions = " ".join([*(f"-{ref}" for ref in topology.out), *(f"+{ref}" for ref in topology.back)])
    return sha256(np.ascontiguousarray(values.value[row]).tobytes() + positions.encode()).hexdigest()


@dataclass(frozen=True)
class _Basis:
    """What a state rests on, on its way into the result."""

    line: Timeline
    values: SlotValues
    row: int
    topology: Topology

    def build(self, at: datetime, moved: ElementRef | None) -> StateBasis:
        """The basis; substitutions of what weighs most come first: conflicts, then by table."""
        values, row = self.values, self.row
        rows = [*self._disputes(), *self._substituted()]
        ages = values.age_s[row][np.isfinite(values.age_s[row])]
        used = [slot for slot, age in zip(self.line.slots, values.age_s[row], strict=True) if np.isfinite(age)]
        out = self.topology.out
        return StateBasis(
            at=at,
            model=self.line.model.name,
            measured=int(values.fresh[row].sum()),
            substituted=tuple(rows[:SUBSTITUTED_SHOWN]),
            substituted_omitted=max(len(rows) - SUBSTITUTED_SHOWN, 0),
            missing=sum(not slot.feeds for slot in self.line.slots),
            oldest_age_s=float(ages.max()) if len(ages) else None,
            simulated=self.line.switchings.simulated
            or any(feed.sensor.simulated for slot in used for feed in slot.feeds),
            outages=out[:OUTAGES_SHOWN],
            outages_omitted=max(len(out) - OUTAGES_SHOWN, 0),
            unknown_elements=self.line.switchings.unknown,
            moved_slack=moved,
        )

    def _disputes(self) -> list[SubstitutedValue]:
        """Elements whose position log and records tell differently."""
        return [
            SubstitutedValue(
                element=ref, quantity="position", reason=SubstitutionReason.CONFLICTING, used=StandIn.RECORD
            )
            for ref in self.topology.disputed
        ]

    def _substituted(self) -> list[SubstitutedValue]:
        found = []
        for column, slot in enumerate(self.line.slots):
            used = self.values.used_of(self.row, column)
            reason = self.values.reason_of(self.row, column)
            if used is None or reason is None:
                continue
            age = float(self.values.age_s[self.row, column])
            value = float(self.values.value[self.row, column])
            found.append(
                SubstitutedValue(
                    element=element_ref(self.line.model.net, slot.kind, slot.index),
                    quantity=slot.quantity,
                    reason=reason,
                    used=used,
                    value=None if slot.quantity == "switched" else Amount(value=value, unit=slot.unit),
                    sensors=tuple(feed.sensor.ref for feed in slot.feeds[:10]),
                    age_s=age if np.isfinite(age) else None,
                )
            )
        return sorted(found, key=lambda item: item.reason is not SubstitutionReason.CONFLICTING)
