"""Arguments and result of ``detect_anomalies``."""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime, Field

from tools.amount import Amount
from tools.arguments import Page
from tools.coverage import Coverage
from tools.detection.schema.baseline import SensorBaseline
from tools.detection.schema.statistical import DetectionMethod, NormalModelUsed, StatisticalAnomaly
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
    window_days: Literal[30, 60, 90] = Field(
        default=30, description="History that sensors are held against by season and weather"
    )
    time_zone: str | None = Field(default=None, description="IANA zone that people live by; UTC when absent")
    country: str | None = Field(default=None, description="Whose public holidays count, such as AT or AU-VIC")
    detector: DetectionMethod = Field(
        default=DetectionMethod.CONTROL_CHARTS,
        description="What raises episodes of sensors side by side; the other methods are asked about each",
    )


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
    baselines: tuple[SensorBaseline, ...] = Field(
        default=(), description="Sensors held against season and weather, those with the farthest hours first"
    )
    baselines_omitted: int = Field(default=0, ge=0)
    coverage: Coverage
    simulated: bool = False
