"""The tool ``check_model``: what is in a grid model, what is wrong with it, what therefore must not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from tools.context import ToolContext
from tools.element import ElementKind
from tools.errors import NotSolvedError
from tools.grid.connectivity import slack_buses
from tools.grid.elements import table
from tools.grid.grid import Grid
from tools.grid.importing.broken import BROKEN
from tools.grid.model_defects import data
from tools.grid.model_defects.build import RANK, Key, count, defect, defect_of_whole
from tools.grid.model_defects.isolation import isolated
from tools.grid.model_defects.tap_side import tap_side_test
from tools.grid.model_defects.unit_excess import unit_excesses
from tools.grid.model_defects.values import unknown_buses
from tools.grid.ratings import RATED_KINDS, loading_meaningful, missing_ratings, placeholder_branches
from tools.grid.schema.model_check import (
    CheckModelArguments,
    Defect,
    DefectKind,
    ModelCheck,
    TableCount,
    TapSideTest,
    UnitExcess,
)
from tools.grid.solve import SolvedState, solved_state

if TYPE_CHECKING:
    from pandapower import pandapowerNet

_KEPT = 32  # checks that a process keeps; one is a few kilobytes
_EXCESSES = 10
_UNITS = (ElementKind.GEN, ElementKind.EXT_GRID)
_TRAFO = (ElementKind.TRAFO,)
_ALL = tuple(ElementKind)


@dataclass(frozen=True)
class _CacheKey:
    """What a kept check depends on; the fingerprint stands for the network."""

    grid: Grid = field(compare=False)
    fingerprint: str
    name: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Solved:
    """What only a solved base case can show."""

    test: TapSideTest | None = None
    excesses: tuple[UnitExcess, ...] = ()


def check_model(ctx: ToolContext, args: CheckModelArguments) -> ModelCheck:  # noqa: ARG001 - every tool takes both
    """Check the model of the run's grid as loaded; a second call for the same model costs nothing."""
    grid = ctx.loaded_grid()
    return _check(_CacheKey(grid, grid.fingerprint, grid.name, grid.notes))


@lru_cache(maxsize=_KEPT)
def _check(key: _CacheKey) -> ModelCheck:
    net = key.grid.net
    defects = _data_defects(net)
    if any(unknown_buses(net)):  # topology and power flow would both be about another grid
        return _assembled(key.grid, [*defects, defect_of_whole(DefectKind.NOT_SOLVABLE)], None)
    if not slack_buses(net):
        defects.append(defect_of_whole(DefectKind.NO_SLACK))
    defects += _present(defect(net, DefectKind.ISOLATED_ELEMENT, isolated(net), count(net, _ALL)))
    base = _base(key.grid)
    if base is None:
        return _assembled(key.grid, [*defects, defect_of_whole(DefectKind.NOT_SOLVABLE)], None)
    solved, found = _solved_defects(net, base)
    return _assembled(key.grid, defects + found, solved)


def _base(grid: Grid) -> SolvedState | None:
    """The solved base case; None when it does not solve, or its data make pandapower itself fail."""
    try:
        return solved_state(grid)
    except (NotSolvedError, *BROKEN):
        return None


_DATA_CHECKS: tuple[tuple[DefectKind, Callable[[pandapowerNet], Iterable[Key]], tuple[ElementKind, ...]], ...] = (
    (DefectKind.INVALID_VALUE, data.invalid, _ALL),
    (DefectKind.PLACEHOLDER_RATING, lambda net: placeholder_branches(net) - missing_ratings(net), RATED_KINDS),
    (DefectKind.MISSING_RATING, missing_ratings, RATED_KINDS),
    (DefectKind.ZERO_IMPEDANCE, data.zero_impedance, (ElementKind.LINE, ElementKind.TRAFO, ElementKind.IMPEDANCE)),
    (DefectKind.MISSING_TAP_RANGE, data.missing_tap_range, _TRAFO),
    (DefectKind.MISSING_VOLTAGE_LIMIT, data.missing_voltage_limit, (ElementKind.BUS,)),
    (DefectKind.MISSING_UNIT_LIMIT, data.missing_unit_limit, _UNITS),
    (DefectKind.DUPLICATE_NAME, data.duplicate_names, _ALL),
)


def _data_defects(net: pandapowerNet) -> list[Defect]:
    return _present(*(defect(net, kind, find(net), count(net, kinds)) for kind, find, kinds in _DATA_CHECKS))


def _solved_defects(net: pandapowerNet, base: SolvedState) -> tuple[_Solved, list[Defect]]:
    test, taps = tap_side_test(base) or (None, [])
    excesses = unit_excesses(base.units)
    keys: list[Key] = [(excess.element.kind, excess.element.index) for excess in excesses]
    slack = [key for key in keys if _is_slack(net, key)]
    units = [key for key in keys if key not in slack]
    found = _present(
        defect(net, DefectKind.SUSPECT_TAP_SIDE, [(ElementKind.TRAFO, index) for index in taps], count(net, _TRAFO)),
        defect(net, DefectKind.SLACK_BEYOND_LIMIT, slack, len(slack_buses(net))),
        defect(net, DefectKind.UNIT_BEYOND_LIMIT, units, len(base.units)),
    )
    return _Solved(test, tuple(excesses[:_EXCESSES])), found


def _is_slack(net: pandapowerNet, key: Key) -> bool:
    kind, index = key
    return kind is ElementKind.EXT_GRID or (kind is ElementKind.GEN and bool(net.gen.at[index, "slack"]))


def _present(*defects: Defect | None) -> list[Defect]:
    return [found for found in defects if found is not None]


def _assembled(grid: Grid, defects: list[Defect], solved: _Solved | None) -> ModelCheck:
    kinds = {found.kind for found in defects}
    return ModelCheck(
        grid=grid.name,
        tables=tuple(_table_count(grid.net, kind) for kind in ElementKind if len(table(grid.net, kind))),
        solvable=solved is not None,
        loading_meaningful=solved is not None and loading_meaningful(grid.net),
        voltage_meaningful=solved is not None and DefectKind.SUSPECT_TAP_SIDE not in kinds,
        defects=tuple(sorted(defects, key=lambda found: RANK[found.kind])),
        tap_side_test=solved.test if solved else None,
        unit_excesses=solved.excesses if solved else (),
        notes=grid.notes,
    )


def _table_count(net: pandapowerNet, kind: ElementKind) -> TableCount:
    rows = table(net, kind)
    out = int((~rows["in_service"].astype(bool)).sum()) if "in_service" in rows else 0
    return TableCount(kind=kind, count=len(rows), out_of_service=out)
