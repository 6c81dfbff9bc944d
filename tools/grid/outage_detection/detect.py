"""The tool ``detect_outages``: de-energised buses and the probable faulted element."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from tools.coverage import Coverage, LeftOut
from tools.element import ElementKind
from tools.errors import SourceMissingError
from tools.grid.elements import element_ref
from tools.grid.outage_detection.areas import Neighbours, border, neighbours, spread, together
from tools.grid.outage_detection.positions import Positions
from tools.grid.outage_detection.suspects import Suspect, by_position, by_voltage, verdict_on, with_openings
from tools.grid.outage_detection.witnesses import LOOK_BACK, Testimony, interval, testimony
from tools.grid.schema.outage_detection import (
    DeadArea,
    DeadEvidence,
    DetectOutagesArguments,
    DisputedBus,
    DisputeReason,
    OutageDetection,
    SupplyState,
    SuspectedElement,
)
from tools.grid.snapshot_topology import Switchings, find_switchings
from tools.grid.supply import demand_p_mw, generation_p_mw
from tools.telemetry.schema.log import LogKind

if TYPE_CHECKING:
    from tools.context import ToolContext
    from tools.subject import SubjectRef
    from tools.telemetry.schema.sensor import Sensor

BUSES_SHOWN, SHOWN, SENSORS_SHOWN = 100, 20, 10


def detect_outages(ctx: ToolContext, args: DetectOutagesArguments) -> OutageDetection:
    """Say which buses are without supply at a time, by switch state and by voltage, and which element explains it.

    A bus is dead when the positions of log and records leave it without a source, or when it reads less than 5 % of
    its nominal voltage. What disagrees is listed as disputed, and nothing is concluded from it.

    Raises:
        SourceMissingError: without any of telemetry, switching log and outage records.
    """
    at = args.at or ctx.clock.as_of
    logged = ctx.logs is not None and LogKind.SWITCHING in ctx.logs.kinds()
    if ctx.telemetry is None and not logged and ctx.outages is None:
        raise SourceMissingError("telemetry, switching log or outage records")
    model = ctx.loaded_grid().net
    switchings = find_switchings(model, ctx.logs, ctx.outages, at - LOOK_BACK, at)
    positions = Positions.at(model, switchings.at(at))
    told = testimony(model, ctx.telemetry, at)
    scene = _Scene(ctx, at, switchings, positions, told, neighbours(positions))
    areas = sorted(scene.areas(), key=lambda area: (-area.load_p_mw, -area.dead_buses, area.buses[0].index))
    disputed = tuple(scene.disputed())
    buses = model.bus.index[model.bus.in_service.astype(bool)]
    untold = len(set(buses) - set(told.by_bus))
    page = areas[args.offset : args.offset + args.limit]
    by_switch = len(positions.dead - told.alive)
    return OutageDetection(
        at=at,
        status=_status(found=bool(areas), untold=bool(untold or disputed)),
        dead_buses=sum(area.dead_buses for area in areas),
        dead_by_switch_state=by_switch,
        dead_by_voltage=sum(area.dead_buses for area in areas) - by_switch,
        load_p_mw=sum(area.load_p_mw for area in areas),
        generation_p_mw=sum(area.generation_p_mw for area in areas),
        areas=tuple(page),
        omitted=len(areas) - len(page),
        disputed=disputed[:SHOWN],
        disputed_omitted=max(len(disputed) - SHOWN, 0),
        buses=len(buses),
        buses_told=len(buses) - untold,
        switch_state_known=logged or ctx.outages is not None,
        coverage=_coverage(len(buses), untold, told.unusable, switchings.unknown),
        simulated=told.simulated or switchings.simulated,
    )


def _status(*, found: bool, untold: bool) -> SupplyState:
    if found:
        return SupplyState.SUPPLY_LOST
    return SupplyState.PARTLY_CHECKED if untold else SupplyState.ALL_SUPPLIED


def _coverage(buses: int, untold: int, unusable: int, unknown: int) -> Coverage:
    left_out = (
        ("buses", untold, "no fresh, good reading of voltage or flow: the switch state alone tells of them"),
        ("voltage sensors", unusable, "stale, missing or not good"),
        ("log entries and records", unknown, "they name elements that the model does not have"),
    )
    return Coverage(
        checked=buses,
        solved=buses - untold,
        left_out=tuple(LeftOut(what=what, count=count, reason=reason) for what, count, reason in left_out if count),
    )


@dataclass(frozen=True)
class _Scene:
    """All that is known at the time."""

    ctx: ToolContext
    at: datetime
    switchings: Switchings
    positions: Positions
    told: Testimony
    joined: Neighbours

    def areas(self) -> list[DeadArea]:
        """Every area without supply: by switch state, and by voltage where the switch state does not explain it."""
        explained = self.positions.dead - self.told.alive
        areas = [self._explained(group) for group in together(explained, neighbours_of_model(self.positions))]
        unexplained = (self.told.dead & self.positions.supplied) - explained
        untold = self.positions.supplied - self.told.alive - set(self.told.by_bus)
        for group in together(unexplained | untold, self.joined):
            if dead := group & unexplained:
                areas += self._unexplained(dead, group)
        return areas

    def disputed(self) -> list[DisputedBus]:
        """Buses of which sensors, or sensors and switch state, tell different things."""
        rows = []
        for bus, found in sorted(self.told.by_bus.items()):
            if found.disputed:
                reason = DisputeReason.SENSORS_APART if found.alive else DisputeReason.FLOW_WITHOUT_VOLTAGE
                sensors = [*found.dead, *found.alive, *found.flowing]
            elif bus in self.positions.dead and not found.dead:
                reason, sensors = DisputeReason.VOLTAGE_WITHOUT_SUPPLY, [*found.alive, *found.flowing]
            else:
                continue
            ref = element_ref(self.positions.model, ElementKind.BUS, bus)
            told = _refs(sensors)
            omitted = max(len(told) - SENSORS_SHOWN, 0)
            rows.append(DisputedBus(element=ref, dispute=reason, sensors=told[:SENSORS_SHOWN], sensors_omitted=omitted))
        return rows

    def _explained(self, area: frozenset[int]) -> DeadArea:
        suspects = by_position(self.positions, area, self.switchings, self.at)
        return self._row(area, suspects, by_switch_state=True)

    def _unexplained(self, dead: frozenset[int], reach: frozenset[int]) -> list[DeadArea]:
        """One area where one element explains all of it, else one for each part that hangs together."""
        suspects = by_voltage(self.positions, dead, self.told.alive, reach)
        if suspects:
            return [self._row(dead, suspects, by_switch_state=False)]
        parts = together(dead, self.joined)
        rows = []
        for part in parts:
            around = spread(part, reach - dead, self.joined)
            own = by_voltage(self.positions, part, self.told.alive, around) if len(parts) > 1 else []
            rows.append(self._row(part, own, by_switch_state=False))
        return rows

    def _row(self, known: frozenset[int], suspects: list[Suspect], *, by_switch_state: bool) -> DeadArea:
        sensors = [sensor for bus in sorted(known) if bus in self.told.by_bus for sensor in self.told.by_bus[bus].dead]
        window: tuple[datetime | None, datetime | None] = (None, None)
        if sensors and self.ctx.telemetry is not None:
            window = interval(self.positions.model, self.ctx.telemetry, sensors, self.at)
        if not by_switch_state:
            suspects = with_openings(suspects, self.switchings, window, self.at)
        cuts = [item.cut_off for item in suspects]
        # what every suspect cuts off is dead whichever it was
        dead = known if by_switch_state or not cuts else known | frozenset.intersection(*cuts)
        possibly = frozenset() if by_switch_state else frozenset().union(*cuts) - dead
        refs = [element_ref(self.positions.model, ElementKind.BUS, bus) for bus in sorted(dead)]
        shown = _refs(sensors)
        around = border(self.positions, dead, self.positions.supplied - dead)
        model = self.positions.model
        return DeadArea(
            buses=tuple(refs[:BUSES_SHOWN]),
            buses_omitted=max(len(refs) - BUSES_SHOWN, 0),
            dead_buses=len(dead),
            possibly_dead_buses=len(possibly),
            evidence=_evidence(by_switch_state=by_switch_state, by_voltage=bool(sensors)),
            sensors=shown[:SHOWN],
            sensors_omitted=max(len(shown) - SHOWN, 0),
            alive_until=window[0],
            dead_from=window[1],
            load_p_mw=demand_p_mw(model, dead),
            generation_p_mw=generation_p_mw(model, dead),
            border=around[:SHOWN],
            border_omitted=max(len(around) - SHOWN, 0),
            suspects=tuple(self._suspect(item, known) for item in suspects[:SHOWN]),
            suspects_omitted=max(len(suspects) - SHOWN, 0),
            verdict=verdict_on(suspects, len(sensors), by_switch_state=by_switch_state),
        )

    def _suspect(self, item: Suspect, known: frozenset[int]) -> SuspectedElement:
        return SuspectedElement(
            element=item.element,
            dead_buses=len(item.cut_off),
            untold_buses=len(item.cut_off - known),
            opened_at=item.opened_at,
            on_record=item.on_record,
        )


def _evidence(*, by_switch_state: bool, by_voltage: bool) -> DeadEvidence:
    if by_switch_state and by_voltage:
        return DeadEvidence.BOTH
    return DeadEvidence.SWITCH_STATE if by_switch_state else DeadEvidence.VOLTAGE


def neighbours_of_model(positions: Positions) -> Neighbours:
    """Buses joined in the model as loaded: what a switching cut apart went out together."""
    return neighbours(Positions(positions.model, positions.model, positions.topology))


def _refs(sensors: list[Sensor]) -> tuple[SubjectRef, ...]:
    return tuple(dict.fromkeys(sensor.ref for sensor in sensors))
