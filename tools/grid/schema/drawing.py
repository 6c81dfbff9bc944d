"""Arguments and result of ``draw_grid``."""

from typing import Literal

from pydantic import Field

from tools.element import ElementRef
from tools.grid.schema.common import BranchState, BusState, GridArguments, LoadState, UnitState
from tools.result import Result


class DrawGridArguments(GridArguments):
    """Which part of the grid to draw; loadings and voltages of the solved state are laid over it."""

    around: str | None = Field(default=None, description="Centre of the picture; the whole grid when absent")
    depth: int = Field(default=2, ge=1, le=6, description="Buses away from the centre")
    style: Literal["area", "single_line"] = "area"


class Drawing(Result):
    """A self-contained SVG with the key to its element identifiers."""

    case: str
    title: str
    svg: str = Field(description="No script, no outside reference")
    drawn: tuple[ElementRef, ...] = Field(max_length=20_000)
    buses_drawn: int = Field(ge=0)
    buses_left_out: int = Field(ge=0)
    overlay: bool = Field(description="False when the state does not solve: topology only")
    note: str = Field(default="", description="What the colours mean, and what could not be shown")
    buses: tuple[BusState, ...] = Field(default=(), description="Voltages printed in the picture")
    branches: tuple[BranchState, ...] = Field(default=(), description="Loadings and flows printed in the picture")
    units: tuple[UnitState, ...] = Field(default=(), description="Outputs printed in the picture")
    loads: tuple[LoadState, ...] = Field(default=(), description="Demands printed in the picture")
