"""Arguments and result of ``assess_bad_data``."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.amount import Amount
from tools.arguments import Page
from tools.coverage import Coverage
from tools.element import ElementRef
from tools.result import Result
from tools.security.schema.context import Custody, FindingContext
from tools.subject import SubjectRef
from tools.vocabulary import Confidence, Severity
from tools.window import WindowArguments

LOOK_BACK_H = 24.0
"""How far back a repetition is looked for when nobody says."""
NAMED = 20
"""Sensors that a row names; the rest is counted."""


class AssessBadDataArguments(WindowArguments, Page):
    """Over which span, how far back a repetition may come from, and how close a trace in a log must lie."""

    look_back_h: float = Field(
        default=LOOK_BACK_H, ge=0, le=336, description="Readings so long before the span are compared with those in it"
    )
    trace_h: float = Field(
        default=2.0, gt=0, le=72, description="Accesses and commands so long before something began may belong to it"
    )


class BadDataKind(StrEnum):
    """What readings are that stand out."""

    INJECTION = "false_data_injection"
    REPLAY = "replay"
    SENSOR_FAULT = "sensor_fault"
    REAL_EVENT = "real_event"
    UNDECIDED = "undecided"


class FaultShape(StrEnum):
    """How the error of a sensor looks."""

    DRIFT = "drift"
    STEP = "step"
    STUCK = "stuck"
    SPIKE = "spike"
    DROPOUT = "dropout"


class Discriminator(StrEnum):
    """What tells one explanation from another."""

    CONTRADICTED = "the other measurements contradict one sensor alone"
    TRANSDUCER = "active and reactive power of one place are wrong together, as from one transducer"
    ADDS_UP = "the readings of one station fit each other and contradict the rest of the grid"
    COMMON_FACTOR = "all readings of the station are wrong by one factor, as from a wrong scaling"
    SCATTERED = "sensors of several places are wrong over the same time"
    CONSTANT = "came at once and stays: a wrong calibration and an added value look the same"
    CREEPS = "creeps away from what the others imply, as a transducer does that ages"
    HELD = "one value is held, without the noise of a living sensor"
    EXCURSION = "a few readings only, as from a disturbed transmission"
    ABSENT = "readings are missing"
    REPEATED = "readings repeat earlier ones, their noise included"
    REPEATED_BY_MANY = "many sensors repeat themselves with the same delay"
    CONSISTENT = "all measurements agree on it within their noise"
    MOVED_TOGETHER = "several sensors moved at once, as the grid does"
    LOGGED = "a switching log, an alarm or an outage record tells of it"
    ESTIMATE_REJECTS = "the state estimation of its worst moment rejects it as bad data"
    ESTIMATE_KEEPS = "the state estimation of its worst moment does not reject it"
    CAME_IN = "somebody who does not belong there came in or gave a command shortly before"
    CAME_IN_THEN = "somebody who does not belong there came in or gave a command at about that time, and not before it"
    NAMES_IT = "such a command names the element whose readings these are"
    TRIED = "somebody tried to come in shortly before, and is not seen to have succeeded"
    TRIED_THEN = "somebody tried to come in at about that time, and is not seen to have succeeded"
    NO_TRACE = "the logs that are kept show no such access, command or message"
    NO_LOG = "no access, command or message log: whether somebody had a hand in it is not checked"
    UNSUPPORTED = "no other measurement implies its value"


class Evidence(Result):
    """One piece of evidence, and what it speaks for."""

    discriminator: Discriminator
    speaks_for: BadDataKind


class Repetition(Result):
    """Which earlier readings were seen again."""

    start: AwareDatetime = Field(description="First of the earlier readings")
    end: AwareDatetime = Field(description="Last of the earlier readings")
    delay_s: float = Field(gt=0, description="From the earlier readings to those that repeat them")
    readings: int = Field(ge=1, description="Equal readings in a row, of one sensor")


class LogTrace(Result):
    """One finding of another security tool that lies near."""

    source: str = Field(description="Which tool found it")
    kind: str = Field(description="As that tool calls it")
    subject: SubjectRef
    start: AwareDatetime
    before: bool = Field(description="Whether it lies before what stands out began; else at about that time")
    came_in: bool = Field(description="Whether somebody was inside, rather than trying")
    names_it: bool = Field(description="Whether it names the element whose readings stand out")
    custody: Custody = Field(description="Log entries that it rests on")


class BadDataIssue(Result):
    """Readings that stand out over one time, and what they are."""

    subject: SubjectRef = Field(description="The sensor that shows it most clearly")
    element: ElementRef | None = None
    quantity: str
    kind: BadDataKind
    shape: FaultShape | None = Field(default=None, description="Of a wrong reading; None for what is real")
    severity: Severity
    start: AwareDatetime
    end: AwareDatetime | None = Field(default=None, description="None while it lasts")
    readings: int = Field(ge=0, description="Of that sensor in that time; missing ones for a dropout")
    sensors: tuple[SubjectRef, ...] = Field(max_length=NAMED, description="All sensors concerned, that one first")
    sensors_omitted: int = Field(default=0, ge=0)
    value: Amount | None = Field(default=None, description="Worst or repeated value of that sensor")
    expected: Amount | None = Field(default=None, description="What the other measurements imply there")
    deviation: Amount | None = None
    strength: float | None = Field(default=None, ge=0, description="Standard errors of the whole run")
    repetition: Repetition | None = None
    evidence: tuple[Evidence, ...] = Field(min_length=1, description="What decides, most decisive first")
    traces: tuple[LogTrace, ...] = Field(default=(), max_length=5, description="Findings in logs that lie near")
    traces_omitted: int = Field(default=0, ge=0)
    cause: str = Field(description="In a few words of ours, no digits")
    confidence: Confidence
    context: FindingContext


class BadDataAssessment(Result):
    """What stands out in the readings of a time, and which of it is bad data."""

    start: AwareDatetime
    end: AwareDatetime
    sensors: int = Field(ge=0)
    readings: int = Field(ge=0)
    issues: tuple[BadDataIssue, ...] = Field(description="Most severe first, then by confidence and strength")
    omitted: int = Field(default=0, ge=0)
    bad: int = Field(ge=0, description="Issues that are falsified, replayed or faulty readings")
    real: int = Field(ge=0, description="Issues that are real events")
    undecided: int = Field(ge=0)
    equations: int = Field(ge=0, description="Equations of balances and branches that the readings were held against")
    compared_for_repetition: int = Field(ge=0, description="Sensors whose noise lets a repetition be told")
    estimated: int = Field(ge=0, description="Moments whose state was estimated")
    coverage: Coverage
    not_seen: tuple[str, ...] = Field(default=(), description="Sources that were not there, and what is unknown so")
    simulated: bool = False
