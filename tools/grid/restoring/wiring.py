"""The dark part with every usable branch closed: the matrix that all steps are parts of."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pandapower import LoadflowNotConverged, create_ext_grid, runpp

from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError, NotSolvedError
from tools.grid.connectivity import BRANCH_TERMINALS
from tools.grid.elements import element_ref, resolve_element
from tools.grid.screening.arrays import GridArrays, grid_arrays

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from pandapower import pandapowerNet

TIE_KINDS = (ElementKind.LINE, ElementKind.TRAFO, ElementKind.TRAFO3W)
_AT_ONE_BUS = ("load", "sgen", "storage", "motor", "ward", "xward", "shunt", "ext_grid")
# Branches that no breaker of the model opens one by one here.
_NOT_SWITCHED = ("dcline", "impedance", "tcsc")


@dataclass(frozen=True)
class Branch:
    """A branch that touches the dark part.

    Attributes:
        ref: The element.
        rows: Its rows of the matrix.
        ends: Buses of the matrix at its terminals.
        charging_mvar: Charging of a line at nominal voltage.
        tie: Normally open.
    """

    ref: ElementRef
    rows: NDArray[np.int64]
    ends: tuple[int, ...]
    charging_mvar: float
    tie: bool


@dataclass(frozen=True)
class Wiring:
    """Everything that may ever be closed.

    Attributes:
        net: The net that was solved for its matrix; its loads and outputs mean nothing.
        arrays: The matrix.
        place: Bus of the matrix for each pandapower bus that can be reached.
        branches: Lines, transformers and ties of the dark part, in table order.
        not_switched: Direct current lines and impedances of the dark part, which stay open.
    """

    net: pandapowerNet
    arrays: GridArrays
    place: dict[int, int]
    branches: tuple[Branch, ...]
    not_switched: int


def tie_refs(intended: pandapowerNet, given: Sequence[str], faulted: Iterable[str]) -> tuple[ElementRef, ...]:
    """The normally open branches that may be closed: those named, else all lines that are open in the model.

    Raises:
        UnknownElementError, AmbiguousElementError: for a reference that names nothing or several elements.
        InvalidArgumentError: for a tie that is closed or out by ``outages``.
    """
    out = set(faulted)
    if not given:
        lines = (element_ref(intended, ElementKind.LINE, int(index)) for index in intended.line.index)
        return tuple(ref for ref in lines if _open(intended, ref) and str(ref) not in out)
    refs = tuple(dict.fromkeys(resolve_element(intended, text, TIE_KINDS) for text in given))
    for ref in refs:
        if str(ref) in out:
            raise InvalidArgumentError(f"ties: {ref} is out of service by outages, permit or record and is never used")
        if not _open(intended, ref):
            raise InvalidArgumentError(f"ties: {ref} is closed in the model; name branches that are normally open")
    return refs


def _open(net: pandapowerNet, ref: ElementRef) -> bool:
    return not net[ref.kind].at[ref.index, "in_service"] or bool(len(_open_switches(net, ref)))


def _open_switches(net: pandapowerNet, ref: ElementRef) -> NDArray[np.int64]:
    letter = BRANCH_TERMINALS[ref.kind][1]
    at_ends = (net.switch.et == letter) & (net.switch.element == ref.index) & ~net.switch.closed.astype(bool)
    found: NDArray[np.int64] = net.switch.index[at_ends].to_numpy(dtype=np.int64)
    return found


def wiring(
    intended: pandapowerNet,
    dark: frozenset[int],
    ties: Sequence[ElementRef],
    sources: Iterable[int],
    never: Iterable[str],
) -> Wiring:
    """Close what may be closed and take the matrix of it from pandapower.

    Args:
        intended: The grid with outages and actions, as it would be if nothing were dark.
        dark: Buses without voltage at the beginning.
        ties: Normally open branches that may be closed.
        sources: Buses at which there may be a source.
        never: Branches that must stay open, canonical.

    Raises:
        NotSolvedError: when not even the unloaded grid solves; its data are at fault.
    """
    net = deepcopy(intended)
    ties = [ref for ref in ties if _reaches(net, ref, dark)]
    for ref in ties:
        net[ref.kind].at[ref.index, "in_service"] = True
        net.switch.loc[_open_switches(net, ref), "closed"] = True
    touching = _touching(net, dark, set(never))
    not_switched = _without_power(net, dark)
    for bus in sorted(set(sources)):
        create_ext_grid(net, bus)
    try:
        runpp(net, init="flat", lightsim2grid="auto")
    except LoadflowNotConverged as error:
        raise NotSolvedError("The unloaded grid has no power flow, so nothing can be planned: check_model.") from error
    arrays = grid_arrays(net)
    place = {int(bus): int(at) for bus, at in zip(arrays.bus_index, arrays.bus_place, strict=True) if at >= 0}
    tie_names = {str(ref) for ref in ties}
    branches = [_branch(net, arrays, place, ref, tie=str(ref) in tie_names) for ref in touching]
    return Wiring(net, arrays, place, tuple(one for one in branches if one is not None), not_switched)


def _reaches(net: pandapowerNet, ref: ElementRef, dark: frozenset[int]) -> bool:
    return any(int(net[ref.kind].at[ref.index, column]) in dark for column in BRANCH_TERMINALS[ref.kind][0])


def _touching(net: pandapowerNet, dark: frozenset[int], never: set[str]) -> list[ElementRef]:
    """Branches at dark buses that may be closed; the others are taken out."""
    found = []
    for kind in TIE_KINDS:
        table, columns = net[kind], list(BRANCH_TERMINALS[kind][0])
        for index in table.index[table[columns].isin(dark).any(axis=1) & table.in_service.astype(bool)]:
            ref = element_ref(net, kind, int(index))
            if str(ref) in never or len(_open_switches(net, ref)):
                table.at[index, "in_service"] = False
            else:
                found.append(ref)
    return found


def _without_power(net: pandapowerNet, dark: frozenset[int]) -> int:
    """Take away all that feeds or draws, and dark branches that are not switched; count these."""
    # units hold their voltages: an unloaded grid that nobody holds has no solution
    net.gen["p_mw"], net.gen["vm_pu"], net.gen["slack"] = 0.0, 1.0, False
    for name in _AT_ONE_BUS:
        table = net[name]
        live_shunt = ~table.bus.isin(dark) if name in {"shunt", "ward"} else False
        table["in_service"] = table.in_service.astype(bool) & live_shunt
    count = 0
    for name in _NOT_SWITCHED:
        if name in net and len(net[name]):
            table = net[name]
            at_dark = table[["from_bus", "to_bus"]].isin(dark).any(axis=1) & table.in_service.astype(bool)
            count += int(at_dark.sum())
            table.loc[at_dark, "in_service"] = False
    if len(net.dcline):
        net.dcline["in_service"] = False
    return count


def _branch(
    net: pandapowerNet, arrays: GridArrays, place: dict[int, int], ref: ElementRef, *, tie: bool
) -> Branch | None:
    circuit = arrays.circuits.find(ref.kind.value, ref.index)
    ends = [place.get(int(net[ref.kind].at[ref.index, column]), -1) for column in BRANCH_TERMINALS[ref.kind][0]]
    if circuit is None or min(ends) < 0:
        return None
    rows = arrays.circuits.rows_of(circuit)
    charging = 0.0
    if ref.kind is ElementKind.LINE:
        at_ends = arrays.yff[rows] + arrays.yft[rows] + arrays.ytf[rows] + arrays.ytt[rows]
        charging = float(at_ends.imag.sum()) * arrays.base_mva
    return Branch(ref, rows, tuple(ends), charging, tie)
