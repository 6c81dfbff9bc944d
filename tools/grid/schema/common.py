"""Arguments and rows that several grid tools share."""

from pydantic import AwareDatetime, Field

from tools.arguments import Arguments
from tools.element import ElementRef
from tools.grid.schema.actions import Action, Reference
from tools.result import Result


class GridArguments(Arguments):
    """The state of the grid that a tool looks at: a time, and a hypothesis laid over it."""

    at: AwareDatetime | None = Field(default=None, description="Time of the state; the run's as_of when absent")
    outages: tuple[Reference, ...] = Field(default=(), description="Elements out of service in the hypothesis")
    actions: tuple[Action, ...] = Field(default=(), description="Actions in force in the hypothesis")


class Supply(Result):
    """Who is without supply; comes before voltages and loadings (rule 3)."""

    islands: int = Field(ge=0, description="Energised islands beside the main one")
    dead_buses: int = Field(ge=0, description="Buses without supply that had it in the intact model")
    unserved_p_mw: float = Field(ge=0, description="Load on dead buses")
    lost_generation_p_mw: float = Field(ge=0, description="Generation set-points on dead buses")
    dead: tuple[ElementRef, ...] = Field(default=(), max_length=100, description="The dead buses, by index")
    dead_omitted: int = Field(default=0, ge=0)


class BusState(Result):
    """Voltage at one energised bus."""

    element: ElementRef
    case: str
    vm_pu: float = Field(ge=0)
    vm_kv: float = Field(ge=0, description="Line-to-line")
    va_degree: float
    vn_kv: float = Field(gt=0)
    limit_min_pu: float | None = None
    limit_max_pu: float | None = None


class BranchState(Result):
    """Flow through one branch in service; powers at the from or high-voltage side, into the branch."""

    element: ElementRef
    case: str
    loading_percent: float | None = Field(
        default=None, ge=0, description="None where the rating is missing or a placeholder"
    )
    limit_percent: float | None = None
    i_ka: float = Field(ge=0, description="Larger of the ends, referred to that end")
    rating_ka: float | None = Field(default=None, ge=0, description="Thermal rating at that end; None as for loading")
    p_from_mw: float
    q_from_mvar: float | None = Field(default=None, description="None in the DC approximation")
    loss_p_mw: float | None = Field(default=None, description="None in the DC approximation")


class UnitState(Result):
    """Output of one generating unit or grid connection, generation positive."""

    element: ElementRef
    case: str
    p_mw: float
    q_mvar: float | None = Field(default=None, description="None in the DC approximation")
    min_p_mw: float | None = None
    max_p_mw: float | None = None
    min_q_mvar: float | None = None
    max_q_mvar: float | None = None


class LoadState(Result):
    """What one load, shunt or static generator draws or feeds, in its own table's sign."""

    element: ElementRef
    case: str
    p_mw: float
    q_mvar: float | None = Field(default=None, description="None in the DC approximation")
