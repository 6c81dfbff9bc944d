"""Which outages are asked for: circuits by their place, units and groups as sets of elements."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools.coverage import LeftOut
from tools.element import ElementRef
from tools.errors import InvalidArgumentError, UnknownElementError
from tools.grid.elements import resolve_element
from tools.grid.inventory import CIRCUIT_KINDS, UNIT_KINDS
from tools.grid.screening.study import OutageSet
from tools.grid.screening.trips import UNIT_TABLES, units_in_service

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tools.grid.schema.contingencies import ScreenContingenciesArguments
    from tools.grid.screening.resident import Resident


@dataclass(frozen=True)
class Choice:
    """The outages of a screening.

    Attributes:
        circuits: Places of circuits in ``Resident.refs``, in table order.
        units: Single units, in table order.
        groups: Common modes, in the caller's order.
        left_out: Units of the kinds asked for that cannot go out.
    """

    circuits: tuple[int, ...]
    units: tuple[OutageSet, ...] = ()
    groups: tuple[OutageSet, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


def chosen(state: Resident, args: ScreenContingenciesArguments) -> Choice:
    """The outages asked for.

    Raises:
        UnknownElementError, AmbiguousElementError: for a reference that names nothing or several elements.
        InvalidArgumentError: for elements that cannot go out, and for groups that are no groups.
    """
    units_wanted = bool(args.groups or args.elements or set(args.kinds) & set(UNIT_TABLES))
    live = units_in_service(state.solved, state.arrays) if units_wanted else {}
    groups = _groups(state, args, live)
    if args.elements:
        refs = dict.fromkeys(_resolved(state, text, "elements", live) for text in args.elements)
        named = [ref for ref in live if ref in refs]
        circuits = sorted(_place(state, ref) for ref in refs if ref.kind in CIRCUIT_KINDS)
        return Choice(tuple(circuits), tuple(OutageSet((ref,)) for ref in named), groups)
    circuits = [place for place, ref in enumerate(state.refs) if ref.kind.value in args.kinds]
    units = tuple(OutageSet((ref,)) for ref in live if ref.kind.value in args.kinds)
    return Choice(tuple(circuits), units, groups, _left_out(state, args.kinds, live))


def circuit_of(state: Resident, text: str, field: str) -> int:
    """Place of a circuit that the caller names.

    Raises:
        UnknownElementError, AmbiguousElementError, InvalidArgumentError: when it is none that can go out.
    """
    return _place(state, resolve_element(state.solved.net, text, CIRCUIT_KINDS), field)


def _groups(state: Resident, args: ScreenContingenciesArguments, live: Collection[ElementRef]) -> tuple[OutageSet, ...]:
    names = Counter(group.name.strip().casefold() for group in args.groups)
    if twice := [name for name, count in names.items() if count > 1]:
        raise InvalidArgumentError(f"groups: the name {twice[0]!r} is given twice; each group needs a name of its own")
    found: dict[frozenset[ElementRef], OutageSet] = {}
    for group in args.groups:
        refs = dict.fromkeys(_resolved(state, text, f"groups: {group.name}", live) for text in group.elements)
        same = found.get(frozenset(refs))
        if same is not None:
            raise InvalidArgumentError(f"groups: {group.name!r} and {same.group!r} are the same outage")
        found[frozenset(refs)] = OutageSet(tuple(refs), group.name)
    return tuple(found.values())


def _resolved(state: Resident, text: str, field: str, live: Collection[ElementRef]) -> ElementRef:
    """A circuit or a unit in service; a text that names a circuit is one, whatever unit has the same name."""
    net = state.solved.net
    try:
        ref = resolve_element(net, text, CIRCUIT_KINDS)
    except (UnknownElementError, InvalidArgumentError):
        ref = resolve_element(net, text, (*CIRCUIT_KINDS, *UNIT_KINDS))
    if ref.kind in CIRCUIT_KINDS:
        _place(state, ref, field)
    elif ref not in live:
        raise InvalidArgumentError(f"{field}: {ref} is out of service or without supply, so it cannot go out")
    return ref


def _place(state: Resident, ref: ElementRef, field: str = "elements") -> int:
    place = state.arrays.circuits.find(ref.kind.value, ref.index)
    if place is None:
        raise InvalidArgumentError(f"{field}: {ref} is out of service or without supply, so it cannot go out")
    return place


def _left_out(state: Resident, kinds: Sequence[str], live: Collection[ElementRef]) -> tuple[LeftOut, ...]:
    left = []
    for table in UNIT_TABLES:
        if table in kinds:
            missing = len(state.solved.net[table]) - sum(ref.kind.value == table for ref in live)
            if missing:
                left.append(LeftOut(what=f"{table} outages", count=missing, reason="out of service or without supply"))
    return tuple(left)
