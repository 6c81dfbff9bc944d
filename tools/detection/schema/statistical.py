"""What statistics of the sensors' own past say, beside the physics."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.element import ElementRef
from tools.result import Result
from tools.subject import SubjectRef
from tools.vocabulary import Confidence


class EpisodeKind(StrEnum):
    """What a stretch of unusual rows looks like."""

    DRIFT = "drift"
    STEP = "step"
    OSCILLATION = "oscillation"
    DROPOUT = "dropout"
    SPIKE = "spike"
    MULTIVARIATE = "multivariate"  # no single sensor holds half of it


class DetectionMethod(StrEnum):
    """What judges rows."""

    CONTROL_CHARTS = "control_charts"  # level and last step against their own past, limits checked on held-out rows
    ISOLATION_FOREST = "isolation_forest"
    LOCAL_OUTLIER_FACTOR = "local_outlier_factor"
    MAHALANOBIS = "mahalanobis_distance"
    T2_SPE = "t_squared_and_spe"  # inside and outside the plane of the principal components


class SensorShare(Result):
    """One sensor's part in an episode."""

    subject: SubjectRef
    element: ElementRef | None = None
    quantity: str
    contribution_percent: float = Field(ge=0, le=100, description="Of the statistic, over the episode")
    departure: float = Field(description="Largest, of its average from its level, in standard deviations")


class StatisticalAnomaly(Result):
    """A stretch in which sensors left what is normal for them side by side."""

    subject: SubjectRef = Field(description="The sensor with the largest part")
    kind: EpisodeKind
    start: AwareDatetime
    end: AwareDatetime | None = Field(default=None, description="None while it lasts")
    rows: int = Field(ge=1, description="Moments in alarm")
    score: float = Field(ge=0, le=1, description="One less the share of normal moments that are as far out")
    shares: tuple[SensorShare, ...] = Field(min_length=1, description="Affected sensors, the largest part first")
    method: str
    detector: DetectionMethod | None = Field(default=None, description="What raised it; None for a lone sensor's own")
    consulted: tuple[DetectionMethod, ...] = Field(default=(), description="Other methods that were asked about it")
    agreeing: tuple[DetectionMethod, ...] = Field(
        default=(), description="Those to which its rows look unusual as well, on average over the episode"
    )
    confidence: Confidence = Field(description="By how many methods agree, and by how long it went on")
    changed_at: AwareDatetime | None = Field(
        default=None, description="Most likely moment of the change, of a step or drift; the alarm comes later"
    )


class NormalModelUsed(Result):
    """A model of what is normal that was used."""

    fingerprint: str = Field(description="SHA-256 of the model as data, of a lone sensor of what it learnt from")
    version: int = Field(description="Of the kind of model")
    stored: bool = Field(description="Whether it was trained before and kept; else learnt for this call")
    trained_from: AwareDatetime
    trained_until: AwareDatetime
    rows: int = Field(ge=1, description="Moments that it was learnt from")
    sensors: int = Field(ge=1)
    false_alarm_percent: float = Field(gt=0, le=100, description="Stated: of normal moments")
    held_out_alarm_percent: float = Field(
        ge=0, le=100, description="Of its held-out moments, before the limits were raised to hold them"
    )
