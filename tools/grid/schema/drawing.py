"""Arguments and result of ``draw_grid``."""

from enum import StrEnum
from typing import Literal

from pydantic import Field

from tools.element import ElementRef
from tools.grid.schema.common import BranchState, BusState, GridArguments, LoadState, UnitState
from tools.result import Result

LayoutChoice = Literal["auto", "geographic", "plane", "schematic"]


class PlaceKind(StrEnum):
    """What the places of a picture's buses are."""

    LONGITUDE_LATITUDE = "longitude_latitude"
    METRES = "metres"
    DRAWING = "drawing"
    SCHEMATIC = "schematic"


class DrawGridArguments(GridArguments):
    """Which part of the grid to draw; loadings and voltages of the solved state are laid over it."""

    around: str | None = Field(default=None, description="Centre of the picture; the whole grid when absent")
    depth: int = Field(default=2, ge=1, le=6, description="Buses away from the centre")
    style: Literal["area", "single_line"] = "area"
    layout: LayoutChoice = Field(
        default="auto",
        description="Of an area: auto keeps to coordinates that line lengths show to be a map's; geographic and plane "
        "take them for longitudes and latitudes, or x and y, on the caller's word; schematic ignores them",
    )


class Places(Result):
    """Where the buses of an area picture stand."""

    kind: PlaceKind
    latitude_first: bool = Field(default=False, description="Against GeoJSON, the model gives the latitude first")
    scale_bar_km: float | None = Field(default=None, gt=0, description="Length of the bar; None without a scale")
    buses_without_coordinates: int = Field(
        default=0, ge=0, description="In reach of the picture; drawn between their neighbours, or left out"
    )
    buses_left_out: int = Field(default=0, ge=0, description="Of these: with no way to a bus that has coordinates")
    buses_moved_aside: int = Field(default=0, ge=0, description="Too near to another one to stand at their place")


class Drawing(Result):
    """A self-contained SVG with the key to its element identifiers."""

    case: str
    title: str
    svg: str = Field(description="No script, no outside reference")
    drawn: tuple[ElementRef, ...] = Field(max_length=20_000)
    buses_drawn: int = Field(ge=0)
    buses_left_out: int = Field(ge=0)
    overlay: bool = Field(description="False when the state does not solve: topology only")
    places: Places | None = Field(default=None, description="None of a single-line diagram, which has no places")
    note: str = Field(default="", description="What the colours mean, and what could not be shown")
    buses: tuple[BusState, ...] = Field(default=(), description="Voltages printed in the picture")
    branches: tuple[BranchState, ...] = Field(default=(), description="Loadings and flows printed in the picture")
    units: tuple[UnitState, ...] = Field(default=(), description="Outputs printed in the picture")
    loads: tuple[LoadState, ...] = Field(default=(), description="Demands printed in the picture")
