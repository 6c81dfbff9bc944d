"""Arguments and result of ``attribute_root_cause``."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.amount import Amount
from tools.arguments import Page
from tools.coverage import Coverage
from tools.element import ElementRef
from tools.result import Result
from tools.subject import SubjectRef
from tools.vocabulary import CauseVerdict, Severity
from tools.window import WindowArguments


class AttributeRootCauseArguments(WindowArguments, Page):
    """Over which span, and what is to be explained: everything that departed when nothing is named."""

    target: str | None = Field(
        default=None, max_length=200, description="A sensor by name, an element such as line:5, or an asset by name"
    )


class CauseKind(StrEnum):
    """What a cause is."""

    SENSOR_FAULT = "sensor_fault"  # the sensor, not the grid
    FALSE_DATA = "manipulated_reading"  # at once, and contradicted by all around it: a manipulation or a wrong scaling
    SILENT_SENSOR = "silent_sensor"
    BRANCH_OPENED = "branch_opened"
    POWER_STEPPED = "power_stepped"  # a load or unit drew or fed more or less at once
    POWER_SWUNG = "power_swung"
    COOLING_LOST = "cooling_lost"
    INTRUDER = "intruder"
    NOT_SEEN = "not_seen"  # something moved what is measured, and nothing that is measured moved first


class RankedBy(StrEnum):
    """How a cause was ranked."""

    CAUSAL_MODEL = "causal_model"  # attribution in a fitted structural model
    RULE = "stated_rule"  # evidence of a kind that no model is needed for: a silence, a log, a position


class RefuterKind(StrEnum):
    """Ways to shake an effect."""

    PLACEBO = "placebo"  # the cause's part shuffled in time: the effect must vanish
    SUBSET = "subset"  # other moments: the effect must stay
    CONFOUNDER = "unobserved_confounder"  # a common cause that nobody measures is made up: the effect must stay


class Refutation(Result):
    """One attempt to refute a cause, and what became of its effect."""

    kind: RefuterKind
    effect: float = Field(description="Of the cause on what it explains, a unit a unit; one by physics")
    new_effect: float = Field(description="The same after the attempt")
    withstood: bool


class Counterfactual(Result):
    """What the explained quantity would have been without the cause."""

    subject: SubjectRef = Field(description="The sensor")
    quantity: str
    at: AwareDatetime
    value: Amount = Field(description="As measured")
    without: Amount = Field(description="Had the cause not been")


class CausePart(Result):
    """A node of the causal model, and its share of the departure."""

    element: ElementRef | None = None
    subject: SubjectRef | None = None
    role: str = Field(description="What the node is, in a few words of ours, no digits")
    share_percent: float = Field(ge=0, le=100)


class Check(Result):
    """Something to look at that would decide."""

    element: ElementRef | None = None
    subject: SubjectRef | None = None
    what: str = Field(description="What to inspect, in a few words of ours, no digits")


class Cause(Result):
    """One disturbance with what it is laid to."""

    kind: CauseKind
    subject: SubjectRef | None = Field(default=None, description="The culprit where it is a sensor, a host, an account")
    element: ElementRef | None = Field(default=None, description="The culprit, or the element it belongs to")
    verdict: CauseVerdict
    ranked_by: RankedBy
    observed: bool = Field(description="Whether readings or logs of the culprit's own show it")
    start: AwareDatetime
    end: AwareDatetime | None = Field(default=None, description="None while it lasts")
    strength: float = Field(
        ge=0, description="Of the culprit's own departure, in its usual sizes; of a log, its events"
    )
    share_percent: float | None = Field(
        default=None, ge=0, le=100, description="Of the departure that the causal model attributes to it; None by rule"
    )
    severity: Severity
    explains: tuple[SubjectRef, ...] = Field(
        default=(), max_length=10, description="Sensors that show it, clearest first"
    )
    explains_omitted: int = Field(default=0, ge=0)
    parts: tuple[CausePart, ...] = Field(
        default=(), max_length=8, description="Of the causal model, largest share first"
    )
    counterfactual: Counterfactual | None = None
    refutations: tuple[Refutation, ...] = ()
    logged: bool = Field(default=False, description="Whether a log tells of it")
    reason: str = Field(description="Which rule gave the verdict, in words of ours, no digits")
    inspect: tuple[Check, ...] = Field(default=(), max_length=10, description="What would decide, nearest first")


class EventSource(StrEnum):
    """Who tells of an event."""

    READINGS = "readings"
    SWITCHING_LOG = "switching_log"
    COMMAND_LOG = "command_log"
    ALARM_LOG = "alarm_log"
    ACCESS_LOG = "access_log"


class Event(Result):
    """One event, or equal ones in a row; that it came first makes it no cause."""

    at: AwareDatetime = Field(description="Of the first one")
    source: EventSource
    element: ElementRef | None = None
    subject: SubjectRef | None = None
    what: str = Field(max_length=200, description="Line as logged, quoted as data, or what the readings show")
    action: str | None = Field(default=None, max_length=200, description="As logged, quoted as data; None of readings")
    success: bool | None = Field(default=None, description="Of the action; None where the log does not say")
    entries: int = Field(default=1, ge=1, description="Equal ones in a row that this one stands for, itself included")
    last_at: AwareDatetime | None = Field(default=None, description="Of the last of several")


class RootCauses(Result):
    """What went wrong in a time, why, how sure that is, and what would decide."""

    start: AwareDatetime
    end: AwareDatetime
    verdict: CauseVerdict = Field(description="Of the cause ranked first; inconclusive without any")
    causes: tuple[Cause, ...] = Field(description="Surest first, then strongest")
    omitted: int = Field(default=0, ge=0)
    sequence: tuple[Event, ...] = Field(
        default=(), max_length=40, description="What happened in which order; no cause by itself"
    )
    sequence_omitted: int = Field(default=0, ge=0)
    hidden: tuple[ElementRef, ...] = Field(
        default=(), max_length=20, description="In service, and nobody measures them"
    )
    hidden_omitted: int = Field(default=0, ge=0)
    coverage: Coverage
    simulated: bool = False
