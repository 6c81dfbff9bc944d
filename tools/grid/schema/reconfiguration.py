"""Arguments and result of ``reconfigure_feeder``."""

from enum import StrEnum

from pydantic import Field

from tools.arguments import Page
from tools.coverage import Coverage
from tools.element import ElementRef
from tools.grid.schema.actions import Reference, SwitchBranch
from tools.grid.schema.basis import StateBasis
from tools.grid.schema.common import BranchState, BusState, GridArguments, Supply
from tools.grid.schema.limit_check import Violation
from tools.grid.schema.simulation import SecuritySummary
from tools.result import Result
from tools.vocabulary import ActionVerdict


class SearchMethod(StrEnum):
    """How configurations are searched."""

    AUTO = "auto"  # exhaustive where there are few enough, else by branch exchange
    EXHAUSTIVE = "exhaustive"
    BRANCH_EXCHANGE = "branch_exchange"


class FailureRate(Result):
    """How often one line fails."""

    element: Reference
    per_year: float = Field(ge=0, description="Failures in a year that interrupt what the line feeds")


class ReconfigureFeederArguments(GridArguments, Page):
    """Which feeder, what may be switched, and what makes a configuration better; ``limit`` pages losses and paths."""

    switchable: tuple[Reference, ...] = Field(default=(), description="Lines that may be switched; all when empty")
    fixed: tuple[Reference, ...] = Field(default=(), description="Lines that must stay as they are")
    method: SearchMethod = SearchMethod.AUTO
    max_configurations: int = Field(
        default=500_000, ge=1, le=20_000_000, description="Most radial configurations that are searched in full"
    )
    max_switchings: int | None = Field(default=None, ge=0, description="Most openings and closings together")
    switching_price_kw: float = Field(default=0.0, ge=0, description="Losses in kW that one switching must save")
    failure_rates: tuple[FailureRate, ...] = ()
    failures_per_km: float | None = Field(
        default=None, ge=0, description="In a year, of lines without a failure rate of their own"
    )
    interruption_price_kw: float = Field(
        default=1.0, ge=0, description="Losses in kW that one MW of load interrupted in a year is worth"
    )
    keep_limits: bool = Field(default=True, description="Whether configurations that keep all limits come first")
    paths_to: tuple[Reference, ...] = Field(default=(), description="Buses whose path from the source is wanted")
    agent_episodes: int = Field(
        default=2000, ge=0, le=200_000, description="Configurations that the learning agent may try; 0 leaves it out"
    )
    seed: int = Field(default=0, ge=0, description="Of the learning agent")
    with_security: bool = Field(
        default=True, description="Also screen order-1 outages for the verdict; not in large feeders of several sources"
    )


class BranchLoss(Result):
    """What one branch loses."""

    element: ElementRef
    case: str
    loss_p_kw: float
    share_percent: float = Field(description="Of the losses of its state")


class FeedPath(Result):
    """The way from a source to a bus; in a radial feeder there is one."""

    element: ElementRef = Field(description="The bus at the far end")
    case: str
    source: ElementRef = Field(description="The bus of the source")
    steps: tuple[ElementRef, ...] = Field(description="Branches and closed couplers from the source outwards")
    vm_pu: float = Field(ge=0)
    loss_p_kw: float = Field(description="What the branches of the path lose, for all that they feed")
    failures_per_year: float | None = Field(
        default=None, ge=0, description="Failures in a year that interrupt the bus; None without failure rates"
    )


class FeederState(Result):
    """The feeder before or after the switchings, solved by pandapower; numbers are absent where it does not solve."""

    case: str
    solved: bool
    radial: bool = Field(description="Whether no loop is closed, paths between two sources included")
    supply: Supply
    loss_p_kw: float | None = None
    lowest_voltage: BusState | None = None
    highest_loading: BranchState | None = None
    violation_count: int = Field(default=0, ge=0)
    violations: tuple[Violation, ...] = Field(default=(), max_length=10, description="Worst first")
    interrupted_per_year_mw: float | None = Field(
        default=None, ge=0, description="Load times failures of what feeds it; None without failure rates"
    )
    opened: tuple[ElementRef, ...] = Field(description="Switchable lines that are open")
    losses: tuple[BranchLoss, ...] = Field(default=(), description="Most first, one page")
    losses_omitted: int = Field(default=0, ge=0)
    line_loss_p_kw: float | None = None
    trafo_loss_p_kw: float | None = None
    paths: tuple[FeedPath, ...] = Field(default=(), description="To the buses asked for, else to the lowest voltages")


