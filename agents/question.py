"""What is asked, and what the service understood of it."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from agents.statement import Statement
from tools.element import ElementRef
from tools.grid.schema.actions import Action
from tools.grid.schema.optimal_dispatch import DispatchObjective
from tools.grid.schema.power_flow import FlowModel
from tools.grid.schema.remedies import ActionType, RemedyMode
from tools.grid.schema.short_circuit import Assumption, CurrentCase, FaultType
from tools.result import Result


class ReportKind(StrEnum):
    """The three ways in."""

    ANSWER = "answer"
    SHIFT = "shift"
    INCIDENT = "incident"


class ReportStatus(StrEnum):
    """How far the question was answered."""

    ANSWERED = "answered"
    QUALIFIED = "qualified"
    REFUSED = "refused"


class Question(Result):
    """The trusted words of the user and the run's frame; nothing else makes the plan."""

    text: str = Field(min_length=1, max_length=4000)
    kind: ReportKind = ReportKind.ANSWER
    grid: str = Field(min_length=1, description="Case name, file, or registered grid")
    at: AwareDatetime | None = Field(default=None, description="Time of the state; now when absent")
    conversation: str | None = Field(default=None, description="Identifier of the conversation it belongs to")
    incident: str | None = Field(default=None, description="Identifier of the incident to explain")


class Intent(StrEnum):
    """What an operator can want; each has a deterministic plan."""

    OVERVIEW = "overview"  # how is the grid
    STATE = "state"  # voltage, flow, loading, output of named elements
    RANKING = "ranking"  # highest loading, lowest voltage, most losses
    TOTALS = "totals"  # load, generation, losses, slack
    LIMITS = "limits"  # what violates a limit
    SECURITY = "security"  # N-1
    DOUBLE_OUTAGES = "double_outages"  # two elements out at once, N-2
    CASCADE = "cascade"  # what outages lead to, until it stops
    RESTORE = "restore"  # how a dark grid comes back
    WHAT_IF = "what_if"  # an outage or an action laid over the state
    ADVICE = "advice"  # what should be done
    WHY = "why"  # what makes a value what it is
    DESCRIBE = "describe"  # nameplate and neighbours
    PATH = "path"  # how two elements are connected
    MODEL = "model"  # is the model sound
    STANDARDS = "standards"  # what the library says
    RECORD = "record"  # an earlier run or report
    LOSSES = "losses"  # where power is lost
    SHORT_CIRCUIT = "short_circuit"  # fault currents
    DRAW = "draw"  # a picture
    RECONFIGURE = "reconfigure"  # which ties and lines of a feeder to close and open
    DISPATCH = "dispatch"  # the optimal power flow and its prices
    SHED = "shed"  # the least load to be shed
    HELP = "help"  # what can be asked
    MEASURED = "measured"  # what a sensor says
    TRUST = "trust"  # which readings can be trusted
    ESTIMATE = "estimate"  # what all measurements of a moment say together
    FORECAST = "forecast"  # the load ahead
    TRANSFORMERS = "transformers"  # temperatures and ageing
    CYBER = "cyber"  # who came in, what was commanded
    BAD_DATA = "bad_data"  # whether readings are falsified, replayed, faulty or true
    PROTOCOL = "protocol"  # messages of telecontrol and substation protocols
    RELIABILITY = "reliability"  # outages on record, SAIDI, SAIFI
    OSCILLATIONS = "oscillations"  # what swings, how well it is damped, what forces it
    FREQUENCY = "frequency"  # how far and how fast the frequency went
    POWER_QUALITY = "power_quality"  # voltage, frequency, unbalance, harmonics against their standard
    RISK = "risk"  # how likely it is that an incident is under way
    CAUSES = "causes"  # what caused what was measured and logged, and how sure that is
    ALARMS = "alarms"  # rate, floods, standing ones
    PERMITS = "permits"  # who is at work
    DARK = "dark"  # who is without supply, and which element is at fault
    OPEN_ITEMS = "open_items"  # what earlier shifts left open
    INCIDENTS = "incidents"  # what belongs together


SWEPT = frozenset({Intent.LIMITS, Intent.SECURITY, Intent.OVERVIEW, Intent.ADVICE})
"""Intents whose tools can look through all states of a time."""


class Hypothesis(Result):
    """Outages and actions laid over the grid, accumulated over a conversation."""

    outages: tuple[ElementRef, ...] = ()
    actions: tuple[Action, ...] = ()


class Premise(Result):
    """A claim inside the question that the evidence must confirm or correct."""

    text: str = Field(description="The user's words")
    element: ElementRef | None = None
    claims_normal: bool = Field(description="True when the user takes it to be within limits")


class Fault(Result):
    """What kind of fault is asked about, and what the user assumes and holds it against."""

    kind: FaultType = FaultType.THREE_PHASE
    current: CurrentCase = CurrentCase.MAXIMUM
    breaking_capacity_ka: float | None = Field(default=None, gt=0, description="As the user states it")
    assumptions: tuple[Assumption, ...] = Field(default=(), description="Data that the user states")


