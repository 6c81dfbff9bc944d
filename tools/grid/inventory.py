"""What is in a grid, by name, number, voltage level and place; plain data for resolving questions."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeVar

from tools.element import ElementKind, ElementRef

if TYPE_CHECKING:
    from pandas import DataFrame

    from tools.grid.grid import Grid

Key = TypeVar("Key", bound=Hashable)

TERMINALS: Mapping[ElementKind, tuple[str, ...]] = MappingProxyType(
    {
        ElementKind.BUS: (),
        ElementKind.LINE: ("from_bus", "to_bus"),
        ElementKind.TRAFO: ("hv_bus", "lv_bus"),
        ElementKind.TRAFO3W: ("hv_bus", "mv_bus", "lv_bus"),
        ElementKind.IMPEDANCE: ("from_bus", "to_bus"),
        ElementKind.DCLINE: ("from_bus", "to_bus"),
        ElementKind.SWITCH: ("bus",),
        ElementKind.LOAD: ("bus",),
        ElementKind.GEN: ("bus",),
        ElementKind.SGEN: ("bus",),
        ElementKind.EXT_GRID: ("bus",),
        ElementKind.SHUNT: ("bus",),
        ElementKind.STORAGE: ("bus",),
        ElementKind.WARD: ("bus",),
        ElementKind.XWARD: ("bus",),
        ElementKind.MOTOR: ("bus",),
    }
)
"""Columns with an element's buses, the from or high-voltage side first."""

CIRCUIT_KINDS = (ElementKind.LINE, ElementKind.TRAFO, ElementKind.TRAFO3W)
UNIT_KINDS = (ElementKind.GEN, ElementKind.SGEN, ElementKind.EXT_GRID)
"""What a screening of outages can take out."""
BRANCH_KINDS = (ElementKind.LINE, ElementKind.TRAFO, ElementKind.TRAFO3W, ElementKind.IMPEDANCE, ElementKind.DCLINE)


@dataclass(frozen=True)
class Item:
    """One element of the grid.

    Attributes:
        buses: Bus indices of the terminals, the from or high-voltage side first; a bus has itself.
        vn_kv: Nominal voltage of the first terminal.
        in_service: As modelled; of a switch, whether it is closed.
        p_mw: Set-point or demand times its scaling, in its own table's sign.
        tap_pos: Position as modelled, None without a tap changer.
    """

    ref: ElementRef
    buses: tuple[int, ...]
    vn_kv: float | None
    in_service: bool
    p_mw: float | None = None
    min_p_mw: float | None = None
    max_p_mw: float | None = None
    tap_pos: int | None = None


@dataclass(frozen=True)
class Inventory:
    """All elements of one grid."""

    grid: str
    fingerprint: str
    items: tuple[Item, ...]

    @cached_property
    def by_index(self) -> Mapping[tuple[ElementKind, int], Item]:
        """Items by kind and pandapower index."""
        return {(item.ref.kind, item.ref.index): item for item in self.items}

    @cached_property
    def by_name(self) -> Mapping[str, tuple[Item, ...]]:
        """Items by normalised name; unnamed ones are absent."""
        return _grouped((normal_name(item.ref.name), item) for item in self.items if item.ref.name)

    @cached_property
    def by_bus(self) -> Mapping[int, tuple[Item, ...]]:
        """Items other than buses by each bus that they are connected to."""
        connected = (item for item in self.items if item.ref.kind is not ElementKind.BUS)
        return _grouped((bus, item) for item in connected for bus in set(item.buses))

    @cached_property
    def by_kind(self) -> Mapping[ElementKind, tuple[Item, ...]]:
        """Items by kind, in the order of their indices."""
        return _grouped((item.ref.kind, item) for item in self.items)

    @cached_property
    def levels_kv(self) -> tuple[float, ...]:
        """Nominal voltages of the grid, highest first."""
        return tuple(sorted({item.vn_kv for item in self.by_kind.get(ElementKind.BUS, ()) if item.vn_kv}, reverse=True))

    def get(self, kind: ElementKind, index: int) -> Item | None:
        """The item of this kind and index, None when there is none."""
        return self.by_index.get((kind, index))

    def at_bus(self, bus: int, kinds: tuple[ElementKind, ...]) -> tuple[Item, ...]:
        """Items of some kinds that are connected to a bus index."""
        return tuple(item for item in self.by_bus.get(bus, ()) if item.ref.kind in kinds)

    def between(self, first: int, second: int) -> tuple[Item, ...]:
        """Branches that connect two bus indices, whatever their direction."""
        return tuple(item for item in self.at_bus(first, BRANCH_KINDS) if first != second and second in item.buses)


def _grouped(pairs: Iterable[tuple[Key, Item]]) -> dict[Key, tuple[Item, ...]]:
    groups: dict[Key, list[Item]] = {}
    for key, item in pairs:
        groups.setdefault(key, []).append(item)
    return {key: tuple(members) for key, members in groups.items()}


def normal_name(name: str) -> str:
    """A name as it is compared: case folded, runs of white space as one blank.

    >>> normal_name("  Bus   North ")
    'bus north'
    """
    return re.sub(r"\s+", " ", name).strip().casefold()


def build_inventory(grid: Grid) -> Inventory:
    """Read the names, places and set-points of all elements of a grid."""
    buses = grid.net.bus
    levels = dict(zip(buses.index.tolist(), buses["vn_kv"].tolist(), strict=True))
    items = tuple(item for kind in TERMINALS for item in _items(kind, grid.net[kind.value], levels))
    return Inventory(grid=grid.name, fingerprint=grid.fingerprint, items=items)


def _items(kind: ElementKind, table: DataFrame, levels: Mapping[int, float]) -> Iterator[Item]:
    terminals = TERMINALS[kind]
    status = "closed" if kind is ElementKind.SWITCH else "in_service"
    for row in table.reset_index(names="index").to_dict("records"):
        index = int(row["index"])
        buses = tuple(int(row[column]) for column in terminals) or (index,)
        yield Item(
            ref=ElementRef(kind=kind, index=index, name=_name(row.get("name"))),
            buses=buses,
            vn_kv=_number(levels.get(buses[0])),
            in_service=bool(row.get(status, True)),
            p_mw=_scaled(row),
            min_p_mw=_number(row.get("min_p_mw")),
            max_p_mw=_number(row.get("max_p_mw")),
            tap_pos=_position(row.get("tap_pos")),
        )


def _name(value: object) -> str:
    """A name as text; shipped cases hold integers, floats, None and NaN in this column."""
    if value is None or value != value:  # noqa: PLR0124 - NaN and pandas' NaT are the values unequal to themselves
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _position(value: object) -> int | None:
    number = _number(value)
    return None if number is None else round(number)


def _scaled(row: Mapping[Hashable, object]) -> float | None:
    power, scaling = _number(row.get("p_mw")), _number(row.get("scaling"))
    return None if power is None else power * (1.0 if scaling is None else scaling)