class SwitchingStep(Result):
    """One switching in its order, and the feeder right after it."""

    element: ElementRef
    case: str
    action: SwitchBranch
    makes_loop: bool = Field(description="A loop is closed after this step, which the next step opens")
    solved: bool
    dead_buses: int = Field(ge=0, description="Buses without supply after this step")
    unserved_p_mw: float = Field(ge=0)
    loss_p_kw: float | None = None
    min_vm_pu: float | None = Field(default=None, ge=0)


class Configuration(Result):
    """A radial configuration beside the best one, solved by the search."""

    case: str
    switchings: int = Field(ge=0, description="Openings and closings from the present state")
    closing: tuple[ElementRef, ...] = Field(description="Lines to close")
    opening: tuple[ElementRef, ...] = Field(description="Lines to open")
    loss_p_kw: float
    objective_kw: float
    min_vm_pu: float = Field(ge=0)
    limits_kept: bool = Field(description="Whether limits of voltage and loading are kept")


class AgentOutcome(Result):
    """What a policy-gradient agent (REINFORCE) learned; for comparison, advice never rests on it."""

    case: str
    episodes: int = Field(ge=1)
    seed: int
    solved: bool = Field(description="Whether the configuration of the trained policy has a solution and is allowed")
    opened: tuple[ElementRef, ...] = Field(description="Of the trained policy")
    loss_p_kw: float | None = None
    objective_kw: float | None = None
    above_best_percent: float | None = Field(default=None, description="Its objective above that of the best found")
    limits_kept: bool | None = None
    best_met_kw: float | None = Field(default=None, description="Lowest objective among all episodes")
    first_mean_kw: float = Field(description="Mean costs of the first tenth of the episodes, capped ones included")
    last_mean_kw: float = Field(description="Mean costs of the last tenth")


class FeederReconfiguration(Result):
    """The best radial configuration found, how to get there, and how sure it is that there is no better one."""

    case: str
    before: FeederState
    after: FeederState
    loss_reduction_kw: float | None = None
    loss_reduction_percent: float | None = None
    switchings: tuple[SwitchingStep, ...] = Field(description="In order; empty when the present state is the best")
    objective_kw: float = Field(description="Losses and what else has a price, of the configuration found")
    limits_kept: bool = Field(description="Whether limits of voltage and loading are kept after the switchings")
    max_switchings: int | None = Field(default=None, ge=0, description="As asked for; None where all were allowed")
    method: SearchMethod
    proven: bool = Field(description="No allowed radial configuration is better; docs/method.md says what that means")
    proof: str = Field(description="What the claim rests on, or why there is none; without numbers")
    bound_kw: float | None = Field(default=None, description="What no radial configuration can go below, where known")
    gap_percent: float | None = Field(default=None, ge=0, description="Most that a better one could save; 0 if proven")
    configurations: int | None = Field(
        default=None, ge=1, description="Radial configurations that exist, by Kirchhoff's theorem; None beyond 10^15"
    )
    searched: int = Field(ge=0, description="Configurations solved or excluded by the bound")
    excluded: int = Field(default=0, ge=0, description="Of these, excluded by the bound without being solved")
    breaking_limits: int = Field(default=0, ge=0, description="Configurations solved that break a limit")
    deviation_kw: float = Field(ge=0, description="Losses of the search against those of pandapower, for the result")
    next_best: tuple[Configuration, ...] = Field(default=(), description="The next ones in rank")
    fewer_switchings: tuple[Configuration, ...] = Field(
        default=(), description="The best with at most one, two, ... switchings, each better than the one before"
    )
    agent: AgentOutcome | None = None
    coverage: Coverage
    verdict: ActionVerdict | None = Field(default=None, description="Rule 4's; None where nothing is to be switched")
    reasons: tuple[str, ...] = ()
    security_before: SecuritySummary | None = None
    security_after: SecuritySummary | None = None
    basis: StateBasis | None = Field(default=None, description="What the state rests on; None for the model as loaded")
