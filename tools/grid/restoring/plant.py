"""Units, loads and shunts of the dark part, by bus of the solved matrix."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite, sqrt
from typing import TYPE_CHECKING

from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError
from tools.grid.elements import element_ref, number_in, resolve_element, row_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pandapower import pandapowerNet

    from tools.grid.schema.restoration import CrankingNeed, LoadBlock, PlanRestorationArguments
    from tools.grid.schema.shedding import LoadPriority

UNIT_KINDS = (ElementKind.GEN, ElementKind.EXT_GRID)
ORDINARY = 5
FIRST, LAST = 1, 9


@dataclass(frozen=True)
class Unit:
    """A generating unit, or a connection to a neighbour.

    Attributes:
        ref: The element.
        bus: Its bus in the matrix; -1 where no usable branch leads to it.
        least_mw, most_mw: Its range once it is synchronised; infinite where a neighbour has no limit.
        planned_mw: Its set-point in the model, within this range.
        least_mvar, most_mvar: Its reactive range, zero included; infinite where the model has none.
        rated_mw: What cranking power is a share of.
        vm_pu: Voltage that it holds in the model.
        cranking_mw, cranking_mvar: What it draws from cranking until it is synchronised.
        start_min: How long that takes.
        latest_min: After it, cranking comes too late.
        cranking_assumed, start_assumed: Whether that is the share, or the time, that all units have.
    """

    ref: ElementRef
    bus: int
    least_mw: float
    most_mw: float
    planned_mw: float
    least_mvar: float
    most_mvar: float
    rated_mw: float
    vm_pu: float
    cranking_mw: float
    cranking_mvar: float
    start_min: float
    latest_min: float
    cranking_assumed: bool
    start_assumed: bool

    @property
    def unlimited(self) -> bool:
        """Whether it stands for a system so large that the model gives it no limit."""
        return not isfinite(self.most_mw)


@dataclass(frozen=True)
class Load:
    """A load that was dark; powers at its demand before."""

    ref: ElementRef
    bus: int
    p_mw: float
    q_mvar: float
    priority: int
    block_mw: float | None


@dataclass(frozen=True)
class Shunt:
    """A shunt at a dark bus; ``q_mvar`` is what it draws at nominal voltage, negative for a capacitor."""

    ref: ElementRef
    bus: int
    p_mw: float
    q_mvar: float


def units_of(
    net: pandapowerNet,
    place: Mapping[int, int],
    dark: frozenset[int],
    args: PlanRestorationArguments,
    slack_mw: Mapping[tuple[str, int], float],
) -> tuple[Unit, ...]:
    """Units in service at dark buses, generators first.

    Args:
        net: The grid as intended.
        place: Bus of the matrix of each bus.
        dark: Buses without voltage.
        args: The question.
        slack_mw: Output of each slack in the model, for it has no set-point.

    Raises:
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: for ``cranking`` of what is no such unit.
    """
    found = [
        element_ref(net, kind, int(index))
        for kind in UNIT_KINDS
        for index, bus, on in zip(net[kind].index, net[kind].bus, net[kind].in_service, strict=True)
        if on and int(bus) in dark
    ]
    needs = _needs(net, args.cranking, {str(ref) for ref in found})
    return tuple(
        _unit(net, ref, place, args, (needs.get(str(ref)), slack_mw.get((ref.kind, ref.index)))) for ref in found
    )


def _needs(net: pandapowerNet, given: Iterable[CrankingNeed], dark: set[str]) -> dict[str, CrankingNeed]:
    needs = {str(resolve_element(net, one.element, UNIT_KINDS)): one for one in given}
    for canonical in needs:
        if canonical not in dark:
            raise InvalidArgumentError(f"cranking: {canonical} is no unit in service in the dark part")
    return needs


def _unit(
    net: pandapowerNet,
    ref: ElementRef,
    place: Mapping[int, int],
    args: PlanRestorationArguments,
    known: tuple[CrankingNeed | None, float | None],
) -> Unit:
    need, as_slack = known
    row = row_of(net, ref.kind, ref.index)
    rated, most = _rating(row, ref.kind)
    cranking = rated * args.cranking_percent / 100.0 if isfinite(rated) else 0.0
    given = need.cranking_p_mw if need is not None else None
    start = need.start_min if need is not None else None
    power = cranking if given is None else given
    factor = args.cranking_power_factor
    least = min(max(number_in(row, "min_p_mw") or 0.0, 0.0), most)
    planned = _output(row) if as_slack is None else as_slack
    low_mvar, high_mvar = number_in(row, "min_q_mvar"), number_in(row, "max_q_mvar")
    return Unit(
        ref=ref,
        bus=place.get(int(str(row["bus"])), -1),
        least_mw=least,
        most_mw=most,
        planned_mw=min(max(planned, least), most),
        # a synchronous machine runs at unity power factor, whatever its limits at full load
        least_mvar=-inf if low_mvar is None else min(low_mvar, 0.0),
        most_mvar=inf if high_mvar is None else max(high_mvar, 0.0),
        rated_mw=rated if isfinite(rated) else 0.0,
        vm_pu=number_in(row, "vm_pu") or 1.0,
        cranking_mw=power,
        cranking_mvar=power * sqrt(1.0 - factor**2) / factor,
        start_min=args.start_min if start is None else start,
        latest_min=need.latest_min if need is not None and need.latest_min is not None else inf,
        cranking_assumed=given is None,
        start_assumed=start is None,
    )


def _rating(row: dict[str, object], kind: ElementKind) -> tuple[float, float]:
    """Rated power, and the most that the unit may give."""
    most = number_in(row, "max_p_mw")
    if most is not None:
        return max(most, 0.0), max(most, 0.0)
    if kind is ElementKind.EXT_GRID:
        return inf, inf
    rated = max(number_in(row, "sn_mva") or 0.0, _output(row))
    return rated, rated


def _output(row: dict[str, object]) -> float:
    """Set-point, scaled; zero where there is none."""
    scaling = number_in(row, "scaling")
    return max(number_in(row, "p_mw") or 0.0, 0.0) * (1.0 if scaling is None else scaling)


def loads_of(
    net: pandapowerNet, place: Mapping[int, int], dark: frozenset[int], args: PlanRestorationArguments
) -> tuple[Load, ...]:
    """Loads in service at dark buses, in the order in which they come back: by class, then the largest.

    Raises:
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: for ``critical`` or ``blocks`` of other loads.
    """
    table = net.load
    at_dark = table.index[table.in_service.astype(bool) & table.bus.isin(dark) & (table.p_mw * table.scaling > 0)]
    known = {f"load:{index}" for index in at_dark}
    priority = _priorities(net, args.critical, known)
    block = {_dark_load(net, one, known, "blocks"): one.block_p_mw for one in args.blocks}
    loads = [
        Load(
            ref=element_ref(net, ElementKind.LOAD, int(index)),
            bus=place.get(int(table.at[index, "bus"]), -1),
            p_mw=float(table.at[index, "p_mw"] * table.at[index, "scaling"]),
            q_mvar=float(table.at[index, "q_mvar"] * table.at[index, "scaling"]),
            priority=priority[f"load:{index}"],
            block_mw=block.get(f"load:{index}"),
        )
        for index in at_dark
    ]
    return tuple(sorted(loads, key=lambda load: (load.priority, -load.p_mw, load.ref.index)))


def _priorities(net: pandapowerNet, critical: Sequence[LoadPriority], known: set[str]) -> dict[str, int]:
    """Class of every load: as asked, else as the model has it, else ordinary."""
    found = dict.fromkeys(known, ORDINARY)
    if "priority" in net.load:
        on_record = net.load.priority.dropna()
        found |= {f"load:{index}": int(min(max(value, FIRST), LAST)) for index, value in on_record.items()}
    return found | {_dark_load(net, one, known, "critical"): one.priority for one in critical}


def _dark_load(net: pandapowerNet, one: LoadPriority | LoadBlock, known: set[str], field: str) -> str:
    canonical = str(resolve_element(net, one.element, (ElementKind.LOAD,)))
    if canonical not in known:
        raise InvalidArgumentError(f"{field}: {canonical} is no load in service in the dark part")
    return canonical


def shunts_of(net: pandapowerNet, place: Mapping[int, int], dark: frozenset[int]) -> tuple[Shunt, ...]:
    """Shunts in service at dark buses that can be reached."""
    table = net.shunt
    found = []
    for index in table.index[table.in_service.astype(bool) & table.bus.isin(dark)]:
        bus = int(table.at[index, "bus"])
        if place.get(bus, -1) < 0:
            continue
        # pandapower's shunt draws its power at its own nominal voltage
        scale = (
            float(table.at[index, "step"]) * (float(net.bus.at[bus, "vn_kv"]) / float(table.at[index, "vn_kv"])) ** 2
        )
        found.append(
            Shunt(
                element_ref(net, ElementKind.SHUNT, int(index)),
                place[bus],
                float(table.at[index, "p_mw"]) * scale,
                float(table.at[index, "q_mvar"]) * scale,
            )
        )
    return tuple(found)
