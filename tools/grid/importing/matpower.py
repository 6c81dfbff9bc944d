"""MATPOWER cases: buses, units and lines by pandapower's converter, transformers by our own.

MATPOWER's tap is at the from bus, whichever side has the higher voltage. pandapower's converter puts it at the high
side always, loses the charging's sign and turns transformers of nominal ratio into impedances without a rating.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np
from pandapower.converter.pypower.from_ppc import from_ppc
from pandapower.pypower.idx_brch import F_BUS, RATE_A, SHIFT, T_BUS, TAP
from pandapower.pypower.idx_bus import BASE_KV, BUS_I, BUS_TYPE
from pandapower.pypower.idx_gen import GEN_BUS, GEN_STATUS

from tools.errors import GridUnavailableError
from tools.grid.importing.broken import BROKEN
from tools.grid.importing.matpower_limits import mark_branch_limits
from tools.grid.importing.matpower_numbers import number_branches
from tools.grid.importing.matpower_text import MatpowerTables, Table, read_tables
from tools.grid.importing.matpower_transformers import add_transformers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray
    from pandapower import pandapowerNet

    from tools.grid.importing.payload import Payload

_ISOLATED, _REFERENCE = 4, 3  # bus types
_NO_BASE_KV = 1.0


def read_matpower(payload: Payload) -> tuple[pandapowerNet, tuple[str, ...]]:
    """The network of a MATPOWER case file, and what was assumed.

    A bus keeps its number as its name; its index is the number less one, as in pandapower's own cases.

    Raises:
        GridUnavailableError: when the file is no case of format version 2, or its tables contradict each other.
    """
    case = read_tables(payload.text(), payload.path)
    _check(case, payload.path)
    notes = list(_notes(case))
    bus, gen, branch = case.bus.copy(), case.gen.copy(), case.branch.copy()
    bus[bus[:, BASE_KV] <= 0, BASE_KV] = _NO_BASE_KV
    order = _in_service_first(gen)
    for table, columns in ((bus, [BUS_I]), (gen, [GEN_BUS]), (branch, [F_BUS, T_BUS])):
        table[:, columns] -= 1
    base_kv = dict(zip(bus[:, BUS_I].astype(int), bus[:, BASE_KV], strict=True))
    is_trafo = _is_transformer(branch, base_kv)
    branch[~is_trafo, TAP] = 1.0
    ppc: dict[str, object] = {
        "baseMVA": case.base_mva,
        "bus": bus,
        "gen": gen[order],
        "branch": branch[~is_trafo],
        "bus_name": list(case.bus_name) or [str(int(number)) for number in case.bus[:, BUS_I]],
    }
    if (cost := _cost(case, order)) is not None:
        ppc["gencost"] = cost
    with warnings.catch_warnings():
        # the converter writes an empty list of transformers into a column of integers
        warnings.filterwarnings("ignore", message="Setting an item of incompatible dtype", category=FutureWarning)
        try:
            net = from_ppc(ppc, check_costs=False)
        except BROKEN as error:
            raise GridUnavailableError(f"{payload.path} cannot be converted: {error}") from error
    notes += add_transformers(net, branch[is_trafo], base_kv, case.base_mva)
    mark_branch_limits(net, branch, is_trafo, base_kv)
    number_branches(net, is_trafo)
    return net, tuple(notes)


def _check(case: MatpowerTables, path: Path) -> None:
    """Refuse what the converter would fail on with an error about something else."""
    numbers = case.bus[:, BUS_I]
    if len(set(numbers)) < len(numbers) or not (np.isfinite(numbers) & (numbers >= 1)).all():
        raise GridUnavailableError(f"{path}: bus numbers must be positive and each used once")
    for name, used in (("gen", case.gen[:, [GEN_BUS]]), ("branch", case.branch[:, [F_BUS, T_BUS]])):
        if unknown := sorted(set(used.ravel()) - set(numbers)):
            raise GridUnavailableError(f"{path}: mpc.{name} names bus {unknown[0]:g}, which mpc.bus does not have")


def _is_transformer(branch: Table, base_kv: dict[int, float]) -> NDArray[np.bool_]:
    """Branches with a ratio, a phase shift, or different nominal voltages at their ends."""
    from_kv, to_kv = (np.array([base_kv[int(bus)] for bus in branch[:, end]]) for end in (F_BUS, T_BUS))
    off_nominal: NDArray[np.bool_] = ~np.isin(branch[:, TAP], (0.0, 1.0)) | (branch[:, SHIFT] != 0)
    levels_differ: NDArray[np.bool_] = from_kv != to_kv
    return off_nominal | levels_differ


def _in_service_first(gen: Table) -> NDArray[np.intp]:
    """The converter makes the first unit of a bus the one that holds the voltage: it must be in service."""
    return np.argsort(gen[:, GEN_STATUS] <= 0, kind="stable")


def _cost(case: MatpowerTables, order: NDArray[np.intp]) -> Table | None:
    """Cost rows in the order of the units; reactive costs, if any, follow the active ones."""
    if case.gencost is None or len(case.gencost) not in {len(order), 2 * len(order)}:
        return None
    blocks = range(0, len(case.gencost), len(order))
    return np.concatenate([case.gencost[start + order] for start in blocks])


def _notes(case: MatpowerTables) -> Iterator[str]:
    yield "MATPOWER has no line lengths: every line counts as one kilometre."
    unrated = int((case.branch[:, RATE_A] == 0).sum())
    if unrated:
        yield f"{unrated} branches have no rating (rateA is zero)."
    no_kv = int((case.bus[:, BASE_KV] <= 0).sum())
    if no_kv:
        yield f"{no_kv} buses have no nominal voltage; {_NO_BASE_KV:g} kV was assumed."
    kinds = dict(zip(case.bus[:, BUS_I], case.bus[:, BUS_TYPE], strict=True))
    extra = len(case.gen) - len(set(case.gen[:, GEN_BUS]))
    if extra:
        yield f"{extra} units share a bus with another and became static generators with fixed reactive power."
    left_out = sum(kinds[bus] == _ISOLATED for bus in case.gen[:, GEN_BUS])
    if left_out:
        yield f"{left_out} units at isolated buses were left out."
    if _REFERENCE not in kinds.values():
        yield "The case has no reference bus."
    if case.ignored:
        yield f"Not read from the case: {', '.join(case.ignored)}."
