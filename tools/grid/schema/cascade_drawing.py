"""Arguments and result of ``draw_cascade``."""

from pydantic import Field

from tools.element import ElementRef
from tools.grid.schema.cascade import CascadePath, SimulateCascadeArguments
from tools.grid.schema.drawing import LayoutChoice, Places
from tools.result import Result


class DrawCascadeArguments(SimulateCascadeArguments):
    """The same as to simulate; of several initiating sets the one that ends worst is drawn."""

    layout: LayoutChoice = Field(default="auto", description="As of draw_grid")


class CascadeDrawing(Result):
    """A self-contained SVG of one cascade: where it ran, and a time line below."""

    case: str
    title: str
    svg: str = Field(description="No script, no outside reference")
    path: CascadePath = Field(description="What is drawn; every number in the picture is a field of it")
    drawn: tuple[ElementRef, ...] = Field(max_length=20_000)
    buses_drawn: int = Field(ge=0)
    buses_left_out: int = Field(ge=0)
    places: Places
    steps_not_listed: int = Field(default=0, ge=0, description="Steps of the path for which the time line has no room")
    note: str
