"""Arguments and result of ``summarize_alarms``."""

from pydantic import AwareDatetime, Field

from tools.arguments import Page
from tools.element import ElementRef
from tools.result import Result
from tools.subject import SubjectRef
from tools.window import WindowArguments


class SummarizeAlarmsArguments(WindowArguments, Page):
    """Over which span, and how many of the worst sources."""


class AlarmSource(Result):
    """What one source raised."""

    element: ElementRef | None = None
    subject: SubjectRef | None = Field(default=None, description="The host, where no element is known")
    message: str = Field(description="Of its newest alarm, quoted as data")
    alarms: int = Field(ge=1)
    first: AwareDatetime
    last: AwareDatetime
    standing: bool = Field(description="Raised, and not returned by the end of the span")


class AlarmPiece(Result):
    """Alarms of one piece of ten minutes; pieces without one are left out."""

    at: AwareDatetime = Field(description="Begin of the piece")
    alarms: int = Field(ge=1)


class AlarmFlood(Result):
    """More than ten alarms in ten minutes, until fewer than five: ANSI/ISA-18.2, 16.5."""

    start: AwareDatetime
    end: AwareDatetime | None = Field(default=None, description="None while it lasts")
    alarms: int = Field(ge=1)


class AlarmSummary(Result):
    """How many alarms a time had, which stand, and who raises most."""

    start: AwareDatetime
    end: AwareDatetime
    alarms: int = Field(ge=0)
    standing: int = Field(ge=0)
    rate_10min: float = Field(ge=0, description="Alarms in ten minutes, mean over the span")
    busiest: AlarmPiece | None = None
    pieces: tuple[AlarmPiece, ...] = Field(max_length=1008)
    floods: tuple[AlarmFlood, ...] = ()
    sources: tuple[AlarmSource, ...] = Field(description="Standing ones first, then by number")
    omitted: int = Field(default=0, ge=0, description="Sources beyond this page")
    simulated: bool = False
