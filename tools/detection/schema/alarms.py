"""Arguments and result of ``summarize_alarms``."""

from enum import StrEnum

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


class ChatteringAlarm(Result):
    """An alarm raised three times or more within a minute: ISA-18.2's usual mark of chattering."""

    element: ElementRef | None = None
    subject: SubjectRef | None = Field(default=None, description="The host, where no element is known")
    message: str = Field(description="Quoted as data")
    alarms: int = Field(ge=3, description="Raised in the time")
    most_in_a_minute: int = Field(ge=3)
    minutes: int = Field(ge=1, description="Minutes of the clock in which it chatters")
    first: AwareDatetime
    last: AwareDatetime


class StaleAlarm(Result):
    """An alarm that has stood for more than a day without a return (ISA-18.2)."""

    element: ElementRef | None = None
    subject: SubjectRef | None = None
    message: str
    since: AwareDatetime
    standing_h: float = Field(ge=24)


class PriorityShare(Result):
    """Alarms of one priority, as their lines state it."""

    priority: str
    alarms: int = Field(ge=1)
    share_percent: float = Field(ge=0, le=100)


class AlarmLoad(StrEnum):
    """What EEMUA 191 says of a mean rate in steady operation."""

    ACCEPTABLE = "very_likely_acceptable"  # fewer than one in ten minutes
    MANAGEABLE = "manageable"  # up to one in five minutes
    OVER_DEMANDING = "likely_over_demanding"  # up to one a minute
    UNACCEPTABLE = "very_likely_unacceptable"  # more


class UpsetLoad(StrEnum):
    """What EEMUA 191 says of the alarms in the ten minutes after an upset."""

    MANAGEABLE = "should_be_manageable"  # fewer than ten
    BETWEEN = "between_manageable_and_hard"  # ten to twenty: EEMUA gives no word
    HARD = "hard_to_cope_with"  # twenty to a hundred
    EXCESSIVE = "definitely_excessive"  # more


class Grouping(StrEnum):
    """By what alarms were put together."""

    TOPOLOGY_AND_TIME = "topology_and_time"
    SOURCE_AND_TIME = "source_and_time"  # without a grid that knows the elements


class Disturbance(Result):
    """Alarms of a flood that belong together: near in time, and at elements near each other."""

    start: AwareDatetime
    end: AwareDatetime
    alarms: int = Field(ge=2)
    sources: int = Field(ge=1)
    element: ElementRef | None = Field(default=None, description="Of the first-out alarm")
    subject: SubjectRef | None = Field(default=None, description="Host of the first-out alarm, without an element")
    message: str = Field(description="The first-out alarm, quoted as data")
    tied: int = Field(default=0, ge=0, description="Alarms of other sources with the very time of the first")
    elements: tuple[ElementRef, ...] = Field(max_length=10, description="In the order of their first alarm")
    elements_omitted: int = Field(default=0, ge=0)


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
    rate_class: AlarmLoad | None = Field(
        default=None, description="EEMUA 191, of the mean rate; None below an hour, or unrecorded"
    )
    peak_class: UpsetLoad | None = Field(default=None, description="EEMUA 191, of the busiest ten minutes")
    flood_percent: float = Field(default=0.0, ge=0, le=100, description="Of the time, in floods; 1 is ISA-18.2's bound")
    chattering: tuple[ChatteringAlarm, ...] = Field(default=(), max_length=20, description="Most in a minute first")
    chattering_omitted: int = Field(default=0, ge=0)
    stale: tuple[StaleAlarm, ...] = Field(default=(), max_length=20, description="Longest first; looked for in 7 days")
    stale_omitted: int = Field(default=0, ge=0)
    priorities: tuple[PriorityShare, ...] = Field(default=(), description="Of the lines that state one")
    without_priority: int = Field(default=0, ge=0)
    grouping: Grouping | None = Field(default=None, description="None without a flood")
    disturbances: tuple[Disturbance, ...] = Field(default=(), max_length=20, description="Within floods, in time")
    disturbances_omitted: int = Field(default=0, ge=0)
    ungrouped: int = Field(default=0, ge=0, description="Alarms within floods that belong to no other")
    not_seen: tuple[str, ...] = Field(default=(), description="Why no alarm here does not mean that none came")
    simulated: bool = False
