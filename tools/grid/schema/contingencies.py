"""Arguments and result of ``screen_contingencies``."""

from typing import Literal

from pydantic import Field

from tools.arguments import Page
from tools.coverage import Coverage
from tools.element import ElementRef
from tools.grid.schema.basis import StateBasis
from tools.grid.schema.common import BranchState, BusState, GridArguments
from tools.grid.schema.span import InsecureInterval, InsecureTime, SpanArguments, SpanCoverage
from tools.result import Result
from tools.vocabulary import OutageOutcome

BranchKind = Literal["line", "trafo", "trafo3w"]


class ScreenContingenciesArguments(GridArguments, SpanArguments, Page):
    """Which outages to simulate, one at a time (order 1)."""

    order: Literal[1] = 1
    kinds: tuple[BranchKind, ...] = Field(default=("line", "trafo", "trafo3w"), min_length=1)
    elements: tuple[str, ...] = Field(default=(), description="Only these outages; all of the kinds when empty")
    overloading: tuple[str, ...] = Field(default=(), description="Only outages that overload one of these branches")


class OutageRow(Result):
    """One outage; inner rows carry their own element, and the case names the outage."""

    element: ElementRef
    case: str
    outcome: OutageOutcome
    bridge: bool = Field(description="Load or generation is lost whatever anyone does: the topology makes it so")
    unserved_p_mw: float = Field(ge=0)
    lost_generation_p_mw: float = Field(ge=0)
    dead_buses: int = Field(ge=0)
    new_overloads: int = Field(ge=0, description="Branches above their limit that were not so before the outage")
    new_voltage_violations: int = Field(ge=0)
    standing_violations: int = Field(ge=0, description="Violations that stood before the outage and still stand")
    unit_violations: int = Field(ge=0, description="Units and slacks beyond a limit that they kept before the outage")
    worst_loading: BranchState | None = None
    lowest_voltage: BusState | None = None
    highest_voltage: BusState | None = None
    severity_score: float = Field(ge=0, description="Deterministic rank; see docs/method.md")


class ContingencyScreening(Result):
    """Order-1 outages, worst first, with what was and was not checked."""

    case: str
    secure: bool | None = Field(description="Rule 4's N-1 secure; None when the coverage does not allow the claim")
    loading_meaningful: bool = Field(description="False when ratings are placeholders: overloads were not checked")
    reactive_limits_enforced: bool
    coverage: Coverage
    outages: int = Field(ge=0)
    connected: int = Field(ge=0, description="Outages that leave the grid in one piece and solve")
    secure_outages: int = Field(ge=0)
    insecure_outages: int = Field(ge=0, description="Connected, with at least one violated limit")
    islanding_outages: int = Field(ge=0)
    diverged_outages: int = Field(ge=0)
    outages_with_load_lost: int = Field(ge=0)
    outages_adding_overloads: int = Field(ge=0)
    outages_adding_voltage_violations: int = Field(ge=0)
    base_violations: int = Field(ge=0)
    bridges: tuple[OutageRow, ...] = Field(description="Outages that lose load or generation by topology, by MW lost")
    bridges_omitted: int = Field(default=0, ge=0)
    rows: tuple[OutageRow, ...] = Field(description="Ranked by severity_score")
    omitted: int = Field(ge=0)
    lowest_voltage: BusState | None = Field(default=None, description="Over all connected outages; its case names it")
    highest_voltage: BusState | None = None
    highest_loading: BranchState | None = None
    largest_loss: OutageRow | None = Field(default=None, description="The outage that loses most load")
    solver: str
    basis: StateBasis | None = Field(default=None, description="What the state rests on; None for the model as loaded")
    intervals: tuple[InsecureInterval, ...] = Field(default=(), description="Of the span, worst first")
    intervals_omitted: int = Field(default=0, ge=0)
    insecure_times: tuple[InsecureTime, ...] = Field(default=(), max_length=50, description="Of the span, by begin")
    insecure_times_omitted: int = Field(default=0, ge=0)
    span: SpanCoverage | None = Field(default=None, description="None where no span was asked for")
    secure_over_span: bool | None = Field(
        default=None,
        description="As secure, in all states of the span; None when its coverage forbids the claim",
    )
