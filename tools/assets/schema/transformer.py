"""Arguments and result of ``assess_transformer``."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from tools.arguments import Page
from tools.coverage import LeftOut
from tools.element import ElementRef
from tools.result import Result
from tools.subject import SubjectRef
from tools.vocabulary import Confidence, Severity
from tools.window import WindowArguments


class AssessTransformerArguments(WindowArguments, Page):
    """Which transformers over which span; all with a temperature or a nameplate when none is named."""

    elements: tuple[str, ...] = Field(default=(), description="Canonical forms, or assets by name")


class TransformerIssueKind(StrEnum):
    """What is wrong with a transformer."""

    COOLING_LOSS = "cooling_loss"  # top oil runs above what load and ambient explain
    OVER_TEMPERATURE = "over_temperature"
    SENSOR_IMPLAUSIBLE = "temperature_sensor_implausible"


class TransformerIssue(Result):
    """Something wrong with one transformer for a time."""

    kind: TransformerIssueKind
    severity: Severity
    start: AwareDatetime
    end: AwareDatetime | None = Field(default=None, description="None while it lasts")
    not_before: AwareDatetime | None = Field(
        default=None,
        description="Where the very begin is not sure: it began between this and start, with eight chances in ten",
    )
    top_oil_celsius: float = Field(description="Measured, at the largest deviation or the highest temperature")
    expected_celsius: float | None = Field(
        default=None, description="By IEC 60076-7 from load and ambient, at that time; None without a nameplate"
    )
    deviation_kelvin: float | None = Field(default=None, description="Measured minus expected, at that time")
    cause: str = Field(description="In a few words of ours, no digits")
    confidence: Confidence


class TransformerState(Result):
    """One transformer: measured, expected, aged."""

    element: ElementRef | None = None
    subject: SubjectRef = Field(description="The asset")
    at: AwareDatetime = Field(description="Time of the newest values")
    loading_percent: float | None = Field(default=None, ge=0, description="Of rated power")
    ambient_celsius: float | None = None
    top_oil_celsius: float | None = Field(default=None, description="Measured")
    expected_celsius: float | None = Field(default=None, description="Top oil by IEC 60076-7; None without a nameplate")
    deviation_kelvin: float | None = Field(default=None, description="Measured minus expected")
    hot_spot_celsius: float | None = Field(default=None, description="By IEC 60076-7 from the measured top oil")
    highest_hot_spot_celsius: float | None = Field(default=None, description="Over the span")
    highest_hot_spot_at: AwareDatetime | None = None
    highest_loading_percent: float | None = None
    ageing_rate: float | None = Field(default=None, ge=0, description="Relative; 1 is normal; mean over the span")
    loss_of_life_h: float | None = Field(default=None, ge=0, description="Equivalent hours aged over the span")
    issues: tuple[TransformerIssue, ...] = ()
    not_checked: tuple[LeftOut, ...] = Field(default=(), description="For example loss of life: no nameplate")


class TransformerAssessment(Result):
    """Transformers, those with an issue first, then the hottest."""

    start: AwareDatetime
    end: AwareDatetime
    transformers: int = Field(ge=0)
    rows: tuple[TransformerState, ...]
    omitted: int = Field(default=0, ge=0)
    left_out: tuple[LeftOut, ...] = ()
    simulated: bool = False
