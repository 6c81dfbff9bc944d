"""Refusing a state whose values give no equations, by naming the values, before an engine divides by them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from tools.errors import GridUnavailableError, NotSolvedError
from tools.grid.elements import table
from tools.grid.grid import Grid
from tools.grid.model_defects.values import WrongValue, impossible_values, no_impedance, unknown_buses

if TYPE_CHECKING:
    from tools.grid.state import State

_KEPT = 64  # grids a process remembers the wrong values of; almost all have none
_NAMED = 3


@dataclass(frozen=True)
class _Key:
    """What the values depend on; its key stands for the grid."""

    grid: Grid = field(compare=False)
    key: str


def require_known_buses(grid: Grid) -> None:
    """Refuse a grid whose elements hang at buses that it does not have: its topology is another grid's.

    Raises:
        GridUnavailableError: naming the elements.
    """
    wrong = _unknown(_Key(grid, grid.key))
    if wrong:
        raise GridUnavailableError(
            f"The grid {grid.name!r} hangs together at buses that it does not have: {_list(wrong)}"
        )


def require_values(state: State) -> None:
    """Refuse a state in which an element in service lacks a value that the equations need.

    Raises:
        NotSolvedError: naming element, field, value and what would be right.
    """
    wrong = tuple(one for one in _impossible(_Key(state.grid, state.grid.key)) if _in_service(state, one))
    if wrong:
        raise NotSolvedError(f"The state {state.case!r} has no power flow: {_list(wrong)}")


@lru_cache(maxsize=_KEPT)
def _unknown(key: _Key) -> tuple[WrongValue, ...]:
    return tuple(unknown_buses(key.grid.net))


@lru_cache(maxsize=_KEPT)
def _impossible(key: _Key) -> tuple[WrongValue, ...]:
    return (*impossible_values(key.grid.net), *no_impedance(key.grid.net))


def _in_service(state: State, wrong: WrongValue) -> bool:
    rows = table(state.net, wrong.kind)
    return "in_service" not in rows or bool(rows.at[wrong.index, "in_service"])


def _list(wrong: tuple[WrongValue, ...]) -> str:
    more = len(wrong) - _NAMED
    return "; ".join(str(one) for one in wrong[:_NAMED]) + (f"; and {more} more" if more > 0 else "")
