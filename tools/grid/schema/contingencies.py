"""Arguments and result of ``screen_contingencies``."""

from typing import Literal

from pydantic import Field

from tools.arguments import Arguments, Page
from tools.coverage import Coverage
from tools.element import ElementRef
from tools.grid.schema.actions import Action, Reference
from tools.grid.schema.basis import StateBasis
from tools.grid.schema.common import BranchState, BusState, GridArguments, UnitState
from tools.grid.schema.outage_effects import OutageEffects
from tools.grid.schema.span import InsecureInterval, InsecureTime, SpanArguments, SpanCoverage
from tools.result import Result
from tools.vocabulary import OutageOutcome

OutageKind = Literal["line", "trafo", "trafo3w", "gen", "sgen", "ext_grid"]


class OutageGroup(Arguments):
    """A common mode: elements that one event takes out together, as a double circuit, a busbar section or a plant."""

    name: str = Field(min_length=1, max_length=80)
    elements: tuple[Reference, ...] = Field(min_length=1)


class Adjustment(Arguments):
    """What is done between a first and a second outage (N-1-1)."""

    after: Reference = Field(description="The first outage")
    actions: tuple[Action, ...] = Field(min_length=1, description="Carried out before the second outage")


class ScreenContingenciesArguments(GridArguments, SpanArguments, Page):
    """Which outages to simulate: one at a time (order 1), or two at once (order 2)."""

    order: Literal[1, 2] = Field(
        default=1, description="2: all pairs of the elements or kinds; of one element alone, its pairs with the kinds"
    )
    kinds: tuple[OutageKind, ...] = Field(default=("line", "trafo", "trafo3w"), min_length=1)
    elements: tuple[str, ...] = Field(default=(), description="Only these outages; all of the kinds when empty")
    overloading: tuple[str, ...] = Field(default=(), description="Only outages that overload one of these branches")
    groups: tuple[OutageGroup, ...] = Field(
        default=(), description="Common modes, screened beside the single outages (order 1)"
    )
    sequence: Literal["simultaneous", "sequential"] = Field(
        default="simultaneous",
        description="With order 2: both at once (N-2), or one after the other (N-1-1); a single element goes first",
    )
    adjustments: tuple[Adjustment, ...] = Field(default=(), description="Of sequential outages, by the first outage")
    affected: int = Field(
        default=0,
        ge=0,
        le=20,
        description="So many branches, and so many buses, that the outages shown affect most: their values after each",
    )
    balance: Literal["slack", "units"] = Field(
        default="slack",
        description="Who picks up the MW of a unit that trips: the slack, or the other units by their max_p_mw",
    )


class LoadingMargin(Result):
    """The branch that would be overloaded next: nearest below its limit, after the outage of the case."""

    element: ElementRef
    case: str
    loading_margin_percent: float = Field(ge=0, description="Limit minus loading, points of the rating")


class VoltageMargin(Result):
    """The bus whose voltage would leave its limits next, after the outage of the case."""

    element: ElementRef
    case: str
    voltage_margin_pu: float = Field(ge=0, description="Distance to the nearer limit that still holds")


class OutageRow(Result):
    """One outage; inner rows carry their own element, and the case names the outage."""

    element: ElementRef = Field(description="What is out; of several, the first")
    elements: tuple[ElementRef, ...] = Field(default=(), description="All that go out together, where several do")
    group: str = Field(default="", description="Name of the common mode; the caller's words")
    case: str
    outcome: OutageOutcome
    bridge: bool = Field(description="Load or generation is lost whatever anyone does: the topology makes it so")
    unserved_p_mw: float = Field(ge=0)
    lost_generation_p_mw: float = Field(ge=0, description="Cut off, the output of units that are out included")
    dead_buses: int = Field(ge=0)
    new_overloads: int = Field(ge=0, description="Branches above their limit that were not so before the outage")
    new_voltage_violations: int = Field(ge=0)
    standing_violations: int = Field(ge=0, description="Violations that stood before the outage and still stand")
    unit_violations: int = Field(ge=0, description="Units and slacks beyond a limit that they kept before the outage")
    worst_loading: BranchState | None = None
    lowest_voltage: BusState | None = None
    highest_voltage: BusState | None = None
    next_overload: LoadingMargin | None = Field(default=None, description="None without a solution or a rating")
    next_voltage_limit: VoltageMargin | None = None
    slack: UnitState | None = Field(
        default=None, description="What balances after the outage; None where several units do, or nothing is solved"
    )
    moved_slack: ElementRef | None = Field(default=None, description="Unit that balances because the slack is lost")
    units_beyond: tuple[ElementRef, ...] = Field(
        default=(), max_length=10, description="Units and slacks beyond a limit that they kept before the outage"
    )
    units_beyond_omitted: int = Field(default=0, ge=0)
    severity_score: float = Field(ge=0, description="Deterministic rank; see docs/method.md")


class PairScreening(Result):
    """How a large number of pairs was screened; the other figures of the answer are of the pairs solved by AC."""

    pairs: int = Field(ge=0, description="All that were looked at")
    islanding_pairs: int = Field(ge=0, description="Of all pairs, by topology")
    pairs_with_load_lost: int = Field(ge=0, description="Of all pairs, by topology")
    flagged: int = Field(ge=0, description="Solved by AC")
    flagged_percent: float = Field(ge=0, le=100)
    flagged_by_flow: int = Field(ge=0)
    flagged_by_voltage: int = Field(ge=0)
    flagged_as_uncertain: int = Field(ge=0, description="Cuts of two, no single solution, or among the largest losses")
    sample: int = Field(ge=0, description="Pairs that were not flagged, drawn at random and solved by AC")
    sample_diverged: int = Field(ge=0)
    sample_missed_overloads: int = Field(ge=0, description="Of the sample: with a new overload after all")
    sample_missed_voltages: int = Field(ge=0, description="Of the sample: with a new voltage violation after all")
    overload_recall_percent: float | None = Field(
        default=None, ge=0, le=100, description="Estimated share of the pairs with new overloads that were flagged"
    )
    overload_recall_at_least_percent: float | None = Field(
        default=None, ge=0, le=100, description="With 95 % confidence"
    )
    voltage_recall_percent: float | None = Field(default=None, ge=0, le=100)
    voltage_recall_at_least_percent: float | None = Field(
        default=None, ge=0, le=100, description="With 95 % confidence"
    )


class ContingencyScreening(Result):
    """Outages, worst first, with what was and was not checked."""

    case: str
    order: Literal[1, 2] = Field(default=1, description="How many elements go out at once; groups aside")
    sequence: Literal["simultaneous", "sequential"] = Field(
        default="simultaneous", description="Sequential: a row's violations are new against the state before the second"
    )
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
    screening: PairScreening | None = Field(default=None, description="None where every outage was solved by AC")
    solver: str
    balance: Literal["slack", "units"] | None = Field(
        default=None, description="Who picks up the MW of units that trip; None where no unit goes out"
    )
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
    effects: OutageEffects | None = Field(default=None, description="None unless affected elements were asked for")
