"""Arguments and results of ``describe_element`` and ``find_path``: what is where, without a power flow."""

from pydantic import Field

from tools.arguments import Arguments, Page
from tools.element import ElementRef
from tools.grid.schema.actions import Reference
from tools.grid.schema.common import GridArguments
from tools.result import Result


class Attribute(Result):
    """A parameter that has no field of its own, as text."""

    name: str
    text: str


class DescribeElementArguments(Arguments):
    """Which element is wanted."""

    element: Reference


class ElementDescription(Result):
    """Nameplate and neighbours of one element; absent fields do not apply to its kind."""

    element: ElementRef
    in_service: bool
    vn_kv: float | None = Field(default=None, description="Of the bus, or of the high-voltage side")
    vn_lv_kv: float | None = None
    length_km: float | None = None
    r_ohm: float | None = None
    x_ohm: float | None = None
    rating_ka: float | None = Field(default=None, description="None when missing or a placeholder")
    rating_mva: float | None = Field(default=None, description="None when missing or a placeholder")
    rating_is_placeholder: bool | None = None
    p_mw: float | None = Field(default=None, description="Set-point or demand")
    q_mvar: float | None = None
    min_p_mw: float | None = None
    max_p_mw: float | None = None
    min_q_mvar: float | None = None
    max_q_mvar: float | None = None
    vm_setpoint_pu: float | None = None
    min_vm_pu: float | None = None
    max_vm_pu: float | None = None
    tap_pos: int | None = None
    tap_neutral: int | None = None
    tap_min: int | None = None
    tap_max: int | None = None
    tap_step_percent: float | None = None
    tap_side: str | None = None
    closed: bool | None = None
    buses: tuple[ElementRef, ...] = Field(description="Terminals, from or high-voltage side first")
    neighbours: tuple[ElementRef, ...] = Field(default=(), max_length=50, description="Elements at the same buses")
    neighbours_omitted: int = Field(default=0, ge=0)
    attributes: tuple[Attribute, ...] = ()


class FindPathArguments(GridArguments, Page):
    """Two elements, or one element and the word ``source`` for the nearest infeed."""

    start: Reference
    end: Reference = Field(default="source", description="Element, or 'source' for the nearest in-service infeed")


class PathStep(Result):
    """One branch of a path with the bus it leads to."""

    element: ElementRef
    to_bus: ElementRef
    length_km: float | None = None
    x_ohm: float | None = None


class GridPath(Result):
    """The shortest path by impedance through branches in service and closed switches."""

    case: str
    start: ElementRef
    end: ElementRef
    connected: bool
    steps: tuple[PathStep, ...] = Field(max_length=200)
    steps_total: int = Field(ge=0)
    length_km: float | None = Field(default=None, description="None when a step has no length, as transformers")
    independent_paths: int = Field(
        ge=0, description="Edge-disjoint paths between the two; 1 means a single branch cuts them"
    )
    critical: tuple[ElementRef, ...] = Field(
        default=(), max_length=50, description="Branches whose outage alone cuts all paths"
    )
