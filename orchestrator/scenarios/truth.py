"""What truly went wrong, and whether anybody could have seen it."""

from __future__ import annotations

from enum import StrEnum

from pydantic import AwareDatetime, Field

from orchestrator.scenarios.schema.troubles import TroubleKind
from tools.result import Result


class SeenBy(StrEnum):
    """What an ideal detector goes by."""

    MATCHED_FILTER = "matched_filter"  # signature against noise, both known
    ABSENCE = "absence"  # a reading that is missing is missing, whatever the noise
    LOG = "log"  # a line stands in a log, or a message was seen
    NOTHING = "nothing"  # no sensor and no log tells of it


class Detectability(Result):
    """What an ideal detector with the same noise could see.

    It knows the trouble's shape, the grid, and how loads move by chance, but not how they moved: that is noise to it as
    to everybody. It is a bound: what it cannot see nobody can, what it can see others may miss.
    """

    seen_by: SeenBy
    snr: float | None = Field(
        default=None, ge=0, description="Of the signature over all sensors and readings, in noise and unknown course"
    )
    snr_known_course: float | None = Field(
        default=None, ge=0, description="In the noise alone, as if the course without the trouble were known"
    )
    threshold: float | None = Field(
        default=None,
        ge=0,
        description="SNR of a 98 % chance at one false alarm per sensor and reading",
    )
    detectable: bool


class ObservedBy(Result):
    """One sensor that shows the trouble."""

    sensor: str
    element: str | None = None
    snr: float = Field(ge=0)


class TroubleTruth(Result):
    """One trouble as it truly was."""

    label: str
    kind: TroubleKind
    subject: str = Field(description="What a finding of it is about: line:5, sensor:NAME, host:NAME, account:NAME")
    start: AwareDatetime
    end: AwareDatetime = Field(description="Last moment of it")
    traced_from: AwareDatetime | None = Field(
        default=None, description="First line that it left in a log before it began"
    )
    magnitude: float
    magnitude_unit: str
    cause: str
    culprit: str = Field(description="What is at fault")
    culprit_observed: bool = Field(description="Whether a sensor at the culprit, or a log, tells of it")
    observed_by: tuple[ObservedBy, ...] = Field(default=(), description="Sensors that show it alone, clearest first")
    touched: tuple[str, ...] = Field(default=(), description="Further subjects that a finding may be about")
    detectability: Detectability
