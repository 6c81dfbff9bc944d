"""Arguments and result of ``review_commands``."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.amount import Amount
from tools.arguments import Page
from tools.element import ElementRef
from tools.result import Result
from tools.security.schema.context import FindingContext
from tools.subject import SubjectRef
from tools.vocabulary import Confidence, Severity
from tools.window import WindowArguments


class ReviewCommandsArguments(WindowArguments, Page):
    """Over which span; what came before it is the habit that it is compared with."""


class CommandIssueKind(StrEnum):
    """What is suspicious in a command log."""

    UNUSUAL_SEQUENCE = "unusual_commands"
    COMMAND_AFTER_GUESSING = "command_after_guessing"
    UNDER_PERMIT = "command_on_equipment_under_permit"
    WRONG_STATE = "command_in_the_wrong_state"
    OUT_OF_RANGE = "set_point_out_of_range"
    WITHOUT_ORDER = "command_without_order"


class CommandReason(StrEnum):
    """Why a sequence is unusual."""

    NEW_ACCOUNT = "account never commanded before"
    NEW_ORIGIN = "account never came from there before"
    NEW_ELEMENT = "element never commanded before"
    NEW_ORDER = "order of commands never seen before"
    ODD_HOUR = "outside the hours in which it is done"
    BURST = "many commands in a short time"
    ROW = "many elements switched in a row"
    NO_ORDER = "no order, planned outage or permit covers it"
    AFTER_GUESSING = "origin guessed passwords before"
    UNDER_PERMIT = "people are at work there"
    ONTO_EARTH = "closed onto an earthed section"
    LIVE_EARTHED = "earthed while in service"
    OPEN_ALREADY = "opened although open already"
    CLOSED_ALREADY = "closed although closed already"
    OUT_OF_RANGE = "set-point out of range"


class IssuedCommand(Result):
    """One command as logged."""

    at: AwareDatetime
    account: SubjectRef | None = None
    origin: SubjectRef | None = None
    element: ElementRef | None = None
    action: str
    success: bool | None = None
    set_point: Amount | None = None
    line: str = Field(default="", max_length=2000, description="Quoted as data")


class CommandOutcomes(Result):
    """What became of some commands; refused, carried out and unknown add up to all of them."""

    refused: int = Field(ge=0)
    carried_out: int = Field(ge=0)
    still: int = Field(ge=0, description="Carried out, but moving nothing: a selection, a check, a file moved")
    unknown: int = Field(ge=0, description="The log does not say whether they were carried out")


class CommandIssue(Result):
    """Commands that do not look like the work that is usual here."""

    subject: SubjectRef = Field(description="The account, or the host where no account is known")
    kind: CommandIssueKind
    severity: Severity
    start: AwareDatetime
    end: AwareDatetime
    commands: int = Field(ge=1)
    outcomes: CommandOutcomes
    sequence: tuple[IssuedCommand, ...] = Field(max_length=20)
    sequence_omitted: int = Field(default=0, ge=0)
    elements: tuple[ElementRef, ...] = Field(default=(), max_length=20)
    elements_omitted: int = Field(default=0, ge=0)
    reasons: tuple[CommandReason, ...] = Field(min_length=1)
    confidence: Confidence
    context: FindingContext


class CommandReview(Result):
    """What a command log says of a time."""

    start: AwareDatetime
    end: AwareDatetime
    commands: int = Field(ge=0)
    outcomes: CommandOutcomes
    refused: tuple[IssuedCommand, ...] = Field(max_length=20, description="Every refused command, unusual or not")
    refused_omitted: int = Field(default=0, ge=0)
    habit_commands: int = Field(ge=0, description="Commands before the span that it is compared with")
    issues: tuple[CommandIssue, ...]
    omitted: int = Field(default=0, ge=0)
    not_seen: tuple[str, ...] = Field(default=(), description="Sources that were not there, and what is unknown so")
    not_compared: str | None = Field(default=None, description="Why there is no habit to compare with")
    simulated: bool = False
