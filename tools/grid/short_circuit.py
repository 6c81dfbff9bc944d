"""The tool ``calculate_short_circuit``: fault currents by IEC 60909-0, and which data they lack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tools.context import ToolContext
from tools.coverage import Coverage, LeftOut
from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError, NotSolvedError
from tools.grid.connectivity import Connectivity, connectivity
from tools.grid.elements import element_ref, resolve_element
from tools.grid.fault_contributions import contributions
from tools.grid.fault_currents import FREQUENCIES_HZ, Calculation, fault_currents, has_converters
from tools.grid.schema.short_circuit import (
    CalculateShortCircuitArguments,
    CurrentCase,
    FaultLevel,
    FaultType,
    ShortCircuit,
    ShortCircuitStatus,
)
from tools.grid.short_circuit_data import Filled, fill_data
from tools.grid.state import State, hypothesis_net

if TYPE_CHECKING:
    import pandas as pd
    from pandapower import pandapowerNet

_METHOD = (
    "IEC 60909-0:2016, equivalent voltage source at the fault, bolted fault far from generators, loads and shunts "
    "neglected, tap changers in main position; pandapower; peak factor from the impedance at the equivalent frequency"
)
_TO_EARTH = "; transformer neutrals earthed solidly unless xn_ohm or rn_ohm is given"
_WORDS = {
    FaultType.THREE_PHASE: "three-phase fault",
    FaultType.TWO_PHASE: "two-phase fault",
    FaultType.LINE_TO_GROUND: "line-to-ground fault",
}
_FED_SHOWN = 10
"""Buses of a page whose contributions are given; each takes a calculation of its own."""
_UNMODELLED = ("dcline", "svc", "ssc", "vsc", "tcsc")


def calculate_short_circuit(ctx: ToolContext, args: CalculateShortCircuitArguments) -> ShortCircuit:
    """Currents of faults at buses, one at a time; without its data a state has no currents, and they are named.

    Data come from the model or from named assumptions. The breaking current is not calculated: it is not above the
    initial one, which the stated breaking capacity is therefore held against.

    Raises:
        NotSolvedError: when no bus has a source, an element has no impedance, or the equations have no solution.
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: for a hypothesis, an element or an assumption
            that cannot be, and for a capacity that is held against minimum currents.
    """
    if args.current is CurrentCase.MINIMUM and (args.breaking_capacity_ka or args.making_capacity_ka):
        raise InvalidArgumentError(
            f"current {args.current}: a capacity is held against maximum currents; right would be maximum"
        )
    grid = ctx.grids.grid(args.at)
    state = hypothesis_net(grid, args.outages, args.actions)
    topology = connectivity(state.net)
    if not topology.energised.any():
        raise NotSolvedError(f"The state {state.case!r} has no short-circuit current: no bus has a source in service.")
    asked = _asked(state.net, args.buses)
    unmodelled = tuple(_take_out_unmodelled(state.net))
    filled = fill_data(state.net, topology, args.fault, args.current, args.assumptions)
    if filled.missing:
        return _without_data(state, args, filled, asked)
    _refuse_zero_impedance(state, topology)
    _keep_sources(state.net, topology, args.current)
    how = Calculation(args.fault, args.current, args.duration_s, args.lv_tolerance_percent)
    live = topology.energised_buses()
    buses = [ref.index for ref in asked if ref.index in live] if asked else sorted(live)
    frame = _ranked(fault_currents(state.net, buses, how), args.current) if buses else None
    found = 0 if frame is None else len(frame)
    places = range(found)[args.offset : args.offset + args.limit]
    rows = [_level(state, args, frame.iloc[place]) for place in places] if frame is not None else []
    ends = [_level(state, args, frame.iloc[place]) for place in (0, -1)] if frame is not None and found else []
    ends.sort(key=lambda level: level.ikss_ka)
    return ShortCircuit(
        case=state.case,
        status=ShortCircuitStatus.CALCULATED,
        fault=args.fault,
        current=args.current,
        method=_method(args.fault),
        duration_s=args.duration_s,
        assumed=tuple(filled.assumed),
        unused=tuple(filled.unused),
        highest=ends[-1] if ends else None,
        lowest=ends[0] if ends else None,
        rows=tuple(
            _with_contributions(state.net, level, how) if asked and place < _FED_SHOWN else level
            for place, level in enumerate(rows)
        ),
        omitted=found - len(rows),
        dead=tuple(ref for ref in asked if ref.index not in live),
        breaking_capacity_ka=args.breaking_capacity_ka,
        above_breaking_capacity=_above(frame, "ikss_ka", args.breaking_capacity_ka),
        making_capacity_ka=args.making_capacity_ka,
        above_making_capacity=_above(frame, "ip_ka", args.making_capacity_ka),
        coverage=_coverage(state, how, len(asked) or len(state.net.bus), found, unmodelled),
        basis=grid.basis,
    )


def _asked(net: pandapowerNet, texts: Sequence[str]) -> tuple[ElementRef, ...]:
    return tuple(dict.fromkeys(resolve_element(net, text, (ElementKind.BUS,)) for text in texts))


def _method(fault: FaultType) -> str:
    return _METHOD + (_TO_EARTH if fault is FaultType.LINE_TO_GROUND else "")


def _above(frame: pd.DataFrame | None, column: str, capacity_ka: float | None) -> int | None:
    """Buses whose current exceeds a stated capacity; None without one."""
    if capacity_ka is None:
        return None
    return 0 if frame is None else int((frame[column] > capacity_ka).sum())


def _take_out_unmodelled(net: pandapowerNet) -> Iterator[LeftOut]:
    """Converter stations and controlled compensators go out of the private net; the standard has no model for them."""
    for table in _UNMODELLED:
        frame = net.get(table)
        if frame is None or not len(frame):
            continue
        count = int(frame.in_service.astype(bool).sum())
        net[table] = frame.iloc[:0]
        if count:
            yield LeftOut(what=f"elements of kind {table}", count=count, reason="not modelled, so they feed nothing in")


def _keep_sources(net: pandapowerNet, topology: Connectivity, current: CurrentCase) -> None:
    """What stands at a bus without supply has no data to be read; minimum currents do without machines at will."""
    live = topology.energised_buses()
    for table in ("gen", "sgen", "motor"):
        net[table]["in_service"] = net[table].in_service.astype(bool) & net[table].bus.isin(live)
    if current is CurrentCase.MINIMUM:
        for table in ("sgen", "motor"):
            net[table]["in_service"] = False


def _without_data(
    state: State, args: CalculateShortCircuitArguments, filled: Filled, asked: Sequence[ElementRef]
) -> ShortCircuit:
    fields = ", ".join(item.field for item in filled.missing)
    left = LeftOut(what="buses", count=len(asked) or len(state.net.bus), reason=f"short-circuit data missing: {fields}")
    return ShortCircuit(
        case=state.case,
        status=ShortCircuitStatus.DATA_MISSING,
        fault=args.fault,
        current=args.current,
        method=_method(args.fault),
        duration_s=args.duration_s,
        missing=tuple(filled.missing),
        assumed=tuple(filled.assumed),
        unused=tuple(filled.unused),
        breaking_capacity_ka=args.breaking_capacity_ka,
        making_capacity_ka=args.making_capacity_ka,
        coverage=Coverage(checked=0, solved=0, left_out=(left,)),
        basis=state.grid.basis,
    )


def _refuse_zero_impedance(state: State, topology: Connectivity) -> None:
    """A branch without impedance makes infinite currents; a closed switch is the way to say that two buses are one."""
    net, live = state.net, topology.energised_buses()
    line, trafo = net.line, net.trafo
    bare = [
        (
            ElementKind.LINE,
            line,
            line.in_service & (np.hypot(line.r_ohm_per_km, line.x_ohm_per_km) * line.length_km == 0),
        ),
        (ElementKind.TRAFO, trafo, trafo.in_service & (trafo.vk_percent == 0)),
    ]
    for kind, table, without in bare:
        ends = table[["from_bus", "to_bus"] if kind is ElementKind.LINE else ["hv_bus", "lv_bus"]]
        found = table.index[without.astype(bool) & ends.isin(live).any(axis=1)]
        if len(found):
            raise NotSolvedError(
                f"The short-circuit currents of the state {state.case!r} cannot be calculated: {kind}:{found[0]} has "
                "no impedance; right would be its impedance, or a closed switch between its buses"
            )


def _ranked(frame: pd.DataFrame, current: CurrentCase) -> pd.DataFrame:
    """Buses with a current: highest first, of minimum currents lowest first; equal ones by bus."""
    known = frame[np.isfinite(frame.ikss_ka)]
    ranked: pd.DataFrame = known.sort_values("ikss_ka", ascending=current is CurrentCase.MINIMUM, kind="stable")
    return ranked


def _level(state: State, args: CalculateShortCircuitArguments, row: pd.Series[float]) -> FaultLevel:
    bus = int(row.name)  # type: ignore[call-overload]  # the index of the frame is of buses
    vn_kv = float(state.net.bus.vn_kv.at[bus])
    ikss, peak = float(row.ikss_ka), _known(row.get("ip_ka"))
    return FaultLevel(
        element=element_ref(state.net, ElementKind.BUS, bus),
        case=f"{state.case}, {args.current} {_WORDS[args.fault]}",
        vn_kv=vn_kv,
        voltage_factor=_voltage_factor(vn_kv, args),
        ikss_ka=ikss,
        skss_mva=_known(row.get("skss_mva")),
        ip_ka=peak,
        ith_ka=_known(row.get("ith_ka")),
        kappa=_known(row.get("kappa")),
        rk_ohm=float(row.rk_ohm),
        xk_ohm=float(row.xk_ohm),
        rk0_ohm=_known(row.get("rk0_ohm")),
        xk0_ohm=_known(row.get("xk0_ohm")),
        breaking_use_percent=_use(ikss, args.breaking_capacity_ka),
        making_use_percent=_use(peak, args.making_capacity_ka),
    )


def _voltage_factor(vn_kv: float, args: CalculateShortCircuitArguments) -> float:
    """Factor c (IEC 60909-0:2016, table 1)."""
    low = vn_kv < 1.0
    if args.current is CurrentCase.MAXIMUM:
        return 1.05 if low and args.lv_tolerance_percent == 6 else 1.1  # noqa: PLR2004 - the table's
    return (0.95 if args.lv_tolerance_percent == 6 else 0.9) if low else 1.0  # noqa: PLR2004 - the table's


def _known(value: object) -> float | None:
    number = np.nan if value is None else float(value)  # type: ignore[arg-type]  # pandas hands out object
    return number if np.isfinite(number) else None


def _use(current_ka: float | None, capacity_ka: float | None) -> float | None:
    return None if current_ka is None or capacity_ka is None else current_ka / capacity_ka * 100.0


def _with_contributions(net: pandapowerNet, level: FaultLevel, how: Calculation) -> FaultLevel:
    if how.fault is FaultType.LINE_TO_GROUND or level.ikss_ka <= 0:
        return level
    return level.model_copy(update={"contributions": contributions(net, level, how)})


def _coverage(state: State, how: Calculation, buses: int, found: int, unmodelled: Sequence[LeftOut]) -> Coverage:
    left = [LeftOut(what="buses", count=buses - found, reason="out of service or without supply")]
    if state.net.f_hz not in FREQUENCIES_HZ:
        reason = "peak and thermal currents are for grids of 50 or 60 Hz"
        left.append(LeftOut(what="peak currents", count=found, reason=reason))
    if how.fault is FaultType.LINE_TO_GROUND and has_converters(state.net, how):
        count = int((state.net.sgen.in_service.astype(bool) & state.net.sgen.current_source.astype(bool)).sum())
        left.append(LeftOut(what="converters", count=count, reason="what they feed into faults to earth is not known"))
    left += unmodelled
    return Coverage(checked=buses, solved=found, left_out=tuple(item for item in left if item.count))
