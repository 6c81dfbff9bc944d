"""What connects two or three buses in a pandapower model, as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.element import ElementKind
from tools.grid.elements import text_of

if TYPE_CHECKING:
    from pandapower import pandapowerNet

_TERMINALS: tuple[tuple[ElementKind, tuple[str, ...]], ...] = (
    (ElementKind.LINE, ("from_bus", "to_bus")),
    (ElementKind.TRAFO, ("hv_bus", "lv_bus")),
    (ElementKind.TRAFO3W, ("hv_bus", "mv_bus", "lv_bus")),
    (ElementKind.IMPEDANCE, ("from_bus", "to_bus")),
    (ElementKind.DCLINE, ("from_bus", "to_bus")),
    (ElementKind.SWITCH, ("bus", "element")),
)


@dataclass(frozen=True)
class Branch:
    """One connection between buses.

    Attributes:
        buses: Terminals, from or high-voltage side first; three for a three-winding transformer.
        in_service: As in the model; a switch counts as in service when it is closed, a branch when no
            switch at either end is open.
    """

    kind: ElementKind
    index: int
    name: str
    buses: tuple[int, ...]
    in_service: bool

    def __str__(self) -> str:
        return f"{self.kind}:{self.index}"


def branches_of(net: pandapowerNet) -> tuple[Branch, ...]:
    """Every branch of the model whose ends are different buses, by kind and index."""
    opened = _opened(net)
    return tuple(
        branch
        for kind, columns in _TERMINALS
        for branch in _read(net, kind, columns, opened)
        if len(set(branch.buses)) == len(branch.buses)
    )


def _read(
    net: pandapowerNet, kind: ElementKind, columns: tuple[str, ...], opened: frozenset[tuple[str, int]]
) -> Iterator[Branch]:
    table = net[kind.value]
    if kind is ElementKind.SWITCH:
        table = table[table.et == "b"]
    status = table["closed" if kind is ElementKind.SWITCH else "in_service"]
    names = table["name"] if "name" in table else table.index.map(lambda _: "")
    for index, name, on, *buses in zip(table.index, names, status, *(table[c] for c in columns), strict=True):
        yield Branch(
            kind=kind,
            index=int(index),
            name=text_of(name),
            buses=tuple(int(bus) for bus in buses),
            in_service=bool(on) and (kind.value, int(index)) not in opened,
        )


def _opened(net: pandapowerNet) -> frozenset[tuple[str, int]]:
    """Branches with an open switch at one end."""
    kinds = {"l": "line", "t": "trafo", "t3": "trafo3w"}
    table = net.switch[(~net.switch.closed.astype(bool)) & net.switch.et.isin(list(kinds))]
    return frozenset((kinds[et], int(element)) for et, element in zip(table.et, table.element, strict=True))
