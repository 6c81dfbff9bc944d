"""The tool ``describe_element``: nameplate and neighbours of one element, from the model alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import copysign, isfinite, nan, sqrt
from typing import TYPE_CHECKING

from pydantic import JsonValue

from tools.context import ToolContext
from tools.element import ElementKind, ElementRef
from tools.grid.elements import element_ref, number_in, resolve_element, row_of, table, text_of
from tools.grid.lengths import lengths_known
from tools.grid.model_defects.values import BUS_COLUMNS
from tools.grid.ratings import RATED_KINDS, branch_ratings_mva, placeholder_branches
from tools.grid.schema.element import Attribute, DescribeElementArguments, ElementDescription

if TYPE_CHECKING:
    from pandapower import pandapowerNet

_Row = Mapping[str, object]
_NEIGHBOURS = 50
_BRANCHES = (ElementKind.LINE, ElementKind.TRAFO, ElementKind.TRAFO3W, ElementKind.IMPEDANCE, ElementKind.DCLINE)
# Fields of a description that stand in the table under another name.
_SAME = ("p_mw", "q_mvar", "min_p_mw", "max_p_mw", "min_q_mvar", "max_q_mvar", "min_vm_pu", "max_vm_pu")
_WHOLE = ("tap_pos", "tap_neutral", "tap_min", "tap_max")
# Texts worth reading that have no field of their own; everything in the model is untrusted text.
_TEXTS = ("type", "std_type", "vector_group", "zone", "description", "id", "origin_id")
_TEXT_LENGTH = 200


def describe_element(ctx: ToolContext, args: DescribeElementArguments) -> ElementDescription:
    """Describe one element of the run's grid.

    Raises:
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: when the reference is not one element.
    """
    net = ctx.loaded_grid().net
    ref = resolve_element(net, args.element)
    row = row_of(net, ref.kind, ref.index)
    buses = terminals(net, ref)
    neighbours = sorted(set(_neighbours(net, buses, ref)), key=lambda other: (other.kind, other.index))
    fields: dict[str, JsonValue] = {name: number_in(row, name) for name in _SAME}
    fields |= {name: None if (value := number_in(row, name)) is None else round(value) for name in _WHOLE}
    fields |= _electrical(net, ref, row)
    return ElementDescription(
        element=ref,
        in_service=bool(row.get("in_service", True)),
        buses=() if ref.kind is ElementKind.BUS else buses,
        neighbours=tuple(neighbours[:_NEIGHBOURS]),
        neighbours_omitted=max(0, len(neighbours) - _NEIGHBOURS),
        attributes=tuple(_attributes(row)),
        **fields,
    )


def terminals(net: pandapowerNet, ref: ElementRef) -> tuple[ElementRef, ...]:
    """The buses of an element, from or high-voltage side first; a bus is its own terminal."""
    if ref.kind is ElementKind.BUS:
        return (ref,)
    row = row_of(net, ref.kind, ref.index)
    columns = list(BUS_COLUMNS[ref.kind])
    if ref.kind is ElementKind.SWITCH and row["et"] == "b":
        columns.append("element")
    return tuple(element_ref(net, ElementKind.BUS, int(str(row[column]))) for column in columns)


def _neighbours(net: pandapowerNet, buses: tuple[ElementRef, ...], but: ElementRef) -> Iterator[ElementRef]:
    """Elements at the same buses; for a bus also the buses at the other ends of its branches."""
    at = [bus.index for bus in buses]
    for kind, columns in BUS_COLUMNS.items():
        rows = table(net, kind)
        touching = rows.index[rows[list(columns)].isin(at).any(axis=1)] if len(rows) else ()
        for index in touching:
            other = element_ref(net, kind, int(index))
            if other != but:
                yield other
            if but.kind is ElementKind.BUS and kind in _BRANCHES:
                yield from (bus for bus in terminals(net, other) if bus != but)


def _electrical(net: pandapowerNet, ref: ElementRef, row: _Row) -> Mapping[str, JsonValue]:
    """Fields whose meaning depends on the kind."""
    match ref.kind:
        case ElementKind.BUS:
            return {"vn_kv": number_in(row, "vn_kv")}
        case ElementKind.LINE:
            return _rating(net, ref) | _line(net, row)
        case ElementKind.TRAFO | ElementKind.TRAFO3W:
            return _rating(net, ref) | _transformer(row)
        case ElementKind.SWITCH:
            return _bus_voltage(net, row) | {"closed": bool(row["closed"])}
        case _:
            return _bus_voltage(net, row) | {"vm_setpoint_pu": number_in(row, "vm_pu")}


def _line(net: pandapowerNet, row: _Row) -> dict[str, JsonValue]:
    length = number_in(row, "length_km")
    parallel = number_in(row, "parallel") or 1.0
    ohm = {
        field: None if per_km is None or length is None else per_km * length / parallel
        for field, per_km in (("r_ohm", number_in(row, "r_ohm_per_km")), ("x_ohm", number_in(row, "x_ohm_per_km")))
    }
    vn_kv = _bus_number(net, row["from_bus"])
    return {"vn_kv": vn_kv, "length_km": length if lengths_known(net) else None, **ohm}


def _transformer(row: _Row) -> dict[str, JsonValue]:
    """Nameplate voltages, series impedance seen from the high side, and the tap changer."""
    side = row.get("tap_side")
    fields: dict[str, JsonValue] = {
        "vn_kv": number_in(row, "vn_hv_kv"),
        "vn_lv_kv": number_in(row, "vn_lv_kv"),
        "tap_step_percent": number_in(row, "tap_step_percent"),
        "tap_side": side if isinstance(side, str) else None,
    }
    values = [number_in(row, name) for name in ("vk_percent", "vkr_percent", "sn_mva", "vn_hv_kv")]
    vk, vkr, sn, vn = (nan if value is None else value for value in values)
    if isfinite(vk + vkr + sn + vn) and sn > 0:
        base_ohm = vn**2 / sn / (number_in(row, "parallel") or 1.0) / 100
        fields["r_ohm"] = vkr * base_ohm
        fields["x_ohm"] = copysign(sqrt(max(vk**2 - vkr**2, 0.0)), vk) * base_ohm
    return fields


def _rating(net: pandapowerNet, ref: ElementRef) -> dict[str, JsonValue]:
    """Thermal rating; the number is withheld when it is a placeholder."""
    if ref.kind not in RATED_KINDS:
        return {}
    if (ref.kind, ref.index) in placeholder_branches(net):
        return {"rating_is_placeholder": True}
    place = table(net, ref.kind).index.get_loc(ref.index)
    mva = float(branch_ratings_mva(net, ref.kind).to_numpy(dtype=float)[place])
    row = row_of(net, ref.kind, ref.index)
    vn_kv = _bus_number(net, row["from_bus"]) if ref.kind is ElementKind.LINE else number_in(row, "vn_hv_kv")
    rating_ka = mva / (sqrt(3) * vn_kv) if vn_kv else None
    return {"rating_mva": mva, "rating_ka": rating_ka, "rating_is_placeholder": False}


def _bus_voltage(net: pandapowerNet, row: _Row) -> dict[str, JsonValue]:
    return {"vn_kv": _bus_number(net, row.get("bus", row.get("from_bus")))}


def _bus_number(net: pandapowerNet, bus: object) -> float | None:
    """Nominal voltage of a bus in kV."""
    return number_in(row_of(net, ElementKind.BUS, int(str(bus))), "vn_kv")


def _attributes(row: _Row) -> Iterator[Attribute]:
    for name in _TEXTS:
        if text := text_of(row.get(name)):
            yield Attribute(name=name, text=text[:_TEXT_LENGTH])