class DispatchWish(Result):
    """What an optimal dispatch is asked to be."""

    model: FlowModel = FlowModel.AC
    objective: DispatchObjective = DispatchObjective.LEAST_COST
    secure_all_outages: bool = False
    reserve_mw: float | None = Field(default=None, ge=0)


class RemedyWish(Result):
    """Which remedies are asked for."""

    mode: RemedyMode = "preventive"
    contingencies: tuple[ElementRef, ...] = Field(
        default=(), description="Outages to act before, or after when corrective; all when empty"
    )
    without: tuple[ActionType, ...] = Field(default=(), description="Kinds of action that may not be used")
    barred: tuple[ElementRef, ...] = Field(default=(), description="Elements that may not be touched")


class SheddingWish(Result):
    """How a plan of the least load to be shed is wished."""

    last: tuple[ElementRef, ...] = Field(default=(), description="Loads that are kept longest")
    first: tuple[ElementRef, ...] = Field(default=(), description="Loads that go first")
    barred: tuple[ElementRef, ...] = Field(default=(), description="Loads that may not be shed at all")
    secure: bool = Field(default=False, description="Limits after every single outage count too")


class ScreeningWish(Result):
    """Which outages are screened, where it is not each line and transformer alone."""

    units: bool = Field(default=False, description="Outages of units")
    branches: bool = Field(default=True, description="Outages of lines and transformers")
    group: tuple[ElementRef, ...] = Field(default=(), description="Elements that one event takes out together")
    sequential: bool = Field(default=False, description="One after the other, with time to act between (N-1-1)")
    adjustment: tuple[Action, ...] = Field(default=(), description="Done between the first outage and the second")
    margins: bool = Field(default=False, description="How near the limits that hold come")


class RestorationWish(Result):
    """What is dark, and what a restoration begins with."""

    whole_grid: bool = False
    black_start: tuple[ElementRef, ...] = Field(default=(), description="Units that the question begins with")
    critical: tuple[ElementRef, ...] = Field(default=(), description="Loads that come first")
    dead: tuple[ElementRef, ...] = Field(default=(), description="Buses that are said to be dead")


class Resolved(Result):
    """A self-contained question: nothing in it depends on an earlier turn any more."""

    intents: tuple[Intent, ...] = Field(default=(), description="Empty when refused")
    elements: tuple[ElementRef, ...] = Field(default=(), description="Elements in focus")
    sensors: tuple[str, ...] = Field(default=(), description="Sensors asked about, by name")
    assets: tuple[str, ...] = Field(default=(), description="Assets asked about, by name")
    at: AwareDatetime | None = Field(default=None, description="Moment of a value that was asked for")
    start: AwareDatetime | None = Field(default=None, description="Begin of a time that was asked for")
    end: AwareDatetime | None = Field(default=None, description="End of a time that was asked for")
    ends: tuple[ElementRef, ...] = Field(default=(), max_length=2, description="Both ends of a path asked for")
    hypothesis: Hypothesis = Hypothesis()
    proposed: tuple[Action, ...] = Field(default=(), description="Actions the user wants simulated")
    quantities: tuple[str, ...] = Field(default=(), description="Quantities asked for: vm, loading, p, q, i, loss, ...")
    ranking: str | None = Field(default=None, description="What a ranking question ranks by")
    limit: int | None = Field(default=None, ge=1, le=100, description="Rows asked for")
    premises: tuple[Premise, ...] = ()
    fault: Fault | None = Field(default=None, description="Of a question about short circuits")
    search: str | None = Field(default=None, description="Query for the library")
    record: str | None = Field(default=None, description="Identifier of a record asked for")
    untaken: tuple[str, ...] = Field(default=(), description="The user's words that nothing took up")
    dispatch: DispatchWish | None = Field(default=None, description="Of a question for the optimal dispatch")
    remedies: RemedyWish | None = Field(default=None, description="Of a question for advice")
    shedding: SheddingWish | None = Field(default=None, description="Of a question for the least load to be shed")
    screening: ScreeningWish | None = Field(default=None, description="Of a question about outages; None for the usual")
    restoration: RestorationWish | None = Field(default=None, description="Of a question for a restoration")
    reset: bool = Field(default=False, description="The hypotheses of earlier turns are dropped")
    status: ReportStatus = ReportStatus.ANSWERED
    reason: str | None = Field(default=None, description="Why it is refused or qualified; digit-free prose")
    understood: Statement | None = Field(default=None, description="What was understood, shown to the user")


class Turn(Result):
    """A stored step of a conversation: context for the next question, never evidence."""

    conversation: str
    ordinal: int = Field(ge=0)
    question: str
    grid: str
    resolved: Resolved
    run: str
