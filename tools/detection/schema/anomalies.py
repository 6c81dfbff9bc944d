"""Arguments and result of ``detect_anomalies``."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.amount import Amount
from tools.arguments import Page
from tools.coverage import Coverage
from tools.detection.schema.statistical import NormalModelUsed, StatisticalAnomaly
from tools.element import ElementRef
from tools.result import Result
from tools.subject import SubjectRef
from tools.vocabulary import Confidence, Severity
from tools.window import WindowArguments


class DetectAnomaliesArguments(WindowArguments, Page):
    """Which sensors over which span; all when none is named."""

    sensors: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    quantities: tuple[str, ...] = ()


class AnomalyKind(StrEnum):
    """What an anomaly looks like."""

    FALSE_DATA = "false_data"  # the value contradicts the physics of the measurements around it
    LEVEL_SHIFT = "level_shift"
    OUTLIER = "outlier"
    OUTAGE = "outage"  # a branch whose flow went to zero
    UNUSUAL = "unusual_pattern"
    DEMAND = "unusual_demand"  # a load draws more or less than its course and the other loads lead to expect


class Anomaly(Result):
    """Readings that do not fit their own past or the measurements around them."""

    subject: SubjectRef = Field(description="The sensor")
    element: ElementRef | None = None
    quantity: str
    kind: AnomalyKind
    severity: Severity
    start: AwareDatetime
    end: AwareDatetime | None = Field(default=None, description="None while it lasts")
    readings: int = Field(ge=1)
    value: Amount = Field(description="Farthest value")
    expected: Amount
    deviation: Amount
    score: float = Field(ge=0, description="Deviation in standard errors of the method; no probability")
    method: str
    cause: str = Field(description="In a few words of ours, no digits")
    confidence: Confidence


class AnomalyReport(Result):
    """What is out of the ordinary in a time."""

    start: AwareDatetime
    end: AwareDatetime
    sensors: int = Field(ge=0)
    readings: int = Field(ge=0)
    anomalies: tuple[Anomaly, ...] = Field(description="Most severe first, then by score")
    omitted: int = Field(default=0, ge=0)
    statistical: tuple[StatisticalAnomaly, ...] = Field(
        default=(), description="What left the normal of its own past, by score and length; not judged by physics"
    )
    statistical_omitted: int = Field(default=0, ge=0)
    models: tuple[NormalModelUsed, ...] = Field(default=(), description="What normal was learnt from")
    coverage: Coverage
    simulated: bool = False
