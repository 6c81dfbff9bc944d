"""``draw_grid``: a picture of the grid or of a part of it, with the solved state laid over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.context import ToolContext
from tools.element import ElementKind, ElementRef
from tools.errors import InvalidArgumentError, NotSolvedError
from tools.grid.diagram.area import AreaContent, draw_area
from tools.grid.diagram.branches import Branch, branches_of
from tools.grid.diagram.layout import lay_out
from tools.grid.diagram.marks import BranchMark, BusMark, Overlay
from tools.grid.diagram.note import note_of
from tools.grid.diagram.overlay import View, read_overlay
from tools.grid.diagram.scope import MOST_BUSES, Scope, choose_scope
from tools.grid.diagram.single_line import draw_single_line, single_line_scope
from tools.grid.elements import element_ref, resolve_element, table
from tools.grid.operating_limits import operating_limits
from tools.grid.schema.common import BranchState, BusState
from tools.grid.schema.drawing import DrawGridArguments, Drawing
from tools.grid.solve import solve, solved_state
from tools.grid.state import State, hypothesis_net

if TYPE_CHECKING:
    from pandapower import pandapowerNet

    from tools.grid.grid import Grid

MOST_VALUES = 48
"""Up to this many buses or branches every value is printed; beyond it only those that break a limit."""
DEFAULT_DEPTH = 3
_INFEEDS = ("ext_grid", "gen", "sgen")


def draw_grid(ctx: ToolContext, args: DrawGridArguments) -> Drawing:
    """Draw the state with its hypothesis; without a solution the topology alone.

    Raises:
        UnknownElementError, AmbiguousElementError: when the centre or an element of the hypothesis is not found.
        InvalidArgumentError: for a single-line diagram without a centre.
    """
    grid = ctx.grids.grid(args.at)
    state, solved = _state(grid, args)
    view = View(state, operating_limits(state.net, ctx.limits), solved)
    centre = resolve_element(state.net, args.around) if args.around else None
    if args.style == "single_line":
        return _single_line(view, _terminals(state.net, _needed(centre)))
    return _area(view, centre, args.depth)
